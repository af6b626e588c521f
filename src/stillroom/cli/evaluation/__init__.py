"""`stillroom eval`: measure cut-outs, instructions and the golden set."""
