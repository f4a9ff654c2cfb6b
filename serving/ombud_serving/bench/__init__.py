"""Measuring how fast documents are scored, against what people would use otherwise."""
