"""Shadows: contact with the ground, direction, softness, and fading at the edges of the canvas."""

import numpy as np
import pytest

from stillroom.domain.plans.plan import Shadow
from stillroom.imaging.scene.plates import is_directed, scenes
from stillroom.imaging.scene.shadows.contact import contact_of
from stillroom.imaging.scene.shadows.lamps import cast
from stillroom.imaging.scene.shadows.parts import parts_of, without_cords
from stillroom.imaging.scene.shadows.soft import density_of, placed_small, without_thin_parts
from stillroom.imaging.scene.staging import stage_for


def box(height: int = 500, width: int = 500) -> np.ndarray:
    """A box standing in the middle of a canvas, at a quarter of its size."""
    alpha = np.zeros((height, width), np.float32)
    alpha[180:400, 170:330] = 1
    return alpha


def table() -> np.ndarray:
    """A top on two front legs and a shorter leg at the back."""
    alpha = np.zeros((500, 500), np.float32)
    alpha[200:230, 100:400] = 1
    alpha[230:400, 110:122] = alpha[230:400, 378:390] = 1
    alpha[230:350, 240:252] = 1
    return alpha


def density(alpha: np.ndarray, shadow: Shadow | None = None, azimuth: float = -30.0) -> np.ndarray:
    return density_of(alpha, shadow or Shadow(), azimuth, 45.0, on_white=True)


def test_the_shadow_is_darkest_where_the_product_touches_the_ground() -> None:
    dark = density(box())
    row, column = np.unravel_index(dark.argmax(), dark.shape)
    assert 390 <= row <= 412
    assert 165 <= column <= 335


def test_disabled_shadow_is_empty() -> None:
    assert not density(box(), Shadow(kind="none")).any()
    assert not density(box(), Shadow(strength=0.0)).any()


@pytest.mark.parametrize("azimuth", [-60.0, 60.0])
def test_the_shadow_falls_away_from_the_light(azimuth: float) -> None:
    dark = density(box(), azimuth=azimuth)
    left, right = dark[330:400, :165].sum(), dark[330:400, 335:].sum()
    assert (left - right) * np.sign(azimuth) > 0


def test_the_edges_of_the_canvas_stay_white() -> None:
    dark = density(box(), Shadow(strength=2.0, softness=3.0), azimuth=-80.0)
    rim = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    assert float(rim.max()) == 0.0


def test_a_stronger_shadow_is_darker_everywhere() -> None:
    plain, strong = density(box()), density(box(), Shadow(strength=1.5))
    assert np.all(strong >= plain)
    assert strong.max() > plain.max()


def test_a_softer_shadow_spreads_wider() -> None:
    def spread(shadow: Shadow) -> float:
        dark = density(box(), shadow)
        return float((dark > 0.02).sum())

    assert spread(Shadow(softness=2.0)) > spread(Shadow()) > spread(Shadow(kind="hard"))


def test_every_leg_of_a_table_is_grounded_even_the_one_at_the_back() -> None:
    dark = density(table())
    for foot in ((402, 116), (402, 384), (352, 246)):
        near = dark[foot[0] - 4 : foot[0] + 6, foot[1] - 8 : foot[1] + 8].max()
        assert near > 0.15, foot
    assert dark[330:345, 246:300].max() < dark[350:356, 240:252].max()


def test_a_tilted_shoe_is_grounded_at_its_heel_and_dark_under_its_arch() -> None:
    alpha = np.zeros((500, 500), np.float32)
    rows, columns = np.mgrid[:500, :500]
    under = 400 - 0.15 * (columns - 100)
    arch = 12 * np.clip(1 - ((columns - 260) / 70.0) ** 2, 0, 1)
    alpha[(columns >= 100) & (columns < 400) & (rows > 200) & (rows < under - arch)] = 1
    dark = density(alpha)
    heel = dark[353:362, 370:398].max()
    assert heel > 0.3
    assert dark[370, 260] > 0.2
    assert dark[420, 380] < 0.5 * heel


def test_a_low_body_darkens_the_ground_between_its_feet_and_a_high_one_does_not() -> None:
    def under_a_body_on_two_feet(span: int, height: int) -> float:
        alpha = np.zeros((500, 500), np.float32)
        left, right = 250 - span // 2, 250 + span // 2
        alpha[100 : 400 - height, left : right + 16] = 1
        alpha[100:400, left : left + 16] = alpha[100:400, right : right + 16] = 1
        return float(density(alpha, Shadow(length=0.0))[400 - height // 2, 258])

    assert under_a_body_on_two_feet(span=280, height=30) > 0.25
    assert under_a_body_on_two_feet(span=90, height=80) < 0.02


def test_the_ground_under_a_body_on_thin_legs_is_the_lighter_the_higher_it_is() -> None:
    def under_a_body_at(height: int) -> float:
        alpha = np.zeros((500, 500), np.float32)
        alpha[150 : 400 - height, 100:400] = 1
        alpha[150:400, 100:106] = alpha[150:400, 394:400] = 1
        return float(density(alpha, Shadow(length=0.0))[400 - height // 2, 250])

    low, middle, high = (under_a_body_at(height) for height in (20, 45, 70))
    assert low > middle + 0.1 > high + 0.2


def body_with_cord(*, at_the_side: bool) -> np.ndarray:
    """A body with a thin loop that ends below it, fastened at its side or under its middle."""
    alpha = np.zeros((500, 500), np.float32)
    alpha[120:300, 200:420] = 1
    start = 130 if at_the_side else 310
    if at_the_side:
        alpha[200:206, start:200] = 1
    alpha[200:400, start : start + 8] = 1
    alpha[392:400, start : start + 100] = 1
    return alpha


def test_a_body_stands_on_the_ground_beside_its_strap_that_lies_in_front() -> None:
    dark = density(body_with_cord(at_the_side=True))
    under_body, under_strap = dark[300:306, 260:360].mean(), dark[400:406, 150:210].mean()
    assert under_body > 0.25
    assert under_strap > 0.2


def test_a_stem_under_a_body_is_no_strap() -> None:
    alpha = body_with_cord(at_the_side=False)
    assert (without_cords(alpha) == alpha).all()
    dark = density(alpha)
    assert dark[300:306, 220:290].max() < 0.5 * dark[400:406, 320:400].max()


def test_each_of_two_things_stands_on_its_own_part_of_the_ground() -> None:
    alpha = np.zeros((500, 500), np.float32)
    alpha[150:400, 110:240] = 1
    alpha[100:320, 250:360] = 1
    dark = density(alpha, Shadow(length=0.0))
    front, back = dark[400:406, 130:220].mean(), dark[320:326, 265:320].mean()
    assert back > 0.9 * front > 0.3


@pytest.mark.parametrize("left", [180, 330])
def test_a_thing_that_floats_above_or_hangs_beside_another_does_not_touch_the_ground(left: int) -> None:
    alpha = np.zeros((500, 500), np.float32)
    alpha[210:400, 200:300] = 1
    alpha[90:180, left : left + 140] = 1
    dark = density(alpha, Shadow(length=0.0))
    assert dark[400:406, 220:280].mean() > 0.3
    assert dark[180:230].max() < 0.05


def test_a_shade_that_overhangs_its_foot_does_not_touch_the_ground() -> None:
    alpha = np.zeros((500, 500), np.float32)
    alpha[120:220, 120:380] = 1
    alpha[220:400, 235:265] = 1
    dark = density(alpha)
    assert dark[221:226, 125:180].max() < 0.25 * dark[398:406, 235:265].max()


def test_an_empty_canvas_has_no_shadow() -> None:
    assert not density(np.zeros((100, 100), np.float32)).any()


def test_product_beyond_the_edge_is_placed() -> None:
    small = placed_small(np.full((400, 400), 255, np.uint8), -100, 300, (800, 800))
    assert small.shape == (200, 200)
    assert small[120, 10] == pytest.approx(1.0, abs=0.01)
    assert small[120, 90] == 0.0


def test_thin_legs_touch_the_ground_and_a_flat_sliver_does_not() -> None:
    alpha = np.zeros((200, 200), np.float32)
    alpha[60:120, 40:160] = 1.0
    alpha[122:124, 60:140] = 1.0
    alpha[120:150, [44, 154]] = 1.0
    solid = without_thin_parts(alpha)
    assert solid[149, [44, 154]].all()
    assert not solid[122:124, 60:140].any()


@pytest.mark.parametrize("left", [300, 301, 302, 303])
def test_splayed_legs_thinner_than_a_pixel_of_the_shadow_are_grounded(left: int) -> None:
    matte = np.zeros((800, 800), np.uint8)
    matte[300:500, 260:560] = 255
    for row in range(500, 600):
        for start in (left - (row - 500) // 3, left + 200 + (row - 500) // 3):
            matte[row, start : start + 3] = 255
    dark = density(placed_small(matte, 0, 0, (800, 800)))
    for foot in (left - 32, left + 234):
        assert dark[150, foot // 4] > 0.3


def test_the_contact_is_as_dark_at_a_thin_leg_as_under_a_wide_foot() -> None:
    alpha = np.zeros((500, 500), np.float32)
    alpha[200:260, 60:440] = 1
    alpha[260:400, 60:160] = 1
    alpha[260:400, 430:433] = 1
    tight, _ = contact_of(parts_of(alpha), 1.0)
    assert tight[400, 431] > 0.85 * tight[400, 110]


def test_the_shadow_of_a_chair_begins_at_its_legs() -> None:
    scene = scenes()["room_oak"]
    stage = stage_for(scene, False, (800, 800), (400.0, 640.0))
    alpha = np.zeros((200, 200), np.float32)
    alpha[90:115, 60:140] = 1
    alpha[115:160, 64:67] = alpha[115:160, 133:136] = 1
    lamp = next(one for one in scene.passes.values() if is_directed(one))
    shade = cast(stage.to_pixels, lamp, 50.0, alpha, 0.2, 1.0)
    beside = shade[:, 56:63].max(1)
    assert np.flatnonzero(beside > 0.3 * beside.max())[-1] >= 157


def test_something_lying_on_a_table_is_shaded_all_around() -> None:
    alpha = np.zeros((500, 500), np.float32)
    for step in range(300):
        alpha[100 + step : 130 + step, 100 + step : 130 + step] = 1
    dark = density_of(alpha, Shadow(), -60.0, 45.0, on_white=True, is_flat=True)
    for row, column in ((250, 292), (258, 217), (430, 435)):
        assert dark[row, column] > 0.02
    assert dark[250, 300] > dark[300, 250]


def test_product_leaving_at_the_bottom_casts_no_shadow_outside_the_picture() -> None:
    alpha = np.zeros((300, 300), np.float32)
    alpha[80:, 100:200] = 1
    assert not density(alpha).any()
    assert density_of(alpha, Shadow(), -30.0, 45.0, on_white=True, is_flat=True).any()
    alpha[-1:] = 0.4
    assert not density(alpha).any()


def test_back_legs_are_grounded_where_the_photo_cuts_a_front_leg() -> None:
    alpha = table()[:450].copy()
    alpha[230:, 240:252] = 1
    dark = density(alpha)
    for column in (116, 384):
        assert dark[398:408, column - 8 : column + 8].max() > 0.15
    alpha[230:, 200:300] = 1
    assert not density(alpha).any(), "more than a leg is cut"


def headphones(cup: int) -> np.ndarray:
    """A band on the ground, with a cup above it, whose lowest row is given, behind an opening."""
    alpha = np.zeros((500, 500), np.float32)
    alpha[350:400, 100:400] = alpha[220:400, 380:400] = alpha[220:230, 300:400] = 1
    rows, columns = np.mgrid[:500, :500]
    alpha[(rows - cup + 40) ** 2 + (columns - 300) ** 2 <= 40**2] = 1
    return alpha


@pytest.mark.parametrize(("cup", "seen_from_deg"), [(325, 26.0), (325, 5.0), (270, 20.0)])
def test_a_cup_behind_an_opening_is_grounded_if_the_view_is_from_high_enough(
    cup: int, seen_from_deg: float
) -> None:
    dark = density_of(
        headphones(cup), Shadow(length=0), -30.0, 45.0, on_white=True, seen_from_deg=seen_from_deg
    )
    depth = 300 * np.sin(np.radians(seen_from_deg))
    assert (dark[cup + 2, 300] > 0.3) == (400 - cup < depth)


def test_lying_product_hides_the_shadow_behind_it_more_than_in_front() -> None:
    alpha = np.zeros((500, 500), np.float32)
    alpha[150:350, 150:350] = 1
    dark = density_of(alpha, Shadow(length=0.0), 0.0, 45.0, on_white=True, is_flat=True)
    assert dark[352, 250] > 1.5 * dark[147, 250] > 0.05


@pytest.mark.parametrize(
    ("direction_deg", "across", "down"), [(-90.0, -1, 0), (90.0, 1, 0), (0.0, 0, 1), (45.0, 1, 1)]
)
def test_shadow_falls_in_the_given_direction(direction_deg: float, across: int, down: int) -> None:
    alpha = np.zeros((200, 200), np.float32)
    alpha[60:130, 85:115] = 1.0
    shadow = Shadow(direction_deg=direction_deg, length=1.5)
    x, y = _center(density_of(alpha, shadow, -30.0, 45.0, on_white=False) * (alpha < 0.5))
    plain_x, plain_y = _center(
        density_of(alpha, Shadow(length=0.0), -30.0, 45.0, on_white=False) * (alpha < 0.5)
    )
    assert np.sign(round((x - plain_x) / 4)) == across
    assert (y - plain_y > 3) == (down > 0)


def test_a_longer_shadow_reaches_farther_and_none_is_cast_at_length_zero() -> None:
    alpha = np.zeros((200, 200), np.float32)
    alpha[60:130, 85:115] = 1.0
    reach = []
    for length in (0.0, 1.0, 2.0):
        shadow = Shadow(direction_deg=90.0, length=length)
        density = density_of(alpha, shadow, 0.0, 45.0, on_white=False) * (alpha < 0.5)
        reach.append(int(np.flatnonzero((density > 0.05).any(0)).max()))
    assert reach[0] < reach[1] < reach[2]


def _center(density: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> tuple[float, float]:
    rows, columns = np.indices(density.shape)
    return float((columns * density).sum() / density.sum()), float((rows * density).sum() / density.sum())


def test_a_shadow_that_falls_to_the_front_begins_at_a_rounded_foot() -> None:
    rows, columns = np.mgrid[:500, :500]
    underside = 400 - 24 * ((columns - 250) / 80.0) ** 2
    rounded = ((rows > 150) & (rows < underside) & (abs(columns - 250) < 80)).astype(np.float32)
    dark = density(rounded, Shadow(kind="hard", direction_deg=-60.0, length=2.0))
    between, farther = dark[392:405, 200], dark[405:425, 200]
    assert between.min() > 0.8 * farther.max()
