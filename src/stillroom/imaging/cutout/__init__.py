"""Cut-out: compute the product's matte from a photo."""
