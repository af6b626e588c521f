"""Tests of stillroom.evaluation."""
