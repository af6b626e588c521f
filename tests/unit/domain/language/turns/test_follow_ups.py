"""Follow-ups: what "a bit more", "too much" and "the other way" do to the wish before."""

from collections import Counter
from typing import Any

import pytest

from stillroom.domain.language.merging import clauses
from stillroom.domain.language.reader import followed, understand
from stillroom.domain.language.turns.follow_ups import FollowUpFile
from stillroom.domain.language.words.lexicon import language_file
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import PICTURE, WHITE, after, told_texts

SHARP = changed(WHITE, "detail", sharpen=0.5)


def figures(text: str, plan: Plan) -> dict[str, Any]:
    """Return the figures that a text changes in a plan, and check that it is understood."""
    understood = understand(text, plan)
    assert not understood.told_back
    assert understood.is_carried_out
    found = {f"{one.part}.{one.field}": one.new for one in changes_between(plan, understood.plan)}
    assert {path.partition(".")[0] for path in found} == set(understood.asked)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "more",
        "A bit more, please.",
        "still not enough",
        "nice! a bit more of that",
        "once more",
        "do that again",
        "double that",
        "push it further",
        "再来一点",
        "再嚟多啲",
        "还不够",
        "再来一次",
        "好多了，再强一点",
        "程度再大点",
        "太弱了",
    ],
)
def test_more_is_a_step_more_of_the_wish_before(text: str) -> None:
    assert figures(text, after("brighter")) == {"tone.exposure_ev": 0.7}
    assert figures(text, after("smaller")) == {"framing.fill": pytest.approx(0.72 / 1.12**2, abs=0.001)}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("too much", 0.5),
        ("dial it back a bit", 0.5),
        ("less", 0.5),
        ("half that", 0.5),
        ("too far, split the difference", 0.5),
        ("way too much", 0.25),
        ("a touch less", 0.7),
        ("过了过了 收回来一点", 0.5),
        ("太夸张了", 0.5),
        ("减半", 0.5),
        ("稍微多了", 0.7),
        ("没那么夸张", 0.5),
        ("not quite that far", 0.5),
        ("undo half of it", 0.5),
        ("pull back a little", 0.5),
        ("有点过", 0.5),
        ("没让你调这么多", 0.5),
    ],
)
def test_less_leaves_a_share_of_what_the_wish_before_has_changed(text: str, left: float) -> None:
    assert figures(text, after("more contrast")) == {"tone.contrast": pytest.approx(0.25 * left, abs=1e-4)}
    assert figures(text, after("softer shadow")) == {"shadow.softness": pytest.approx(1 + 0.75 * left)}
    assert figures(text, after("rotate it 8 degrees clockwise")) == {
        "framing.rotation_deg": pytest.approx(8 * left)
    }


def test_less_of_a_wish_is_less_of_each_of_its_figures() -> None:
    assert figures("too much", after("sharpen it", base=SHARP)) == {
        "detail.sharpen": pytest.approx(0.675),
        "detail.clarity": 0.05,
    }


def test_less_is_reckoned_from_the_strength_that_the_picture_shows() -> None:
    weaker = changed(after("warmer"), "tone", mired=10.0)
    assert figures("half that", weaker) == {"tone.mired": 5.0}


@pytest.mark.parametrize(
    ("wish", "text", "path", "figure"),
    [
        ("bigger", "another 10%", "framing.fill", 0.887),
        ("放大一点", "再来10%", "framing.fill", 0.887),
        ("more contrast", "10% less", "tone.contrast", 0.15),
        ("brighter", "another half a stop", "tone.exposure_ev", 0.85),
        ("rotate it 5 degrees clockwise", "3 degrees more", "framing.rotation_deg", 8.0),
        ("更亮", "再10%", "tone.exposure_ev", 0.4875),
    ],
)
def test_an_amount_is_the_step(wish: str, text: str, path: str, figure: float) -> None:
    assert figures(text, after(wish)) == {path: pytest.approx(figure, abs=1e-3)}


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("bigger", "3 degrees more"),
        ("bigger", "another half a stop"),
        ("rotate it 5 degrees clockwise", "10% more"),
    ],
)
def test_an_amount_in_a_unit_of_another_figure_is_told_back(wish: str, text: str) -> None:
    base = after(wish)
    assert understand(text, base).plan == base


@pytest.mark.parametrize(
    ("wish", "text", "is_more"),
    [
        ("brighter", "tone it down", False),
        ("less contrast", "tone it down further", True),
        ("less contrast", "turn it up a bit", False),
        ("less contrast", "still too strong", True),
        ("darker", "turn it down", False),
        ("颜色淡一点", "还是太强", True),
        ("less contrast", "too much", False),
        ("more contrast", "turn it up", True),
    ],
)
def test_up_and_down_are_of_what_there_is_and_not_of_the_change(wish: str, text: str, is_more: bool) -> None:
    start = after()
    base = after(wish, base=start)
    [(path, new)] = figures(text, base).items()
    part, name = path.split(".")
    old, now = (getattr(getattr(plan, part), name) for plan in (start, base))
    assert ((new - now) * (now - old) > 0) == is_more


@pytest.mark.parametrize("text", ["too strong", "weaker", "太明显了"])
def test_an_adjective_that_may_be_of_the_change_or_of_what_there_is_is_told_back(text: str) -> None:
    base = after("less contrast")
    assert understand(text, base).plan == base
    assert understand(text, after("brighter")).plan.tone.exposure_ev != 0.35


@pytest.mark.parametrize(
    "text",
    ["looks fake now, ease off", "my eyes lol, calm it down", "ease off, looks fake now", "都快没了，收着点"],
)
def test_a_remark_beside_a_follow_up_is_passed_over(text: str) -> None:
    assert figures(text, after("more contrast")) == {"tone.contrast": 0.125}


@pytest.mark.parametrize(
    "text",
    [
        "the shadow looks fake, ease off",
        "add my logo, more",
        "looks fake, looks fake, looks fake, ease off",
        "regarding the background, more",
        "now it's harsh, tone it down",
        "zorblify it, more",
        "put my sister in it, more",
    ],
)
def test_a_clause_that_may_ask_for_something_is_no_remark(text: str) -> None:
    base = after("more contrast")
    assert understand(text, base).plan.tone == base.tone


@pytest.mark.parametrize(
    ("wish", "text", "is_meant"),
    [
        ("move it to the right", "move it a bit more", True),
        ("rotate it 5 degrees clockwise", "you turned it too far", True),
        ("往左移", "再移多一些", True),
        ("brighter", "you moved it too far", False),
        ("move it to the right", "turn it a bit more", False),
    ],
)
def test_a_verb_must_be_of_what_was_changed(wish: str, text: str, is_meant: bool) -> None:
    base = after(wish)
    changes = {one.part for one in changes_between(base, understand(text, base).plan)}
    assert (followed(text, base) != (base, text)) == is_meant
    assert "tone" not in changes


def test_more_after_too_much_stays_below_a_whole_step() -> None:
    back = understand("too much", after("brighter")).plan
    assert 0.35 > figures("a bit more", back)["tone.exposure_ev"] - back.tone.exposure_ev > 0


@pytest.mark.parametrize(
    ("wish", "text", "found"),
    [
        ("light from the left", "other way", {"light.azimuth_deg": 60.0}),
        ("影子朝右", "反了", {"shadow.direction_deg": -90.0}),
        ("rotate it 5 degrees clockwise", "the other way please", {"framing.rotation_deg": -5.0}),
        ("顺时针转4度", "方向反了", {"framing.rotation_deg": -4.0}),
        ("move it to the left", "wrong direction", {"framing.x": pytest.approx(0.536)}),
    ],
)
def test_the_other_way_turns_the_wish_round(wish: str, text: str, found: dict[str, object]) -> None:
    assert figures(text, after(wish)) == found


def test_a_white_backdrop_that_was_darkened_goes_on_and_back() -> None:
    darker = after("darken the background", base=after())
    assert darker.backdrop.color == "#c0c0c0"
    assert figures("more", darker)["backdrop.color"] == "#909090"
    assert figures("too much", darker)["backdrop.color"] == "#e0e0e0"


def test_the_blur_of_the_photos_own_backdrop_goes_on_and_back() -> None:
    blurred = after("blur the background", base=PICTURE)
    assert figures("more", blurred)["backdrop.blur"] > blurred.backdrop.blur
    assert figures("half that", blurred)["backdrop.blur"] == blurred.backdrop.blur / 2


def test_a_follow_up_is_of_all_wishes_of_the_last_turn() -> None:
    two = after("softer shadow", "brighter", "warmer", turn=2)
    assert figures("too much", two) == {"tone.exposure_ev": 0.175, "tone.mired": 12.5}
    assert figures("more", two) == {"tone.exposure_ev": 0.7, "tone.mired": 50.0}


def test_a_wish_without_degrees_beside_one_with_stays() -> None:
    assert figures("too much", after("on marble", "warmer", turn=2)) == {"tone.mired": 12.5}


@pytest.mark.parametrize("text", ["more", "too much", "half that", "other way", "再来一点", "过了", "反了"])
@pytest.mark.parametrize(
    "wish",
    ["on marble", "navy background", "no shadow", "square", "premium look", "centre it", "straighten it"],
)
def test_a_follow_up_of_what_has_no_degrees_is_told_back(text: str, wish: str) -> None:
    base = after(wish)
    understood = understand(text, base)
    assert understood.plan == base
    assert [(one.text, one.reason, one.topic) for one in understood.told_back] == [
        (text, "ambiguous", "follow_up")
    ]


@pytest.mark.parametrize("base", [WHITE, after("brighter", turn=0)])
@pytest.mark.parametrize(
    "text", ["more", "too much", "push it further", "再来一次", "程度再大点", "Further."]
)
def test_a_follow_up_of_nothing_is_told_back(text: str, base: Plan) -> None:
    understood = understand(text, base)
    assert understood.plan == base
    assert told_texts(understood) == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "more contrast",
        "too much shadow",
        "less warm",
        "a bit more, the shadow",
        "too much, go back",
        "no more",
        "影子再淡一点",
        "再亮一点",
        "过了，退一步",
        "more, less",
        "not any more",
        "a touch more, a lot more",
        "once more, 10%",
        "one more thing, the label",
        "again, softer shadow",
        "moreover",
        "再",
    ],
)
def test_a_text_that_says_what_it_is_about_is_no_follow_up(text: str) -> None:
    base = after("move it to the left")
    assert followed(text, base) == (base, text)
    assert understand(text, base).plan.framing == base.framing


def test_other_wishes_may_come_after_a_follow_up() -> None:
    found = figures("too much. and make the shadow softer", after("brighter"))
    assert found == {"tone.exposure_ev": 0.175, "shadow.softness": 1.75}
    assert figures("再来一点，影子柔一点", after("暖一点")) == {"tone.mired": 50.0, "shadow.softness": 1.75}


def test_what_is_told_back_is_in_the_words_of_the_user() -> None:
    bright = changed(after("brighter"), "tone", exposure_ev=2.0)
    assert told_texts(understand("a bit more", bright)) == ("a bit more",)


def test_more_is_kept_as_a_wish_in_plain_words_and_less_as_none() -> None:
    assert clauses("a bit more", after("warmer")) == ("a bit warmer",)
    assert clauses("再来很多，影子淡一点", after("暖一点")) == ("暖很多", "影子淡一点")
    assert clauses("too much", after("warmer")) == ()
    assert clauses("too much, softer shadow", after("warmer")) == ("softer shadow",)


@pytest.mark.parametrize("wish", ["more contrast", "moody look"])
def test_what_has_no_other_way_is_told_back(wish: str) -> None:
    base = after(wish)
    assert understand("other way", base).plan == base


def test_down_is_told_back_of_wishes_that_it_means_two_things_of() -> None:
    base = after("less contrast", "brighter", turn=2)
    assert understand("tone it down", base).plan == base


def test_less_of_a_size_that_the_photo_decides_is_still_less() -> None:
    small = changed(after("bigger"), "framing", fill=0.7)
    assert figures("too much", small) == {"framing.fill": pytest.approx(0.6568, abs=1e-4)}


def test_what_is_done_to_a_scene_that_no_wish_asked_for_goes_on_and_back() -> None:
    scene = changed(PICTURE, "backdrop", kind="scene", scene="wood_oak")
    assert figures("more", after("blur the background", base=scene))["backdrop.blur"] > 0.6
    darker = figures("too much", after("darken the background", base=scene))
    assert darker == {"backdrop.exposure_ev": pytest.approx(-0.2)}


def test_without_a_wish_before_the_rest_of_a_text_is_read() -> None:
    assert understand("too much, softer shadow", WHITE).plan.shadow.softness == 1.75
    assert understand("take it down a stop", PICTURE).plan.tone.exposure_ev == -1.0
    turned = changed(PICTURE, "framing", rotation_deg=8.0)
    assert understand("you rotated it too far, turn it back a bit", turned).plan.framing.rotation_deg < 8.0


OAK = changed(PICTURE, "backdrop", kind="scene", scene="wood_oak")


@pytest.mark.parametrize(
    ("wish", "text", "found", "kept"),
    [
        ("darker", "same for the background", {"backdrop.exposure_ev": -0.4}, "background a bit darker"),
        ("darker", "the background too", {"backdrop.exposure_ev": -0.4}, "background a bit darker"),
        ("暗一点", "背景也一样", {"backdrop.exposure_ev": -0.4}, "把背景调暗一点"),
        ("make the background darker", "the product as well", {"tone.exposure_ev": -0.35}, "a bit darker"),
        ("soften the shadow", "and the light too", {"light.fill": 0.4}, "fill light a bit stronger"),
        (
            "make the shadow darker",
            "the background too",
            {"backdrop.exposure_ev": -0.4},
            "background a bit darker",
        ),
        ("brighter", "the shadow too", {"shadow.strength": 0.6}, "shadow a bit fainter"),
    ],
)
def test_the_same_for_another_part_is_the_wish_before_of_that_part(
    wish: str, text: str, found: dict[str, float], kept: str
) -> None:
    base = after(wish, base=OAK)
    assert figures(text, base) == found
    assert clauses(text, base) == (kept,)


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("marble", "the shadow too"),
        ("darker", "the label too"),
        ("warmer", "the background too"),
        ("bigger", "the shadow too"),
        ("sharpen it", "same for the light"),
        ("move it to the left", "the product as well"),
    ],
)
def test_the_same_for_what_cannot_have_it_is_told_back(wish: str, text: str) -> None:
    base = after(wish, base=OAK)
    understood = understand(text, base)
    assert understood.plan == base
    assert told_texts(understood) == (text,)


def test_the_same_for_another_part_needs_a_wish_of_the_last_turn() -> None:
    base = after("darker", base=OAK, turn=0)
    assert understand("same for the background", base).plan == base


def test_no_word_has_two_meanings() -> None:
    words = FollowUpFile.model_validate_json(language_file("follow_ups.json"))
    ways = [word for word, _ in words.words()]
    assert [word for word, count in Counter(ways).items() if count > 1] == []
    assert not {*words.blank, *words.added} & {
        *ways,
        *(word for named in words.about.values() for word in named),
    }
    assert figures("再来不少", after("brighter")) == {"tone.exposure_ev": pytest.approx(0.91)}


def test_the_same_for_another_part_needs_all_of_the_wishes_before() -> None:
    base = after("darker", "warmer", base=OAK, turn=2)
    assert understand("the background too", base).plan == base


def test_a_complaint_with_too_is_not_the_same_for_another_part() -> None:
    base = changed(after("darker", base=OAK), "framing", y=0.7)
    understood = understand("The mug sits too low", base)
    assert understood.asked == ("framing",)
    assert not understood.told_back
