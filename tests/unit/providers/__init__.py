"""The router and what it decides by."""
