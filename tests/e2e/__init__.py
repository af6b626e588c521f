"""The whole walk, through real processes."""
