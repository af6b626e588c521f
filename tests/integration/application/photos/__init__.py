"""Intake, mattes and backdrops on real databases and blob stores."""
