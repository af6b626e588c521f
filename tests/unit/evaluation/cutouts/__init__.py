"""Tests of cut-out sets."""
