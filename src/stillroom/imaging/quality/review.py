"""Decide whether a person should review a picture before it is used."""

from dataclasses import replace

from stillroom.domain.marks import LEAST_QUALITY
from stillroom.domain.measures import Measures
from stillroom.imaging.scene.product import Product

_BELOW_GOOD = 0.98 * LEAST_QUALITY


def reviewed(measures: Measures, product: Product) -> Measures:
    """Add what is known of the cut-out to a picture's measures.

    The quality of a picture that needs a review is scaled, not clipped, so that candidates keep their order.

    Args:
        product: As it was cut out of the photo, before levelling.

    Returns:
        The measures with `cut_sides` (see `presence.cut_sides`), `matte_doubts` (see `matte.Doubt`) and
        `needs_review`: whether either is not empty.
    """
    cut_sides, doubts = tuple(product.cut_sides), tuple(product.matte.doubts)
    needs_review = bool(doubts or cut_sides)
    quality = measures.quality
    if needs_review and quality is not None:
        quality = round(_BELOW_GOOD * quality, 3)
    return replace(
        measures, cut_sides=cut_sides, matte_doubts=doubts, needs_review=needs_review, quality=quality
    )
