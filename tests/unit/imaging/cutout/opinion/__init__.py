"""Tests of stillroom.imaging.cutout.opinion."""
