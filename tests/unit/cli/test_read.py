"""`stillroom read` and `stillroom eval instructions`."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from stillroom.cli.app import app
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.plans.plan import Framing

RUN = CliRunner()


def test_instruction_is_answered_with_changes_and_rejected_clauses() -> None:
    read = json.loads(RUN.invoke(app, ["read", "--json", "白底，影子淡一点，加几片叶子"]).stdout)
    assert read["reader"] == "rules"
    assert read["plan"]["backdrop"]["kind"] == "white"
    (change,) = read["changes"]
    assert (change["part"], change["field"], change["from"]) == ("shadow", "strength", 1.0)
    assert change["to"] < 1.0
    assert change["text"] == "影子淡一点"
    assert change["label"].startswith("影子：更淡")
    (told,) = read["told_back"]
    assert "叶子" in told["text"]
    assert told["suggestion"]


def test_a_size_that_a_scene_implies_is_not_listed_as_requested() -> None:
    def changed(text: str) -> list[str]:
        read = json.loads(RUN.invoke(app, ["read", "--json", text]).stdout)
        assert read["plan"]["framing"]["fill"] != Framing().fill
        return [f"{change['part']}.{change['field']}" for change in read["changes"]]

    assert changed("木桌背景，影子淡一点") == ["backdrop.kind", "shadow.strength"]
    assert "framing.fill" in changed("木桌背景，商品大一点")


def test_a_refinement_keeps_the_unchanged_parts_of_its_base_picture() -> None:
    def read(text: str, base: dict[str, Any]) -> dict[str, Any]:
        line = json.dumps({"text": text, "operation": "refine", "base": base})
        answer: dict[str, Any] = json.loads(RUN.invoke(app, ["read"], input=line).stdout)
        return answer

    white = {"backdrop": {"kind": "white"}}
    for text in ("keep the background, softer shadow", "bigger, keep the background", "blur the background"):
        assert read(text, white)["plan"]["backdrop"]["kind"] == "white"
    (told,) = read("white background", white)["told_back"]
    assert told["suggestion"] == "The background is white already."
    staged = read("oak table", {"backdrop": {"kind": "color", "color": "#aabbcc"}, "framing": {"fill": 0.72}})
    assert staged["plan"]["backdrop"]["scene"] == "wood_oak"
    assert staged["plan"]["framing"]["fill"] == 0.72


def test_rejected_clauses_are_printed_as_sentences_in_the_language_of_the_instruction() -> None:
    def printed(text: str) -> list[str]:
        return RUN.invoke(app, ["read", text]).stdout.splitlines()

    assert printed("影子淡一点，独角兽")[1] == (
        "? 没有看懂“独角兽”。换一种说法，例如“背景换成浅灰色”或“影子淡一点”。"
    )
    assert printed("a unicorn") == [
        "? Not understood: “a unicorn”. "
        "Say it in other words, such as “light grey background” or “softer shadow”."
    ]


def test_every_line_of_standard_input_is_answered_by_one_line() -> None:
    lines = [
        "light from the left",
        json.dumps({"text": "warmer", "operation": "refine", "base": {"tone": {"mired": 10.0}}}),
        json.dumps({"text": "warmer", "base": {"tone": {"heat": 10.0}}}),
        "{not JSON",
        '"text": "warmer"}',
        '[{"text": "warmer"}]',
        "",
        "!!!",
        "冷一点",
    ]
    ended = RUN.invoke(app, ["read"], input="\n".join(lines))
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    left, warmer, unknown, *broken, blank, wordless, cooler = answers
    assert len(answers) == len(lines)
    assert ended.exit_code == 1
    assert left["plan"]["light"]["azimuth_deg"] < 0
    assert warmer["changes"][0]["from"] == 10.0
    assert warmer["changes"][0]["to"] > 10.0
    assert (unknown["line"], unknown["error"]["code"]) == (3, "E_VALIDATION")
    assert unknown["error"]["params"]["fields"][0]["field"] == "base.tone.heat"
    assert [(one["line"], one["error"]["code"]) for one in broken] == [(n, "E_VALIDATION") for n in (4, 5, 6)]
    assert (blank["line"], blank["error"]["code"]) == (7, "E_PROMPT_INVALID")
    assert wordless["error"]["code"] == "E_PROMPT_INVALID"
    assert cooler["plan"]["tone"]["mired"] < 0
    assert RUN.invoke(app, ["read"], input="\ufeffwarmer\n").exit_code == 0


def test_sentences_are_counted_by_class_and_kind(tmp_path: Path) -> None:
    def entry(name: str, text: str, kind: str, condition: dict[str, object]) -> dict[str, object]:
        rest = {"lang": "en", "operation": "refine", "base": {}, "kind": kind}
        return {"id": name, "text": text, "expect": {"wishes": [{"any": [condition]}]}, **rest}

    file = tmp_path / "sentences.json"
    entries = [
        entry("a", "warmer", "plain", {"tone.mired": ">"}),
        entry("b", "cooler", "complaint", {"tone.mired": ">"}),
    ]
    file.write_text(json.dumps(entries))
    ended = RUN.invoke(app, ["eval", "instructions", str(file), "--json"])
    result = json.loads(ended.stdout)
    assert ended.exit_code == 0
    assert (result["sentences"], result["right"], result["silently_wrong"]) == (2, 50.0, 50.0)
    assert result["by_kind"]["complaint"]["silently_wrong"] == 100.0
    assert result["results"][1]["differences"] == ["contrary: cooler"]
    text = RUN.invoke(app, ["eval", "instructions", str(file), "--only", "complaint"]).stdout
    assert "silently_wrong b: cooler" in text


def test_totals_show_no_sentence(tmp_path: Path) -> None:
    file = tmp_path / "sentences.json"
    wish = {"wishes": [{"any": [{"backdrop.kind": "white"}]}]}
    sentence = {"id": "a", "lang": "en", "text": "asdf qwer", "operation": "bg_replace", "kind": "plain"}
    file.write_text(json.dumps([{**sentence, "expect": wish}]), "utf-8")
    assert "asdf" in RUN.invoke(app, ["eval", "instructions", str(file)]).stdout
    for form in ([], ["--json"]):
        ended = RUN.invoke(app, ["eval", "instructions", str(file), "--totals", *form])
        assert ended.exit_code == 0
        assert "wrongly_told_back" in ended.stdout
        assert "asdf" not in ended.stdout


def test_an_invalid_file_of_sentences_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sentences.json"
    file.write_text('[\n{"id": "a"}]')
    ended = RUN.invoke(app, ["eval", "instructions", str(file)])
    assert isinstance(ended.exception, ValidationFailed)
    assert ended.exception.detail.startswith("sentences.json, line 2 (a): lang: Field required")
