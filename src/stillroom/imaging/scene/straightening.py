"""Levelling: whether a plan shows the product with its photo turned upright."""

import numpy as np

from stillroom.domain.plans.plan import Plan
from stillroom.imaging.scene.product import Product

_TURNED = 1e-3  # radians; a transform with less beyond the rotation by hand was not levelled


def leveled(product: Product, plan: Plan) -> Product:
    """The product, levelled by its wheels before a new backdrop, otherwise by the lines of its photo.

    New backdrops have no slopes. The lines decide unasked only if all of them agree. A later render repeats
    what the first one did.
    """
    if not plan.detail.straighten:
        return product
    has_new_backdrop = plan.backdrop.kind != "keep"
    rolled = product.on_level_ground if has_new_backdrop else product
    level = product.upright if rolled is product else rolled
    had_new_backdrop = plan.framing.canvas is not None
    # On a slope, the wheels and the lines of the photo ask for different rotations.
    repeats = has_new_backdrop == had_new_backdrop or product.on_level_ground is product
    if plan.product_transform is not None and repeats:
        across, down = plan.product_transform[0], plan.product_transform[3]
        by_hand = 0.0 if plan.backdrop.kind == "keep" else plan.framing.rotation_deg
        was_turned = abs(np.arctan2(down, across) - np.radians(by_hand)) > _TURNED
        return level if was_turned else product
    is_sure = rolled is not product or product.tilt.is_sure or "detail" in plan.asked
    return level if is_sure else product
