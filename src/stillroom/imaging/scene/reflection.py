"""Reflection of a product on the ground that it stands on."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Light, Mask, Plane, blur

ACRYLIC = 0.12  # roughness of the sheet that products on paper stand on if a reflection is wanted
_REACH = 0.55  # of the product's height: reach of its reflection


def gained_by(
    alpha: Plane, product: Light, replaced: NDArray[np.float32], strength: float, roughness: float
) -> Light:
    """Light that the ground gains from the product's mirror image, minus the reflection it replaces.

    Args:
        alpha: The product on the canvas.
        product: Its linear light there.
        replaced: float32 (3,), linear light that the ground reflects without the product.
        strength: Share of the light that the ground reflects.
        roughness: Blur of the reflection, 0..1.

    Returns:
        float32 (h, w, 3), linear light; negative where the product is darker than what it replaces.
    """
    solid = alpha > 0.5
    if not solid.any():
        return np.zeros_like(product)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    base, tall = int(rows[-1]), float(rows[-1] - rows[0] + 1)
    lowest = _lower_edge(alpha, solid)
    touches = np.zeros(alpha.shape[1], np.float32)
    inside = slice(int(columns[0]), int(columns[-1]) + 1)
    touches[inside] = np.clip(1.6 - (base - lowest[inside]) / (0.12 * tall + 1), 0.0, 1.0)
    touches[~solid.any(0)] = 0.0
    lowest = np.where(touches > 0, lowest, base).astype(np.float32)
    y, x = np.mgrid[: alpha.shape[0], : alpha.shape[1]].astype(np.float32)
    below = y - lowest[None]
    source = lowest[None] - below
    mirrored = np.asarray(cv2.remap(alpha, x, source, cv2.INTER_LINEAR), np.float32)
    cover = mirrored * np.clip(below, 0.0, 1.0) * touches[None]
    image = np.asarray(cv2.remap(product, x, source, cv2.INTER_LINEAR), np.float32)
    depth = np.clip(below / (_REACH * tall), 0.0, 1.0)
    gained = (image - replaced) * (cover * (1 - depth) ** 1.5 * strength)[..., None]
    rough = max(0.6, 0.09 * tall * roughness)
    sharp, soft = blur(np.asarray(gained, np.float32), 0.6, 0.6), blur(np.asarray(gained, np.float32), rough)
    return np.asarray(sharp + (soft - sharp) * np.sqrt(depth)[..., None], np.float32)


def _lower_edge(alpha: Plane, solid: Mask) -> NDArray[np.float32]:
    """Row of the product's lower edge by column, with fractions, because whole rows would show as steps."""
    last = alpha.shape[0] - 1 - np.argmax(solid[::-1], axis=0)
    columns = np.arange(alpha.shape[1])
    covered = alpha[last, columns] + np.pad(alpha, ((0, 1), (0, 0)))[last + 1, columns]
    return np.asarray(last - 1 + covered, np.float32)
