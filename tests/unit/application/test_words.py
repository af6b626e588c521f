"""Typed words and file names, made safe without being changed needlessly."""

import pytest

from stillroom.application.jobs.orders import usable_prompt
from stillroom.application.photos.intake import MAX_NAME_CHARACTERS, safe_name
from stillroom.application.sessions import title_from_file_name
from stillroom.domain.errors import PromptInvalid
from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("  白底软阴影 ", "白底软阴影"),
        ("white\n\tbackground", "white background"),
        ("a\x00b", "a b"),
        ("a\u2028b", "a b"),
        ("warm\u202eer\u2069", "warm er"),
        ("\ud800warm", "warm"),
        ("warm 👍", "warm 👍"),
        ("👩\u200d🎨 warm", "👩\u200d🎨 warm"),
        ("好" * MAX_PROMPT_CHARACTERS, "好" * MAX_PROMPT_CHARACTERS),
        ("", ""),
    ],
)
def test_valid_text_loses_only_control_characters(typed: str, used: str) -> None:
    assert usable_prompt(typed, required=False) == used


@pytest.mark.parametrize(
    ("typed", "required", "reason"),
    [
        ("", True, "empty"),
        (" \n ", True, "empty"),
        ("?!…", False, "no_words"),
        ("👍👍", False, "no_words"),
        ("好" * (MAX_PROMPT_CHARACTERS + 1), False, "too_long"),
    ],
)
def test_unusable_text_is_refused_with_the_reason(typed: str, required: bool, reason: str) -> None:
    with pytest.raises(PromptInvalid) as refused:
        usable_prompt(typed, required=required)
    assert refused.value.params["reason"] == reason


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("mug.jpg", "mug.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\mug.jpg", "mug.jpg"),
        ("马克杯 01.jpg", "马克杯 01.jpg"),
        ("a\x00\x1b[31mb.jpg", "a[31mb.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "photo"),
        ("dir/", "dir"),
    ],
)
def test_a_file_keeps_its_own_name_and_nothing_else(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("x" * 500 + ".jpeg")
    assert len(name) == MAX_NAME_CHARACTERS
    assert name.endswith(".jpeg")


@pytest.mark.parametrize(
    ("name", "title"), [("mug_kitchen.jpg", "mug_kitchen"), (".jpg", ".jpg"), ("马克杯.HEIC", "马克杯")]
)
def test_product_title_defaults_to_its_file_name(name: str, title: str) -> None:
    assert title_from_file_name(name) == title
