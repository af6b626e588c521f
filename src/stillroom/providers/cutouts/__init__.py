"""Local cut-outs: networks and engines that run them, and caches of their results."""
