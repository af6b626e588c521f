"""Camera viewpoint, estimated from straight lines and from the product's foot."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.viewpoint import viewpoint_of

WIDTH, HEIGHT = 1600, 1200
FOCAL = 0.95 * WIDTH
MIDDLE = (700.0, 500.0, 900.0, 700.0)


def tiled_floor(pitch_deg: float, yaw_deg: float = 20.0) -> NDArray[np.float64]:
    """The joints of a floor of square tiles, as a camera one metre above sees them."""
    pitch, yaw = np.radians(pitch_deg), np.radians(yaw_deg)
    rows = []
    for step in np.linspace(-3, 3, 25):
        for start in np.linspace(-3, 2.5, 12):
            for ends in (((step, start), (step, start + 0.5)), ((start, step), (start + 0.5, step))):
                seen = []
                for x, y in ends:
                    away = np.cos(yaw) * y - np.sin(yaw) * x + 1 / max(np.tan(pitch), 0.35)
                    right = np.cos(yaw) * x + np.sin(yaw) * y
                    depth = away * np.cos(pitch) + np.sin(pitch)
                    below = np.cos(pitch) - away * np.sin(pitch)
                    if depth > 0.2:
                        seen += [WIDTH / 2 + FOCAL * right / depth, HEIGHT / 2 + FOCAL * below / depth]
                if len(seen) == 4 and min(seen[::2]) > 0 and max(seen[::2]) < WIDTH and max(seen) < HEIGHT:
                    rows.append(seen)
    return np.array(rows)


@pytest.mark.parametrize("pitch_deg", [20.0, 35.0, 50.0, 65.0])
def test_the_lines_of_a_floor_tell_the_pitch_and_the_horizon(pitch_deg: float) -> None:
    found = viewpoint_of(tiled_floor(pitch_deg), (WIDTH, HEIGHT), MIDDLE, None)
    assert found.is_sure
    assert found.pitch_deg == pytest.approx(pitch_deg, abs=3)
    assert found.elevation_deg == pytest.approx(found.pitch_deg, abs=0.2)
    above = float(np.tan(np.radians(found.pitch_deg))) * FOCAL / HEIGHT
    assert found.horizon_y == pytest.approx(0.5 - above, abs=0.01)


def stripes_from_straight_above() -> NDArray[np.float64]:
    """The edges of oblique stripes on a road: parallel wherever they are in the photo."""
    rows = []
    for start in range(100, 1500, 140):
        for step in range(5):
            x, y = start + 60.0 * step - 120, 1000.0 - 150 * step
            rows.append([x, y, x + 50, y - 125])
    return np.array(rows)


def test_parallel_stripes_show_a_photo_from_straight_above_even_of_a_board_with_a_round_end() -> None:
    for foot_deg in (None, 38.0):
        found = viewpoint_of(stripes_from_straight_above(), (WIDTH, HEIGHT), MIDDLE, foot_deg)
        assert found.is_sure
        assert found.elevation_deg == pytest.approx(90.0, abs=4)


def test_random_lines_give_no_confidence() -> None:
    random = np.random.default_rng(3)
    start = random.uniform(100, 1000, (60, 2))
    angle = random.uniform(0, np.pi, 60)
    way = 120 * np.column_stack([np.cos(angle), np.sin(angle)])
    assert not viewpoint_of(np.hstack([start, start + way]), (WIDTH, HEIGHT), MIDDLE, None).is_sure


def test_round_foot_gives_the_pitch_without_lines() -> None:
    low = (600.0, 500.0, 1000.0, 1000.0)
    found = viewpoint_of(np.zeros((0, 4)), (WIDTH, HEIGHT), low, 32.0)
    assert found.is_sure
    assert found.pitch_deg == pytest.approx(32.0 - np.degrees(np.arctan2(400, FOCAL)), abs=2.5)
    assert found.perspective_deg > 10


def test_no_lines_and_no_foot_give_no_confidence() -> None:
    assert not viewpoint_of(np.zeros((0, 4)), (WIDTH, HEIGHT), MIDDLE, None).is_sure


@pytest.mark.parametrize(("lower", "is_seen"), [(0, True), (70, False)])
def test_a_product_whose_foot_the_photo_cuts_has_no_foot_to_measure(lower: int, is_seen: bool) -> None:
    alpha = np.zeros((400, 400), np.uint8)
    cv2.rectangle(alpha, (100, 100), (300, 340), 255, -1)
    cv2.ellipse(alpha, (200, 340), (100, 45), 0, 0, 360, 255, -1)
    alpha = alpha[: 400 - lower] if lower else alpha
    photo = np.full((*alpha.shape, 3), 120, np.uint8)
    product = Product(photo, Matte(alpha, (0, 0, 400, alpha.shape[0]), "test", None, 0.0))
    assert ("bottom" in product.cut_sides) is not is_seen
    assert (product.elevation_deg is not None) is is_seen
