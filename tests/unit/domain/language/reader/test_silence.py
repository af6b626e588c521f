"""Tests that words of a description, a reason or a limit change nothing that was not asked for."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.language.reading import read_once
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.plans.plan import Backdrop, Plan, changed
from tests.unit.domain.language.sentences import WHITE, color_of, heard, told_back, told_texts

MARBLE = Plan(backdrop=Backdrop(kind="scene", scene="marble_white"))


@pytest.mark.parametrize(
    "words",
    [
        # Idioms, and words about a part of the product.
        *("open them up for me", "dress it up a little", "close it", "簪子尾巴往下掉了", "包带往下垂了"),
        *("small medium large", "转成水平的", "锅底太黑了", "the ink is too light"),
        "Make the dress red, customers want red",
        # Things of the surroundings, and a change that is not named.
        *("Remove the electric fence", "remove traffic lights", "Remove finger from the bottom left corner"),
        "Remove aftershave",
        "change the hue of the entire image",
        "increase the natural light of the image by about 10 percent",
        "add a blue tint to the picture",
        # Poses that the photo does not show.
        *("翻面", "正面朝前", "左右对调", "mirror image", "angle it toward the camera", "put it on its side"),
        *("稍微斜一点", "鞋头朝左"),
    ],
)
def test_an_idiom_a_part_or_another_pose_is_told_back_and_changes_nothing(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.model_copy(update={"asked": ()}) == WHITE
    assert understood.told_back


@pytest.mark.parametrize(
    "words", ["往中间靠靠但不要正中", "a bit to the left, but still central", "往右，但还是居中"]
)
def test_a_place_that_its_limit_contradicts_is_told_back(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.framing == WHITE.framing
    assert [told.topic for told in understood.told_back] == ["place", "place"]


def test_a_limit_on_a_move_leaves_the_size() -> None:
    understood = heard("shift it right, not too far")
    assert understood.plan.framing.fill == WHITE.framing.fill
    assert understood.plan.framing.x > WHITE.framing.x


@pytest.mark.parametrize("words", ["light from the left, shadow to the left", "影子往右，光从右边来"])
def test_light_and_shadow_on_the_same_side_contradict_each_other(words: str) -> None:
    understood = understand(words, WHITE)
    assert (understood.plan.light, understood.plan.shadow) == (WHITE.light, WHITE.shadow)
    assert [told.topic for told in understood.told_back] == ["contrary", "contrary"]


@pytest.mark.parametrize(
    "words",
    ["off-white with a hint of warm", "a blue but with less purple in it", "ivory with a drop of grey"],
)
def test_a_tinge_of_a_colour_is_not_the_tone_of_the_picture(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.tone == WHITE.tone
    assert understood.told_back


@pytest.mark.parametrize(
    ("words", "color"),
    [("Grey backdrop, light grey, not dark", "light grey"), ("灰色背景，深灰", "dark grey")],
)
def test_a_more_exact_colour_later_in_the_sentence_sets_the_backdrop(words: str, color: str) -> None:
    assert understand(words, WHITE).plan.backdrop.color == color_of(color)


def test_a_lighter_shade_of_this_blue_lightens_the_present_backdrop() -> None:
    base = Plan(backdrop=Backdrop(kind="color", color="#bcd9ee"))
    assert heard("这个蓝再浅一点点", base).plan.backdrop.color > "#bcd9ee"


def test_daylight_from_a_window_lights_the_floor_that_is_named() -> None:
    plan = understand("wood floor, daylight from the window on the left", WHITE).plan
    assert plan.backdrop.scene == "room_oak"
    assert plan.light.azimuth_deg == -60


def test_bringing_out_the_wood_grain_keeps_the_backdrop() -> None:
    assert heard("bring out the grain of the wood").plan.backdrop == WHITE.backdrop


@pytest.mark.parametrize("words", ["有点过暖，降个300K", "too warm, drop it by 300K"])
def test_kelvins_after_a_complaint_reduce_the_excess(words: str) -> None:
    warm = WHITE.model_copy(update={"tone": WHITE.tone.model_copy(update={"mired": 25.0})})
    assert heard(words, warm).plan.tone.mired < 25


@pytest.mark.parametrize("words", ["can the shadow be softer on the edges", "softer edges on the shadow"])
def test_soft_edges_of_a_shadow_do_not_make_it_paler(words: str) -> None:
    shadow = heard(words).plan.shadow
    assert shadow.softness > WHITE.shadow.softness
    assert shadow.strength == WHITE.shadow.strength


@pytest.mark.parametrize(
    ("words", "is_darker"),
    [("try it on something darker", True), ("put it against something lighter", False)],
)
def test_something_that_the_product_stands_on_is_the_backdrop(words: str, is_darker: bool) -> None:
    after = heard(words, MARBLE).plan
    assert after.tone == MARBLE.tone
    assert (after.backdrop.exposure_ev < 0) is is_darker


@pytest.mark.parametrize("words", ["the shadow should stay soft", "keep the shadow subtle", "影子保持淡淡的"])
def test_a_state_that_shall_stay_needs_no_change(words: str) -> None:
    assert heard(words).plan == WHITE


def test_a_share_before_a_size_sets_the_size() -> None:
    assert heard("白底图，主体八成大").plan.framing.fill == 0.8
    assert heard("放大两成").plan.framing.fill == pytest.approx(1.2 * WHITE.framing.fill)


def test_right_under_does_not_turn_the_shadow_to_the_right() -> None:
    assert understand("put the shadow right under the bottle", WHITE).plan.shadow == WHITE.shadow


def test_a_lean_to_the_left_is_corrected_to_the_right() -> None:
    assert heard("有点往左歪").plan.framing.rotation_deg > 0
    assert heard("往左转一点").plan.framing.rotation_deg < 0


@pytest.mark.parametrize(
    "words", ["背景比产品暗一点", "make the background slightly darker than the product"]
)
def test_darker_than_the_product_darkens_the_backdrop_alone(words: str) -> None:
    after = heard(words, MARBLE).plan
    assert after.backdrop.exposure_ev < 0
    assert after.tone == MARBLE.tone


def test_lower_light_lowers_its_elevation_and_keeps_the_exposure() -> None:
    after = heard("光打低一点").plan
    assert after.light.elevation_deg < WHITE.light.elevation_deg
    assert after.tone == WHITE.tone


@pytest.mark.parametrize(
    "words",
    [
        "影子像油渍",
        "影子像块膏药",
        "影子要像刀裁",
        "shadow like a dachshund",
        "shadow like a paper silhouette",
    ],
)
def test_a_shadow_that_an_unknown_image_describes_is_told_back_whole(words: str) -> None:
    understood = understand(words, changed(WHITE, "shadow", kind="none"))
    assert understood.plan.shadow.kind == "none"
    assert told_texts(understood) == (words,)


@pytest.mark.parametrize("words", ["the background must stay exactly #FFFFFF", "背景要保持白色"])
def test_a_colour_that_the_backdrop_must_keep_is_set(words: str) -> None:
    assert heard(words, MARBLE).plan.backdrop.kind == "white"


def test_blurring_it_after_the_shadow_blurs_the_shadow() -> None:
    after = heard("reduce the shadow opacity to 25% and blur it more").plan
    assert after.shadow.softness > WHITE.shadow.softness
    assert after.backdrop == WHITE.backdrop


def test_flat_before_a_colour_changes_no_light() -> None:
    after = heard("just flat light grey").plan
    assert after.backdrop.kind == "color"
    assert after.light == WHITE.light


def test_an_exception_in_a_whole_sentence_is_carried_out() -> None:
    assert (
        heard("everything's perfect except it needs to be a tad smaller").plan.framing.fill
        < WHITE.framing.fill
    )


def test_lighter_beside_a_new_scene_lightens_the_scene_alone() -> None:
    after = heard("wood but lighter than this").plan
    assert after.backdrop.exposure_ev > 0
    assert after.tone == WHITE.tone


def test_the_products_own_colour_as_a_backdrop_is_told_back() -> None:
    understood = understand("the background should match the product's green", WHITE)
    assert understood.plan.tone == WHITE.tone
    assert understood.told_back


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        ("大理石和窗光", "marble_white"),
        ("marble and window light", "marble_white"),
        ("亚麻布就很好，窗边的自然光", "linen"),
    ],
)
def test_light_of_a_window_beside_a_scene_only_lights_it(words: str, scene: str) -> None:
    plan = heard(words).plan
    assert (plan.backdrop.scene, plan.light.azimuth_deg) == (scene, -50.0)


@pytest.mark.parametrize(
    "words", ["hard to see what it is, it's all dark", "而家暗到死", "no, I said brighter"]
)
def test_words_around_a_complaint_ask_for_nothing_else(words: str) -> None:
    plan = heard(words).plan
    assert plan.tone.exposure_ev > 0
    assert plan.shadow == WHITE.shadow


def test_less_blur_halves_it() -> None:
    blurred = changed(WHITE, "backdrop", kind="scene", scene="wood_oak", blur=0.4)
    assert understand("less blur", blurred).plan.backdrop.blur == 0.2


@pytest.mark.parametrize(
    "words",
    [
        *(
            "Hi Bob, warmer please. Best, Maria",
            "warmer please. cheers, Kev",
            "Good morning from Oslo. Warmer",
        ),
        *(
            "Hello, Aisha from Dubai here. Warmer please",
            "warmer. Kind regards, P. Novak",
            "暖一点，谢谢，小王",
        ),
    ],
)
def test_names_beside_a_greeting_or_after_a_farewell_are_not_told_back(words: str) -> None:
    assert heard(words).plan.tone.mired > 0


def test_a_wish_that_is_not_understood_is_no_name() -> None:
    assert read_once("warmer, thanks, sepia", lexicon()).told


def test_a_wish_that_no_known_word_asks_for_is_carried_out_or_told_back() -> None:
    assert heard("凑近看").plan.framing.fill > WHITE.framing.fill
    told_back("I can barely see the product")
    assert heard("would it be mad to ask for less shadow?").plan.shadow.strength < WHITE.shadow.strength
