"""Presence of a product, and the sides of the photo that cut it."""

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.presence import cut_sides, is_found

SHAPE = (1000, 1000, 3)


def matte_of(alpha: int, side: int, *, box: int = 1000) -> Matte:
    """A square of some cover, in a box at the photo's corner."""
    cover = np.zeros((500, 500), np.uint8)
    size = round(side * 500 / box)
    cover[100 : 100 + size, 100 : 100 + size] = alpha
    return Matte(cover, (0, 0, box, box), "drawn", 1.0, 0.02)


def test_matte_without_a_solid_pixel_is_no_product() -> None:
    assert is_found(matte_of(128, 200), SHAPE)
    assert not is_found(matte_of(127, 200), SHAPE)
    assert not is_found(matte_of(0, 200), SHAPE)


def test_a_speck_is_no_product_unless_a_person_marked_it() -> None:
    assert is_found(matte_of(255, 60), SHAPE)
    assert not is_found(matte_of(255, 40), SHAPE)
    assert is_found(matte_of(255, 40), SHAPE, least=0.0)


def test_a_small_product_counts_by_its_share_of_the_photo_and_not_of_its_box() -> None:
    assert not is_found(matte_of(255, 40, box=100), SHAPE)


def in_photo(cover: np.ndarray) -> Matte:
    """A matte of a whole photo of 1000 pixels."""
    return Matte(cover, (0, 0, 1000, 1000), "drawn", 1.0, 0.02)


@pytest.mark.parametrize(
    ("box", "sides"),
    [
        ((300, 200, 600, 1000), ("bottom",)),
        ((0, 200, 600, 800), ("left",)),
        ((300, 0, 1000, 700), ("top", "right")),
        ((300, 200, 600, 999), ("bottom",)),
        ((300, 200, 600, 990), ()),
        ((10, 10, 990, 990), ()),
    ],
)
def test_product_extending_beyond_the_photo_is_marked_as_cropped_on_that_side(
    box: tuple[int, int, int, int], sides: tuple[str, ...]
) -> None:
    cover = np.zeros((1000, 1000), np.uint8)
    cover[box[1] : box[3], box[0] : box[2]] = 255
    assert cut_sides(in_photo(cover), SHAPE) == sides


def test_legs_that_a_side_cuts_count_together_and_a_string_does_not() -> None:
    cover = np.zeros((1000, 1000), np.uint8)
    cover[100:600, 200:800] = 255
    cover[600:, 220:225] = 255
    assert cut_sides(in_photo(cover), SHAPE) == ()
    cover[600:, 220:240] = cover[600:, 760:780] = 255
    assert cut_sides(in_photo(cover), SHAPE) == ("bottom",)


def test_product_touching_the_border_is_complete() -> None:
    ball = np.zeros((1000, 1000), np.uint8)
    cv2.circle(ball, (500, 1000 - 300), 300, (255.0,), cv2.FILLED)
    assert ball[-1].max() == 255  # over 49 pixels
    shadow = np.full((1000, 1000), 120, np.uint8)
    shadow[:900] = 0
    pixel = np.zeros((1000, 1000), np.uint8)
    pixel[100:900, 100:900] = pixel[900:, 500] = 255
    for cover in (ball, np.maximum(ball, shadow), pixel):
        assert cut_sides(in_photo(cover), SHAPE) == ()


def test_side_of_a_box_inside_the_photo_crops_nothing() -> None:
    full = Matte(np.full((400, 300), 255, np.uint8), (200, 100, 500, 500), "drawn", 1.0, 0.02)
    assert cut_sides(full, SHAPE) == ()
    at_the_foot = Matte(full.alpha, (200, 600, 500, 1000), "drawn", 1.0, 0.02)
    assert cut_sides(at_the_foot, SHAPE) == ("bottom",)
