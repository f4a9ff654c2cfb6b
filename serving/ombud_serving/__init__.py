"""Serving ombud's predictions: an HTTP service with a page, and batch scoring."""
