"""Scenes: backdrops, placement, shadows and compositing."""
