"""Tests of stillroom.imaging.export."""
