"""Measures of a cut-out against a true mask."""

import cv2
import numpy as np
import pytest

from stillroom.evaluation.cutouts.metrics import (
    TOLERANCE,
    Detail,
    boundary_f,
    cutout_scores,
    iou_of,
    openings_of,
    thin_parts_of,
)
from stillroom.imaging.pixels import Bytes


def square(side: int, left: int = 50, size: tuple[int, int] = (300, 400)) -> Bytes:
    mask = np.zeros(size, np.uint8)
    mask[100 : 100 + side, left : left + side] = 255
    return mask


def test_equal_masks_have_no_error() -> None:
    scores = cutout_scores(square(100), square(100))
    assert (scores.iou, scores.boundary_f) == (1.0, 1.0)
    assert (scores.mae, scores.sad) == (0.0, 0.0)
    assert scores.grad == pytest.approx(0.0, abs=1e-9)


def test_half_of_a_square_has_an_iou_of_one_half() -> None:
    half = square(100)
    half[150:] = 0
    scores = cutout_scores(half, square(100))
    assert scores.iou == 0.5
    assert scores.sad == pytest.approx(5.0)
    assert scores.mae == pytest.approx(5000 / 120_000)


def test_iou_counts_pixels_of_at_least_half_cover() -> None:
    faint = np.where(square(100) > 0, np.uint8(120), np.uint8(0))
    assert iou_of(faint, square(100)) == 0.0
    assert iou_of(np.where(faint > 0, np.uint8(140), np.uint8(0)), square(100)) == 1.0


def test_two_empty_masks_agree_and_one_empty_mask_does_not() -> None:
    empty = np.zeros((300, 400), np.uint8)
    assert (iou_of(empty, empty), boundary_f(empty, empty)) == (1.0, 1.0)
    everything = np.full((300, 400), 255, np.uint8)
    for other in (square(100), everything):
        assert (iou_of(empty, other), boundary_f(empty, other)) == (0.0, 0.0)
    assert boundary_f(everything, everything) == 1.0


def test_outlines_match_within_a_share_of_the_diagonal() -> None:
    size = (2400, 3200)
    tolerance = int(TOLERANCE * 4000)
    near, far = square(1000, 50 + tolerance, size), square(1000, 50 + 2 * tolerance, size)
    assert boundary_f(near, square(1000, 50, size)) == 1.0
    assert boundary_f(far, square(1000, 50, size)) == pytest.approx(0.5, abs=0.02)


def test_a_blurred_edge_has_a_gradient_error() -> None:
    blurred = np.asarray(cv2.GaussianBlur(square(100), (0, 0), 4.0), np.uint8)
    assert cutout_scores(blurred, square(100)).grad > 0.1


def test_the_filled_share_of_openings_leaves_out_what_surrounds_the_product() -> None:
    ring = square(100)
    ring[120:180, 70:130] = 0
    half = ring.copy()
    half[120:150, 70:130] = 255
    found = openings_of(half, ring)
    assert found is not None
    assert found.share == pytest.approx(3600 / 120_000)
    assert found.wrong == 0.5
    assert openings_of(ring, ring) == Detail(found.share, 0.0)
    assert openings_of(half, square(100)) is None


def test_the_missed_share_of_thin_parts_leaves_out_the_body() -> None:
    handle = square(100)
    handle[150:154, 180:280] = 255
    half = handle.copy()
    half[:, 230:] = 0
    found = thin_parts_of(half, handle)
    assert found is not None
    assert found.share == pytest.approx(400 / 120_000, rel=0.1)
    assert found.wrong == pytest.approx(0.5, abs=0.05)
    assert thin_parts_of(half, square(100)) is None
