"""Integration tests of what providers keep on disk."""
