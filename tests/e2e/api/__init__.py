"""HTTP API of a real server: every operation, its bounds, limits and clients."""
