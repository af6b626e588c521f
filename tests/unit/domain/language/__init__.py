"""Tests of stillroom.domain.language."""
