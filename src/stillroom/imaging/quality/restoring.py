"""Restore one property of the product in a painted picture, and keep everything else."""

from collections.abc import Callable, Mapping

import numpy as np

from stillroom.domain.plans.plan import Plan
from stillroom.domain.providers.requests import Mark
from stillroom.imaging.pixels import Light, Picture, Plane, blur, cover_of, luminance, to_linear, to_srgb
from stillroom.imaging.quality.integrity import Restored, carried_out, own_light
from stillroom.imaging.quality.painted import measured
from stillroom.imaging.quality.transforms import affine, placed_matte
from stillroom.imaging.resizing import size_of
from stillroom.imaging.scene import composite
from stillroom.imaging.scene.product import Product

_LIGHT_SIGMA = 0.04  # of the longer side; light varies more slowly over a product than its print
_DARKEST = 0.004  # linear; ratios below it are noise
_GAIN_RANGE = 8.0  # largest ratio of light, either way


_Correction = Callable[[Light, Light, Plane], Light]
"""Returns the product with one property of its own and the rest as shown, given its own light, the shown
light and its cover.
"""


def with_one_restored(product: Product, picture: Picture, plan: Plan, mark: Mark) -> Restored:
    """Restore one property of the seller's product as the plan defines it.

    Args:
        plan: Its `product_transform` locates the product.
    """
    assert plan.product_transform is not None, "nothing is brought back of a product that was not found"
    canvas = size_of(picture)
    place = affine(plan.product_transform)
    matte = placed_matte(product, place, canvas)
    cover = cover_of(matte)
    own = own_light(product, plan, place, canvas)
    finished = picture.copy()
    composite.composite_over(finished, _CORRECTIONS[mark](own, to_linear(picture), cover), cover, 0, 0)
    measures = measured(product, to_srgb(own), finished, matte)
    return Restored(finished, matte, carried_out(plan, place, canvas), measures)


def _relit(own: Light, shown: Light, cover: Plane) -> Light:
    """The shown product under its own light."""
    return np.asarray(shown * _gain(own, shown, cover), np.float32)


def _retoned(own: Light, shown: Light, cover: Plane) -> Light:
    """The shown product in its own mean colour, with luminance kept."""
    means = [np.maximum((light * cover[..., None]).sum((0, 1)), 1e-6) for light in (own, shown)]
    ratio = means[0] / means[1]
    level = luminance(np.asarray(shown, np.float32))
    toned = np.asarray(shown * ratio.astype(np.float32), np.float32)
    return np.asarray(toned * (level / np.maximum(luminance(toned), 1e-6))[..., None], np.float32)


def _redrawn(own: Light, shown: Light, cover: Plane) -> Light:
    """The product's own shape and lettering, in the light and colour of the picture."""
    lit = np.asarray(own * _gain(shown, own, cover), np.float32)
    return _retoned(shown, lit, cover)


_CORRECTIONS: Mapping[Mark, _Correction] = {
    Mark.LIGHT: _relit,
    Mark.TONE: _retoned,
    Mark.PERSPECTIVE: _redrawn,
    Mark.LOGO: _redrawn,
    # The complete product from the photo.
    Mark.PRODUCT: lambda own, shown, cover: own,
}


def _gain(wanted: Light, given: Light, cover: Plane) -> Plane:
    """Smooth ratio of light inside the product; float32 (H, W, 1)."""
    sigma = _LIGHT_SIGMA * max(cover.shape)
    levels = [blur(np.asarray(luminance(light) * cover, np.float32), sigma) for light in (wanted, given)]
    gain = (levels[0] + _DARKEST) / (levels[1] + _DARKEST)
    return np.asarray(np.clip(gain, 1 / _GAIN_RANGE, _GAIN_RANGE), np.float32)[..., None]
