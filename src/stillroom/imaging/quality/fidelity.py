"""Whether the product in a picture is still the product: it is held against the photo's own pixels."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Plan
from stillroom.imaging.light import color, key_light
from stillroom.imaging.pixels import (
    Bytes,
    Light,
    Picture,
    Plane,
    blur,
    cover_of,
    luminance,
    shrunk,
    size_within,
    to_linear,
    to_srgb,
)
from stillroom.imaging.quality import judgement
from stillroom.imaging.scene.product import Product

SIDE = 512  # pixels of the product's longer side at which it is compared
_CORNERS = 120  # points followed; their median is what is told
_UNSEEN = 0.02  # linear; so much more light on black doubles it, and nobody sees it
_EVEN_SIGMA = 8.0  # pixels; what is slower than this is light and not detail
_RETURNED = 0.7  # pixels; a detail that is not found again on the way back was mistaken for another
_LEAST_CORNERS = 8  # fewer do not tell a turn from noise

Details = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Where details of a product are in each of two pictures, float32 (n, 2) pixels."""


def fidelity_of(product: Product, plan: Plan, shown: Picture, opaque: Bytes, scale: float) -> dict[str, Any]:
    """Figures of drift; all are near 0 where only what the plan says was done.

    Args:
        product: The photo and its matte.
        plan: As carried out.
        shown: uint8 (h, w, 3), sRGB: the part of the picture that the product's box covers.
        opaque: uint8 (h, w), where in it the product is to be compared.
        scale: By how much picture pixels are finer than they would be with the picture's longer side at 1024.

    Returns:
        `protected_delta_e`: median CIEDE2000 inside the product. `light_shift_deg`: by how much the key
        light seems to have moved; None where the shading does not tell. `kelvin_shift`: of the product's mean
        colour. `perspective_deg`: by how much the product is turned; None where it has no details.
        `logo_shift_px`: median way of its details, in pixels of a picture whose longer side is 1024;
        None where there are none.
    """
    size = size_within(product.matte.alpha.shape, SIDE)
    own = _as_planned(product, plan, size)
    finished, alpha = _resized(shown, size), _resized(opaque, size)
    details = followed(own, finished, alpha)
    before, after = to_linear(own), to_linear(finished)
    return {
        "protected_delta_e": judgement.product_delta_e(finished, own, alpha),
        "light_shift_deg": light_shift_deg(before, after, alpha),
        "kelvin_shift": kelvin_shift(before, after, alpha),
        "perspective_deg": tilt_deg(details),
        "logo_shift_px": _rounded(detail_shift(details), shown.shape[1] / size[0] / scale),
    }


def _as_planned(product: Product, plan: Plan, size: tuple[int, int]) -> Picture:
    """The photo's own pixels with the plan's tone and light, and nothing else."""
    light = color.graded(_resized(product.crop, size), plan.tone, product.grade)
    gain = key_light.gain_of(plan.light, product.key_light, *product.shading)
    if gain is not None:
        light = color.lit(
            light, np.asarray(cv2.resize(gain, size, interpolation=cv2.INTER_CUBIC), np.float32)
        )
    return to_srgb(light)


def light_shift_deg(own: Light, finished: Light, alpha: Bytes) -> float | None:
    """By how much the key light's azimuth differs; None where the product does not show where it comes from.

    Args:
        own: float32 (h, w, 3), linear light.
        finished: float32 (h, w, 3), linear light.
        alpha: uint8 (h, w), the product.
    """
    size = size_within(alpha.shape, key_light.SIDE)
    cover = cover_of(_resized(alpha, size))
    normals = key_light.normals_of(cover)
    before, after = (np.log(_level(light, size) + _UNSEEN) for light in (own, finished))
    was = key_light.slope_of(before, cover, normals)
    # The change alone: what is printed on the product is in both and would only blur two separate fits.
    change = key_light.slope_of(after - before, cover, normals)
    if was is None or change is None:
        return None
    now = (was[0] + change[0], was[1] + change[1], was[2] + change[2])
    if min(float(np.hypot(*slope[:2])) for slope in (was, now)) < key_light.MIN_CONFIDENCE:
        return None
    return round(key_light.azimuth_of(now) - key_light.azimuth_of(was), 2)


def kelvin_shift(own: Light, finished: Light, alpha: Bytes) -> float:
    """By how much the colour temperature of the product's mean colour differs, seen as the colour of a light.

    Args:
        own: float32 (h, w, 3), linear light.
        finished: float32 (h, w, 3), linear light.
        alpha: uint8 (h, w), the product.
    """
    inside = (alpha > 250).astype(np.uint8)
    if not inside.any():
        return 0.0
    was, now = (np.array(cv2.mean(light, inside)[:3]) for light in (own, finished))
    ratio = (now + 1e-3) / (was + 1e-3)
    return round(color.kelvin_of(ratio) - color.kelvin_of(np.ones(3)), 1)


def tilt_deg(details: Details) -> float | None:
    """By how many degrees the product's details are turned; None where they do not tell."""
    start, end = details
    if len(start) < _LEAST_CORNERS:
        return None
    found = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=1.0)
    turn = cast("NDArray[np.float64] | None", found[0])
    return None if turn is None else round(abs(float(np.degrees(np.arctan2(turn[1, 0], turn[0, 0])))), 2)


def detail_shift(details: Details) -> float | None:
    """Median distance in pixels between the product's details; None where it has none."""
    start, end = details
    return float(np.median(np.linalg.norm(end - start, axis=-1))) if len(start) else None


def followed(own: Picture, finished: Picture, alpha: Bytes) -> Details:
    """Find details of the product in two pictures of it.

    Args:
        own: uint8 (h, w, 3), sRGB.
        finished: uint8 (h, w, 3), sRGB.
        alpha: uint8 (h, w), the product.
    """
    grey, other = (_even(picture) for picture in (own, finished))
    inside = np.asarray(cv2.erode((alpha > 250).astype(np.uint8), np.ones((7, 7), np.uint8)), np.uint8)
    points = cv2.goodFeaturesToTrack(grey, _CORNERS, 0.02, 5, mask=inside)
    if points is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
    start = np.asarray(points, np.float32)
    end, there, _ = cv2.calcOpticalFlowPyrLK(grey, other, start, start.copy())
    back, home, _ = cv2.calcOpticalFlowPyrLK(other, grey, end, end.copy())
    way_off = np.linalg.norm(np.asarray(back, np.float32) - start, axis=-1).ravel()
    kept = (np.asarray(there).ravel() == 1) & (np.asarray(home).ravel() == 1) & (way_off <= _RETURNED)
    return start.reshape(-1, 2)[kept], np.asarray(end, np.float32).reshape(-1, 2)[kept]


def _even(picture: Picture) -> Bytes:
    """Grey without its slow changes and with the same contrast everywhere, so that light moves no detail."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)
    fine = grey - blur(grey, _EVEN_SIGMA)
    spread = np.sqrt(blur(np.asarray(fine * fine, np.float32), _EVEN_SIGMA)) + 4.0
    return np.clip(np.rint(128 + 48 * fine / spread), 0, 255).astype(np.uint8)


def _level(light: Light, size: tuple[int, int]) -> Plane:
    return luminance(np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_AREA), np.float32))


def _rounded(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 3)


def _resized(picture: Picture, size: tuple[int, int]) -> Picture:
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    if size[0] < picture.shape[1]:
        return shrunk(picture, size)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)
