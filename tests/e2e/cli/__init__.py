"""Command line, from the real program."""
