"""Tests of the other side of the light and of the shadow, and of light that comes from a window."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Backdrop, Light, Plan, Shadow, changed, starting_plan
from tests.unit.domain.language.sentences import PICTURE, WHITE, figures_of, heard

LIT = WHITE.model_copy(update={"light": Light(azimuth_deg=-50), "shadow": Shadow(direction_deg=-40)})


@pytest.mark.parametrize(
    "words",
    ["flip the light to the other side", "把光换到另一边", "the light should come from the other side"],
)
def test_light_turns_to_the_other_side(words: str) -> None:
    assert heard(words, LIT).plan.light.azimuth_deg == 50


@pytest.mark.parametrize("words", ["shadow to the other side", "影子倒向另一侧", "影子往另一侧倒"])
def test_shadow_turns_to_the_other_side(words: str) -> None:
    assert heard(words, LIT).plan.shadow.direction_deg == 40


def test_the_other_side_after_a_refused_side_turns_the_light_there() -> None:
    assert (heard("not from the left, try the other side", LIT).plan.light.azimuth_deg or 0) > 0


@pytest.mark.parametrize("words", ["flip the light to the other side", "光从另一边打过来", "影子倒向另一侧"])
def test_the_other_side_is_asked_for_if_the_present_side_is_unknown(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.model_copy(update={"asked": ()}) == WHITE
    assert [told.topic for told in understood.told_back] == ["side"]


def test_flipping_the_product_is_told_back() -> None:
    assert [told.topic for told in understand("flip the bottle", WHITE).told_back] == ["pose"]


@pytest.mark.parametrize("words", ["marble, light from a window on the left", "大理石台面，光从窗户那边来"])
def test_light_from_a_window_keeps_the_scene_that_is_named(words: str) -> None:
    understood = heard(words, WHITE)
    assert understood.plan.backdrop.scene == "marble_white"
    assert (understood.plan.light.azimuth_deg or 0) < 0


@pytest.mark.parametrize("words", ["大理石台面柔光从", "marble table soft light shining from"])
def test_a_side_that_is_not_written_yet_turns_the_scene_into_no_window(words: str) -> None:
    assert understand(words, WHITE).plan.backdrop.scene == "marble_white"


def test_blurring_the_back_blurs_the_backdrop() -> None:
    on_wood = Plan(backdrop=Backdrop(kind="scene", scene="wood_oak"))
    understood = heard("light from the left and blur the back a bit more", on_wood)
    assert understood.plan.backdrop.blur > 0


@pytest.mark.parametrize(
    "words",
    [
        "marble, sunlight from the right",
        "大理石，右边来点阳光",
        "soft morning light from the right on marble",
    ],
)
def test_sunlight_from_a_side_lights_the_scene_that_is_named(words: str) -> None:
    understood = heard(words, WHITE)
    assert understood.plan.backdrop.scene == "marble_white"
    assert (understood.plan.light.azimuth_deg or 0) > 0
    assert understood.plan.framing.x == WHITE.framing.x


@pytest.mark.parametrize(
    ("words", "azimuth", "elevation", "mired"),
    [
        ("low cold light from the left", -60.0, 25.0, -25.0),
        ("low warm light from the right", 60.0, 25.0, 25.0),
        ("light coming in low from the right", 60.0, 25.0, 0.0),
        ("light from high on the right", 60.0, 60.0, 0.0),
        ("drop the light lower", 0.0, 25.0, 0.0),
        ("drop the light lower so it rakes across", 0.0, 25.0, 0.0),
    ],
)
def test_low_and_high_are_the_elevation_of_the_light(
    words: str, azimuth: float, elevation: float, mired: float
) -> None:
    plan = heard(words).plan
    assert (plan.light.azimuth_deg, plan.light.elevation_deg, plan.tone.mired) == (azimuth, elevation, mired)


def test_the_other_side_is_that_of_the_plan_and_turning_twice_in_a_text_turns_once() -> None:
    lit = Plan(light=Light(azimuth_deg=50))
    for words in ("Light should come from opposite side", "光换一边，换一边"):
        assert heard(words, lit).plan.light.azimuth_deg == -50


@pytest.mark.parametrize("words", ["one light from the left, high up", "左侧打光，高处"])
def test_a_height_after_a_side_of_the_light_keeps_the_side(words: str) -> None:
    light = heard(words).plan.light
    assert (light.azimuth_deg, light.elevation_deg) == (-60, 75)


def test_an_angle_that_is_high_is_where_the_light_stands() -> None:
    found = figures_of("key light from the right at 60 degrees high")
    assert found == {"light.azimuth_deg": 60.0, "light.elevation_deg": 60.0}


@pytest.mark.parametrize("words", ["the light is flat", "光打得太平了", "this light is flat as a pancake"])
def test_flat_light_gets_directional(words: str) -> None:
    assert heard(words).plan.light.strength > WHITE.light.strength


def test_a_fault_of_the_light_may_be_seen_on_an_unknown_thing() -> None:
    assert heard("lighting too harsh on the chrome tap").plan.light.fill > 0


@pytest.mark.parametrize(
    "words", ["flip the shadow", "flip the shadow so it goes the other way", "shadow the other way"]
)
def test_a_flipped_shadow_falls_to_the_other_side(words: str) -> None:
    right = changed(PICTURE, "shadow", direction_deg=60.0)
    assert figures_of(words, right) == {"shadow.direction_deg": -60.0}


def test_a_light_is_put_back_in_front() -> None:
    side = changed(PICTURE, "light", azimuth_deg=-70.0)
    assert figures_of("put the key light back in front", side)["light.azimuth_deg"] == 0.0


def test_a_half_that_is_dark_is_opened() -> None:
    assert [*figures_of("右半边黑乎乎的")] == ["light.fill"]


@pytest.mark.parametrize("text", ["actually light from the left", "actually light from the left, thanks"])
def test_light_is_never_put_on_the_side_that_is_not_named(text: str) -> None:
    azimuth = understand(text, WHITE).plan.light.azimuth_deg
    assert azimuth is None or azimuth < 0


@pytest.mark.parametrize(
    ("words", "direction_deg"),
    [
        ("shadow towards the back left", -135),
        ("shadow falling towards the bottom left", -45),
        ("影子甩到左后方去", -135),
        ("影子投向右上角", 135),
    ],
)
def test_a_shadow_falls_between_two_sides(words: str, direction_deg: float) -> None:
    assert heard(words).plan.shadow.direction_deg == direction_deg


@pytest.mark.parametrize(
    ("words", "rotation_deg"),
    [("straighten by about 4 degrees to the left", -4), ("straighten it 2 degrees to the right", 2)],
)
def test_a_straightening_goes_the_way_that_is_said(words: str, rotation_deg: float) -> None:
    assert heard(words).plan.framing.rotation_deg == rotation_deg


@pytest.mark.parametrize(
    ("words", "azimuth_deg"),
    [
        ("light from behind left", -90.0),
        ("lit from behind on the right", 90.0),
        ("左后方来一束光", -90.0),
        ("一束光从右上方打下来", 50.0),
    ],
)
def test_light_comes_from_between_two_sides(words: str, azimuth_deg: float) -> None:
    assert heard(words).plan.light.azimuth_deg == azimuth_deg


@pytest.mark.parametrize("words", ["光源放后面", "把灯放背后", "后面给个光"])
def test_light_put_behind_is_a_rim(words: str) -> None:
    assert figures_of(words) == {"light.rim": 0.7}


@pytest.mark.parametrize(
    ("words", "azimuth_deg", "elevation_deg"),
    [
        ("light from the left, 30 degrees", -30.0, 40.0),
        ("光从右边来，45度", 45.0, 40.0),
        ("光从上方来，65度", 0.0, 65.0),
    ],
)
def test_an_angle_after_a_side_is_that_of_the_light(
    words: str, azimuth_deg: float, elevation_deg: float
) -> None:
    light = heard(words).plan.light
    assert (light.azimuth_deg, light.elevation_deg) == (azimuth_deg, elevation_deg)


def test_the_sun_from_above_stands_high_in_a_scene_that_stays() -> None:
    scene = understand("oak table, light from the front", starting_plan("bg_replace")).plan
    light = heard("sunlight from the upper left", scene).plan.light
    assert (light.azimuth_deg, light.elevation_deg) == (-50.0, 58.0)


@pytest.mark.parametrize("words", ["向右倾斜了3度", "右倾3度扶正", "右倾3度，扶正", "瓶子往右歪3度，正过来"])
def test_what_leans_to_the_right_is_turned_to_the_left(words: str) -> None:
    assert heard(words).plan.framing.rotation_deg == -3.0


@pytest.mark.parametrize("words", ["有点右倾", "往左倒了", "向右斜了一点"])
def test_what_leans_by_no_amount_is_straightened(words: str) -> None:
    assert heard(words, LIT).plan.detail.straighten
