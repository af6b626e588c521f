"""Mats: the cloth, rug or board under a product, which the segmentation network takes for a part of it.

To a prompt network it is an object of its own, under a point near the lower edge of the matte.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from stillroom.imaging.cutout.parts import components, disk, is_of_wires
from stillroom.imaging.cutout.points.regions import Tap
from stillroom.imaging.cutout.prompted import Encoding, Prompt, PromptNetwork
from stillroom.imaging.pixels import Mask, Plane
from stillroom.imaging.resizing import bilinear

SCORE = 0.5  # least IoU that the network estimates for its mask
TOP, BOTTOM = 0.2, 0.97  # of the matte's height: a mat starts below the one and ends below the other
WIDE = 0.8  # least width, per width of the matte
BAND = 0.8  # of the matte's height, from which points are set
ACROSS = (0.06, 0.28, 0.5, 0.72, 0.94)  # quantiles of the band's columns at which they are set
UNSURE = 1.2  # logit below which the network is not sure to see the product
LEAST_UNSURE, MOST_PARTS = 0.005, 8  # share of the matte of such a part; how many get a point, the largest

# Limits of a part that the network does not see as the product: it lies in the lower part of the matte.
LOGIT = 1.0  # mean of the product, below which a part does not belong to it
UNSURE_TOP, UNSURE_MOST = 0.3, 0.5  # of the matte's height and of its area

# Limits of a part that it does see as the product: shaped like a mat, with something standing in its midst.
FLAT = 0.8  # most height, per width
CORNERS = 0.92  # least share of the smallest quadrilateral around it that its convex hull fills
BESIDE = 0.03  # of its width: how far it shows on the left and on the right of the product
STANDS = 0.35  # of its height: how far the product reaches into it from above
FRONT = 0.1  # of its height that shows in front of the product
PRODUCT = 0.15  # of the matte; the least that stands on it
SIDES = 1  # of the photo that it may reach; a table or a floor reaches more


def mat_in(network: PromptNetwork, encoding: Encoding, solid: Mask, logits: Plane) -> Mask | None:
    """Find the mat in a matte.

    Args:
        logits: What the network sees as the product.

    Returns:
        The most probable mask of a mat, which may go on outside the matte; None without any.

    Raises:
        RuntimeError: The network failed.
    """
    height, width = solid.shape
    found: list[tuple[float, Mask]] = []
    for tap in _taps(solid, logits):
        place = (tap.x + 0.5) / width, (tap.y + 0.5) / height, True
        answer = network.answer(encoding, Prompt([place]))
        for plane, score in zip(answer.logits, answer.scores, strict=True):
            mask = bilinear(plane, (width, height)) > 0
            if score >= SCORE and mask[tap.y, tap.x] and _is_mat(mask, solid, logits):
                found.append((float(score), mask))
    return max(found, key=lambda one: one[0])[1] if found else None


def _taps(solid: Mask, logits: Plane) -> Iterator[Tap]:
    """Points along the lower edge of the matte, and in the middle of what the network is not sure of."""
    _, top, _, tall = cv2.boundingRect(solid.astype(np.uint8))
    rows, columns = np.nonzero(cv2.erode(solid.astype(np.uint8), disk(2)))
    low = rows >= top + BAND * tall
    rows, columns = rows[low], columns[low]
    for share in ACROSS if rows.size else ():
        column = int(np.quantile(columns, share, method="nearest"))
        yield Tap(column, int(np.median(rows[columns == column])), adds=True)
    parts = components(solid & (logits < UNSURE), LEAST_UNSURE * np.count_nonzero(solid))
    for part in sorted(parts, key=np.count_nonzero, reverse=True)[:MOST_PARTS]:
        room = cv2.distanceTransform(np.pad(part, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        y, x = np.unravel_index(room[1:-1, 1:-1].argmax(), part.shape)
        # A mask with a point above the limit would start above it, and be no mat.
        if y >= top + TOP * tall:
            yield Tap(int(x), int(y), adds=True)


def _is_mat(mask: Mask, solid: Mask, logits: Plane) -> bool:
    inside = mask & solid
    _, top, wide, tall = cv2.boundingRect(solid.astype(np.uint8))
    _, start, _, length = cv2.boundingRect(inside.astype(np.uint8))
    span = cv2.boundingRect(mask.astype(np.uint8))[2]
    starts = (start - top) / tall
    if starts < TOP or start + length < top + BOTTOM * tall or span < WIDE * wide:
        return False
    share = np.count_nonzero(inside) / np.count_nonzero(solid)
    is_low = starts >= UNSURE_TOP and share <= UNSURE_MOST
    # Not a cord that is wound around the foot.
    unseen = is_low and logits[inside].mean() < LOGIT and not is_of_wires(mask)
    return bool(unseen or _carries(mask, solid))


def _carries(mask: Mask, solid: Mask) -> bool:
    """Whether a mask is a rectangle seen at an angle, with the rest of the matte in its midst."""
    plain = mask.astype(np.uint8)
    rest = (solid & (cv2.dilate(plain, disk(2)) == 0)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    if count < 2:
        return False
    left, top, wide, tall, area = (
        int(value) for value in max(stats[1:], key=lambda row: row[cv2.CC_STAT_AREA])
    )
    x, y, span, length = cv2.boundingRect(plain)
    foot = (top + tall - y) / length
    if area < PRODUCT * np.count_nonzero(solid) or not STANDS <= foot <= 1 - FRONT:
        return False
    if sum(bool(edge.any()) for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1])) > SIDES:
        return False
    if length > FLAT * span or min(left - x, x + span - left - wide) < BESIDE * span:
        return False
    outlines, _ = cv2.findContours(plain, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    around = cv2.contourArea(cv2.approxPolyN(hull, 4, ensure_convex=True)) if len(hull) >= 4 else 0.0
    return bool(around and cv2.contourArea(hull) >= CORNERS * around)
