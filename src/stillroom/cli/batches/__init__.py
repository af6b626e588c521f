"""`stillroom batch run` and `stillroom watch`: many photos by one recipe, without a server."""
