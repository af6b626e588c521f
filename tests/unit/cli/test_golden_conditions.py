"""Which chains of providers a studio at an address can be asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from stillroom.cli.evaluation.golden_conditions import GoldenRequest, header_at, pinned
from stillroom.domain.errors import ValidationFailed

STUDIO = "http://studio.example"
REQUEST = GoldenRequest(
    golden=Path("golden"),
    url=STUDIO,
    token=None,
    providers=(),
    cases=(),
    repeats=1,
    candidates=1,
    language="zh",
    faults=None,
    consistency=False,
    against=None,
    resume=False,
    note="",
)
TOLD = {
    "version": "1",
    "strategy": "prefer_quality",
    "providers": [
        {"id": "gemini", "state": "ready", "model_in_use": "gemini/one"},
        {"id": "sora", "state": "retired", "model_in_use": None},
        {"id": "local", "state": "ready", "model_in_use": "local/net"},
    ],
}


@pytest.mark.parametrize(
    ("providers", "asked", "chain"),
    [
        ((), None, ("gemini", "local")),
        (("local",), "local", ("local",)),
        (("chatgpt",), "chatgpt", ("chatgpt", "local")),
        (("chatgpt", "local"), "chatgpt", ("chatgpt", "local")),
    ],
)
def test_one_cloud_can_be_named_and_the_studio_itself_comes_after(
    providers: tuple[str, ...], asked: str | None, chain: tuple[str, ...]
) -> None:
    assert pinned(providers) == asked
    assert header_at(replace(REQUEST, providers=providers), (), "0", TOLD).chain == chain


def test_an_order_of_several_clouds_is_refused_with_the_way_to_have_it() -> None:
    request = replace(REQUEST, providers=("gemini", "chatgpt", "local"))
    with pytest.raises(ValidationFailed, match="AI_PROVIDER_ORDER"):
        header_at(request, (), "0", TOLD)
