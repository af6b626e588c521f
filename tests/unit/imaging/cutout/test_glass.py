"""Colourless glass: found where it is, not where a thing is only white, and seen through afterwards."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan
from stillroom.imaging.cutout.glass import glass_of
from stillroom.imaging.cutout.matting import Matte
from stillroom.imaging.pipeline import carried_out
from stillroom.imaging.scene.product import Product

SIDE = 600
BOX = (150, 100, 450, 520)


def tumbler(rim: int, fill: int | None = None) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A tumbler before a light wall: its sides `rim` bright, inside the wall or `fill`; photo and matte."""
    photo = np.full((SIDE, SIDE, 3), 205, np.uint8)
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    x0, y0, x1, y1 = BOX
    alpha[y0:y1, x0:x1] = 255
    if fill is not None:
        photo[y0:y1, x0:x1] = fill
    for left in (x0, x1 - 7):
        photo[y0:y1, left : left + 7] = rim
    photo[y1 - 40 : y1, x0:x1] = 60
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), 0.8), np.uint8), alpha


def test_a_tumbler_with_dark_rims_is_glass_but_its_foot_is_not() -> None:
    found = glass_of(*tumbler(rim=90))
    assert found is not None
    assert float(found.cover[200:400, 200:400].min()) > 0.9
    assert float(found.cover[:90].max()) == 0.0
    assert float(found.passed[250, 300].min()) > 0.9
    assert float(found.passed[250, 153].max()) < 0.4


def test_specks_on_the_wall_hide_no_glass() -> None:
    photo, alpha = tumbler(rim=90)
    specks = np.random.default_rng(0).random(alpha.shape) < 0.15
    photo[specks & (alpha == 0)] = 20
    assert glass_of(photo, alpha) is not None


def test_a_white_block_before_a_white_wall_is_not_glass() -> None:
    assert glass_of(*tumbler(rim=205)) is None
    assert glass_of(*tumbler(rim=195)) is None


def test_a_block_with_dark_rims_in_another_colour_is_not_glass() -> None:
    assert glass_of(*tumbler(rim=60, fill=140)) is None


def test_a_new_backdrop_shows_through_the_glass_and_the_foot_stays() -> None:
    photo, alpha = tumbler(rim=90)
    product = Product(photo, Matte(alpha, (0, 0, SIDE, SIDE), "drawn", 1.0, 0.02))
    shot = carried_out(product, understand("黑色背景，不要阴影", Plan()).plan)
    x, y, width, height = shot.measures["subject_box"]
    assert int(shot.picture[y + height // 3, x + width // 2].max()) < 60
    white = carried_out(product, understand("纯白背景，不要阴影", Plan()).plan)
    assert int(white.picture[y + height // 3, x + width // 2].min()) > 240
    assert int(white.picture[y + height // 3, x + 3].max()) < 200
    assert white.measures["protected_delta_e"] < 1.5
