"""Levelling: estimated tilt, and rotation of photo and matte."""

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.light.leveling import (
    Tilt,
    axis_of,
    confirmed,
    inner_margin,
    segments_of,
    tilt_of,
    turned,
)
from stillroom.imaging.pixels import Picture
from stillroom.imaging.scene.product import Product


def shelf(degrees: float) -> Picture:
    """A bookcase photographed with a camera turned by some degrees."""
    photo = np.full((900, 1200, 3), 90, np.uint8)
    for x in range(-300, 1500, 60):
        cv2.rectangle(photo, (x, -300), (x + 26, 1200), (170.0, 150.0, 120.0), cv2.FILLED)
    for y in range(-200, 1200, 150):
        cv2.rectangle(photo, (-300, y), (1500, y + 18), (40.0, 30.0, 20.0), cv2.FILLED)
    turn = cv2.getRotationMatrix2D((600, 450), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(photo, turn, (1200, 900), borderMode=cv2.BORDER_REFLECT), np.uint8)


def tilt_in(photo: Picture) -> Tilt:
    return tilt_of(segments_of(photo), max(photo.shape))


@pytest.mark.parametrize("degrees", [-3.0, -1.0, 0.0, 2.0])
def test_consistent_lines_give_a_confident_tilt(degrees: float) -> None:
    tilt = tilt_in(shelf(degrees))
    assert tilt.is_sure
    assert tilt.degrees == pytest.approx(degrees, abs=0.3)


def test_photo_without_lines_counts_as_upright() -> None:
    tilt = tilt_in(np.full((300, 400, 3), 128, np.uint8))
    assert (tilt.degrees, tilt.is_sure) == (0.0, False)


def test_side_view_is_not_treated_as_tilt() -> None:
    assert tilt_in(shelf(7.0)).degrees == 0.0


def bowl(degrees: float) -> Matte:
    """A symmetric silhouette, turned clockwise by some degrees."""
    alpha = np.zeros((300, 400), np.uint8)
    cv2.fillPoly(alpha, [np.array([(60, 80), (340, 80), (250, 220), (150, 220)], np.int32)], (255.0,))
    turn = cv2.getRotationMatrix2D((200, 150), -degrees, 1.0)
    alpha = np.asarray(cv2.warpAffine(alpha, turn, (400, 300)), np.uint8)
    return Matte(alpha, (400, 300, 800, 600), "drawn", None, 0.05)


def test_a_bowl_that_stands_upright_is_not_turned_by_the_lines_around_it() -> None:
    photo = shelf(2.5)
    lines, side = segments_of(photo), max(photo.shape)
    assert axis_of(bowl(2.5)) == pytest.approx(2.5, abs=0.5)
    assert confirmed(tilt_in(photo), lines, bowl(2.5), side).is_sure
    assert not confirmed(tilt_in(photo), lines, bowl(0.0), side).is_sure


def test_lines_only_on_the_product_do_not_rotate_the_photo() -> None:
    photo = shelf(2.5)
    lines, side = segments_of(photo), max(photo.shape)
    # A triangle with one upright side has no axis within a few degrees of the vertical.
    alpha = np.zeros((300, 400), np.uint8)
    cv2.fillPoly(alpha, [np.array([(60, 40), (340, 260), (60, 260)], np.int32)], (255.0,))
    small = Matte(alpha, (400, 300, 800, 600), "drawn", None, 0.05)
    whole = Matte(alpha, (0, 0, 1200, 900), "drawn", None, 0.05)
    assert axis_of(small) is None
    assert confirmed(tilt_in(photo), lines, small, side).is_sure
    assert not confirmed(tilt_in(photo), lines, whole, side).is_sure


def test_levelling_rotates_photo_and_matte_together() -> None:
    photo = shelf(2.0)
    alpha = np.zeros((900, 1200), np.uint8)
    cv2.circle(alpha, (800, 300), 50, (255.0,), cv2.FILLED)
    matte = Matte(alpha[200:400, 700:900], (700, 200, 900, 400), "drawn", None, 0.05)
    level = turned(photo, matte, 2.0)
    assert level is not None
    upright, new, turn = level
    assert tilt_in(upright).degrees == pytest.approx(0.0, abs=0.3)
    where = turn @ (800, 300, 1)
    rows, columns = np.nonzero(new.alpha > 127)
    middle = columns.mean() + new.box[0], rows.mean() + new.box[1]
    assert middle == pytest.approx(tuple(where), abs=1.0)
    assert new.alpha.shape == (new.box[3] - new.box[1], new.box[2] - new.box[0])


def test_a_photo_is_not_levelled_if_its_product_would_leave_it() -> None:
    photo = np.zeros((4000, 3000, 3), np.uint8)
    in_the_corner = Matte(np.full((400, 100), 255, np.uint8), (0, 0, 100, 400), "drawn", None, 0.05)
    assert turned(photo, in_the_corner, 4.0) is None
    product = Product(photo, in_the_corner)
    vars(product).update(tilt=Tilt(4.0, is_sure=True))
    assert product.upright is product


def test_the_empty_corners_of_a_turned_photo_lie_within_the_margin() -> None:
    photo = np.full((600, 800, 3), 255, np.uint8)
    turn = cv2.getRotationMatrix2D((400, 300), 3.0, 1.0)
    turned_photo = cv2.warpAffine(photo, turn, (800, 600))
    across, down = inner_margin(800, 600, 3.0)
    assert int(np.asarray(turned_photo)[down:-down, across:-across].min()) > 200
