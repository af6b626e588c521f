"""Decide whether a person should review a picture before it is used."""

from collections.abc import Mapping
from typing import Any

from stillroom.domain.marks import LEAST_QUALITY
from stillroom.imaging.scene.product import Product

_BELOW_GOOD = 0.98 * LEAST_QUALITY


def reviewed(measures: Mapping[str, Any], product: Product) -> dict[str, Any]:
    """Add what is known of the cut-out to a picture's measures.

    The quality of a picture that needs a review is scaled, not clipped, so that candidates keep their order.

    Args:
        measures: Measures of the picture.
        product: As it was cut out of the photo, before levelling.

    Returns:
        The measures, and `cut_sides` (see `presence.cut_sides`), `matte_doubts` (see `matting.Doubt`) and
        `needs_review`: whether either is not empty.
    """
    doubts = product.matte.doubts
    needs_review = bool(doubts or product.cut_sides)
    told = {"cut_sides": list(product.cut_sides), "matte_doubts": list(doubts), "needs_review": needs_review}
    if needs_review and "quality" in measures:
        told["quality"] = round(_BELOW_GOOD * float(measures["quality"]), 3)
    return {**measures, **told}
