"""Tests of stillroom.imaging.quality.judgement."""
