"""Outline correction: a small convolutional network moves a finished matte's outline to the photo's edge.

Its weights are this project's own; docs/measurements/cut-out.md says how they were trained.
"""

import functools
from importlib import resources

import cv2
import numpy as np
import onnxruntime

from stillroom.imaging.cutout.inference import onnx_errors, open_session
from stillroom.imaging.pixels import Bytes, Picture, Plane, cover_of
from stillroom.imaging.resizing import area_resized, bilinear, fitted, size_of

SIDE = 1024  # most pixels of the product's longer side; bounds time and memory
_STRIDE = 32  # pixels per value of the network's coarsest level
NEAR, FADE = 0.012, 0.005  # of the longer side: reach around the outline, and its soft end
NEAR_HALF, FADE_HALF = 0.03, 0.01  # the same where the matte is half covered
HALF = 0.04  # cover from which, and up to 1 less it, a pixel is half covered
BLACK, WHITE = 0.02, 0.98  # output that counts as no cover, and as full cover

# Logits of a prompt network: ramps from pixels that must stay background to those that may become product,
# and from pixels that may become background to those that must stay product.
NOT_ADDED, ADDED = -3.0, -2.0
REMOVED, NOT_REMOVED = -1.0, 1.0
SOFT = 0.06  # cover from which, and up to 1 less it, a pixel belongs to the band of the outline
CRISP, BROAD = 2.0, 3.0  # pixels of that band: ramp from outlines that lose nothing to those that may
AVERAGED = 0.008  # of the longer side: standard deviation over which the band is averaged
_LEAST_OUTLINE = 0.002  # avoids a division by zero where there is no outline


@functools.cache
def _network() -> onnxruntime.InferenceSession:
    with resources.as_file(resources.files("stillroom") / "catalog" / "outline.onnx") as path:
        return open_session(path)


def corrected(alpha: Bytes, guide: Picture, logits: Plane) -> Bytes:
    """Correct a finished matte near its outline and where it is half covered.

    A prompt network controls what is added and removed. Along a crisp outline nothing is removed, because
    patterns and colours like the ground's deceive the network; a broad one, as of fur, is free.

    Args:
        guide: The photo, of the size of the matte.
        logits: Of the product, by a prompt network; of the size of the matte.
    """
    cover = cover_of(fitted(alpha, SIDE))
    change = _reach(cover) * (_estimated(cover, fitted(guide, SIDE)) - cover)
    seen = area_resized(logits, size_of(cover))
    added = np.clip((seen - NOT_ADDED) / (ADDED - NOT_ADDED), 0, 1)
    removed = np.clip((NOT_REMOVED - seen) / (NOT_REMOVED - REMOVED), 0, 1) * _breadth(cover)
    change *= np.where(change < 0, removed, added)
    whole = bilinear(change, size_of(alpha))
    return np.asarray(np.clip(np.rint(alpha + 255 * whole), 0, 255), np.uint8)


def _estimated(cover: Plane, guide: Picture) -> Plane:
    """Cover as the network estimates it, float32 (h, w)."""
    height, width = cover.shape
    given = np.dstack([cover_of(guide), cover])
    padded = cv2.copyMakeBorder(given, 0, -height % _STRIDE, 0, -width % _STRIDE, cv2.BORDER_REPLICATE)
    tensor = np.ascontiguousarray(padded.transpose(2, 0, 1)[None], np.float32)
    with onnx_errors():
        (found,) = _network().run(None, {"photo_and_matte": tensor})
    plane = np.asarray(found[0, 0, :height, :width], np.float32)
    return np.asarray(np.clip((plane - BLACK) / (WHITE - BLACK), 0, 1), np.float32)


def _reach(cover: Plane) -> Plane:
    """Weight of the network, 0..1: 1 near the outline, and farther away where the matte is half covered."""
    longer = max(cover.shape)
    solid = (cover > 0.5).astype(np.uint8)
    away = sum(cv2.distanceTransform(side, cv2.DIST_L2, cv2.DIST_MASK_5) for side in (solid, 1 - solid))
    half = cv2.dilate(((cover > HALF) & (cover < 1 - HALF)).astype(np.float32), np.ones((5, 5)))
    near, near_half = (
        np.clip((reach * longer - away) / (fade * longer), 0, 1)
        for reach, fade in ((NEAR, FADE), (NEAR_HALF, FADE_HALF))
    )
    return np.asarray(np.maximum(near, half * near_half), np.float32)


def _breadth(cover: Plane) -> Plane:
    """Breadth of the outline nearby, 0..1, float32 (h, w)."""
    deviation = AVERAGED * max(cover.shape)
    solid = (cover > 0.5).astype(np.uint8)
    outline = cv2.morphologyEx(solid, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    band, length = (
        cv2.GaussianBlur(np.asarray(plane, np.float32), (0, 0), deviation)
        for plane in ((cover > SOFT) & (cover < 1 - SOFT), outline)
    )
    return np.clip((band / (length + _LEAST_OUTLINE) - CRISP) / (BROAD - CRISP), 0, 1).astype(np.float32)
