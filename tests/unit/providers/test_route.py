"""Providers that the router asks or passes over: chosen, shut down, not capable or never set up."""

from datetime import date

import pytest

from stillroom.domain.errors import ProviderRateLimited, ProviderUnavailable
from stillroom.domain.plans.plan import Backdrop, Plan
from stillroom.domain.providers.requests import Operation, Wanted, WhyNot
from tests.unit.providers.scripted import ModelList, ScriptedProvider, Studio, request

pytestmark = pytest.mark.anyio

LIMITED = ProviderRateLimited(reason="rate_limited")
DOWN = ProviderUnavailable(reason="http_503")


async def test_chosen_cloud_is_the_only_one_called() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("chatgpt", DOWN), ScriptedProvider("local"))
    assert set((await studio.make(request(2, provider="chatgpt"))).values()) == {"local"}
    assert studio.providers["gemini"].batches == []
    assert ("gemini", "not_chosen") in studio.journal.skipped


async def test_provider_without_the_capability_is_not_called() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"))
    with pytest.raises(ProviderUnavailable):
        await studio.make(request(1, operation=Operation.REFINE))
    assert {("gemini", "not_capable"), ("local", "not_capable")} <= set(studio.journal.skipped)
    assert studio.journal.begun == {}


async def test_model_that_has_been_shut_down_is_not_called() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"), gone=["gemini"])
    assert await studio.make(request(1)) == {1: "local"}
    assert ("gemini", "retired") in studio.journal.skipped
    assert studio.providers["gemini"].batches == []


@pytest.mark.parametrize(
    ("why_not", "told"),
    [("not_configured", "not_configured"), ("retired", "retired"), ("not_chosen", "switched_off")],
)
async def test_chosen_cloud_that_cannot_be_called_is_replaced_with_its_reason(
    why_not: WhyNot, told: str
) -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"), why_not={"chatgpt": why_not})
    assert await studio.make(request(1, provider="chatgpt")) == {1: "local"}
    assert ("chatgpt", told) in studio.journal.skipped
    assert studio.journal.fallbacks == [("chatgpt", "local", told)]


async def test_chosen_cloud_without_the_capability_is_replaced_with_its_reason() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"))
    wanted = (Wanted(1, Plan(backdrop=Backdrop(kind="transparent"))),)
    assert await studio.make(request(1, provider="gemini", wanted=wanted)) == {1: "local"}
    assert studio.journal.fallbacks == [("gemini", "local", "not_capable")]


async def test_chosen_model_that_has_been_shut_down_is_replaced_with_its_reason() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"), gone=["gemini"])
    assert await studio.make(request(1, provider="gemini")) == {1: "local"}
    assert studio.journal.fallbacks == [("gemini", "local", "retired")]


async def test_model_that_has_been_shut_down_is_passed_over_in_its_place_of_the_order() -> None:
    def studio() -> Studio:
        clouds = [ScriptedProvider(name) for name in ("gemini", "chatgpt", "seedream", "local")]
        return Studio(*clouds, gone=["gemini", "seedream"])

    first = studio()
    assert (await first.make(request(1)))[1] == "chatgpt"
    assert first.journal.fallbacks == [("gemini", "chatgpt", "retired")]
    assert ("seedream", "retired") in first.journal.skipped
    last = studio()
    last.providers["chatgpt"].behaviours = [LIMITED]
    assert (await last.make(request(1)))[1] == "local"
    assert last.journal.fallbacks == [
        ("gemini", "chatgpt", "retired"),
        ("chatgpt", "local", "rate_limited"),
        ("seedream", "local", "retired"),
    ]


async def test_first_cloud_call_waits_for_the_model_lists_and_the_preview_does_not() -> None:
    models = ModelList("gemini", date(2020, 1, 1))
    studio = Studio(
        ScriptedProvider("gemini"), ScriptedProvider("chatgpt"), ScriptedProvider("local"), lists=[models]
    )
    # The list comes after the preview, which would wait for ever if it waited for the list.
    made = await studio.make(request(1), on_picture=models.released.set)
    assert made == {0: "local", 1: "chatgpt"}
    assert studio.journal.fallbacks == [("gemini", "chatgpt", "retired")]
    assert studio.providers["gemini"].batches == []
    await studio.make(request(1))
    assert models.reads == 1


async def test_model_list_that_does_not_come_delays_the_first_call_only_for_a_while() -> None:
    models = ModelList("gemini", date(2020, 1, 1))
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"), lists=[models])
    assert await studio.make(request(1)) == {0: "local", 1: "gemini"}


async def test_local_pictures_need_no_model_list() -> None:
    models = ModelList("gemini", date(2020, 1, 1))
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"), lists=[models])
    assert await studio.make(request(1, provider="local")) == {1: "local"}
    assert models.reads == 0


async def test_transparent_background_is_made_locally() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"))
    wanted = (Wanted(1, Plan(backdrop=Backdrop(kind="transparent"))),)
    assert await studio.make(request(1, wanted=wanted)) == {1: "local"}


async def test_plan_changes_without_an_instruction_are_made_locally() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"))
    assert await studio.make(request(1, is_exact=True)) == {1: "local"}
    assert ("gemini", "not_capable") in studio.journal.skipped


async def test_a_cloud_that_was_never_set_up_is_recorded() -> None:
    studio = Studio(ScriptedProvider("gemini"), ScriptedProvider("local"))
    await studio.make(request(1))
    assert ("sora", "not_configured") in studio.journal.skipped
