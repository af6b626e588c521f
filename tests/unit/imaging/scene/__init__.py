"""Tests of stillroom.imaging.scene."""
