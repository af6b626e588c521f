"""Router: order of calls, fallbacks and failures."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from stillroom.domain.errors import (
    ContentRefused,
    InputCorrupt,
    InputTooLarge,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.domain.providers.requests import GenerationRequest, ProviderEvent
from stillroom.providers.outcomes import CallTimeouts
from tests.unit.providers.scripted import PRICE, MemoryJournal, ScriptedProvider, Studio, picture, request

pytestmark = pytest.mark.anyio

LIMITED = ProviderRateLimited(reason="rate_limited")
DOWN = ProviderUnavailable(reason="http_503")
REFUSED = ContentRefused(reason="moderation")


async def test_first_cloud_makes_every_candidate_and_the_preview_is_local() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("chatgpt"), ScriptedProvider("local"))
    assert await studio.make() == {0: "local", 1: "gemini", 2: "gemini", 3: "gemini"}
    assert studio.providers["gemini"].batches == [(1,), (2,), (3,)]
    assert studio.providers["chatgpt"].batches == []
    assert studio.providers["local"].batches == [(0,)]
    assert studio.journal.fallbacks == []


async def test_no_preview_is_made_without_a_cloud() -> None:
    studio = Studio(ScriptedProvider("local"))
    assert await studio.make() == {1: "local", 2: "local", 3: "local"}


async def test_job_counts_as_waiting_while_only_vendor_calls_run() -> None:
    studio = Studio(ScriptedProvider("gemini", seconds=0.05), ScriptedProvider("local"))
    await studio.make()
    assert studio.journal.waits == [False, True, False]


async def test_local_work_does_not_count_as_waiting() -> None:
    studio = Studio(ScriptedProvider("local", seconds=0.01))
    await studio.make()
    assert studio.journal.waits == [False]


async def test_failure_passes_every_candidate_to_the_next_provider() -> None:
    studio = Studio(
        ScriptedProvider("gemini", LIMITED),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        per_call={"chatgpt": 10},
    )
    assert await studio.make() == {0: "local", 1: "chatgpt", 2: "chatgpt", 3: "chatgpt"}
    assert studio.providers["chatgpt"].batches == [(1, 2, 3)]
    assert studio.journal.fallbacks == [("gemini", "chatgpt", "rate_limited")]


async def test_only_missing_candidates_are_passed_on() -> None:
    studio = Studio(
        ScriptedProvider("gemini", 1, DOWN, 1),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        per_call={"chatgpt": 10},
    )
    assert await studio.make() == {0: "local", 1: "gemini", 2: "chatgpt", 3: "gemini"}
    assert studio.providers["chatgpt"].batches == [(2,)]


async def test_fewer_pictures_than_asked_leave_the_rest_to_the_next() -> None:
    studio = Studio(
        ScriptedProvider("chatgpt", 2),
        ScriptedProvider("gemini"),
        ScriptedProvider("local"),
        per_call={"chatgpt": 10},
    )
    assert await studio.make() == {0: "local", 1: "chatgpt", 2: "chatgpt", 3: "gemini"}
    assert studio.journal.outcomes("chatgpt") == [("ok", "fewer_pictures")]


async def test_picture_keeps_its_place_if_one_before_it_is_missing() -> None:
    class SecondOnly(ScriptedProvider):
        async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
            yield picture(self.name, request.wanted[1])

    studio = Studio(SecondOnly("chatgpt"), ScriptedProvider("local"), per_call={"chatgpt": 10})
    made = await studio.make(request(2, wants_preview=False))
    assert made == {1: "local", 2: "chatgpt"}


async def test_content_refusal_is_not_passed_to_another_provider() -> None:
    studio = Studio(
        ScriptedProvider("gemini", REFUSED), ScriptedProvider("chatgpt"), ScriptedProvider("local")
    )
    assert set((await studio.make()).values()) == {"local"}
    assert studio.providers["chatgpt"].batches == []
    assert studio.journal.fallbacks == [("gemini", "local", "refused")]
    assert ("chatgpt", "refused") in studio.journal.skipped


async def test_setting_passes_refusals_to_the_next_provider() -> None:
    studio = Studio(
        ScriptedProvider("gemini", REFUSED),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        refusal_fallback="next",
    )
    assert (await studio.make())[1] == "chatgpt"


async def test_refused_candidate_does_not_lose_the_others() -> None:
    studio = Studio(
        ScriptedProvider("gemini", 1, REFUSED, 1), ScriptedProvider("chatgpt"), ScriptedProvider("local")
    )
    assert await studio.make() == {0: "local", 1: "gemini", 2: "local", 3: "gemini"}


async def test_short_retry_after_is_honoured_once() -> None:
    soon = ProviderRateLimited(reason="rate_limited", retry_after_seconds=0.0)
    studio = Studio(
        ScriptedProvider("gemini", soon, 1), ScriptedProvider("chatgpt"), ScriptedProvider("local")
    )
    assert (await studio.make(request(1)))[1] == "gemini"
    again = Studio(ScriptedProvider("gemini", soon), ScriptedProvider("chatgpt"), ScriptedProvider("local"))
    assert (await again.make(request(1)))[1] == "chatgpt"
    assert len(again.providers["gemini"].batches) == 2


@pytest.mark.parametrize(
    "error",
    [
        ProviderRateLimited(reason="rate_limited", retry_after_seconds=2.1),
        ProviderRateLimited(reason="quota", retry_after_seconds=1.0),
        LIMITED,
        DOWN,
        ProviderUnavailable(reason="connection"),
        ProviderTimeout(reason="ceiling"),
        ProviderRejectedRequest(reason="key"),
    ],
)
async def test_other_failures_are_not_resent(error: StillroomError) -> None:
    studio = Studio(ScriptedProvider("gemini", error), ScriptedProvider("chatgpt"), ScriptedProvider("local"))
    await studio.make(request(1))
    assert len(studio.providers["gemini"].batches) == 1


async def test_unsent_call_is_retried_once_at_once() -> None:
    unsent = ProviderUnavailable(reason="unreachable", sent=False)
    studio = Studio(ScriptedProvider("gemini", unsent, 1), ScriptedProvider("local"))
    assert (await studio.make(request(1)))[1] == "gemini"


async def test_all_clouds_down_reuse_the_preview_as_result() -> None:
    studio = Studio(
        ScriptedProvider("gemini", DOWN), ScriptedProvider("chatgpt", DOWN), ScriptedProvider("local")
    )
    assert await studio.make() == {0: "local", 1: "local", 2: "local", 3: "local"}
    assert studio.providers["local"].batches == [(0,), (2, 3)]
    assert studio.journal.fallbacks[-1] == ("chatgpt", "local", "unavailable")


async def test_a_preview_of_an_earlier_attempt_is_enough() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"))
    assert await studio.make(request(2, wants_preview=False)) == {1: "gemini", 2: "gemini"}


async def test_picture_of_another_product_is_ranked_last_and_the_next_provider_is_tried() -> None:
    studio = Studio(
        ScriptedProvider("gemini", "unverified"), ScriptedProvider("chatgpt"), ScriptedProvider("local")
    )
    assert await studio.make(request(1)) == {0: "local", 2: "gemini", 1: "chatgpt"}
    assert studio.journal.outcomes("gemini") == [("ok", "product_not_verified")]


async def test_internal_error_of_an_adapter_is_a_failure_of_that_provider() -> None:
    studio = Studio(
        ScriptedProvider("gemini", TypeError("oops")), ScriptedProvider("chatgpt"), ScriptedProvider("local")
    )
    assert (await studio.make(request(1)))[1] == "chatgpt"
    assert studio.journal.outcomes("gemini") == [("failed", "E_INTERNAL")]


async def test_a_damaged_photo_stops_everything() -> None:
    studio = Studio(
        ScriptedProvider("gemini", InputCorrupt()),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local", InputCorrupt()),
    )
    with pytest.raises(InputCorrupt):
        await studio.make()
    assert studio.providers["chatgpt"].batches == []


async def test_slow_call_continues_while_the_next_provider_is_tried() -> None:
    timeouts = CallTimeouts(floor_seconds=0.05, factor=0.0)
    studio = Studio(
        ScriptedProvider("gemini", seconds=0.25),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        timeouts=timeouts,
    )
    assert await studio.make(request(1)) == {0: "local", 1: "chatgpt", 2: "gemini"}
    assert studio.journal.fallbacks == [("gemini", "chatgpt", "timeout")]
    assert studio.journal.outcomes("gemini") == [("ok", None)]


async def test_slow_call_still_delivers_if_all_other_providers_fail() -> None:
    timeouts = CallTimeouts(floor_seconds=0.05, factor=0.0)
    studio = Studio(
        ScriptedProvider("gemini", seconds=0.25),
        ScriptedProvider("chatgpt", DOWN),
        ScriptedProvider("local", DOWN),
        timeouts=timeouts,
    )
    assert await studio.make(request(1)) == {1: "gemini"}
    assert studio.journal.outcomes("gemini") == [("ok", None)]


async def test_only_vendor_time_counts_as_slow() -> None:
    timeouts = CallTimeouts(floor_seconds=0.1, factor=0.0)
    studio = Studio(
        ScriptedProvider("gemini", busy_seconds=0.3),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        timeouts=timeouts,
    )
    assert (await studio.make(request(1)))[1] == "gemini"
    assert studio.providers["chatgpt"].batches == []


async def test_a_call_that_never_ends_is_left_with_its_price_on_record() -> None:
    timeouts = CallTimeouts(floor_seconds=0.05, factor=0.0, late_seconds=0.05)
    studio = Studio(
        ScriptedProvider("gemini", "never"),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        timeouts=timeouts,
    )
    assert (await studio.make(request(1)))[1] == "chatgpt"
    assert studio.journal.outcomes("gemini") == [("unknown", "abandoned")]
    assert [end.cost_micro_usd for end in studio.journal.ended.values()].count(PRICE) == 2


async def test_exhausted_budget_leaves_only_the_local_provider() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"), budget=2 * PRICE)
    assert await studio.make() == {0: "local", 1: "gemini", 2: "gemini", 3: "local"}
    assert ("gemini", "over_budget") in studio.journal.skipped
    assert studio.journal.fallbacks == [("gemini", "local", "over_budget")]


async def test_provider_of_unknown_price_is_skipped_under_a_budget() -> None:
    studio = Studio(
        ScriptedProvider("gemini"),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        budget=10 * PRICE,
        unpriced=["gemini"],
    )
    assert set((await studio.make()).values()) == {"local", "chatgpt"}
    assert ("gemini", "price_unknown") in studio.journal.skipped
    assert studio.journal.fallbacks == [("gemini", "chatgpt", "price_unknown")]


async def test_a_refusal_counts_although_the_budget_stopped_a_call_beside_it() -> None:
    studio = Studio(
        ScriptedProvider("gemini", REFUSED),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        budget=2 * PRICE,
    )
    assert set((await studio.make()).values()) == {"local"}
    assert ("chatgpt", "over_budget") not in studio.journal.skipped
    assert studio.journal.fallbacks == [("gemini", "local", "refused")]


async def test_interrupted_call_leaves_only_the_local_provider_with_a_reason() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("chatgpt"), ScriptedProvider("local"))
    interrupted = replace(request(2), interrupted="gemini")
    assert set((await studio.make(interrupted)).values()) == {"local"}
    assert studio.providers["gemini"].batches == studio.providers["chatgpt"].batches == []
    assert studio.journal.fallbacks == [("gemini", "local", "interrupted")]
    assert ("chatgpt", "interrupted") in studio.journal.skipped


async def test_an_open_breaker_is_passed_over_with_its_reason() -> None:
    studio = Studio(
        ScriptedProvider("gemini", LIMITED), ScriptedProvider("chatgpt"), ScriptedProvider("local")
    )
    await studio.make(request(1))
    studio.journal.fallbacks.clear()
    await studio.make(request(1))
    assert len(studio.providers["gemini"].batches) == 1
    assert ("gemini", "breaker_open") in studio.journal.skipped
    assert studio.journal.fallbacks == [("gemini", "chatgpt", "breaker_open")]


async def test_a_cloud_that_has_failed_is_tried_with_one_call_first() -> None:
    studio = Studio(ScriptedProvider("gemini", DOWN, 1), ScriptedProvider("local"))
    await studio.make(request(1))
    studio.providers["gemini"].batches.clear()
    await studio.make(request(3))
    assert studio.providers["gemini"].batches[0] == (1,)
    assert sorted(studio.providers["gemini"].batches) == [(1,), (2,), (3,)]


async def test_calls_to_a_broken_cloud_stop_after_three_and_it_comes_back_by_itself() -> None:
    studio = Studio(ScriptedProvider("gemini", DOWN), ScriptedProvider("local"))
    for _ in range(10):
        await studio.make(request(1))
    assert len(studio.providers["gemini"].batches) == 3
    studio.providers["gemini"].behaviours = [1]
    studio.clock.advance(61)
    assert (await studio.make(request(1)))[1] == "gemini"
    assert (await studio.make(request(2)))[2] == "gemini"


async def test_a_job_without_budget_does_not_use_up_the_probe_of_a_broken_cloud() -> None:
    studio = Studio(ScriptedProvider("gemini", LIMITED, 1), ScriptedProvider("local"))
    await studio.make(request(1))
    studio.clock.advance(31)
    studio.journal = MemoryJournal(budget=0)
    assert (await studio.make(request(1)))[1] == "local"
    studio.journal = MemoryJournal()
    assert (await studio.make(request(1)))[1] == "gemini"


async def test_faster_cloud_is_first_in_latency_order() -> None:
    studio = Studio(
        ScriptedProvider("gemini"),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        strategy="prefer_latency",
    )
    await studio.breakers.succeeded("gemini", "gemini-1", "k", 20_000)
    await studio.breakers.succeeded("chatgpt", "chatgpt-1", "k", 900)
    assert (await studio.make(request(1)))[1] == "chatgpt"


async def test_slow_by_design_cloud_is_not_overtaken() -> None:
    studio = Studio(
        ScriptedProvider("gemini", LIMITED),
        ScriptedProvider("sora", seconds=0.05),
        ScriptedProvider("chatgpt"),
        ScriptedProvider("local"),
        long_waits=["sora"],
    )
    assert await studio.make(request(1)) == {0: "local", 1: "sora"}
    assert studio.providers["chatgpt"].batches == []


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (REFUSED, REFUSED, ContentRefused),
        (DOWN, LIMITED, ProviderRateLimited),
        (ProviderTimeout(reason="ceiling"), DOWN, ProviderTimeout),
        (ProviderRejectedRequest(reason="key"), DOWN, ProviderUnavailable),
        (InputTooLarge(reason="picture"), LIMITED, InputTooLarge),
    ],
)
async def test_actionable_failure_is_reported_if_every_provider_fails(
    first: StillroomError, second: StillroomError, told: type[StillroomError]
) -> None:
    local = REFUSED if told is ContentRefused else ProviderUnavailable(reason="broken")
    studio = Studio(
        ScriptedProvider("gemini", first),
        ScriptedProvider("chatgpt", second),
        ScriptedProvider("local", local),
        refusal_fallback="next",
    )
    with pytest.raises(told) as caught:
        await studio.make(request(1))
    attempts = caught.value.params["attempts"]
    assert [attempt["provider"] for attempt in attempts] == ["gemini", "chatgpt", "local"]
