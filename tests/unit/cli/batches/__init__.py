"""Many photos by one recipe, without a server."""
