"""Selection of a scene that suits a product, and its mirroring."""

import itertools

import cv2
import numpy as np
import pytest

from stillroom.domain.plans.plan import SCENE_FILL, Plan, changed
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import Bytes
from stillroom.imaging.scene.perspective import elevation_of, is_lying
from stillroom.imaging.scene.plates import from_above, scenes
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.selection import (
    PLAIN,
    best_fit,
    framing_in,
    is_flat,
    lies_in,
    misfit_deg,
    resolved,
)
from stillroom.imaging.scene.variety import made_distinct
from stillroom.imaging.scene.viewpoint import Viewpoint
from tests.unit.imaging.scenes import orange_ball

LIT_FROM_LEFT = (-0.7, 0.3, 0.6)
LIT_FROM_RIGHT = (0.7, 0.3, 0.6)


def in_scene(scene: str | None, **fields: object) -> Plan:
    return changed(Plan(), "backdrop", kind="scene", scene=scene, **fields)


def can(elevation_deg: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The outline of a can seen from above at an angle."""
    alpha = np.zeros((400, 400), np.uint8)
    depth = round(100 * np.sin(np.radians(elevation_deg)))
    cv2.rectangle(alpha, (100, 120), (300, 280), (255.0,), cv2.FILLED)
    for middle in (120, 280):
        cv2.ellipse(alpha, (200, middle), (100, depth), 0, 0, 360, (255.0,), cv2.FILLED)
    return alpha


@pytest.mark.parametrize("elevation_deg", [10.0, 18.0, 30.0, 40.0])
def test_round_foot_gives_the_camera_height(elevation_deg: float) -> None:
    assert elevation_of(can(elevation_deg)) == pytest.approx(elevation_deg, abs=4)


def test_straight_or_narrow_foot_gives_no_camera_height() -> None:
    assert elevation_of(can(0.0)) is None
    triangle = np.zeros((400, 400), np.uint8)
    cv2.fillPoly(triangle, [np.array([[50, 60], [350, 60], [200, 350]])], (255.0,))
    assert elevation_of(triangle) is None


def test_unstable_product_is_treated_as_lying() -> None:
    pen = np.zeros((400, 400), np.uint8)
    cv2.line(pen, (60, 60), (340, 330), (255.0,), 30)
    assert is_lying(pen)
    assert not is_lying(can(20.0))
    shoe = np.zeros((400, 400), np.uint8)
    cv2.fillPoly(shoe, [np.array([[40, 330], [60, 240], [330, 120], [360, 290], [330, 300]])], (255.0,))
    assert not is_lying(shoe)


@pytest.mark.parametrize(("turned_deg", "lies"), [(0.0, False), (3.0, False), (9.0, True), (-12.0, True)])
def test_a_phone_whose_sides_are_all_askew_lies_and_an_upright_box_does_not(
    turned_deg: float, lies: bool
) -> None:
    alpha = np.zeros((400, 400), np.uint8)
    corners = cv2.boxPoints(((200.0, 200.0), (120.0, 240.0), turned_deg))
    cv2.fillPoly(alpha, [np.rint(corners).astype(np.int32)], (255.0,))
    assert is_lying(alpha) is lies


def test_a_box_seen_over_its_corner_stands() -> None:
    alpha = np.zeros((400, 400), np.uint8)
    cv2.fillPoly(
        alpha, [np.array([[100, 120], [220, 90], [300, 130], [300, 280], [180, 320], [100, 270]])], (255.0,)
    )
    assert not is_lying(alpha)


def test_folded_glasses_lie_and_a_pair_stands_like_each_of_its_parts() -> None:
    glasses = np.zeros((400, 400), np.uint8)
    for middle in ((120, 260), (280, 195)):
        cv2.ellipse(glasses, middle, (75, 50), 0, 0, 360, (255.0,), cv2.FILLED)
    cv2.line(glasses, (120, 220), (280, 160), (255.0,), 12)
    assert is_lying(glasses)
    assert not is_lying(np.asarray(cv2.resize(glasses, (400, 150)), np.uint8))
    pair = np.zeros((400, 400), np.uint8)
    for left, base in ((60, 380), (230, 250)):
        cv2.rectangle(pair, (left, base - 140), (left + 90, base), (255.0,), cv2.FILLED)
    assert not is_lying(pair)


def test_scene_is_mirrored_to_match_the_light_of_the_photo() -> None:
    for light, mirrored in ((LIT_FROM_LEFT, False), (LIT_FROM_RIGHT, True)):
        product = orange_ball(side=600, radius=200, light=light)
        assert resolved(in_scene("wood_oak"), product) == {
            "scene": "wood_oak",
            "mirrored": mirrored,
            "view": "table",
        }


def test_mirroring_of_a_scene_is_kept() -> None:
    product = orange_ball(side=600, radius=200, light=LIT_FROM_RIGHT)
    assert resolved(in_scene("wood_oak", mirrored=False), product)["mirrored"] is False


def test_an_open_or_unknown_scene_becomes_the_one_that_fits() -> None:
    product = orange_ball(side=600, radius=200)
    for scene in (None, "no_such_scene"):
        assert resolved(in_scene(scene), product)["scene"] == best_fit(product)
    assert render_picture(product, in_scene(None)).plan.backdrop.scene == best_fit(product)


def test_a_photo_from_high_above_gets_the_scene_from_above() -> None:
    photo = np.full((4000, 4000, 3), 128, np.uint8)
    in_the_middle = (1800, 1800, 2200, 2200)
    high, level = (
        Product(photo, Matte(can(degrees), in_the_middle, "drawn", 1.0, 0.02)) for degrees in (44.0, 18.0)
    )
    assert misfit_deg(high, scenes()["wood_oak"]) > 10 > misfit_deg(level, scenes()["wood_oak"])
    assert best_fit(high) == "natural_light"
    assert best_fit(level) == "natural_light"
    assert resolved(in_scene("wood_oak"), high)["view"] == "above"
    assert resolved(in_scene("wood_oak"), level)["view"] == "table"
    assert resolved(in_scene("paper_grey"), high)["view"] is None


def test_flat_product_is_centred_in_a_scene_from_above() -> None:
    pen = np.zeros((400, 400), np.uint8)
    cv2.line(pen, (60, 60), (340, 340), (255.0,), 30)
    product = Product(np.full((400, 400, 3), 128, np.uint8), Matte(pen, (0, 0, 400, 400), "drawn", 1.0, 0.02))
    finished = render_picture(product, in_scene("marble_white"))
    assert finished.plan.backdrop.view == "above"
    x, y, width, height = finished.measures.to_json()["subject_box"]
    side = finished.matte.shape[0]
    assert (x + width / 2, y + height / 2) == pytest.approx((side / 2, side / 2), abs=0.04 * side)


@pytest.mark.parametrize("view", ["table", "above"])
def test_a_picture_that_was_carried_out_keeps_its_view(view: str) -> None:
    photo = np.full((400, 400, 3), 128, np.uint8)
    product = Product(photo, Matte(can(18.0), (0, 0, 400, 400), "drawn", 1.0, 0.02))
    first = render_picture(product, in_scene("wood_oak", view=view))
    assert first.plan.backdrop.view == view
    again = render_picture(product, changed(first.plan, "tone", mired=25.0))
    assert again.plan.backdrop == first.plan.backdrop


SOFA_CM, MUG_CM = 210.0, 9.0


def test_sofa_gets_no_table_and_mug_gets_no_floor() -> None:
    product = orange_ball(side=600, radius=200)
    for scene, size_cm in itertools.product(scenes(), (SOFA_CM, MUG_CM)):
        used = scenes()[resolved(in_scene(scene), product, size_cm)["scene"]]
        assert used.goods_cm[0] <= size_cm <= used.goods_cm[1]
    assert resolved(in_scene("wood_oak"), product, SOFA_CM)["scene"] == "room_oak"
    assert resolved(in_scene("wood_oak"), product, MUG_CM)["scene"] == "wood_oak"
    assert resolved(in_scene("room_oak"), product, MUG_CM)["scene"] == "wood_oak"


def test_candidates_of_a_large_product_get_different_rooms() -> None:
    product = orange_ball(side=600, radius=200)
    plans = made_distinct([in_scene("wood_oak"), in_scene("natural_light")], product, SOFA_CM)
    used = [plan.backdrop.scene for plan in plans]
    assert len(set(used)) == 2
    assert all(scenes()[name or ""].suits(SOFA_CM) for name in used)
    # Paper suits any size, but a second room is nearer to what was asked for.
    assert PLAIN.isdisjoint(used)


def test_flat_product_is_never_placed_upright_in_a_level_scene() -> None:
    pen = np.zeros((400, 400), np.uint8)
    cv2.line(pen, (60, 60), (340, 340), (255.0,), 30)
    product = Product(np.full((400, 400, 3), 128, np.uint8), Matte(pen, (0, 0, 400, 400), "drawn", 1.0, 0.02))
    assert is_flat(product)
    for scene in scenes():
        for view in (None, "table"):
            found = resolved(in_scene(scene, view=view), product)
            assert found["view"] == "above" or found["scene"] in PLAIN
    assert resolved(in_scene("room_oak"), product)["scene"] == "wood_oak"
    rug = resolved(in_scene("wood_oak"), product, SOFA_CM)
    assert (rug["scene"], rug["view"]) == ("room_oak", "above")


def test_unstable_product_is_shaded_as_lying_unless_photographed_level() -> None:
    pen = np.zeros((400, 400), np.uint8)
    cv2.line(pen, (60, 60), (340, 340), (255.0,), 30)
    photo, matte = np.full((400, 400, 3), 128, np.uint8), Matte(pen, (0, 0, 400, 400), "drawn", 1.0, 0.02)
    unknown, level = Product(photo, matte), Product(photo, matte)
    vars(level).update(viewpoint=Viewpoint(0.0, 0.5, 0.0, 10.0, 0.9))
    assert lies_in(None, unknown)
    assert lies_in(from_above("wood_oak"), unknown)
    assert not lies_in(None, level)
    assert not lies_in(scenes()["wood_oak"], level)


def bench_on_legs(leg: int) -> Product:
    """A bench whose two legs have a width in pixels."""
    alpha = np.zeros((400, 400), np.uint8)
    alpha[150:230, 40:360] = 255
    for left in (60, 340 - leg):
        alpha[230:300, left : left + leg] = 255
    return Product(np.full((400, 400, 3), 128, np.uint8), Matte(alpha, (0, 0, 400, 400), "drawn", 1.0, 0.02))


def test_furniture_of_unknown_size_stands_on_a_floor_unless_stated_small() -> None:
    bench = bench_on_legs(14)
    assert resolved(in_scene("wood_oak"), bench)["scene"] == "room_oak"
    assert resolved(in_scene("wood_oak"), bench, 30.0)["scene"] == "wood_oak"
    shown = in_scene("wood_oak", mirrored=False).model_copy(update={"product_transform": (1, 0, 0, 0, 1, 0)})
    assert resolved(shown, bench)["scene"] == "wood_oak", "a later turn keeps the scene"
    assert resolved(in_scene("wood_oak"), bench_on_legs(60))["scene"] == "wood_oak", "a toy on thick legs"


def stool_with_a_balloon() -> Product:
    """A stool on long thin legs, one of which the photo cuts, and a balloon above it."""
    alpha = np.zeros((400, 300), np.uint8)
    cv2.circle(alpha, (150, 60), 50, (255.0,), cv2.FILLED)
    alpha[180:200, 60:240] = 255
    for top, foot, end in ((80, 60, 380), (150, 150, 400), (220, 240, 380)):
        cv2.line(alpha, (top, 200), (foot, end), (255.0,), 12)
    return Product(np.full((400, 300, 3), 128, np.uint8), Matte(alpha, (0, 0, 300, 400), "drawn", 1.0, 0.02))


def test_one_of_two_things_on_long_legs_takes_both_to_a_floor_even_if_the_photo_cuts_a_leg() -> None:
    stool = stool_with_a_balloon()
    assert stool.cut_sides == ("bottom",)
    assert resolved(in_scene("wood_oak"), stool)["scene"] == "room_oak"


def on_two_discs(
    radius: int, *, height: int = 140, flattened: int = 0, shadow: int = 0, slope_deg: float = 0.0
) -> Product:
    """A body carried by two discs; a rough matte may cut rows from them or cover some of their shadow."""
    alpha = np.zeros((400, 400), np.uint8)
    alpha[300 - height : 300 - radius, 40:360] = 255
    for middle in (100, 300):
        cv2.circle(alpha, (middle, 300 - radius), radius, (255.0,), cv2.FILLED)
    alpha[300 - flattened :] = 0
    alpha[300 - radius : 300, 40:360] = np.maximum(alpha[300 - radius : 300, 40:360], shadow)
    turn = cv2.getRotationMatrix2D((200, 200), -slope_deg, 1.0)
    alpha = np.asarray(cv2.warpAffine(alpha, turn, (400, 400)), np.uint8)
    return Product(np.full((400, 400, 3), 128, np.uint8), Matte(alpha, (0, 0, 400, 400), "drawn", 1.0, 0.02))


def test_wheeled_product_of_unknown_size_stands_on_paper() -> None:
    car = on_two_discs(32)
    for table in ("wood_oak", "marble_white", "natural_light"):
        assert resolved(in_scene(table), car)["scene"] in PLAIN
    plans = made_distinct([in_scene("wood_oak"), in_scene("natural_light")], car, None)
    assert {plan.backdrop.scene for plan in plans} == PLAIN
    for rough in (on_two_discs(32, flattened=4), on_two_discs(32, shadow=130)):
        assert resolved(in_scene("wood_oak"), rough)["scene"] in PLAIN
    assert resolved(in_scene("wood_oak"), car, 30.0)["scene"] == "wood_oak", "a toy"
    assert resolved(in_scene("wood_oak"), car, 420.0)["scene"] in PLAIN, "too large for any room"
    assert resolved(in_scene("wood_oak"), car, 180.0)["scene"] == "room_oak"
    assert resolved(in_scene("room_stone"), car)["scene"] == "room_stone", "a room was asked for"
    shown = in_scene("wood_oak", mirrored=False).model_copy(update={"product_transform": (1, 0, 0, 0, 1, 0)})
    assert resolved(shown, car)["scene"] == "wood_oak", "a later turn keeps the scene"


@pytest.mark.parametrize("slope_deg", [-4.5, 0.0, 5.0])
def test_a_wheeled_product_on_a_slope_is_levelled_apart_from_its_photo(slope_deg: float) -> None:
    car = on_two_discs(32, slope_deg=slope_deg)

    def turned_deg(plan: Plan) -> float:
        across, _, _, down, _, _ = render_picture(car, plan).plan.product_transform or (1, 0, 0, 0, 0, 0)
        return float(np.degrees(np.arctan2(down, across)))

    white = changed(Plan(), "backdrop", kind="white")
    assert turned_deg(white) == pytest.approx(-slope_deg, abs=1.0)
    assert turned_deg(changed(white, "detail", straighten=False)) == 0.0
    assert turned_deg(changed(white, "backdrop", kind="keep")) == 0.0
    later = render_picture(car, white).plan
    assert turned_deg(later) == pytest.approx(-slope_deg, abs=1.0), "later turns repeat it"
    kept = changed(later, "backdrop", kind="keep")
    assert turned_deg(kept) == 0.0
    again = changed(render_picture(car, kept).plan, "backdrop", kind="white")
    assert turned_deg(again) == pytest.approx(-slope_deg, abs=1.0), "apart from its photo again"


def test_glasses_seen_from_the_front_and_a_tall_thing_on_two_round_feet_have_no_wheels() -> None:
    for product in (on_two_discs(60, height=120), on_two_discs(32, height=290)):
        assert resolved(in_scene("wood_oak"), product)["scene"] == "wood_oak"


def hanging_ball(
    *, lines_beside: bool = False, string_to: int = 0, string_in_matte: int = 150, aside: int = 0
) -> Product:
    """A ball on a string before a wall, the string in the matte from a row downwards."""
    photo = np.full((400, 400, 3), 200, np.uint8)
    cv2.line(photo, (200 + aside, string_to), (200 + aside, 180), (40.0, 40.0, 40.0), 3)
    if lines_beside:
        photo[:, 40:400:60] = 120
    alpha = np.zeros((400, 400), np.uint8)
    cv2.circle(alpha, (200, 220), 80, (255.0,), cv2.FILLED)
    photo[alpha > 0] = (180, 60, 40)
    alpha[string_in_matte:150, 198:203] = 255
    return Product(photo, Matte(alpha, (0, 0, 400, 400), "drawn", 1.0, 0.02))


def test_hanging_product_is_shown_on_plain_paper_and_never_placed_upright() -> None:
    ball = hanging_ball()
    for scene in ("wood_oak", "room_oak", "concrete_ledge"):
        assert resolved(in_scene(scene), ball)["scene"] in PLAIN
    assert lies_in(None, ball)
    assert lies_in(scenes()["paper_grey"], ball)
    assert hanging_ball(string_in_matte=0).hangs


def test_a_line_of_the_wall_or_a_string_that_ends_or_is_not_above_the_middle_hangs_nothing() -> None:
    for product in (
        hanging_ball(lines_beside=True),
        hanging_ball(string_to=60),
        hanging_ball(aside=60),
    ):
        assert resolved(in_scene("wood_oak"), product)["scene"] == "wood_oak"
        assert not lies_in(None, product)


def on_cloth(alpha: Bytes, *, texture: float = 12.0, wall: int = 0, shades: bool = False) -> Product:
    """A product on a cloth whose weave fills the photo, or below rows of a darker wall.

    A product that is round shades from one side to the other.
    """
    weave = np.random.default_rng(0).normal(150.0, texture, (400, 400))
    weave[:wall] -= 80.0
    photo = np.repeat(np.clip(weave, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    photo[alpha > 0] = (60, 90, 150)
    if shades:
        light = np.linspace(1.5, 0.2, 400)[None, :, None]
        photo = np.where(alpha[..., None] > 0, np.clip(photo * light, 0, 255), photo).astype(np.uint8)
    return Product(photo, Matte(alpha, (0, 0, 400, 400), "drawn", 1.0, 0.02))


def jacket() -> Bytes:
    """A jacket laid out, which would balance on its hem."""
    alpha = np.zeros((400, 400), np.uint8)
    cv2.fillPoly(alpha, [np.array([[90, 300], [160, 120], [240, 120], [310, 300]])], (255.0,))
    return alpha


def test_product_without_a_foot_lies_on_a_cloth_that_fills_the_photo() -> None:
    assert is_flat(on_cloth(jacket()))
    assert resolved(in_scene("wood_oak"), on_cloth(jacket()))["view"] == "above"


@pytest.mark.parametrize(
    "product",
    [
        on_cloth(jacket(), texture=0.5),
        on_cloth(jacket(), wall=150),
        on_cloth(can(30.0)),
        on_cloth(jacket(), shades=True),
    ],
    ids=[
        "before a plain studio wall",
        "before a darker wall",
        "with a round foot",
        "shaded like a round body",
    ],
)
def test_other_products_stand(product: Product) -> None:
    assert not is_flat(product)


def test_a_known_size_brings_a_product_closer_to_its_true_scale() -> None:
    wide = np.zeros((400, 400), np.uint8)
    cv2.rectangle(wide, (40, 160), (360, 260), (255.0,), cv2.FILLED)
    sofa = Product(np.full((400, 400, 3), 128, np.uint8), Matte(wide, (0, 0, 400, 400), "drawn", 1.0, 0.02))
    room, plan = scenes()["room_oak"], changed(in_scene("room_oak"), "framing", fill=SCENE_FILL)
    fills = {size_cm: framing_in(room, plan, sofa, size_cm).fill for size_cm in (80.0, None, SOFA_CM)}
    # The room is 2.7 m wide where the product stands.
    assert fills[SOFA_CM] == pytest.approx(SOFA_CM / 270, abs=0.01)
    assert fills[80.0] < fills[None] == SCENE_FILL < fills[SOFA_CM]
    assert framing_in(scenes()["paper_grey"], plan, sofa, SOFA_CM).fill == SCENE_FILL
