"""Image processing of product photos: cut-out, light, backdrops, composition, quality checks and export."""
