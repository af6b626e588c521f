"""Normalisation, amounts, lexicon and negation scope."""

import itertools
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stillroom.domain import language
from stillroom.domain.language.clauses.phrases import scopes
from stillroom.domain.language.reader import understand
from stillroom.domain.language.wishes.effects import TABLE
from stillroom.domain.language.wishes.named_effects import style_parts
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.lexicon import Lexicon, Style, language_file, lexicon, plain
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.plans.plan import Plan
from tests.unit.domain.language.sentences import PICTURE, WHITE

PLATES = Path(language.__file__).parents[2] / "catalog" / "plates" / "plates.json"


@given(st.text(max_size=60))
def test_normalisation_keeps_the_length(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


def test_traditional_characters_and_wide_signs_read_as_the_plain_ones() -> None:
    assert plain("陰影淡一點，背景換成藍色") == "阴影淡一点，背景换成蓝色"
    assert plain("ＷＨＩＴＥ　２０％ don’t") == "white 20% don't"


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("20%", 0.2),
        ("20 percent", 0.2),
        ("百分之二十", 0.2),
        ("百分之35", 0.35),
        ("百分之十五", 0.15),
        ("三成", 0.3),
        ("一半", 0.5),
        ("by half", 0.5),
        ("三分之二", 2 / 3),
        ("3/4", 0.75),
        ("0%", 0.0),
        ("很多", None),
    ],
)
def test_share_is_read_in_any_notation(words: str, share: float | None) -> None:
    assert amounts.share(words) == (None if share is None else pytest.approx(share))


def test_stops_and_factors_are_read_in_any_notation() -> None:
    said = ("两档", "半档", "1.5 stops", "half a stop", "+0.5 ev")
    assert [amounts.stops(words) for words in said] == [2.0, 0.5, 1.5, 0.5, 0.5]
    said = ("1.5倍", "两倍", "一倍", "2x", "twice")
    assert [amounts.times(words) for words in said] == [1.5, 2.0, 2.0, 2.0, 2.0]
    assert (amounts.stops("20%"), amounts.times("20%")) == (None, None)


def test_the_longest_known_word_is_taken_and_words_are_not_split() -> None:
    words = Lexicon(
        [{"part": {"shadow": ["shadow", "影"], "dark": ["drop shadow"]}, "filler": {"": ["倒影"]}}]
    )
    assert [token.text for token in tokenise("drop shadow", words)] == ["drop shadow"]
    assert [token.get("part") for token in tokenise("foreshadow", words)] == [""]
    assert "filler" in tokenise("倒影", words)[0]


def test_a_phrase_of_function_words_opens_and_closes_with_their_classes() -> None:
    words = Lexicon([{"class": {"order": ["make"], "determiner": ["the"]}, "to": {"": ["make the", "make"]}}])
    assert [token.classes for token in tokenise("make", words)] == [{"order", "^order", "order$"}]
    token = tokenise("make the", words)[0]
    assert (token.text, token.isa("^order"), token.isa("determiner$"), token.isa("order")) == (
        *("make the", True, True),
        False,
    )


def test_the_grammar_uses_exactly_the_classes_of_function_words_in_the_lexicon() -> None:
    folder = Path(language.__file__).parent
    code = "".join(file.read_text("utf-8") for file in folder.rglob("*.py"))
    calls = re.findall(r"\.(?:isa|drops)\(([^)]*)\)", code)
    asked = {name.strip("^$") for call in calls for name in re.findall(r'"([^"]+)"', call)}
    known = {name for file in ("zh", "en") for name in json.loads(language_file(f"{file}.json"))["class"]}
    assert asked == known


def test_every_meaning_of_the_lexicon_is_one_that_the_grammar_knows() -> None:
    for name in ("zh", "en"):
        document = json.loads(language_file(f"{name}.json"))
        assert set(document["part"]) <= set(TABLE) | {"reflection", "highlight"}
        axes = {axis for makers in TABLE.values() for axis in makers}
        for meaning in document["quality"]:
            assert meaning.rstrip("+-") in axes | {"long"}
        scenes = json.loads(language_file("zh.json"))["scene"]
        assert set(document["scene"]) == set(scenes)


def test_every_scene_with_properties_can_be_shown_and_so_can_its_room() -> None:
    shown = {plate["id"] for plate in json.loads(PLATES.read_text("utf-8"))["plates"]}
    scenes = json.loads(language_file("scenes.json"))["scenes"]
    named = [scene["id"] for scene in scenes]
    assert len(set(named)) == len(named)
    assert {*named, *(scene["room"] for scene in scenes if "room" in scene)} <= shown


def test_the_lexicon_reloads_a_changed_file_and_keeps_the_last_valid_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: float(next(seconds)))
    for name in ("zh.json", "en.json", "styles.json", "scenes.json"):
        (tmp_path / name).write_text(language_file(name), "utf-8")
    before = lexicon(tmp_path)
    assert "zorblate" not in before.words
    assert lexicon(tmp_path) is before
    added = language_file("en.json").replace('"shadow": [', '"shadow": ["zorblate", ', 1)
    (tmp_path / "en.json").write_text(added, "utf-8")
    after = lexicon(tmp_path)
    assert after.words["zorblate"] == {"part": "shadow"}
    (tmp_path / "en.json").write_text("{", "utf-8")
    assert lexicon(tmp_path) is after
    (tmp_path / "en.json").unlink()
    assert lexicon(tmp_path) is after


@pytest.mark.parametrize(
    "changes",
    [
        *({"tone": {"mird": 1.0}}, {"tone": {"mired": "+a"}}, {"tones": {"mired": 1.0}}),
        *({"shadow": {"kind": "+1"}}, {"light": {"azimuth_deg": "+10"}}, {"backdrop": {"blur": 0.2}}),
    ],
)
def test_a_style_that_no_plan_can_have_is_refused(changes: dict[str, dict[str, object]]) -> None:
    with pytest.raises(ValidationError):
        Style.model_validate({"id": "ours", "words": ["ours"], "changes": changes})


@pytest.mark.parametrize("style", sorted(lexicon().styles))
def test_every_style_is_a_bundle_of_valid_changes_and_is_read_by_its_names(style: str) -> None:
    plan = Plan()
    for _, do in style_parts(style):
        plan = do(plan) or plan
    assert plan != Plan()
    words = next(
        one["words"] for one in json.loads(language_file("styles.json"))["styles"] if one["id"] == style
    )
    assert understand(words[0], Plan()).asked


def statuses(text: str, word: str) -> str:
    tokens = [token for token in tokenise(text, lexicon()) if set(token.senses) - {"filler", "link"}]
    return scopes(tokens)[next(i for i, token in enumerate(tokens) if token.text == word)]


@pytest.mark.parametrize(
    ("text", "word", "status"),
    [
        ("不要放大", "放大", "neg"),
        ("别把它放大", "放大", "neg"),
        ("不要黑色要放大", "放大", ""),
        ("别忘了放大", "放大", ""),
        ("轮廓光不要了", "轮廓光", "neg"),
        ("去掉阴影", "阴影", "none"),
        ("不要去掉阴影", "阴影", "keep"),
        ("not larger", "larger", "neg"),
        ("don't make it larger", "larger", "neg"),
        ("lose the wood", "wood", "none"),
        ("white instead of marble", "marble", "neg"),
        ("replace wood with marble", "wood", "old"),
        ("木纹换成大理石", "木纹", "old"),
        ("keep the shadow", "shadow", "keep"),
    ],
)
def test_negation_scope_covers_its_object(text: str, word: str, status: str) -> None:
    assert statuses(text, word) == status


_REPEATED = (
    "木纹太过",
    "背景真的",
    "光从左边来",
    "渐变背景带",
    "四周多",
    "不好看",
    "the marble is so ",
    "240,",
    "1/1/",
    "not ",
)


@pytest.mark.parametrize("stretch", _REPEATED)
def test_a_text_that_repeats_itself_is_read_without_an_error(stretch: str) -> None:
    for text in (stretch * 60, "背景" + stretch * 60, "the background " + stretch * 60 + "x"):
        understand(text, Plan())


def test_swapped_letters_are_put_right_also_within_a_term() -> None:
    assert understand("shift it donw", PICTURE).plan.framing.y > 0.5  # type: ignore[operator]
    assert understand("marble table, top veiw", WHITE).plan.backdrop.view == "above"


def test_what_something_should_look_like_is_a_wish() -> None:
    assert understand("the photo should look bright", WHITE).plan.tone.exposure_ev > 0
