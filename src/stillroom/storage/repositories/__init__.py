"""Rows to domain objects and back, one module an aggregate, each within one transaction."""
