"""Tokens as phrases: clauses, scopes, names, and where a second wish begins."""
