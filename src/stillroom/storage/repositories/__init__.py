"""Repositories: one module per aggregate, each bound to one transaction."""
