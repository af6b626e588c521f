"""Exports: presets, marketplace rules and file names."""
