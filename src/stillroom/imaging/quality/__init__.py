"""Quality: restore the seller's product in painted pictures, and measure finished pictures."""
