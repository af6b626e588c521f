"""Clear glass on a coloured ground: transmission, reflections and opaque parts."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.domain.language.reader import understand
from stillroom.domain.mattes import Surface
from stillroom.domain.plans.plan import Plan
from stillroom.imaging.cutout.glass import glass_of
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import to_srgb
from stillroom.imaging.scene.product import Product

Pixels = NDArray[np.uint8]

SIDE = 600
LEFT, TOP, RIGHT, BOTTOM = 180, 100, 420, 520
BLUE, BROWN, WHITE = (0.02, 0.16, 0.45), (0.20, 0.08, 0.03), (0.80, 0.80, 0.80)
PINK = (0.72, 0.42, 0.33)
Color = tuple[float, float, float]


def standing(cloth: Color, body: Color, *, sheen: float = 0.0, rims: float = 1.0) -> tuple[Pixels, Pixels]:
    """A thing on a cloth, with broad grey reflections on both sides of its middle."""
    light = np.broadcast_to(np.array(cloth, np.float32), (SIDE, SIDE, 3)).copy()
    light[TOP:BOTTOM, LEFT:RIGHT] = body
    for left in (LEFT + 30, RIGHT - 110):
        light[TOP:BOTTOM, left : left + 80] += sheen
    for left in (LEFT, RIGHT - 6):
        light[TOP:BOTTOM, left : left + 6] *= rims
    noise = np.random.default_rng(0).normal(1, 0.02, (SIDE, SIDE, 1)).astype(np.float32)
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    alpha[TOP:BOTTOM, LEFT:RIGHT] = 255
    return np.asarray(cv2.GaussianBlur(to_srgb(light * noise), (0, 0), 0.8), np.uint8), alpha


def clear(cloth: Color, sheen: float = 0.1) -> tuple[Pixels, Pixels]:
    """A clear bottle with dark rims: four fifths of the cloth come through."""
    return standing(cloth, (0.8 * cloth[0], 0.8 * cloth[1], 0.8 * cloth[2]), sheen=sheen, rims=0.3)


def rendered(photo: Pixels, alpha: Pixels, words: str, surface: Surface = "auto") -> NDArray[np.float32]:
    """The product in its picture, cut to its bounds."""
    product = Product(photo, Matte(alpha, (0, 0, SIDE, SIDE), "drawn", 1.0, 0.02), surface=surface)
    shot = render_picture(product, understand(f"{words}, no shadow", Plan()).plan)
    x, y, width, height = shot.measures.to_json()["subject_box"]
    return np.asarray(shot.picture[y : y + height, x : x + width], np.float32)


@pytest.mark.parametrize("cloth", [BLUE, BROWN])
def test_the_cloth_behind_a_clear_bottle_gives_way_to_the_new_backdrop(cloth: Color) -> None:
    photo, alpha = clear(cloth)
    shown = rendered(photo, alpha, "it's glass, on pure white")
    middle = shown[shown.shape[0] // 2, shown.shape[1] // 2]
    assert float(np.ptp(middle)) < 12
    assert float(middle.min()) > 205


def test_dark_rims_and_reflections_of_a_clear_bottle_stay() -> None:
    photo, alpha = clear(BLUE)
    white, black = (
        rendered(photo, alpha, f"it's glass, {name} background") for name in ("pure white", "black")
    )
    row = white.shape[0] // 2
    assert float(white[row, 2].max()) < 190
    sheen, middle = round(70 / 240 * black.shape[1]), black.shape[1] // 2
    assert float(black[row, sheen].mean()) > float(black[row, middle].mean()) + 40


@pytest.mark.parametrize("sheen", [0.0, 0.1])
def test_a_product_in_the_colour_of_its_cloth_is_possible_and_never_certain_glass(sheen: float) -> None:
    found = glass_of(*standing(BLUE, (0.016, 0.13, 0.36), sheen=sheen))
    assert found is not None
    assert not found.is_sure


def test_possible_glass_stays_as_in_the_photo_until_a_person_confirms_it() -> None:
    photo, alpha = clear(BLUE)
    red, _, blue = rendered(photo, alpha, "on pure white")[200, 200]
    assert float(blue) > float(red) + 60


@pytest.mark.parametrize("cloth", [BLUE, BROWN, WHITE])
@pytest.mark.parametrize("body", [WHITE, (0.4, 0.4, 0.4), (0.5, 0.05, 0.04)])
def test_a_box_in_another_colour_or_white_on_white_is_not_glass(cloth: Color, body: Color) -> None:
    photo, alpha = standing(cloth, body, sheen=0.1)
    assert glass_of(photo, alpha) is None


def test_a_label_on_a_bottle_that_is_said_to_be_clear_keeps_its_colour() -> None:
    photo, alpha = clear(BLUE)
    photo[260:360, 220:380] = (200, 40, 30)
    shown = rendered(photo, alpha, "on pure white", surface="transparent")
    label = shown[round(shown.shape[0] * 0.5), shown.shape[1] // 2]
    assert float(label[0]) > 150
    assert float(label[1:].max()) < 90


def test_a_plain_label_on_a_clear_bottle_is_not_mottled_by_a_white_backdrop() -> None:
    photo, alpha = clear(PINK)
    noise = np.random.default_rng(1).normal(0, 6, (100, 160, 1))
    photo[260:360, 220:380] = np.clip(noise + np.array((225, 150, 110)), 0, 255).astype(np.uint8)
    opaque = rendered(photo, alpha, "on pure white", surface="solid")
    shown = rendered(photo, alpha, "on pure white", surface="transparent")
    middle, across = len(shown) // 2, shown.shape[1] // 2
    label = np.s_[middle - 20 : middle + 20, across - 40 : across + 40]
    apart = cv2.blur(shown[label] - opaque[label], (7, 7))
    assert float(np.abs(apart).max()) < 4


def test_a_black_cap_of_a_bottle_that_is_said_to_be_clear_stays_black() -> None:
    photo, alpha = clear(BROWN)
    light = np.full((90, RIGHT - LEFT, 3), 0.012, np.float32)
    light[:, 60:80] = (0.03, 0.02, 0.016)
    photo[TOP : TOP + 90, LEFT:RIGHT] = to_srgb(light)
    shown = rendered(photo, alpha, "it's glass, on pure white")
    cap = shown[10 : round(0.18 * len(shown)), 10:-10]
    assert float(cap.max()) < 60


def test_tinted_plastic_that_is_said_to_be_clear_keeps_its_tint() -> None:
    photo, alpha = standing(WHITE, (0.35, 0.5, 0.7))
    tinted = rendered(photo, alpha, "on a black background", surface="transparent")
    assert float(tinted[tinted.shape[0] // 2, tinted.shape[1] // 2].max()) < 60
    white = rendered(photo, alpha, "on pure white", surface="transparent")
    red, _, blue = white[white.shape[0] // 2, white.shape[1] // 2]
    assert float(blue) > float(red) + 30


@pytest.mark.parametrize("words", ["it's glass, black background", "黑色背景，这是玻璃的"])
def test_words_that_it_is_glass_let_the_new_backdrop_through(words: str) -> None:
    photo, alpha = standing(WHITE, (0.7, 0.7, 0.7))
    shown = rendered(photo, alpha, words)
    assert float(shown[shown.shape[0] // 2, shown.shape[1] // 2].max()) < 60


def test_words_that_it_is_not_glass_keep_the_product_as_in_the_photo() -> None:
    photo, alpha = clear(BLUE)
    red, _, blue = rendered(photo, alpha, "on pure white, it's not glass")[200, 200]
    assert float(blue) > float(red) + 60


def test_a_surface_chosen_for_the_cut_out_overrides_words() -> None:
    photo, alpha = clear(BLUE)
    product = Product(photo, Matte(alpha, (0, 0, SIDE, SIDE), "drawn", 1.0, 0.02), surface="solid")
    assert product.seen_as(True).glass is None
