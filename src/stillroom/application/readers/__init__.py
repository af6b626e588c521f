"""What reader models are asked: calls within their limits, and looks at photos."""
