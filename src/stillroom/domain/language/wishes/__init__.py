"""Phrases as changes of a plan, one module per family of wishes."""
