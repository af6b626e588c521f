"""Reading of spoken English: particles, pronouns, reasons without "that", and approximate figures."""

from collections.abc import Mapping

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import PicturePlan, changed
from tests.unit.domain.language.sentences import WHITE, directions_of, figures_of

STRONG = changed(PicturePlan(), "shadow", strength=0.8, reflection=0.8)
SCENE = changed(STRONG, "backdrop", kind="scene", scene="marble_white", blur=0.6)


@pytest.mark.parametrize(
    ("words", "figure", "grows"),
    [
        ("shadow a bit heavy leh, lighter can?", "shadow.strength", False),
        ("shadow so strong lah, make it lighter leh", "shadow.strength", False),
        ("photo too dark lor, brighter can", "tone.exposure_ev", True),
        ("reflection's a bit strong innit", "shadow.reflection", False),
        ("warm her up", "tone.mired", True),
        ("cool him down a bit", "tone.mired", False),
        ("the picture is awfully dark", "tone.exposure_ev", True),
        ("it's come out a wee bit dark, could you lift it?", "tone.exposure_ev", True),
        ("just a drop darker", "tone.exposure_ev", False),
        ("the tiniest bit warmer", "tone.mired", True),
        ("bit much contrast", "tone.contrast", False),
        ("bit much shadow", "shadow.strength", False),
        ("the sofa still looks too big for the room", "framing.fill", False),
        ("make more large the machine", "framing.fill", True),
        ("let it cover nearly the whole picture", "framing.fill", True),
        ("less of black under the product", "shadow.strength", False),
        ("the shadow fainter as it goes", "shadow.strength", False),
        ("The shadow is to weak, make him stronger", "shadow.strength", True),
        ("the picture is to dark", "tone.exposure_ev", True),
        ("dial the reflection way back", "shadow.reflection", False),
        ("dial the shadow way back", "shadow.strength", False),
        ("can someone please brighten it", "tone.exposure_ev", True),
        ("[Specific] Could anyone brighten this photo?", "tone.exposure_ev", True),
        ("brighten it a bit too", "tone.exposure_ev", True),
        ("more ambient light please", "tone.exposure_ev", True),
        ("brighten/lighten the photo", "tone.exposure_ev", True),
        ("zoom the picture out", "framing.fill", False),
        ("add a yellow tint to the image by a lot", "tone.mired", True),
    ],
)
def test_spoken_turns_and_a_misspelt_too_change_one_figure(words: str, figure: str, *, grows: bool) -> None:
    assert directions_of(words, STRONG) == {figure: grows}


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("Move the jug to the left third so I've room for copy", {"framing.x": 0.3333}),
        ("shift the tin into the right third so we have space for text", {"framing.x": 0.6667}),
        ("drop it down towards the bottom third", {"framing.y": 0.6667}),
        ("put it in the top third", {"framing.y": 0.3333}),
    ],
)
def test_third_is_a_place_and_its_reason_asks_for_nothing(words: str, figures: Mapping[str, float]) -> None:
    assert figures_of(words, STRONG) == pytest.approx(figures, abs=1e-3)


@pytest.mark.parametrize("words", ["it has a yellow tint", "it's got a yellow tinge"])
def test_a_tint_that_the_picture_has_is_a_cast_and_no_backdrop(words: str) -> None:
    assert directions_of(words) == {"tone.white_balance": True, "tone.mired": False}


def test_two_verbs_for_one_wish_ask_for_it_once() -> None:
    assert figures_of("lighten and brighten the photo") == figures_of("brighten the photo")


def test_the_look_that_is_wished_is_no_complaint() -> None:
    assert directions_of("Brighten the image to give it a more natural look.")["tone.exposure_ev"]


def test_a_verb_with_too_at_the_end_is_wished_as_well() -> None:
    assert directions_of("sharpen it a little too", STRONG)["detail.sharpen"]
    assert directions_of("the picture is a little too sharp", STRONG) == {"detail.sharpen": False}


@pytest.mark.parametrize(
    "words",
    [
        "make the image black & white",
        "change the color to black and white",
        "Please make this photo black and white, also reduce the brightness.",
    ],
)
def test_black_and_white_takes_all_colour_away_whatever_else_is_wished(words: str) -> None:
    assert figures_of(words, STRONG)["tone.saturation"] == 0


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("reflection should be 50% less", {"shadow.reflection": 0.4}),
        ("reflection down by half", {"shadow.reflection": 0.4}),
        ("make the reflection half as strong", {"shadow.reflection": 0.4}),
        ("background blur: half of what it is now", {"backdrop.blur": 0.3}),
        ("blur 50% less", {"backdrop.blur": 0.3}),
    ],
)
def test_half_or_less_by_a_share_reduces_the_present_figure(words: str, figures: Mapping[str, float]) -> None:
    assert figures_of(words, SCENE) == pytest.approx(figures)


@pytest.mark.parametrize(
    ("words", "figure", "value"),
    [
        ("make it big like 75 percent", "framing.fill", 0.75),
        ("rotate it like 10 degrees left", "framing.rotation_deg", -10.0),
        ("grey background like #dadada", "backdrop.color", "#dadada"),
        ("cream bg (#FFF8E7)", "backdrop.color", "#fff8e7"),
        ("pale pink background, #f9e4e4", "backdrop.color", "#f9e4e4"),
    ],
)
def test_approximate_figures_and_hex_colours_are_exact(words: str, figure: str, value: object) -> None:
    assert figures_of(words, STRONG)[figure] == value


@pytest.mark.parametrize("words", ["garden background blurred", "oak table background blurred out"])
def test_scene_that_is_said_to_be_blurred_is_blurred(words: str) -> None:
    assert "backdrop.blur" in figures_of(words, STRONG)


@pytest.mark.parametrize(
    "opening", ["ok now ", "Okay now, ", "right, ", "Well, ", "now, ", "- ", "• ", "那就", "那么"]
)
@pytest.mark.parametrize("words", ["blur the background", "warm light", "黑白", "光从左边来"])
def test_an_opening_changes_nothing_of_what_is_asked(opening: str, words: str) -> None:
    assert figures_of(opening + words, WHITE) == figures_of(words, WHITE)


def test_an_opening_alone_asks_for_nothing() -> None:
    assert understand("ok now", WHITE).told_back[0].reason == "refused"


def test_a_list_with_dashes_is_read_line_by_line() -> None:
    figures = figures_of("- brighter\n- remove the shadow\n- 4:5", WHITE)
    assert figures == {"tone.exposure_ev": 0.35, "shadow.kind": "none", "framing.aspect": "4:5"}
    assert figures_of("- 20% brightness", WHITE)["tone.exposure_ev"] == pytest.approx(-0.32, abs=0.01)
