"""Properties of the router, whatever providers do."""

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.errors import (
    ContentRefused,
    InputUnsupported,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
)
from tests.unit.providers.scripted import Behaviour, ScriptedProvider, Studio, request

BEHAVIOURS: st.SearchStrategy[Behaviour] = st.sampled_from(
    [
        1,
        2,
        4,
        0,
        "unverified",
        ProviderRateLimited(reason="rate_limited"),
        ProviderRateLimited(reason="rate_limited", retry_after_seconds=0.0),
        ProviderRateLimited(reason="quota"),
        ProviderUnavailable(reason="http_500"),
        ProviderUnavailable(reason="unreachable", sent=False),
        ProviderUnavailable(reason="model_not_found"),
        ProviderTimeout(reason="ceiling"),
        ProviderRejectedRequest(reason="key"),
        ContentRefused(reason="moderation"),
        InputUnsupported(reason="picture"),
        KeyError("a bug"),
    ]
)
DOERS = st.lists(BEHAVIOURS, max_size=5)


@settings(max_examples=60, deadline=None)
@given(
    gemini=DOERS,
    chatgpt=DOERS,
    jobs=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    per_call=st.integers(1, 10),
    refusal_fallback=st.sampled_from(["local", "next"]),
    budget=st.one_of(st.none(), st.integers(0, 6000)),
)
def test_every_candidate_is_made_once_and_every_call_is_recorded(
    gemini: list[Behaviour],
    chatgpt: list[Behaviour],
    jobs: list[int],
    per_call: int,
    refusal_fallback: str,
    budget: int | None,
) -> None:
    studio = Studio(
        ScriptedProvider("gemini", *gemini),
        ScriptedProvider("chatgpt", *chatgpt),
        ScriptedProvider("local"),
        per_call={"chatgpt": per_call},
        refusal_fallback="next" if refusal_fallback == "next" else "local",
        budget=budget,
    )

    async def work() -> None:
        for candidates in jobs:
            made = await studio.make(request(candidates))
            assert set(range(candidates + 1)) <= made.keys()
            assert made[0] == "local"

    anyio.run(work)
    journal = studio.journal
    assert journal.begun.keys() == journal.ended.keys()
    sent = sum(len(provider.batches) for provider in studio.providers.values())
    assert sent == len(journal.begun)
    for name, provider in studio.providers.items():
        assert all(
            len(batch) <= {"gemini": 1, "chatgpt": per_call, "local": 4}[name] for batch in provider.batches
        )
    # A batch is sent at most twice, and only the clouds before this machine are passed over.
    assert all(target != source for source, target, _ in journal.fallbacks)
    assert "sora" not in journal.begun.values()
