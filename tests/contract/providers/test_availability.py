"""Vendors' lists of models through the real SDKs: who is missing is gone, who is back is asked again."""

from datetime import date
from typing import Protocol, cast

import pytest

from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ProviderCard
from stillroom.domain.words import Words
from stillroom.providers.adapters.chatgpt import ChatGptModel
from stillroom.providers.adapters.gemini import GeminiModel
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.adapters.wire import is_version_of
from stillroom.providers.availability import CEILING_SECONDS, FirstCheck
from stillroom.providers.circuit_breaker import Admission, CircuitBreakers
from stillroom.providers.clouds import CloudProvider
from stillroom.providers.image_requests import PictureModel
from stillroom.providers.views import Views
from tests.contract.providers.conftest import CHATGPT_CARD, GEMINI_CARD, QWEN_CARD, SEEDREAM_CARD, Wired, card
from tests.fakes.decoding import open_here
from tests.fakes.provider_states import HandClock, MemoryStates
from tests.fakes.providers.ark import FakeArk
from tests.fakes.providers.server import KEY, Fault

pytestmark = pytest.mark.anyio


class ProviderCatalogue:
    """A catalogue that knows providers alone."""

    def provider(self, name: str) -> ProviderCard:
        """A vendor with the model in use and another."""
        used, other = {
            "gemini": (GEMINI_CARD, "gemini-3-pro-image"),
            "chatgpt": (CHATGPT_CARD, "gpt-image-2"),
            "seedream": (SEEDREAM_CARD, "doubao-seedream-4-0-250828"),
            "qwen": (QWEN_CARD, "qwen-image-2.0"),
        }[name]
        return ProviderCard(id=name, name=Words(zh=name, en=name), models=(used, card(other)), any_model=used)


class CheckedProvider:
    """A check of availability, and the state of the models afterwards."""

    def __init__(self) -> None:
        """Know nothing."""
        self.breakers = CircuitBreakers(MemoryStates(), HandClock())

    async def call(self, *models: PictureModel, ceiling_seconds: float = CEILING_SECONDS) -> list[Admission]:
        """Check all models, and return those that may be used."""
        catalogue = cast(Catalogue, ProviderCatalogue())
        clouds = [
            CloudProvider(
                model, cast(LocalProvider, None), catalogue, Views(), open_file=open_here, hurry=False
            )
            for model in models
        ]
        await FirstCheck(clouds, self.breakers, ceiling_seconds).run()
        return [
            await self.breakers.admit(model.name, model.model, model.configuration, 60.0) for model in models
        ]


OTHERS = {
    "gemini": "gemini-3-pro-image",
    "chatgpt": "gpt-image-2",
    "seedream": "doubao-seedream-4-0-250828",
    "qwen": "qwen-image-2.0",
}


@pytest.fixture
def listing(wired: Wired) -> Wired:
    """Each vendor in turn, with its usual list."""
    wired.server.models = models_of(wired)
    if isinstance(wired.server, FakeArk):
        wired.server.served = models_of(wired)
    return wired


def models_of(wired: Wired) -> list[str]:
    """The model in use, and another."""
    return [wired.card.id, OTHERS[wired.model.name]]


async def test_listed_model_is_used(listing: Wired) -> None:
    assert await CheckedProvider().call(listing.model) == [Admission.FREE]
    assert listing.server.calls == 0


async def test_unlisted_model_is_skipped_until_it_is_listed_again(listing: Wired) -> None:
    checked = CheckedProvider()
    listing.server.models = models_of(listing)[1:]
    if isinstance(listing.server, FakeArk):
        listing.server.served = models_of(listing)[1:]
    # Model Studio's list leaves out models that it serves, so there a missing name proves nothing.
    missing = Admission.FREE if listing.model.name == "qwen" else Admission.GONE
    assert await checked.call(listing.model) == [missing]
    listing.server.models = models_of(listing)
    if isinstance(listing.server, FakeArk):
        listing.server.served = models_of(listing)
    assert await checked.call(listing.model) == [Admission.FREE]


async def test_another_model_whose_name_begins_alike_does_not_count(listing: Wired) -> None:
    listing.server.models = [f"{listing.card.id}-ultra", f"{listing.card.id}.1", models_of(listing)[1]]
    if isinstance(listing.server, FakeArk):
        listing.server.served = listing.server.models
    missing = Admission.FREE if listing.model.name == "qwen" else Admission.GONE
    assert await CheckedProvider().call(listing.model) == [missing]


@pytest.mark.parametrize("name", ["gpt-image-2-2026-04-21", "gpt-image-2-001", "gpt-image-2-260421"])
def test_versions_of_a_model_are_dated_or_numbered(name: str) -> None:
    assert is_version_of(name, "gpt-image-2")


async def test_dated_name_counts_as_its_model(listing: Wired) -> None:
    listing.server.models = [f"{listing.card.id}-2026-11-04", models_of(listing)[1]]
    assert await CheckedProvider().call(listing.model) == [Admission.FREE]


@pytest.mark.parametrize("names", [[], ["a-relay-has-names-of-its-own"]])
async def test_list_without_any_known_name_is_ignored(listing: Wired, names: list[str]) -> None:
    listing.server.models = names
    assert await CheckedProvider().call(listing.model) == [Admission.FREE]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(401, "", path="/models"),
        Fault(404, "", path="/models"),
        Fault(503, "<html>", content_type="text/html", path="/models"),
        Fault(200, '{"data": [', path="/models"),
        Fault(200, "[]", path="/models"),
        Fault(act="drop", path="/models"),
    ],
    ids=["401", "404", "503", "broken", "a list", "dropped"],
)
async def test_failed_check_changes_nothing(listing: Wired, fault: Fault) -> None:
    listing.server.fail(fault)
    assert await CheckedProvider().call(listing.model) == [Admission.FREE]


async def test_check_times_out_on_a_silent_vendor(listing: Wired) -> None:
    listing.server.fail(Fault(act="slow", seconds=2, path="/models"))
    assert await CheckedProvider().call(listing.model, ceiling_seconds=0.2) == [Admission.FREE]


async def test_silent_vendor_does_not_block_the_list_of_another(wired_gemini: Wired) -> None:
    wired_gemini.server.models = ["gemini-3-pro-image"]
    nobody = ChatGptModel(KEY, CHATGPT_CARD.id, "http://127.0.0.1:9/v1")
    gone = GeminiModel(KEY, GEMINI_CARD.id, wired_gemini.server.address)
    assert await CheckedProvider().call(nobody, gone) == [Admission.FREE, Admission.GONE]
    await nobody.close()
    await gone.close()


class StatesDates(Protocol):
    """A fake vendor whose list states last days."""

    shutdown_dates: dict[str, str]


@pytest.mark.parametrize(
    ("stated", "last_day", "admitted"),
    [
        ("2026-12-12", date(2026, 12, 12), True),
        ("2026-11-01", date(2026, 11, 1), False),
        ("soon", None, True),
        (None, None, True),
    ],
)
async def test_the_last_day_that_a_vendor_states_counts_before_the_catalogue(
    wired_chatgpt: Wired,
    wired_seedream: Wired,
    wired_qwen: Wired,
    stated: str | None,
    last_day: date | None,
    admitted: bool,
) -> None:
    for wired in (wired_chatgpt, wired_seedream, wired_qwen):
        checked = CheckedProvider()
        server = cast(StatesDates, wired.server)
        wired.server.models = models_of(wired)
        server.shutdown_dates = {wired.card.id: stated} if stated else {}
        await checked.call(wired.model)
        server.shutdown_dates = {}
        state = (await checked.breakers.states()).get((wired.model.name, wired.model.model))
        known = state.shuts_down_on if state else None
        assert known == last_day
        assert wired.card.shutting_down(known).is_gone(date(2026, 11, 24)) is not admitted
