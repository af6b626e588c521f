"""Connected components of a raw matte: select the product's parts, cut off strings, fill openings."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Bytes, Mask, Plane
from stillroom.imaging.resizing import area_resized, size_of, size_within

SOLID, CORE = 0.35, 0.8  # cover from which a pixel joins a component, and from which the network is sure
PIECE_BELOW = 0.25  # of the main core; a larger component nearby is a separate object
EQUAL_ABOVE = 0.6  # of the main core; an equal object, such as a second shoe
BOUND_BELOW = 0.2  # of the main bulk; a larger one attached by a string is a separate object
ISLAND_BELOW = 0.04  # of the product; larger separate pieces are kept
ISLAND_GAP = 0.02  # of the longer side; nearer scraps belong to something thin
ISLAND_SIDE = 1024  # pixels of the longer side for finding scraps
SURFACE = 0.55  # mean cover from which a hole is part of the surface; see docs/measurements/cut-out.md
FOG = 0.03  # of the longer side: how far a soft edge extends from its core
TETHER = 0.010  # of the longer side: radius below which something is a string
WIRES = 0.5  # share of strings from which something consists of wires


def disk(radius: int) -> Bytes:
    """Elliptical structuring element, uint8 (2 r + 1, 2 r + 1)."""
    side = 2 * max(1, radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def overlap(one: Mask, other: Mask) -> float:
    """Intersection over union of two masks; 1 if both are empty."""
    either = np.count_nonzero(one | other)
    return float(np.count_nonzero(one & other) / either) if either else 1.0


def components(mask: Mask, least: float) -> Iterator[Mask]:
    """Connected components of at least so many pixels, without what is thinner than three pixels."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(opened, connectivity=4)
    for number in range(1, count):
        part = np.asarray(labels) == number
        if np.count_nonzero(part) >= least:
            yield part


def is_of_wires(mask: Mask) -> bool:
    """Whether a mask is mostly as thin as a string, like a rack, a net or a cord."""
    bulk = without_strings(mask.astype(np.uint8))
    return bool(np.count_nonzero(bulk) < (1 - WIRES) * np.count_nonzero(mask))


def without_strings(solid: Bytes) -> Bytes:
    """Open a mask, uint8 (H, W), 0 or 1, so that nothing of it stays that is as thin as a string."""
    thick = disk(round(TETHER * max(solid.shape)))
    return np.asarray(cv2.morphologyEx(solid, cv2.MORPH_OPEN, thick), np.uint8)


def product_in(alpha: Plane) -> Plane:
    """Keep the product's parts, without strings that leave the frame and without what hangs on strings.

    A product of wires keeps all strings.
    """
    if is_of_wires(alpha > SOLID):
        return main_parts(alpha)
    return without_neighbours(main_parts(without_tethers(alpha)))


def main_parts(alpha: Plane) -> Plane:
    """Keep the product's connected components in the whole frame, and stretch the remaining range.

    Shreds of clutter have low values everywhere, while a part of the product has a core of high values. Other
    objects also have a core, but it is smaller, off centre and separate.
    """
    solid = (alpha > SOLID).astype(np.uint8)
    count, raw_labels, raw_stats, centers = cv2.connectedComponentsWithStats(solid, connectivity=8)
    labels, stats = np.asarray(raw_labels, np.int32), np.asarray(raw_stats, np.int32)
    cores = np.bincount(labels[alpha > CORE], minlength=count).astype(np.float64)
    cores[0] = 0
    if cores.max() == 0:
        return alpha
    size = np.array([alpha.shape[1], alpha.shape[0]])
    away = np.linalg.norm((centers - size / 2) / size, axis=1)
    main = int((cores * np.exp(-((away / 0.3) ** 2))).argmax())
    reach = disk(round(0.012 * max(alpha.shape)))
    near = np.asarray(cv2.dilate((labels == main).astype(np.uint8), reach), np.uint8)
    kept = np.zeros(count, np.uint8)
    for part in range(1, count):
        if cores[part] >= 0.002 * cores[main]:
            kept[part] = part == main or _belongs(part, main, labels, stats, cores, near)
    around = np.asarray(cv2.dilate(kept[labels], disk(4)), np.float32)
    kept_alpha = np.asarray(alpha * around, np.float32)
    return np.asarray(np.clip((_without_fog(kept_alpha) - 0.06) / 0.90, 0.0, 1.0), np.float32)


def _without_fog(alpha: Plane) -> Plane:
    """Clear low values far from any sure core; soft hair lies near its core, fog does not."""
    sure = filled(alpha > 0.7)
    # For a radius this large, a distance transform takes a tenth of the time of a dilation.
    away = cv2.distanceTransform(1 - sure, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.where(away <= round(FOG * max(alpha.shape)), alpha, np.float32(0))


def _belongs(
    part: int,
    main: int,
    labels: NDArray[np.int32],
    stats: NDArray[np.int32],
    cores: NDArray[np.float64],
    near: Bytes,
) -> bool:
    """Whether a component belongs to the main one or equals it, as in a pair of shoes."""
    left, top, width, height = (int(value) for value in stats[part, :4])
    main_left, main_top, main_width, main_height = (int(value) for value in stats[main, :4])
    shared_x = max(0, min(left + width, main_left + main_width) - max(left, main_left))
    shared_y = max(0, min(top + height, main_top + main_height) - max(top, main_top))
    if shared_x * shared_y >= 0.7 * width * height:
        return True
    if left == 0 or top == 0 or left + width == labels.shape[1] or top + height == labels.shape[0]:
        return False
    if cores[part] >= EQUAL_ABOVE * cores[main]:
        return True
    gap = max(top - main_top - main_height, main_top - top - height)
    if shared_x >= 0.8 * width and gap <= 0.5 * main_height:
        # The foot of a glass or the shade of a lamp, when the network missed the thin stem.
        return True
    rows, columns = slice(top, top + height), slice(left, left + width)
    piece = labels[rows, columns] == part
    return bool(cores[part] < PIECE_BELOW * cores[main] and near[rows, columns][piece].any())


def without_islands(alpha: Plane) -> Plane:
    """Drop small separate pieces of the finished matte, such as the end of a strap with a missing middle."""
    size = size_within(alpha.shape, ISLAND_SIDE)
    small = area_resized(alpha, size)
    count, raw_labels, raw_stats, _ = cv2.connectedComponentsWithStats(
        (small > 0.5).astype(np.uint8), connectivity=8
    )
    if count <= 2:
        return alpha
    labels, stats = np.asarray(raw_labels, np.int32), np.asarray(raw_stats, np.int32)
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0
    main = int(areas.argmax())
    reach = disk(round(ISLAND_GAP * max(small.shape)))
    near = np.asarray(cv2.dilate((labels == main).astype(np.uint8), reach), np.uint8)
    apart = np.zeros(count, np.uint8)
    for part in range(1, count):
        scrap = part != main and areas[part] < ISLAND_BELOW * areas[main]
        apart[part] = scrap and not _belongs(part, main, labels, stats, areas, near)
    if not apart.any():
        return alpha
    dropped = cv2.dilate(apart[labels], disk(round(ISLAND_GAP * max(small.shape) / 2)))
    whole = cv2.resize(dropped, size_of(alpha), interpolation=cv2.INTER_NEAREST)
    return np.where(whole > 0, np.float32(0), alpha)


def without_tethers(alpha: Plane) -> Plane:
    """Cut off strings that run out of the frame: cables and cords of other objects."""
    longer = max(alpha.shape)
    solid = (alpha > SOLID).astype(np.uint8)
    bulk = without_strings(solid)
    body = np.asarray(cv2.dilate(bulk, disk(round(1.4 * TETHER * longer))), np.uint8)
    _, labels = cv2.connectedComponents(solid & (1 - body), connectivity=8)
    leaving = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    leaving = leaving[leaving > 0]
    if leaving.size == 0:
        return alpha
    strings = np.asarray(cv2.dilate(np.isin(labels, leaving).astype(np.uint8), disk(4)), np.float32)
    spared = np.asarray(cv2.dilate(bulk, disk(round(TETHER * longer))), np.float32)
    return np.asarray(alpha * (1 - strings * (1 - spared)), np.float32)


def without_neighbours(alpha: Plane) -> Plane:
    """Drop objects that a string connects to the product, with the string: a neighbour, or a socket."""
    solid = (alpha > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(without_strings(solid), connectivity=8)
    if count <= 2:
        return alpha
    main = int(stats[1:, cv2.CC_STAT_AREA].argmax()) + 1
    strange = np.zeros(count, bool)
    for part in range(1, count):
        size = float(stats[part, cv2.CC_STAT_AREA] / stats[main, cv2.CC_STAT_AREA])
        strange[part] = BOUND_BELOW <= size < EQUAL_ABOVE and not _is_in_line(stats[part], stats[main])
    removed = float(stats[np.flatnonzero(strange), cv2.CC_STAT_AREA].sum() / stats[main, cv2.CC_STAT_AREA])
    if not 0 < removed < EQUAL_ABOVE:
        # Several that together equal the main one are a set, not neighbours.
        return alpha
    thick, thicker = (disk(round(share * TETHER * max(alpha.shape))) for share in (1, 1.4))
    gone = cv2.dilate(strange[labels].astype(np.uint8), thicker) > 0
    kept = cv2.dilate(((labels > 0) & ~strange[labels]).astype(np.uint8), thick) > 0
    _, strings = cv2.connectedComponents(solid * ~kept, connectivity=8)
    bound = np.isin(strings, np.setdiff1d(strings[gone], 0))
    if np.count_nonzero(bound & ~gone) < np.count_nonzero(strange[labels]):
        # A longer string, such as a chain, is the product.
        gone = gone | bound
    return np.where(gone & ~kept, np.float32(0.0), alpha)


def _is_in_line(part: NDArray[np.int32], main: NDArray[np.int32]) -> bool:
    """Whether a component lies within the main one's box, or above or below it like a foot or a shade."""
    left, top, width, height = (int(value) for value in part[:4])
    main_left, main_top, main_width, main_height = (int(value) for value in main[:4])
    shared_x = max(0, min(left + width, main_left + main_width) - max(left, main_left))
    shared_y = max(0, min(top + height, main_top + main_height) - max(top, main_top))
    return shared_x >= 0.8 * width or shared_x * shared_y >= 0.7 * width * height


def without_holes(alpha: Plane) -> Plane:
    """Fill holes that are not openings: pinholes from reflections, and glass that the network saw through.

    The network leaves openings mostly empty, and reflections and glass mostly full. The colours inside do not
    tell them apart: through clear glass one sees the background as well.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((alpha < 0.9).astype(np.uint8), connectivity=4)
    around = {int(label) for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]) for label in edge}
    solid = int(np.count_nonzero(alpha >= 0.5))
    closed = np.zeros(count, bool)
    # Skip the regions that touch the border: they surround the product, and measuring them is slow.
    for part in set(range(1, count)) - around:
        left, top, width, height, area = (int(value) for value in stats[part])
        closed[part] = area < 0.0005 * solid
        if not closed[part]:
            place = np.s_[top : top + height, left : left + width]
            closed[part] = alpha[place][labels[place] == part].mean() > SURFACE
    if not closed.any():
        return alpha
    holes = cv2.dilate(closed[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    # A hole in the soft outer edge is none.
    return np.where((holes > 0) & (filled(alpha > 0.9) > 0), np.float32(1.0), alpha)


def without_haze(alpha: Plane) -> Plane:
    """Set the eroded inside to 1, because reflections on a surface such as a lens belong to the product."""
    depth = disk(round(0.004 * max(alpha.shape)))
    inside = cv2.erode((alpha > 0.7).astype(np.uint8), depth)
    return np.where(inside > 0, np.float32(1.0), alpha)


def filled(mask: Mask) -> Bytes:
    """Fill the external contours of a mask, uint8 (H, W), 1 inside."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros(mask.shape, np.uint8), contours, -1, (1.0,), cv2.FILLED)
    return np.asarray(filled, np.uint8)
