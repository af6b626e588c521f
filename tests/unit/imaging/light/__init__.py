"""Tests of stillroom.imaging.light."""
