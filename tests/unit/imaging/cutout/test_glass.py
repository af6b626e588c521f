"""Colourless glass: detection, and rendering before a new backdrop."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan
from stillroom.imaging.cutout.glass import glass_of
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.resizing import fitted
from stillroom.imaging.scene.product import Product

Pixels = NDArray[np.uint8]

SIDE = 600
BOX = (150, 100, 450, 520)


def tumbler(rim: int, fill: int | None = None) -> tuple[Pixels, Pixels]:
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


@pytest.mark.parametrize("rim", [90, 245])
def test_glass_continues_where_it_refracts_a_brighter_wall_between_dark_rims(rim: int) -> None:
    photo, alpha = tumbler(rim=90)
    x0, _, x1, y1 = BOX
    photo[y1 - 110 : y1 - 40, x0:x1] = 245
    for left in (x0, x1 - 7):
        photo[y1 - 110 : y1 - 40, left : left + 7] = rim
    found = glass_of(photo, alpha)
    assert found is not None
    assert (float(found.cover[y1 - 75, 200:400].min()) > 0.9) == (rim == 90)


@pytest.mark.parametrize("is_beside", [True, False])
def test_a_leaf_behind_glass_goes_and_a_straw_in_it_stays(is_beside: bool) -> None:
    photo, alpha = tumbler(rim=90)
    left = 100 if is_beside else 170
    photo[240:300, left:200] = (50, 62, 44)
    photo[240:300, 150:157] = 60
    found = glass_of(photo, alpha)
    assert found is not None
    assert (float(found.passed[270, 185].min()) > 0.9) == is_beside
    assert (float(found.cover[270, 185]) > 0.9) == is_beside


def test_specks_on_the_wall_do_not_hide_glass() -> None:
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
    shot = render_picture(product, understand("黑色背景，不要阴影", Plan()).plan)
    x, y, width, height = shot.measures.to_json()["subject_box"]
    assert int(shot.picture[y + height // 3, x + width // 2].max()) < 60
    white = render_picture(product, understand("纯白背景，不要阴影", Plan()).plan)
    assert int(white.picture[y + height // 3, x + width // 2].min()) > 240
    assert int(white.picture[y + height // 3, x + 3].max()) < 200
    assert white.measures.to_json()["protected_delta_e"] < 1.5


def handbag(
    color: tuple[int, int, int], *, wall: int = 205, is_filled: bool = False
) -> tuple[Pixels, Pixels]:
    """A grained bag under a wide handle before a plain wall; `is_filled` closes the handle in the matte."""
    photo = np.full((SIDE, SIDE, 3), wall, np.uint8)
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    cv2.rectangle(alpha, (150, 300), (450, 520), (255.0,), cv2.FILLED)
    cv2.ellipse(alpha, (300, 310), (140, 210), 0, 180, 360, (255.0,), 14)
    grain = np.random.default_rng(1).normal(0, 12, (SIDE, SIDE, 1))
    shade = np.linspace(1.1, 0.8, SIDE)[:, None, None]
    leather = np.clip(np.array(color) * shade + grain, 0, 255).astype(np.uint8)
    photo = np.where(alpha[..., None] > 0, leather, photo)
    if is_filled:
        cv2.ellipse(alpha, (300, 310), (140, 210), 0, 180, 360, (255.0,), cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), 0.8), np.uint8), alpha


RED, BLACK, TAN = (150, 20, 28), (30, 28, 30), (176, 130, 92)


@pytest.mark.parametrize("color", [RED, BLACK, TAN])
@pytest.mark.parametrize("wall", [120, 205, 245])
def test_the_handle_of_a_bag_is_not_glass_because_the_wall_is_seen_between_its_ends(
    color: tuple[int, int, int], wall: int
) -> None:
    photo, alpha = handbag(color, wall=wall)
    assert glass_of(photo, alpha) is None


@pytest.mark.parametrize("color", [RED, TAN])
def test_saturated_leather_never_lets_a_new_backdrop_through(color: tuple[int, int, int]) -> None:
    photo, alpha = handbag(color, is_filled=True)
    found = glass_of(photo, alpha)
    strap = handbag(color)[1]
    inside = np.asarray(cv2.erode(strap, np.ones((5, 5), np.uint8))) > 0
    assert found is None or float(found.cover[inside].max()) < 0.1


def test_a_red_bag_keeps_its_colours_on_white_up_to_the_handle() -> None:
    photo, alpha = handbag(RED, wall=120)
    product = Product(photo, Matte(alpha, (0, 0, SIDE, SIDE), "drawn", 1.0, 0.02))
    shot = render_picture(product, understand("纯白背景，不要阴影", Plan()).plan)
    shown = shot.matte > 250
    red, green, _ = (shot.picture[..., channel][shown] for channel in range(3))
    assert float(np.percentile(green, 99)) < 90 < float(np.percentile(red, 1))


def test_a_pale_basket_with_dark_rims_is_not_glass_because_it_has_a_weave_of_its_own() -> None:
    photo, alpha = tumbler(rim=90)
    x0, y0, x1, y1 = BOX
    weave = np.indices((y1 - y0, x1 - x0 - 20)).sum(0) // 6 % 2 * 20
    photo[y0:y1, x0 + 10 : x1 - 10] = (215 - weave)[..., None]
    found = glass_of(photo, alpha)
    assert found is None or not found.is_sure


def test_dark_things_before_a_dark_wall_are_not_glass() -> None:
    photo, alpha = tumbler(rim=90)
    photo = (photo.astype(np.float32) * 0.2).astype(np.uint8)
    found = glass_of(photo, alpha)
    assert found is None or not found.is_sure


def test_possible_glass_stays_opaque() -> None:
    photo, alpha = tumbler(rim=90)
    # Alike near the rims alone: in between there is something else.
    photo[100:480, 215:385] = 120
    found = glass_of(photo, alpha)
    assert found is not None
    assert not found.is_sure
    product = Product(photo, Matte(alpha, (0, 0, SIDE, SIDE), "drawn", 1.0, 0.02))
    assert product.glass is None
    assert product.may_be_glass
    assert Product(photo, product.matte, surface="solid").may_be_glass is False
    assert Product(photo, product.matte, surface="transparent").glass is not None
    small = Matte(fitted(alpha, SIDE // 2), (0, 0, SIDE, SIDE), "drawn", 1.0, 0.02)
    said = Product(photo, small, is_said_glass=True)
    for shown in (said, said.proxy, said.for_size((SIDE, SIDE))):
        assert shown.glass is not None, "a reader saw it, at whatever size it is shown"
        assert float(shown.opaque[shown.matte.alpha > 0].min()) < 128
