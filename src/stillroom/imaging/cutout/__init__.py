"""Cut-out: from a photo to the product's matte."""
