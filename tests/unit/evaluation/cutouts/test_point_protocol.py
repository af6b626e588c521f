"""The protocol of points: where the next one is set, and how they are counted."""

from collections.abc import Sequence

import numpy as np
import pytest

from stillroom.domain.mattes import MattePoint
from stillroom.evaluation.cutouts.point_protocol import next_point, point_scores
from stillroom.imaging.pixels import Bytes

pytestmark = pytest.mark.anyio


def masks() -> tuple[Bytes, Bytes]:
    """A matte that misses the right half of the product and holds a small stain."""
    truth, alpha = np.zeros((100, 200), np.uint8), np.zeros((100, 200), np.uint8)
    truth[20:80, 20:140] = 255
    alpha[20:80, 20:80] = 255
    alpha[5:15, 180:190] = 255
    return alpha, truth


def test_the_next_point_is_the_centre_of_the_largest_error() -> None:
    alpha, truth = masks()
    point = next_point(alpha, truth)
    assert point is not None
    assert point.mode == "add"
    assert [point.x, point.y] == pytest.approx([0.55, 0.5], abs=0.01)
    alpha[20:80, 80:140] = 255
    point = next_point(alpha, truth)
    assert point is not None
    assert point.mode == "remove"
    assert [point.x, point.y] == pytest.approx([0.925, 0.1], abs=0.01)
    assert next_point(truth, truth) is None


async def test_points_are_counted_until_the_overlap_is_reached() -> None:
    alpha, truth = masks()

    async def correct(points: Sequence[MattePoint]) -> Bytes:
        new = alpha.copy()
        if len(points) > 1:
            new[20:80, 80:140] = 255
        return new

    scores = await point_scores(correct, alpha, truth, most=4)
    assert (scores.noc90, scores.noc95) == (2, 2)
    assert scores.iou_1 < 0.6
    assert scores.iou_3 == scores.iou_5 > 0.95


async def test_a_cut_out_that_stays_wrong_counts_as_the_most_points() -> None:
    alpha, truth = masks()

    async def correct(points: Sequence[MattePoint]) -> Bytes:
        del points
        return alpha

    scores = await point_scores(correct, alpha, truth, most=3)
    assert (scores.noc90, scores.noc95) == (3, 3)
