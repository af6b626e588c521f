"""Tests of stillroom.domain.exports.presets."""
