"""Errors and their texts in both languages."""

import ast
from pathlib import Path

import stillroom
from stillroom.domain.words import texts_in

TEXTS = texts_in("errors")
ERRORS = {*TEXTS["titles"], "Malformed"}


def texts_named_in(source: str) -> set[str]:
    """Return the keys of sentences that a module makes errors with."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ERRORS]
    values = [keyword.value for call in made for keyword in call.keywords if keyword.arg == "text"]
    return {str(value.value) for value in values if isinstance(value, ast.Constant)}


def test_every_sentence_that_an_error_names_exists() -> None:
    sources = Path(stillroom.__file__).parent.rglob("*.py")
    named = set[str]().union(*(texts_named_in(source.read_text("utf-8")) for source in sources))
    assert len(named) > 50
    assert named <= TEXTS["details"].keys()
