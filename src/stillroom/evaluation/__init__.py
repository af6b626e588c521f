"""Evaluation: runs the golden set, compares runs and reports them."""
