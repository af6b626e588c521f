"""HTTP API: routes, request and response schemas, middleware and event streams."""
