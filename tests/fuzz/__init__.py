"""Made-up damage, for as long as somebody wants to wait."""
