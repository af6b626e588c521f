"""Reading of one wish in many frames: each changes the same figure in the same direction."""

from typing import cast

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, starting_plan
from tests.unit.domain.language.sentences import WHITE, heard, heard_of

_PICTURE = starting_plan("refine")


def _changed(words: str, base: Plan = _PICTURE) -> dict[str, bool]:
    """Return the figures that changed, each with whether it grew."""
    understood = understand(words, base)
    assert understood.not_understood == ()
    changes = changes_between(base, understood.plan)
    return {f"{one.part}.{one.field}": cast("float", one.new) > cast("float", one.old) for one in changes}


@pytest.mark.parametrize(
    "words",
    [
        *("the photo even brighter", "just a hair brighter", "make the picture just a touch brighter"),
        *("it is still too dim", "I don't like how dim the picture is", "the photo wasn't bright enough"),
        *("it ended up too dark", "it should be less dark", "would you mind making it brighter?"),
        *(
            "could it be brightened a touch?",
            "it needs brightening",
            "brighter than before",
            "brighter than it is",
        ),
        *("make it brighter so it looks better", "brighter to match my other listings"),
        *("go a bit brighter with the photo", "the picture I want is brighter"),
        *("while you're at it, bump the brightness up a bit", "one more: more brightness"),
    ],
)
def test_frames_around_brighter_only_raise_the_exposure(words: str) -> None:
    assert _changed(words) == {"tone.exposure_ev": True}


@pytest.mark.parametrize(
    "words",
    [
        *("dial the contrast back a bit", "knock the contrast back by 20%", "pull the contrast back a tad"),
        *("take some contrast out", "lose some of the contrast", "plus not as much contrast"),
    ],
)
def test_taking_some_of_a_figure_away_lowers_it(words: str) -> None:
    assert _changed(words) == {"tone.contrast": False}


@pytest.mark.parametrize(
    "words",
    [
        *(
            "too harsh, the shadow",
            "softer, the shadow",
            "the shadow - a bit softer",
        ),
        *("make sure the shadow is softer", "wish the shadow was softer"),
        *("the shadow looks harsh ok?", "ok so a softer shadow"),
    ],
)
def test_frames_around_softer_shadows_only_soften_them(words: str) -> None:
    assert _changed(words) == {"shadow.softness": True}


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("move the candle a bit to the left", {"framing.x": False}),
        ("I don't like how big the mug is", {"framing.fill": False}),
        ("enlarge the candle a little", {"framing.fill": True}),
        ("give the candle more contrast", {"tone.contrast": True}),
        ("strengthen the contrast", {"tone.contrast": True}),
    ],
)
def test_goods_that_are_often_props_are_the_product_after_a_determiner(
    words: str, changes: dict[str, bool]
) -> None:
    assert _changed(words) == changes


def test_a_signed_share_changes_the_blur_and_a_plain_one_sets_it() -> None:
    blurred = understand("blur the background", _PICTURE).plan
    assert _changed("reduce the background blur by 20%", blurred) == {"backdrop.blur": False}
    assert _changed("background blur +15%", blurred) == {"backdrop.blur": True}
    assert understand("background blur 30%", blurred).plan.backdrop.blur == 0.3


def test_a_shadow_that_shall_go_down_is_told_back() -> None:
    assert understand("nudge the shadow down a lot", _PICTURE).not_understood == (
        "nudge the shadow down a lot",
    )


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
def test_what_goes_on_about_a_part_changes_only_that_part(words: str, base: str, changes: set[str]) -> None:
    plan = understand(base, _PICTURE).plan if base else _PICTURE
    assert {name.partition(".")[0] for name in _changed(words, plan)} == changes


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
def test_sides_to_leave_move_the_product_away(words: str, name: str, is_more: bool) -> None:
    base = Plan.model_validate({"framing": {"x": 0.5, "y": 0.5, "fill": 0.5}})
    assert _changed(words, base) == {name: is_more}


def test_margins_to_even_out_are_told_back() -> None:
    assert understand("even out the margins", _PICTURE).not_understood == ("even out the margins",)


@pytest.mark.parametrize("words", ["neon pink background", "rust background", "the whole background coral"])
def test_a_colour_that_is_also_something_else_is_one_beside_the_backdrop(words: str) -> None:
    assert understand(words, _PICTURE).plan.backdrop.kind == "color"


def test_brackets_end_a_clause() -> None:
    assert _changed("make it warmer (I'm happy with the background)") == {"tone.mired": True}


@pytest.mark.parametrize(
    "words",
    [
        *("the wooden tray is too dark", "my marble base needs to be sharper", "make the oak lid brighter"),
        *("the red should stand out more", "the wood a bit warmer", "concrete planter looks dull"),
        *("marble details more visible", "my stone parts should pop"),
    ],
)
def test_a_material_that_a_sentence_only_speaks_of_sets_no_scene(words: str) -> None:
    assert understand(words, _PICTURE).plan.backdrop == _PICTURE.backdrop


def test_a_scene_that_is_there_can_be_spoken_of() -> None:
    wood = understand("on an oak table", _PICTURE).plan
    assert _changed("make the wood a bit darker", wood) == {"backdrop.exposure_ev": False}


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
def test_an_adjective_between_a_determiner_and_goods_belongs_to_their_name(words: str, name: str) -> None:
    assert set(_changed(words)) - {"detail.clarity"} == {name}


@pytest.mark.parametrize("words", ["stretch it a bit", "turn on the lamp"])
def test_work_on_the_goods_themselves_is_told_back(words: str) -> None:
    base = Plan.model_validate({"shadow": {"reflection": 0.5}})
    understood = understand(words, base)
    assert understood.not_understood == (words,)
    assert changes_between(base, understood.plan) == ()


@pytest.mark.parametrize(
    ("words", "scene"),
    [("木头的怎么样", "wood_oak"), ("石头质感的台面", "stone_garden"), ("布料质感的背景", "linen")],
)
def test_a_material_that_is_proposed_or_felt_is_a_scene_and_nothing_else(words: str, scene: str) -> None:
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
        "光源放低",
        "往下沉一沉，贴着桌面的感觉",
        "这个蓝再浅一点点",
        "turn down the volume on the colors",
        "only the shadow needs work: lighter. Nothing else.",
    ],
)
def test_please_before_a_wish_changes_nothing_of_its_reading(words: str) -> None:
    before, after = understand(words, WHITE), understand(f"please {words}", WHITE)
    assert after.plan == before.plan
    assert [one.reason for one in after.told_back] == [one.reason for one in before.told_back]
    assert understand(f"请{words}", WHITE).plan == before.plan
