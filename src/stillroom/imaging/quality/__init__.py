"""Quality: puts the seller's product back into painted pictures and measures finished ones."""
