"""Filling in prompt templates."""

from typing import Any

import pytest
from pydantic import ValidationError

from stillroom.domain.prompts import PromptTemplate


def template(**changes: Any) -> PromptTemplate:
    plain: dict[str, Any] = {
        "id": "bg_replace.wood",
        "version": 1,
        "operation": "bg_replace",
        "name": {"zh": "木纹", "en": "Wood"},
        "text": "Place it on $surface.\n$instruction\nSold on $platform.",
        "defaults": {"surface": "oak", "instruction": "", "platform": "a shop"},
    }
    return PromptTemplate.model_validate({**plain, **changes})


def test_placeholders_are_filled_with_values_or_defaults() -> None:
    assert template().fill({"platform": "  "}) == "Place it on oak.\nSold on a shop."
    filled = template().fill({"surface": "walnut", "instruction": "光从左边来", "platform": "Taobao"})
    assert filled == "Place it on walnut.\n光从左边来\nSold on Taobao."


def test_user_text_is_never_read_as_a_placeholder() -> None:
    assert "$platform for ${surface}" in template().fill({"instruction": "$platform for ${surface}"})


def test_unused_values_are_ignored() -> None:
    assert "secret" not in template().fill({"other": "secret"})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "On $ground."}, "ground"),
        ({"text": "For $5.", "defaults": {}}, "begins no variable"),
        ({"id": "optimize.wood"}, "does not begin"),
        ({"text": "Plain.", "defaults": {"surface": "oak"}}, "does not use"),
        ({"version": 0}, "version"),
        ({"text": ""}, "text"),
        ({"colour": "red"}, "colour"),
        ({"text": "$wishes", "defaults": {}}, "wishes"),
    ],
)
def test_a_template_that_could_fail_later_is_refused_at_once(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        template(**changes)


def test_standing_wishes_are_given_only_to_later_turns() -> None:
    later = template(id="refine.turn", operation="refine", text="$instruction $wishes", defaults={})
    assert later.fill({"instruction": "warmer", "wishes": "dark"}) == "warmer dark"


def test_literal_dollar_sign_is_doubled() -> None:
    assert template(text="Costs $$5 on $surface.", defaults={"surface": "oak"}).fill({}) == "Costs $5 on oak."
