"""Use cases of reader models: calls within their limits, and inspections of photos."""
