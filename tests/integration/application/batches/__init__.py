"""Recipes and batches on real databases."""
