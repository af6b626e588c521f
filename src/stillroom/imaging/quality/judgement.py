"""Quality measures of a finished picture, and the score that ranks candidates."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.measures import Measures
from stillroom.imaging.pixels import Bytes, Mask, Picture, cover_of
from stillroom.imaging.resizing import fitted

_STANDS_OUT = 6.0  # distance in CIELAB from which an outline is clearly visible
_RIM, _CORE, _NEAR = 3, 13, 15  # kernel sizes in pixels at 512: rim, inner ring, and neighbourhood
SAMPLES = 20_000  # most pixels compared
WORST = 95  # percentile of the product's colour differences that is reported
_DELTA_SIDE, _DELTA_SIGMA = 512, 2.0  # pixels of the longer side, and of the blur that removes noise


def measures_of(picture: Picture, matte: Bytes) -> Measures:
    """Measure one picture.

    Returns:
        The figures from `subject_box` to `outline`.
    """
    x, y, width, height = cv2.boundingRect((matte > 127).astype(np.uint8))
    small, small_matte = fitted(picture, 1024), fitted(matte, 1024)
    inside = (small_matte > 250).astype(np.uint8)
    red, green, blue = cv2.split(small)
    darkest = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
    solid = max(1, cv2.countNonZero(inside))
    clipped = cv2.countNonZero((darkest > 253).astype(np.uint8) & inside)
    return Measures(
        subject_box=(int(x), int(y), int(width), int(height)),
        coverage=round(float((small_matte > 127).mean()), 4),
        white_share=round(float((darkest == 255).mean()), 4),
        clipped_share=round(clipped / solid, 4),
        edge_halo=round(_halo(fitted(small, 512), fitted(small_matte, 512)), 2),
        outline=round(_outline(fitted(small, 512), fitted(small_matte, 512)), 3),
    )


def quality_of(measures: Measures, misfit_deg: float) -> float:
    """Score for ranking the candidates of a job, 0..1.

    The score is reduced for an uncertain matte, an outline lost in the background, clipping, a halo, and a
    camera height that differs from the scene's. A picture without a product scores 0.

    Args:
        measures: From `measures_of`, with `edge_confidence`.
        misfit_deg: Degrees between the camera heights of photo and scene; 0 without a scene.
    """
    if not measures.coverage:
        return 0.0
    kept = (measures.edge_confidence or 0.0) * (0.5 + 0.5 * (measures.outline or 0.0))
    kept *= 1.0 - min(0.3, 2.0 * (measures.clipped_share or 0.0))
    kept *= 1.0 - float(np.clip(((measures.edge_halo or 0.0) - 4.0) / 40.0, 0.0, 0.3))
    kept *= 1.0 - float(np.clip((misfit_deg - 10.0) / 60.0, 0.0, 0.4))
    return round(kept, 3)


def _outline(picture: Picture, matte: Bytes) -> float:
    """Share of the rim whose colour differs from the background just outside."""
    lab = np.asarray(cv2.cvtColor(cover_of(picture), cv2.COLOR_RGB2LAB), np.float32)
    solid, some = (matte > 250).astype(np.uint8), (matte > 3).astype(np.uint8)
    rim = solid - np.asarray(cv2.erode(solid, np.ones((_RIM, _RIM), np.uint8)), np.uint8)
    inside = solid - np.asarray(cv2.erode(solid, np.ones((_CORE, _CORE), np.uint8)), np.uint8)
    outside = np.asarray(cv2.dilate(some, np.ones((_CORE, _CORE), np.uint8)), np.uint8) - some
    near = []
    for ring in (inside, outside):
        weight = ring.astype(np.float32)
        share = np.asarray(cv2.blur(weight, (_NEAR, _NEAR)), np.float32)[..., None]
        near.append(
            np.asarray(cv2.blur(lab * weight[..., None], (_NEAR, _NEAR)), np.float32) / (share + 1e-6)
        )
    apart = np.linalg.norm((near[0] - near[1])[rim > 0], axis=1)
    return float((apart > _STANDS_OUT).mean()) if apart.size else 1.0


def _halo(picture: Picture, matte: Bytes) -> float:
    """Median difference in lightness between the product's rim and the ring inside it."""
    lightness = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0], np.float32) * np.float32(
        100 / 255
    )
    solid = (matte > 250).astype(np.uint8)
    rim, inner, core = (
        solid - np.asarray(cv2.erode(solid, np.ones((side, side), np.uint8)), np.uint8) for side in (3, 7, 13)
    )
    ring = (core - inner).astype(np.float32)
    weight = np.asarray(cv2.blur(ring, (15, 15)), np.float32)
    near = np.asarray(cv2.blur(lightness * ring, (15, 15)), np.float32) / (weight + np.float32(1e-6))
    known = (rim > 0) & (weight > 0.03)
    return float(np.median(np.abs(lightness - near)[known])) if known.any() else 0.0


def product_delta_e(picture: Picture, reference: Picture, matte: Bytes) -> float:
    """95th percentile of the colour difference inside the product, CIEDE2000.

    A median would miss a bleached handle. The pictures are blurred first, because noise and sharpened details
    are not colour.

    Args:
        reference: Registered to it.
    """
    return delta_e_from(reference, matte)(picture)


def delta_e_from(reference: Picture, matte: Bytes) -> Callable[[Picture], float]:
    """Return `product_delta_e` of any picture from one reference, which is measured once."""
    inside = fitted(matte, _DELTA_SIDE) > 250
    if not inside.any():
        return lambda _: 0.0
    step = max(1, int(np.count_nonzero(inside)) // SAMPLES)
    known = _calm(fitted(reference, _DELTA_SIDE), inside, step)

    def delta_e(picture: Picture) -> float:
        shown = _calm(fitted(picture, _DELTA_SIDE), inside, step)
        return round(float(np.percentile(delta_e_2000(shown, known), WORST)), 3)

    return delta_e


def _calm(picture: Picture, inside: Mask, step: int) -> NDArray[np.float32]:
    """Blurred CIELAB of every `step`-th pixel inside, float32 (N, 3); the outside is grey against bleeding.

    The blur covers the same share of a smaller picture.
    """
    alone = np.where(inside[..., None], picture, np.uint8(128))
    sigma = _DELTA_SIGMA * max(inside.shape) / _DELTA_SIDE
    smooth = cv2.GaussianBlur(cover_of(alone), (0, 0), sigma)
    return np.asarray(cv2.cvtColor(smooth[inside][::step, None], cv2.COLOR_RGB2LAB)[:, 0], np.float32)


def delta_e_2000(one: NDArray[np.floating], other: NDArray[np.floating]) -> NDArray[np.floating]:
    """CIEDE2000 colour difference, in the precision of the input.

    Args:
        one: (N, 3), CIELAB.
        other: (N, 3), CIELAB.

    Source:
        Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula", 2005.
    """
    l1, a1, b1 = one.T
    l2, a2, b2 = other.T
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(_share_of_25(chroma))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    lightness, saturation = l2 - l1, c2 - c1
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = np.where(grey, h1 + h2, (h1 + turn / 2) % 360)
    weight = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    scale_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    scale_c = 1 + 0.045 * mean_c
    scale_h = 1 + 0.015 * mean_c * weight
    rotation = -2 * np.sqrt(_share_of_25(mean_c))
    rotation *= np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    l_part, c_part, h_part = lightness / scale_l, saturation / scale_c, hue / scale_h
    squared = l_part**2 + c_part**2 + h_part**2 + rotation * c_part * h_part
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))


def _share_of_25(chroma: NDArray[np.floating]) -> NDArray[np.floating]:
    """c^7 / (c^7 + 25^7) by products, which take a tenth of the time of a power."""
    share = chroma / 25.0
    square = share * share
    seventh = square * square * square * share
    return np.asarray(seventh / (seventh + 1.0))
