"""The domain, without a computer."""
