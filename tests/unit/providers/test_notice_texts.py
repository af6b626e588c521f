"""Sentences of notices in `catalog/texts/notices.json`."""

import ast
import json
from pathlib import Path

import stillroom
from stillroom.domain.providers.requests import Notice
from stillroom.domain.words import text_file

SOURCES = Path(str(stillroom.__file__)).parent


def test_every_code_that_is_sent_has_a_sentence_and_every_sentence_is_sent() -> None:
    sent: set[str] = set()
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Notice.of":
                sent |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    levels = json.loads(text_file("notices"))
    assert sent == {code for sentences in levels.values() for code in sentences}


def test_a_notice_says_its_facts() -> None:
    notice = Notice.of("SCENE_SIZE", size_cm=40.0, wanted_en="Window sill", scene_en="Floor")
    assert notice.message == "A product of 40 cm does not suit “Window sill”; “Floor” is used."
    assert (notice.level, notice.params["size_cm"]) == ("warning", 40.0)
