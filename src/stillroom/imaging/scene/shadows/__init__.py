"""Shadows of a product: soft ones on plain ground, and those that the lamps of a scene cast."""
