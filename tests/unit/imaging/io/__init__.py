"""Tests of stillroom.imaging.io."""
