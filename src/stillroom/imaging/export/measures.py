"""Measurements on a finished picture: background, product and edges."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.export.grounds import darkest
from stillroom.imaging.export.windows import extent
from stillroom.imaging.pixels import Box, Bytes, Mask, border_of

CODEC_MARGIN = 8
"""Pixels around the product excluded from the background, because JPEG blocks there mix both."""

_TRACE = 3
"""Matte value (of 255) up to which a pixel is background; scaling leaves such traces."""

_BLACK = 24
"""Channel value of a transparent pixel up to which it is shadow, not colour."""

_SHADE_FROM = 0.98
"""Share of the remnants around a cutout that must be black; scaling mixes product colour into the rim."""

_PART_FROM = 0.02
"""Share of the picture from which a separate piece counts as another product, as in marketplaces' checks."""

_STEP_FROM = 6.0
"""Difference of neighbours (of 255) that is an edge; JPEG noise at the qualities used stays below."""

_DIRT_FROM = 12
"""Pixels; fewer that are neither white nor part of a shadow are invisible."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The product in a picture.

    Attributes:
        box: Bounding box.
        area: Pixels it covers.
        parts: Separate pieces that are large enough to be products.
    """

    box: Box
    area: float
    parts: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Background of a picture that should be white.

    Attributes:
        white_share: Share of background pixels that are opaque and exactly 255 in each channel.
        lowest: The lowest value found in a channel; opacity is one.
        worst: Its position, x and y.
        is_shadow_only: Whether all other pixels are connected to the product and do not reach the edge.
    """

    white_share: float
    lowest: int
    worst: tuple[int, int]
    is_shadow_only: bool


def subject_of(matte: Bytes) -> Subject | None:
    """Measure the product in its matte, uint8 (H, W); None if the matte has no solid pixel."""
    box = extent(matte)
    if box is None:
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats((matte > 127).astype(np.uint8), connectivity=8)
    large = int((stats[1:, cv2.CC_STAT_AREA] >= _PART_FROM * matte.size).sum())
    return Subject(box, float(matte.sum(dtype=np.int64)) / 255.0, max(1, large))


def outside_of(matte: Bytes, margin: int) -> Mask:
    """Mask of pixels at least `margin` pixels away from the product."""
    square = np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)
    return np.asarray(cv2.dilate((matte > _TRACE).astype(np.uint8), square) == 0)


def white_ground(pixels: NDArray[np.uint8], matte: Bytes | None) -> Ground:
    """Measure the background outside the product.

    Args:
        pixels: uint8 (H, W) or (H, W, C), as decoded from the file.
        matte: None treats the whole picture as background.
    """
    lowest = _whiteness(pixels)
    outside = np.ones(lowest.shape, bool) if matte is None else outside_of(matte, CODEC_MARGIN)
    if not outside.any():
        return Ground(1.0, 255, (0, 0), False)
    held = np.where(outside, lowest, np.uint8(255))
    place = int(held.argmin())
    share = float((lowest[outside] == 255).mean())
    worst = (place % held.shape[1], place // held.shape[1])
    return Ground(share, int(held.min()), worst, _is_shadow(held < 255, matte, outside))


def white_border(pixels: NDArray[np.uint8], ring: float) -> tuple[float, int]:
    """Share of exactly white pixels in the border, and the lowest channel value there."""
    border = _whiteness(pixels)[border_of(pixels.shape, ring)]
    return float((border == 255).mean()), int(border.min())


def _whiteness(pixels: NDArray[np.uint8]) -> Bytes:
    """Lowest channel per pixel; opacity counts, because a shop may show what is transparent on any colour."""
    has_alpha = pixels.ndim == 3 and pixels.shape[2] == 4
    return np.minimum(darkest(pixels), pixels[..., 3]) if has_alpha else darkest(pixels)


def clear_but_for_shadow(pixels: NDArray[np.uint8], matte: Bytes) -> bool:
    """Whether a cutout is surrounded only by black shadow that is connected to it and off the edge.

    Args:
        pixels: uint8 (H, W, 4), straight alpha.
        matte: The product without its shadow.
    """
    outside = outside_of(matte, CODEC_MARGIN)
    stained = (pixels[..., 3] > 0) & outside
    if not _is_shadow(stained, matte, outside):
        return False
    return float((pixels[..., :3][stained].max(axis=1) <= _BLACK).mean()) >= _SHADE_FROM


def touched_edges(matte: Bytes | None) -> int:
    if matte is None:
        return 0
    return sum(bool((edge > 127).any()) for edge in (matte[0], matte[-1], matte[:, 0], matte[:, -1]))


def edge_width(pixels: NDArray[np.uint8], matte: Bytes | None) -> float | None:
    """Median width in pixels of the product's sharpest edges; None if there are too few pixels or edges.

    The width is the local contrast divided by the steepest step: 1 for a hard edge, and about 2.5 sigma for
    an edge blurred by sigma.
    """
    colour = pixels if pixels.ndim == 2 else pixels[..., :3]
    grey = colour if colour.ndim == 2 else cv2.cvtColor(np.ascontiguousarray(colour), cv2.COLOR_RGB2GRAY)
    level = grey.astype(np.float32)
    step = np.maximum(
        np.abs(np.diff(level, axis=1, prepend=level[:, :1])),
        np.abs(np.diff(level, axis=0, prepend=level[:1])),
    )
    within = np.ones(level.shape, bool) if matte is None else cv2.erode(matte, np.ones((9, 9))) > 200
    if within.sum() < 1000:
        return None
    steep = within & (step >= max(_STEP_FROM, float(np.percentile(step[within], 99.5))))
    if steep.sum() < 50:
        return None
    around = np.ones((9, 9), np.uint8)
    contrast = cv2.dilate(level, around) - cv2.erode(level, around)
    steepest = cv2.dilate(step, np.ones((3, 3), np.uint8))
    return float(np.median(contrast[steep] / steepest[steep]))


def _is_shadow(stained: Mask, matte: Bytes | None, outside: Mask) -> bool:
    """Whether all stained pixels are connected to the product and do not touch the picture's edge."""
    if matte is None or not stained.any():
        return False
    if stained[0].any() or stained[-1].any() or stained[:, 0].any() or stained[:, -1].any():
        return False
    # A shadow fades into single pixels, which the codec scatters within its blocks, so join them first.
    joined = cv2.dilate((stained | ~outside).astype(np.uint8), np.ones((17, 17), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    of_product = np.zeros(count, bool)
    of_product[labels[~outside]] = True
    return int((stained & ~of_product[labels]).sum()) < _DIRT_FROM
