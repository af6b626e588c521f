"""Recipes and batches: requests of clients, and the runner that feeds jobs and settles items."""
