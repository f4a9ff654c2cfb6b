"""Training, evaluation and tracking of ombud's models."""
