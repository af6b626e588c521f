"""Exports on real databases and blob stores."""
