"""Fuzzing with damaged files, for a given time."""
