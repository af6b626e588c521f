"""Tests of stillroom.imaging.cutout."""
