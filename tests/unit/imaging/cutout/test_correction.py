"""Corrections by strokes: core and brush, the photo's edge, outline offset and softness."""

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.mattes import Correction, Stroke
from stillroom.imaging.cutout.correction import CORE, corrected
from stillroom.imaging.pixels import Bytes, Picture
from tests.unit.imaging.scenes import ball, disc

SIDE = 240


def scene() -> tuple[Picture, Bytes]:
    """A ball on a plain ground, and where it is."""
    return ball(SIDE, 60, light=(0.0, 0.2, 1.0)), disc(SIDE, 60)


def overlap(one: Bytes, other: Bytes) -> float:
    return float(np.minimum(one, other).astype(float).sum() / np.maximum(one, other).astype(float).sum())


def distance_to(line: list[list[float]], side: int) -> np.ndarray:
    """Pixels from each pixel's middle to a line of shares."""
    y, x = np.mgrid[:side, :side] + 0.5
    points = np.array(line) * side
    if len(points) == 1:
        return np.asarray(np.hypot(x - points[0, 0], y - points[0, 1]))
    away = np.full((side, side), np.inf)
    for start, end in itertools.pairwise(points):
        way = end - start
        length = max(float(way @ way), 1e-9)
        along = np.clip(((x - start[0]) * way[0] + (y - start[1]) * way[1]) / length, 0, 1)
        away = np.minimum(away, np.hypot(x - start[0] - along * way[0], y - start[1] - along * way[1]))
    return away


def test_empty_correction_changes_nothing() -> None:
    photo, truth = scene()
    assert (corrected(photo, truth, Correction()) == truth).all()


POINT = st.tuples(st.floats(-0.1, 1.1), st.floats(-0.1, 1.1)).map(list)


@settings(max_examples=40, deadline=None)
@given(
    mode=st.sampled_from(["add", "remove"]),
    radius=st.floats(0.01, 0.2),
    points=st.lists(POINT, min_size=1, max_size=4),
)
def test_stroke_sets_its_core_and_changes_nothing_beyond_the_brush(
    mode: str, radius: float, points: list[list[float]]
) -> None:
    photo, truth = scene()
    stroke = Stroke.model_validate({"mode": mode, "radius": radius, "points": points})
    new = corrected(photo, truth, Correction(strokes=[stroke]))
    away = distance_to(points, SIDE)
    # Shapes are drawn to the pixel.
    assert (new[away < CORE * radius * SIDE - 1] == (255 if mode == "add" else 0)).all()
    beyond = away > max(radius * SIDE, 0.75) + 1.5
    assert (new[beyond] == truth[beyond]).all()
    assert (new >= truth).all() if mode == "add" else (new <= truth).all()


def test_added_part_ends_at_the_edge_in_the_photo() -> None:
    photo, truth = scene()
    found = truth.copy()
    found[:, : SIDE // 2 - 20] = 0
    stroke = Stroke(mode="add", radius=0.12, points=[[0.36, 0.32], [0.32, 0.5], [0.36, 0.68]])
    new = corrected(photo, found, Correction(strokes=[stroke]))
    assert overlap(found, truth) < 0.8
    assert overlap(new, truth) > 0.97


def test_removed_part_ends_at_the_edge_in_the_photo() -> None:
    photo, truth = scene()
    found = truth.copy()
    cv2.circle(found, (SIDE // 2 + 75, SIDE // 2), 30, (255,), cv2.FILLED)
    stroke = Stroke(mode="remove", radius=0.12, points=[[0.8, 0.36], [0.83, 0.5], [0.8, 0.64]])
    new = corrected(photo, found, Correction(strokes=[stroke]))
    assert overlap(found, truth) < 0.93
    assert overlap(new, truth) > 0.97


def test_a_later_stroke_overrides_an_earlier_one() -> None:
    photo, truth = scene()
    here = [[0.1, 0.1]]
    add, remove = (Stroke(mode=mode, radius=0.05, points=here) for mode in ("add", "remove"))
    assert corrected(photo, truth, Correction(strokes=[add, remove]))[24, 24] == 0
    assert corrected(photo, truth, Correction(strokes=[remove, add]))[24, 24] == 255


def test_a_light_press_paints_less() -> None:
    photo, truth = scene()
    full, light = (
        corrected(photo, truth, Correction(strokes=[Stroke(mode="add", radius=0.08, points=[point])]))
        for point in ([0.12, 0.12], [0.12, 0.12, 0.3])
    )
    assert truth.sum() < light.sum() < full.sum()


@pytest.mark.parametrize("pixels", [-6.0, -2.0, -0.5, 0.5, 2.0, 6.0])
def test_the_outline_moves_by_as_many_pixels_as_asked(pixels: float) -> None:
    photo, truth = scene()
    new = corrected(photo, truth, Correction(grow=pixels))
    radius = [np.sqrt(plane.astype(float).sum() / 255 / np.pi) for plane in (truth, new)]
    assert radius[1] - radius[0] == pytest.approx(pixels, abs=0.35)


def test_softness_widens_the_edge_and_keeps_the_size() -> None:
    photo, truth = scene()
    new = corrected(photo, truth, Correction(softness=3.0))
    half = [int(((plane > 25) & (plane < 230)).sum()) for plane in (truth, new)]
    assert half[1] > 3 * half[0]
    assert float(new.sum()) == pytest.approx(float(truth.sum()), rel=0.01)


def test_strokes_are_unaffected_by_outline_changes() -> None:
    photo, truth = scene()
    add = Stroke(mode="add", radius=0.05, points=[[0.1, 0.1]])
    remove = Stroke(mode="remove", radius=0.05, points=[[0.5, 0.5]])
    new = corrected(photo, truth, Correction(strokes=[add, remove], grow=-6.0, softness=4.0))
    assert new[24, 24] == 255
    assert new[120, 120] == 0


def test_solid_product_becomes_opaque_inside_and_keeps_its_openings() -> None:
    photo, truth = scene()
    found = truth.copy()
    found[100:140, 85:110] = 120
    cv2.circle(found, (140, 120), 15, (0,), cv2.FILLED)
    new = corrected(photo, found, Correction(product="solid"))
    assert (new[105:135, 90:105] == 255).all()
    assert new[120, 140] == 0
    assert (new[truth == 0] == 0).all()
