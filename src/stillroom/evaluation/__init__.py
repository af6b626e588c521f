"""Evaluation: runs the golden set and cut-out sets, and compares runs."""
