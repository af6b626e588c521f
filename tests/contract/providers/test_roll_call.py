"""Vendors' lists of models through the real SDKs: who is missing is gone, who is back is asked again."""

from collections.abc import Sequence
from typing import cast

import pytest

from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ProviderCard
from stillroom.domain.words import Words
from stillroom.providers.adapters.chatgpt import ChatGptModel
from stillroom.providers.adapters.gemini import GeminiModel
from stillroom.providers.availability import check_availability
from stillroom.providers.circuit_breaker import Admission, CircuitBreakers
from stillroom.providers.clouds import CloudProvider, ProductFinder
from stillroom.providers.image_requests import PictureModel
from stillroom.providers.views import Views
from tests.contract.providers.conftest import CHATGPT_CARD, GEMINI_CARD, Wired, card
from tests.fakes.provider_states import HandClock, MemoryStates
from tests.fakes.providers.server import KEY, Fault

pytestmark = pytest.mark.anyio


class Cards:
    """A catalogue that knows providers alone."""

    def providers(self) -> tuple[ProviderCard, ...]:
        """Both vendors, each with the model in use and another."""
        return tuple(
            ProviderCard(id=name, name=Words(zh=name, en=name), models=(used, card(other)), any_model=used)
            for name, used, other in (
                ("gemini", GEMINI_CARD, "gemini-3-pro-image"),
                ("chatgpt", CHATGPT_CARD, "gpt-image-2"),
            )
        )


class Office:
    """Who calls the roll, and what is known afterwards."""

    def __init__(self) -> None:
        """Know nothing."""
        self.breakers = CircuitBreakers(MemoryStates(), HandClock())

    async def call(self, *models: PictureModel) -> list[Admission]:
        """Ask all of them, and tell which may be asked for pictures then."""
        catalogue = cast(Catalogue, Cards())
        clouds = [
            CloudProvider(model, cast(ProductFinder, None), catalogue, Views(), hurry=False)
            for model in models
        ]
        await check_availability(clouds, self.breakers, catalogue)
        return [
            await self.breakers.admit(model.name, model.model, model.configuration, 60.0) for model in models
        ]


@pytest.fixture(params=["gemini", "chatgpt"])
def wired(request: pytest.FixtureRequest, wired_gemini: Wired, wired_chatgpt: Wired) -> Wired:
    """Each vendor in turn, with its usual list."""
    chosen = wired_gemini if request.param == "gemini" else wired_chatgpt
    chosen.server.models = models_of(chosen)
    return chosen


def models_of(wired: Wired) -> list[str]:
    """The model in use, and another."""
    others: Sequence[str] = ("gemini-3-pro-image", "gpt-image-2")
    return [wired.card.id, others[wired.model.name == "chatgpt"]]


async def test_a_model_on_the_list_is_asked(wired: Wired) -> None:
    assert await Office().call(wired.model) == [Admission.FREE]
    assert wired.server.calls == 0


async def test_a_model_off_the_list_is_left_alone_until_it_is_back(wired: Wired) -> None:
    office = Office()
    wired.server.models = models_of(wired)[1:]
    assert await office.call(wired.model) == [Admission.GONE]
    wired.server.models = models_of(wired)
    assert await office.call(wired.model) == [Admission.FREE]


async def test_a_dated_name_stands_for_its_model(wired: Wired) -> None:
    wired.server.models = [f"{wired.card.id}-2026-11-04", models_of(wired)[1]]
    assert await Office().call(wired.model) == [Admission.FREE]


@pytest.mark.parametrize("names", [[], ["a-relay-has-names-of-its-own"]])
async def test_a_list_that_knows_none_of_our_names_says_nothing(wired: Wired, names: list[str]) -> None:
    wired.server.models = names
    assert await Office().call(wired.model) == [Admission.FREE]


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
async def test_a_check_that_fails_changes_nothing(wired: Wired, fault: Fault) -> None:
    wired.server.fail(fault)
    assert await Office().call(wired.model) == [Admission.FREE]


async def test_a_vendor_that_never_answers_is_not_waited_for(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stillroom.providers.availability.CEILING_SECONDS", 0.2)
    wired.server.fail(Fault(act="slow", seconds=2, path="/models"))
    assert await Office().call(wired.model) == [Admission.FREE]


async def test_one_vendors_silence_does_not_hide_the_others_list(wired_gemini: Wired) -> None:
    wired_gemini.server.models = ["gemini-3-pro-image"]
    nobody = ChatGptModel(KEY, CHATGPT_CARD.id, "http://127.0.0.1:9/v1")
    gone = GeminiModel(KEY, GEMINI_CARD.id, wired_gemini.server.address)
    assert await Office().call(nobody, gone) == [Admission.FREE, Admission.GONE]
    await nobody.close()
    await gone.close()
