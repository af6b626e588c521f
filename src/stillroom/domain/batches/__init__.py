"""Recipes and batches: named choices, and many photos processed by one of them."""
