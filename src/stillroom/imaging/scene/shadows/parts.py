"""Parts of a product that touch the ground in places of their own: separate things, and cords before them."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.parts import disk
from stillroom.imaging.pixels import Mask, Plane

_CORD = 0.035  # of the longer side: radius below which something is a cord
_CORD_BELOW = 0.05  # of the height: how far below the rest it ends
_MIN_CORD = 0.004  # of the product's box: its least area
_MIN_THING = 0.04  # of the area of the largest thing
_REACH = 0.35  # of the height of all things: how far above the lowest one another still stands behind it
_CARRIED = 0.5  # of its columns; a thing that has more of others below it does not stand on the ground


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of a product that touch the ground each in a place of its own.

    Attributes:
        standing: float32 (h, w) each, the things that stand, such as two shoes; not empty.
        cords: Straps and cables that lie before them; None without any.
    """

    standing: tuple[Plane, ...]
    cords: Plane | None


def parts_of(solid: Plane) -> Parts:
    """Split a product, float32 (h, w) and not empty, into the parts that touch the ground."""
    standing = without_cords(solid)
    cords = solid - standing
    return Parts(_things(standing), cords if (cords > 0.5).any() else None)


def _things(standing: Plane) -> tuple[Plane, ...]:
    """Separate things on the ground, the largest first.

    What is small, hangs, or is carried by another, such as a balloon tied to a chair, goes with the largest.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats((standing > 0.5).astype(np.uint8), connectivity=8)
    large, areas = _large_parts(stats), stats[:, cv2.CC_STAT_AREA]
    if len(large) < 2:
        return (standing,)
    lowest = {part: _lowest_of(labels == part) for part in large}
    foot = max(int(rows.max()) for rows in lowest.values())
    highest = foot - _REACH * (foot + 1 - int(np.flatnonzero((standing > 0.5).any(1))[0]))
    grounded = [part for part in large if lowest[part].max() >= highest and not _is_carried(part, lowest)]
    others = sorted(grounded, key=lambda part: -areas[part])[1:]
    first = np.where(np.isin(labels, others), np.float32(0), standing)
    return (first, *(np.where(labels == part, standing, np.float32(0)) for part in others))


def _large_parts(stats: NDArray[np.generic]) -> list[int]:
    """Numbers of the connected components that are not small beside the largest."""
    areas = np.asarray(stats, np.int64)[1:, cv2.CC_STAT_AREA]
    return (1 + np.flatnonzero(areas >= _MIN_THING * areas.max(initial=1))).tolist()


def _lowest_of(mask: Mask) -> NDArray[np.intp]:
    """The lowest row of a mask in each column; -1 where it has none."""
    return np.where(mask.any(0), mask.shape[0] - 1 - np.argmax(mask[::-1], axis=0), -1)


def _is_carried(part: int, lowest: Mapping[int, NDArray[np.intp]]) -> bool:
    """Whether other things are below a thing in most of its columns."""
    own = lowest[part]
    below = np.max([rows for other, rows in lowest.items() if other != part], axis=0)
    return float((below > own)[own >= 0].mean()) > _CARRIED


def without_cords(solid: Plane) -> Plane:
    """Drop straps and cables that end below the rest of the product: they lie on the ground in front of it.

    A cord leaves the body at its side. A leg or a stem has the body above it.
    """
    mask = (solid > 0.5).astype(np.uint8)
    _, y, width, height = cv2.boundingRect(mask)
    radius = max(2, round(_CORD * max(width, height)))
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, disk(radius))
    _, thick, sizes, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    # The two ends of a loop together are as thick as a body.
    bulk = np.isin(thick, _large_parts(sizes)).astype(np.uint8)
    body = np.asarray(cv2.dilate(bulk, disk(round(1.4 * radius))), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask & (1 - body), connectivity=8)
    under = np.maximum.accumulate(bulk, axis=0) > 0
    cords = np.zeros(count, np.uint8)
    for part in range(1, count):
        if stats[part, cv2.CC_STAT_AREA] < _MIN_CORD * width * height:
            continue
        around = cv2.dilate((labels == part).astype(np.uint8), np.ones((3, 3), np.uint8))
        joint = (np.asarray(around, np.uint8) & body & mask) > 0
        cords[part] = joint.any() and not under[joint].any()
    rest = mask & (1 - cords[labels])
    rows = np.flatnonzero(rest.any(1))
    if not cords.any() or rows.size == 0 or y + height - 1 - rows[-1] <= _CORD_BELOW * height:
        return solid
    return np.asarray(solid * (1 - cords[labels]), np.float32)
