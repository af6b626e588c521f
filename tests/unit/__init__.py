"""One module at a time, without disk, network or sleep."""
