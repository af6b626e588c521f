"""Tests of stillroom.domain.providers."""
