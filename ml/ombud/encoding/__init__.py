"""From sentences to vectors: tokens, back ends that compute, a file that keeps what was computed."""
