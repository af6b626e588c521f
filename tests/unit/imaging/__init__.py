"""Unit tests of the imaging package."""
