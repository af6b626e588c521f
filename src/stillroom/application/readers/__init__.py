"""Use cases of reader models: calls within their limits, and looks at photos."""
