"""Points: each adds or removes the part of the photo under it."""
