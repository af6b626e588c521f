"""Tests of reading instructions, by subject."""
