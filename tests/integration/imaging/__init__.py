"""Pixels from real photos."""
