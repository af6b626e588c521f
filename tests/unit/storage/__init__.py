"""Tests of storage that need no disk."""
