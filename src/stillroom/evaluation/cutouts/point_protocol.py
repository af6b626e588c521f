"""Count the points that a cut-out needs: each point is the centre of the largest remaining error."""

from collections.abc import Awaitable, Callable, Sequence

import cv2
import numpy as np

from stillroom.domain.mattes import MattePoint
from stillroom.evaluation.cutouts.metrics import iou_of
from stillroom.evaluation.cutouts.results import PointScores
from stillroom.imaging.cutout.photo_masks import cover_in
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import HALF_COVER, Bytes
from stillroom.imaging.resizing import area_resized, size_within

SIDE = 1024  # pixels of the longer side for finding errors

CorrectPhoto = Callable[[bytes, bytes, Sequence[MattePoint]], Awaitable[bytes]]
"""Returns the cut-out of a photo after some points; takes and returns cut-outs as the studio stores them."""

Correct = Callable[[Sequence[MattePoint]], Awaitable[Bytes]]
"""Returns the automatic cut-out after some points, uint8 (H, W), 255 is product."""


async def photo_scores(
    correct: CorrectPhoto, most: int, photo: bytes, cover: Bytes, truth: Bytes
) -> PointScores:
    """Correct the cut-out of a stored photo with up to `most` points and score each step.

    Args:
        cover: The automatic cut-out, 255 is product.
        truth: The true mask at any size, 255 is product.
    """
    found = png_of(cover)
    wanted = area_resized(truth, cover.shape[::-1])

    async def corrected(points: Sequence[MattePoint]) -> Bytes:
        return cover_in(await correct(photo, found, points))

    return await point_scores(corrected, cover, wanted, most)


async def point_scores(correct: Correct, alpha: Bytes, truth: Bytes, most: int) -> PointScores:
    """Correct a cut-out point by point.

    Args:
        truth: The true mask, 255 is product.
        most: Points that are tried; a cut-out that does not reach an IoU counts as that many.

    Source:
        Xu et al., "Deep Interactive Object Selection", CVPR 2016: the next point is the centre of the largest
        error region, the maximum of its distance transform.
    """
    reached = [iou_of(alpha, truth)]
    points: list[MattePoint] = []
    while len(points) < most:
        point = next_point(alpha, truth)
        if point is None:
            break
        points.append(point)
        alpha = await correct(points)
        reached.append(iou_of(alpha, truth))

    def needed(least: float) -> int:
        return next((number for number, iou in enumerate(reached) if iou >= least), most)

    after = {f"iou_{number}": reached[min(number, len(reached) - 1)] for number in (1, 3, 5)}
    return PointScores(needed(0.90), needed(0.95), **after)


def next_point(alpha: Bytes, truth: Bytes) -> MattePoint | None:
    """The centre of the largest connected error, as a person would point at it; None without an error."""
    size = size_within(truth.shape, SIDE)
    guess, wanted = (area_resized(mask, size) > HALF_COVER for mask in (alpha, truth))
    best, area, adds = None, 0, False
    for error, is_missing in ((wanted & ~guess, True), (guess & ~wanted, False)):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(error.astype(np.uint8), connectivity=8)
        if count < 2:
            continue
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        if int(stats[largest, cv2.CC_STAT_AREA]) > area:
            area, adds = int(stats[largest, cv2.CC_STAT_AREA]), is_missing
            best = np.asarray(labels) == largest
    if best is None:
        return None
    framed = cv2.copyMakeBorder(best.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    row, column = (int(value) for value in np.unravel_index(int(depth.argmax()), depth.shape))
    return MattePoint(x=(column + 0.5) / size[0], y=(row + 0.5) / size[1], mode="add" if adds else "remove")
