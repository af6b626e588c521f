"""Reading of one wish in many frames: each changes the same figure in the same direction."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan
from tests.unit.domain.language.sentences import (
    PICTURE,
    WHITE,
    directions_of,
    figures_of,
    heard,
    heard_of,
    told_back,
)

BRIGHTER = [
    *("the photo even brighter", "just a hair brighter", "make the picture just a touch brighter"),
    *("it is still too dim", "I don't like how dim the picture is", "the photo wasn't bright enough"),
    *("it ended up too dark", "it should be less dark", "would you mind making it brighter?"),
    *("could it be brightened a touch?", "it needs brightening", "brighter than before"),
    *("brighter than it is", "make it brighter so it looks better", "brighter to match my other listings"),
    *("go a bit brighter with the photo", "the picture I want is brighter"),
    *("while you're at it, bump the brightness up a bit", "one more: more brightness"),
]
LESS_CONTRAST = [
    *("dial the contrast back a bit", "knock the contrast back by 20%", "pull the contrast back a tad"),
    *("take some contrast out", "lose some of the contrast", "plus not as much contrast"),
]
SOFTER_SHADOW = [
    *("too harsh, the shadow", "softer, the shadow", "the shadow - a bit softer"),
    *("make sure the shadow is softer", "wish the shadow was softer", "the shadow looks harsh ok?"),
    "ok so a softer shadow",
]


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        *((words, {"tone.exposure_ev": True}) for words in BRIGHTER),
        *((words, {"tone.contrast": False}) for words in LESS_CONTRAST),
        *((words, {"shadow.softness": True}) for words in SOFTER_SHADOW),
        # Goods that are props elsewhere are the product behind a determiner.
        ("move the candle a bit to the left", {"framing.x": False}),
        ("I don't like how big the mug is", {"framing.fill": False}),
        ("enlarge the candle a little", {"framing.fill": True}),
        ("give the candle more contrast", {"tone.contrast": True}),
        ("strengthen the contrast", {"tone.contrast": True}),
    ],
)
def test_phrases_around_a_wish_change_its_figure_alone(words: str, changes: dict[str, bool]) -> None:
    assert directions_of(words) == changes


def test_a_signed_share_changes_the_blur_and_a_plain_one_sets_it() -> None:
    blurred = understand("blur the background", PICTURE).plan
    assert directions_of("reduce the background blur by 20%", blurred) == {"backdrop.blur": False}
    assert directions_of("background blur +15%", blurred) == {"backdrop.blur": True}
    assert understand("background blur 30%", blurred).plan.backdrop.blur == 0.3


@pytest.mark.parametrize(
    ("words", "base", "changes"),
    [
        ("darken the background, it looks bright", "grey background", {"backdrop"}),
        ("the background is too bright, darker please", "grey background", {"backdrop"}),
        ("the shadow softer, a bit lighter", "", {"shadow"}),
        ("don't make the shadow lighter, make it darker", "", {"shadow"}),
        ("half as dark a shadow", "", {"shadow"}),
        ("reflection at 30%", "", {"shadow"}),
        ("the shadow softer + brighter photo", "", {"shadow", "tone"}),
    ],
)
def test_a_sentence_about_one_part_changes_only_that_part(words: str, base: str, changes: set[str]) -> None:
    plan = understand(base, PICTURE).plan if base else PICTURE
    assert {name.partition(".")[0] for name in directions_of(words, plan)} == changes


@pytest.mark.parametrize(
    ("words", "name", "is_more"),
    [
        ("move it away from the left edge", "framing.x", True),
        ("move it further from the right edge", "framing.x", False),
        ("lift it off the bottom edge a touch", "framing.y", False),
        ("it's too close to the top", "framing.y", True),
        ("too much to the left", "framing.x", True),
        ("a bit above the center", "framing.y", False),
        ("less headroom", "framing.y", False),
        ("less space below", "framing.y", True),
        ("it's hanging too low", "framing.y", False),
        ("make it sit on the left", "framing.x", False),
    ],
)
def test_the_product_moves_away_from_the_side_it_shall_leave(words: str, name: str, is_more: bool) -> None:
    base = Plan.model_validate({"framing": {"x": 0.5, "y": 0.5, "fill": 0.5}})
    assert directions_of(words, base) == {name: is_more}


@pytest.mark.parametrize("words", ["neon pink background", "rust background", "the whole background coral"])
def test_an_ambiguous_colour_word_beside_the_backdrop_is_its_colour(words: str) -> None:
    assert understand(words, PICTURE).plan.backdrop.kind == "color"


def test_brackets_end_a_clause() -> None:
    assert directions_of("make it warmer (I'm happy with the background)") == {"tone.mired": True}


@pytest.mark.parametrize(
    "words",
    [
        *("the wooden tray is too dark", "my marble base needs to be sharper", "make the oak lid brighter"),
        *("the red should stand out more", "the wood a bit warmer", "concrete planter looks dull"),
        *("marble details more visible", "my stone parts should pop"),
    ],
)
def test_a_material_of_the_product_sets_no_scene(words: str) -> None:
    assert understand(words, PICTURE).plan.backdrop == PICTURE.backdrop


def test_the_material_of_the_present_scene_names_the_backdrop() -> None:
    wood = understand("on an oak table", PICTURE).plan
    assert directions_of("make the wood a bit darker", wood) == {"backdrop.exposure_ev": False}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("make the soft toy a bit brighter", "tone.exposure_ev"),
        ("move the sharp knife to the left", "framing.x"),
        ("the cooler bag should be bigger", "framing.fill"),
        ("softer shadow under the big bag", "shadow.softness"),
        ("sharpen the portrait frame", "detail.sharpen"),
        ("make my marble tray bigger", "framing.fill"),
    ],
)
def test_an_adjective_between_a_determiner_and_goods_is_part_of_their_name(words: str, name: str) -> None:
    assert set(directions_of(words)) - {"detail.clarity"} == {name}


@pytest.mark.parametrize("words", ["要stanley的再大一点", "要stanley再大一点", "make 饕餮 bigger"])
def test_a_name_in_the_other_script_is_the_product_of_a_wish(words: str) -> None:
    assert set(directions_of(words)) == {"framing.fill"}


@pytest.mark.parametrize(
    "words",
    [
        *("stretch it a bit", "turn on the lamp", "nudge the shadow down a lot"),
    ],
)
def test_work_on_the_goods_and_an_unclear_shadow_or_margin_is_told_back(words: str) -> None:
    for base in (PICTURE, Plan.model_validate({"shadow": {"reflection": 0.5}})):
        told_back(words, base)


@pytest.mark.parametrize(
    ("words", "scene"),
    [("木头的怎么样", "wood_oak"), ("石头质感的台面", "stone_garden"), ("布料质感的背景", "linen")],
)
def test_a_proposed_material_or_texture_sets_the_scene_alone(words: str, scene: str) -> None:
    understood = heard(words)
    assert understood.asked == ("backdrop",)
    assert understood.plan.backdrop.scene == scene


@pytest.mark.parametrize(("words", "sign"), [("cooler mood", -1), ("warmer mood", 1)])
def test_a_mood_with_a_temperature_is_one_of_the_colours(words: str, sign: int) -> None:
    assert heard_of("tone", "mired", words) == sign * 25.0


@pytest.mark.parametrize(
    "words",
    [
        "light source lower",
        "cooler bag, grey background",
        "影子、背景都暗一点",
        "往下沉一沉，贴着桌面的感觉",
        "这个蓝再浅一点点",
        "turn down the volume on the colors",
        "only the shadow needs work: lighter. Nothing else.",
    ],
)
def test_please_before_a_wish_leaves_its_reading_unchanged(words: str) -> None:
    before, after = understand(words, WHITE), understand(f"please {words}", WHITE)
    assert after.plan == before.plan
    assert [one.reason for one in after.told_back] == [one.reason for one in before.told_back]
    assert understand(f"请{words}", WHITE).plan == before.plan


@pytest.mark.parametrize(
    "words", ["retro mood", "a retro atmosphere", "retro styling", "like a retro ad", "a retro photo shoot"]
)
def test_a_noun_that_a_style_describes_adds_nothing(words: str) -> None:
    assert heard(words).plan == heard("retro").plan


@pytest.mark.parametrize(("words", "plain"), [("能再亮一点不", "再亮一点"), ("影子淡一点不", "影子淡一点")])
def test_a_wish_may_be_asked(words: str, plain: str) -> None:
    assert heard(words).plan == heard(plain).plan


def test_colours_are_calmed_and_no_calm_scene_is_set() -> None:
    assert [*figures_of("the colours are too loud, calm them")] == ["tone.saturation"]


def test_the_colour_of_the_product_is_corrected_by_no_other_colour() -> None:
    understood = understand("Navy eats my black wallet. Try mustard instead", WHITE)
    assert understood.plan.backdrop.color == "#d4a12f"
