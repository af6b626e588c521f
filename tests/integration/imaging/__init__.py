"""Imaging with real processes."""
