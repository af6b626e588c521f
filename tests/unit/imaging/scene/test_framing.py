"""Framing: canvas, size and position of a product, and its transform."""

import numpy as np
import pytest

from stillroom.domain.plans.plan import Framing
from stillroom.imaging.scene.framing import (
    MAX_ENLARGEMENT,
    MIN_SIDE,
    Placement,
    extent_of,
    placed,
    shown_size,
    window_of,
)

BOX = (100, 200, 1300, 2200)
WHOLE = (0.0, 0.0, 1.0, 1.0)


def bounds_on_canvas(
    framing: Framing, extent: tuple[float, float, float, float] = WHOLE
) -> tuple[float, ...]:
    place = placed(framing, extent, BOX)
    left, top, right, bottom = extent
    return (
        (place.x + left * place.size[0]) / place.canvas[0],
        (place.y + top * place.size[1]) / place.canvas[1],
        (place.x + right * place.size[0]) / place.canvas[0],
        (place.y + bottom * place.size[1]) / place.canvas[1],
    )


@pytest.mark.parametrize("fill", [0.5, 0.72, 0.85])
def test_longer_side_fills_the_requested_share(fill: float) -> None:
    left, top, right, bottom = bounds_on_canvas(Framing(fill=fill))
    assert max(right - left, bottom - top) == pytest.approx(fill, abs=0.002)


def test_the_product_stands_in_the_middle_unless_it_is_moved() -> None:
    left, _, right, _ = bounds_on_canvas(Framing())
    assert (left + right) / 2 == pytest.approx(0.5, abs=0.002)
    left, _, right, _ = bounds_on_canvas(Framing(x=0.4))
    assert (left + right) / 2 == pytest.approx(0.4, abs=0.002)


def test_a_tall_product_leaves_more_room_below_than_above() -> None:
    _, top, _, bottom = bounds_on_canvas(Framing())
    assert 1 - bottom > top > 0.05


@pytest.mark.parametrize(("x", "y"), [(0.1, 0.1), (0.9, 0.9)])
def test_a_product_is_never_moved_out_of_the_picture(x: float, y: float) -> None:
    left, top, right, bottom = bounds_on_canvas(Framing(fill=0.6, x=x, y=y))
    assert min(left, top) >= 0.015
    assert max(right, bottom) <= 0.985


def test_a_small_product_gets_a_small_canvas_and_is_hardly_enlarged() -> None:
    place = placed(Framing(), WHOLE, (0, 0, 300, 400))
    assert place.canvas == (1000, 1000)
    assert place.size[1] / 400 <= MAX_ENLARGEMENT + 0.01


def test_a_large_product_gets_the_largest_canvas() -> None:
    assert placed(Framing(), WHOLE, (0, 0, 3000, 4000)).canvas == (4096, 4096)


def test_a_product_that_the_photo_cuts_leaves_the_picture_on_the_same_side() -> None:
    place = placed(Framing(), WHOLE, BOX, base_line=0.8, cut=("bottom", "right"))
    assert place.y + place.size[1] == place.canvas[1]
    assert place.x + place.size[0] == place.canvas[0]
    hung = placed(Framing(), WHOLE, BOX, cut=("top",))
    assert hung.y == 0
    assert hung.size[1] == pytest.approx(0.9 * hung.canvas[1], abs=2)
    through = placed(Framing(), WHOLE, BOX, base_line=0.8, cut=("top", "bottom"))
    assert through.y == 0
    assert through.size[1] == through.canvas[1]
    moved = placed(Framing(x=0.4, y=0.5), WHOLE, BOX, cut=("bottom", "right"))
    assert moved == placed(Framing(x=0.4, y=0.5), WHOLE, BOX), "a place that was chosen is kept"


@pytest.mark.parametrize("cut", [("top", "left"), ("right", "bottom")])
def test_a_product_that_the_photo_cuts_at_a_corner_is_as_large_as_it_can_be(cut: tuple[str, str]) -> None:
    place = placed(Framing(), WHOLE, BOX, cut=cut)
    assert place.size[1] == pytest.approx(0.96 * place.canvas[1], abs=2)
    assert place.x in (0, place.canvas[0] - place.size[0])
    assert place.y in (0, place.canvas[1] - place.size[1])


def test_a_canvas_that_was_chosen_before_is_kept() -> None:
    assert placed(Framing(canvas=(1200, 1200)), WHOLE, BOX).canvas == (1200, 1200)


def test_the_transform_maps_the_box_onto_the_crop() -> None:
    place = placed(Framing(), (0.1, 0.1, 0.9, 0.95), BOX)
    a, b, c, d, e, f = place.transform(BOX)
    assert (a * BOX[0] + b * BOX[1] + c, d * BOX[0] + e * BOX[1] + f) == pytest.approx((place.x, place.y))
    right, bottom = a * BOX[2] + b * BOX[3] + c, d * BOX[2] + e * BOX[3] + f
    assert (right, bottom) == pytest.approx((place.x + place.size[0], place.y + place.size[1]))


def test_rotation_of_the_photo_is_part_of_the_transform() -> None:
    turn = np.array([[0.0, -1.0, 2400.0], [1.0, 0.0, 0.0]])
    a, b, c, d, e, f = placed(Framing(), WHOLE, BOX).transform(BOX, turn)
    plain = placed(Framing(), WHOLE, BOX).transform(BOX)
    assert (a * 10 + b * 20 + c) == pytest.approx(plain[0] * (2400 - 20) + plain[2])
    assert (d * 10 + e * 20 + f) == pytest.approx(plain[4] * 10 + plain[5])


def test_extent_encloses_the_product() -> None:
    alpha = np.zeros((100, 200), np.uint8)
    alpha[20:60, 50:150] = 255
    assert extent_of(alpha) == (0.25, 0.2, 0.75, 0.6)
    assert extent_of(np.zeros((5, 5), np.uint8)) == WHOLE


@pytest.mark.parametrize("product", [(100, 100, 400, 500), (0, 0, 1600, 1200), (1400, 900, 1590, 1190)])
@pytest.mark.parametrize("shape", ["square", "photo"])
def test_a_window_on_the_scene_stays_inside_the_photo_and_holds_the_product(
    product: tuple[float, float, float, float], shape: str
) -> None:
    moved = {"x": 0.2, "y": 0.9}, {"x": 0.9, "y": 0.1, "fill": 0.9}, {"x": 0.3, "y": 0.5, "fill": 0.2}
    for place in ({}, *moved):
        x0, y0, x1, y1 = window_of(Framing.model_validate({"shape": shape, **place}), product, (1600, 1200))
        assert 0 <= x0 <= product[0]
        assert 0 <= y0 <= product[1]
        assert product[2] <= x1 <= 1600
        assert product[3] <= y1 <= 1200


@pytest.mark.parametrize("product", [(900, 700, 1140, 1000), (10, 20, 18, 28), (2000, 1500, 2048, 1536)])
@pytest.mark.parametrize("photo", [(2048, 1536), (1536, 2048), (2048, 2048)])
@pytest.mark.parametrize("shape", ["square", "photo"])
def test_a_small_product_in_its_scene_gets_a_picture_large_enough_to_sell_from(
    product: tuple[float, float, float, float], photo: tuple[int, int], shape: str
) -> None:
    x0, y0, x1, y1 = window = window_of(Framing.model_validate({"shape": shape}), product, photo)
    assert max(shown_size(window)) >= MIN_SIDE - 2
    assert min(x0, y0) >= 0
    assert x1 <= photo[0]
    assert y1 <= photo[1]
    aspect = 1.0 if shape == "square" else photo[0] / photo[1]
    assert (x1 - x0) / (y1 - y0) == pytest.approx(aspect, rel=0.005)


def test_a_small_photo_is_shown_whole_round_a_small_product() -> None:
    assert window_of(Framing(aspect="photo"), (300, 200, 340, 260), (640, 480)) == (0, 0, 640, 480)


def test_light_on_a_rotated_product_that_the_photo_cuts_is_even_up_to_its_cut_edge() -> None:
    place = Placement((400, 400), (200, 100), 100, 150, 0.5, degrees=10.0)
    gain = place.fit(np.full((50, 100), 1.5, np.float32))
    assert gain.min() == pytest.approx(1.5)
    cover = place.fit(np.full((50, 100), 255, np.uint8))
    assert cover[0, 0] == 0


def test_margins_left_by_rotation_are_not_shown() -> None:
    x0, y0, x1, y1 = window_of(Framing(aspect="photo"), (0, 0, 1600, 1200), (1600, 1200), (20, 30))
    assert (x0, y0) >= (20, 30)
    assert x1 <= 1580
    assert y1 <= 1170


def test_a_shown_scene_is_scaled_into_the_limits() -> None:
    assert shown_size((0, 0, 6000, 4500)) == (4096, 3072)
    assert shown_size((0, 0, 1600, 1200)) == (1600, 1200)
    assert shown_size((0, 0, 500, 400)) == (650, 520)


def test_a_square_crop_of_the_scene_is_square_wherever_the_product_is() -> None:
    for left in range(100, 700, 7):
        product = (left, 0.6 * left, left + 301, 0.6 * left + 244)
        x0, y0, x1, y1 = window = window_of(Framing(aspect="1:1"), product, (1600, 1200))
        assert x1 - x0 == y1 - y0
        assert len(set(shown_size(window))) == 1
