"""Jobs: from a request through the provider calls to stored pictures."""
