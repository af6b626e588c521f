"""Fidelity measures: compare the product in a finished picture with the photo's own pixels."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.measures import Measures
from stillroom.imaging.light import color, key_light
from stillroom.imaging.pixels import (
    Bytes,
    Light,
    Picture,
    blur,
    cover_of,
    luminance,
    to_linear,
    to_srgb,
)
from stillroom.imaging.quality import judgement
from stillroom.imaging.quality.protection import Grading
from stillroom.imaging.resizing import area_resized, shrunk, size_of, size_within

SIDE = 512  # pixels of the product's longer side for comparison
_CORNERS = 120  # most tracked points; their median is reported
_UNSEEN = 0.02  # linear; offset that hides invisible changes in black areas
_EVEN_SIGMA = 8.0  # pixels; slower changes are light, not detail
_RETURNED = 0.7  # pixels; a point that tracks back farther away was mismatched
_MIN_CORNERS = 8  # fewer cannot separate a rotation from noise

Details = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Positions of the same details in two pictures, float32 (n, 2) pixels each."""


def fidelity_of(grading: Grading, shown: Picture, opaque: Bytes, scale: float) -> Measures:
    """Measure drift; all figures are near 0 if only the plan was carried out.

    Args:
        grading: The photo's product with the tone and light that were carried out.
        shown: The part of the picture inside the product's box.
        opaque: Mask of the pixels to compare.
        scale: Resolution of the picture relative to one with a longer side of 1024.

    Returns:
        `protected_delta_e`, `light_shift_deg` (None if the shading is inconclusive), `kelvin_shift`, and
        `perspective_deg` and `logo_shift_px` (None without details).
    """
    size = size_within(grading.product.matte.alpha.shape, SIDE)
    own = to_srgb(color.lit(grading.graded(_resized(grading.product.crop, size)), grading.gain))
    finished, alpha = _resized(shown, size), _resized(opaque, size)
    return drift_of(own, finished, alpha, shown.shape[1] / size[0] / scale)


def drift_of(own: Picture, finished: Picture, alpha: Bytes, scale: float) -> Measures:
    """Measure the figures of `fidelity_of` on two pictures of one size; `scale` is for lengths in pixels."""
    details = followed(own, finished, alpha)
    before, after = to_linear(own), to_linear(finished)
    shift = detail_shift(details)
    return Measures(
        protected_delta_e=judgement.product_delta_e(finished, own, alpha),
        light_shift_deg=light_shift_deg(before, after, alpha),
        kelvin_shift=kelvin_shift(before, after, alpha),
        perspective_deg=tilt_deg(details),
        logo_shift_px=None if shift is None else round(shift * scale, 3),
    )


def light_shift_deg(own: Light, finished: Light, alpha: Bytes) -> float | None:
    """Change of the key light's azimuth in degrees; None if the shading is inconclusive."""
    size = size_within(alpha.shape, key_light.SIDE)
    cover = cover_of(_resized(alpha, size))
    normals = key_light.normals_of(cover)
    before, after = (np.log(luminance(area_resized(light, size)) + _UNSEEN) for light in (own, finished))
    was = key_light.slope_of(before, cover, normals)
    # Fit the change alone, because print on the product is in both pictures and would blur separate fits.
    change = key_light.slope_of(after - before, cover, normals)
    if was is None or change is None:
        return None
    now = (was[0] + change[0], was[1] + change[1], was[2] + change[2])
    if min(float(np.hypot(*slope[:2])) for slope in (was, now)) < key_light.MIN_CONFIDENCE:
        return None
    return round(key_light.azimuth_of(now) - key_light.azimuth_of(was), 2)


def kelvin_shift(own: Light, finished: Light, alpha: Bytes) -> float:
    """Change of the product's mean colour, as the correlated colour temperature of a light."""
    inside = (alpha > 250).astype(np.uint8)
    if not inside.any():
        return 0.0
    was, now = (np.array(cv2.mean(light, inside)[:3]) for light in (own, finished))
    ratio = (now + 1e-3) / (was + 1e-3)
    return round(color.kelvin_of(ratio) - color.kelvin_of(np.ones(3)), 1)


def tilt_deg(details: Details) -> float | None:
    """Rotation of the product's details in degrees; None if there are too few."""
    start, end = details
    if len(start) < _MIN_CORNERS:
        return None
    found = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=1.0)
    turn = cast("NDArray[np.float64] | None", found[0])
    return None if turn is None else round(abs(float(np.degrees(np.arctan2(turn[1, 0], turn[0, 0])))), 2)


def detail_shift(details: Details) -> float | None:
    """Median distance in pixels between the product's details; None if there are none."""
    start, end = details
    return float(np.median(np.linalg.norm(end - start, axis=-1))) if len(start) else None


def followed(own: Picture, finished: Picture, alpha: Bytes) -> Details:
    """Track details of the product between two pictures by optical flow, checked forwards and backwards."""
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
    """Grey picture with uniform mean and contrast, so that light does not move details."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)
    fine = grey - blur(grey, _EVEN_SIGMA)
    spread = np.sqrt(blur(np.asarray(fine * fine, np.float32), _EVEN_SIGMA)) + 4.0
    return np.clip(np.rint(128 + 48 * fine / spread), 0, 255).astype(np.uint8)


def _resized(picture: Picture, size: tuple[int, int]) -> Picture:
    if size_of(picture) == size:
        return picture
    if size[0] < picture.shape[1]:
        return shrunk(picture, size)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)
