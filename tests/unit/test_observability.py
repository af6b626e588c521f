"""What a line of the log looks like, whatever is put into it."""

import json
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from stillroom.observability import json_line


def read_back(**facts: object) -> Any:
    """What a machine reads of a line with these facts."""
    line = json_line(facts)
    # Whatever the terminal's encoding is, a line gets through it.
    assert line.isascii()
    assert "\n" not in line
    return json.loads(line)


def test_a_line_says_all_facts() -> None:
    facts = {"event": "it_happened", "attempt": 2, "job_id": None, "share": 0.5, "name": 'Tür\n"'}
    assert read_back(**facts) == facts


def test_a_name_that_is_not_unicode_still_makes_a_line() -> None:
    assert read_back(name="photo\udc80.jpg") == {"name": "photo\udc80.jpg"}


def test_what_is_no_number_makes_a_line_that_any_machine_reads() -> None:
    assert read_back(share=float("nan")) == {"share": None}


def test_what_json_has_no_form_for_is_told_in_words() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    said = read_back(kind=object, where=PurePosixPath("/photos"), why=ValueError("too wide"), at=at)
    assert said["kind"] == "<class 'object'>"
    assert "/photos" in said["where"]
    assert said["why"] == "ValueError('too wide')"
    assert "2026" in said["at"]
