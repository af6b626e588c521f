"""Pixels to pixels: cutting out, lighting, grounding, composing and judging product photos."""
