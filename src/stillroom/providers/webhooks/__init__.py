"""HTTP client for webhook deliveries, with a check of the receiver's address."""
