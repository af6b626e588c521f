"""Tests of stillroom.imaging.quality."""
