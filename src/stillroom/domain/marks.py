"""Limits beyond which a figure of a picture needs a review by a person."""

MOST_DELTA_E = 6.0
"""CIEDE2000 that 95 % of the product's pixels stay within."""
MOST_LIGHT_DEG = 5.0
MOST_KELVIN = 150.0
MOST_PERSPECTIVE_DEG = 1.0
MOST_LOGO_PX = 2.0
"""In a picture whose longer side is 1024."""

LEAST_EDGE_CONFIDENCE = 0.9
LEAST_QUALITY = 0.6
MOST_SEE_THROUGH = 0.03
"""Share of the product; glass and bottles have more, shine and lace less."""
