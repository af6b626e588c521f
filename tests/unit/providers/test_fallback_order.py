"""The next provider after a failure is the next one of the list, for every set of clouds in every order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from stillroom.application.status import Status
from stillroom.domain.errors import (
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.domain.ports import ProviderState
from stillroom.domain.providers.order import ProviderOrder, Strategy
from stillroom.domain.providers.requests import Operation, RegistryEntry
from stillroom.providers.capability_map import CallableModel, CapabilityMap
from stillroom.storage.blobs import BlobStore
from stillroom.storage.catalog import FileCatalogue
from tests.fakes.provider_states import MemoryStates
from tests.unit.providers.scripted import ScriptedProvider, Studio, request

pytestmark = pytest.mark.anyio

CLOUDS = ("gemini", "sora", "chatgpt", "seedream", "qwen")
ORDERS = [order for size in range(1, len(CLOUDS) + 1) for order in permutations(CLOUDS, size)]
"""Every set of configured clouds in every order: 5 alone, 20 pairs, 60 triples, 120 and 120."""

FAILURES: Sequence[tuple[StillroomError, str]] = (
    (ProviderRateLimited(reason="rate_limited"), "rate_limited"),
    (ProviderRateLimited(reason="quota"), "quota"),
    (ProviderUnavailable(reason="http_503"), "unavailable"),
    (ProviderTimeout(reason="ceiling"), "timeout"),
    (ProviderRejectedRequest(reason="key"), "auth"),
)

TODAY = datetime(2026, 11, 26, tzinfo=UTC)


def orders(size: int) -> list[tuple[str, ...]]:
    return [order for order in ORDERS if len(order) == size]


@pytest.mark.parametrize("size", range(1, len(CLOUDS) + 1))
@pytest.mark.parametrize("works", [True, False], ids=["the last one works", "all fail"])
async def test_clouds_are_asked_one_after_the_other_in_the_configured_order(size: int, works: bool) -> None:
    for order in orders(size):
        failing = order[:-1] if works else order
        reasons = {name: FAILURES[at % len(FAILURES)] for at, name in enumerate(failing)}
        providers = [
            ScriptedProvider(name, reasons[name][0]) if name in reasons else ScriptedProvider(name)
            for name in order
        ]
        studio = Studio(*providers, ScriptedProvider("local"), long_waits=["sora"])
        made = await studio.make(request(1))
        chain = [*order, "local"] if not works else [*order]
        assert made == {0: "local", 1: chain[-1]}, order
        asked = [name for name in studio.journal.begun.values() if name != "local"]
        assert asked == list(order)
        assert studio.journal.fallbacks == [
            (source, target, reasons[source][1]) for source, target in pairwise(chain)
        ]


class Latencies(MemoryStates):
    """Provider states with a moving average for some of the models."""

    def __init__(self, seconds: dict[tuple[str, str], float]) -> None:
        super().__init__()
        now = TODAY
        for (provider, model), value in seconds.items():
            self.kept[provider, model] = ProviderState(
                provider, model, now, latency_ms=value * 1000, configuration="an earlier key"
            )


@pytest.mark.parametrize("strategy", ["prefer_quality", "prefer_latency"])
@pytest.mark.parametrize("operation", list(Operation))
async def test_the_capability_map_that_clients_see_has_the_order_of_the_router(
    strategy: Strategy, operation: Operation, tmp_path: Path
) -> None:
    catalogue = FileCatalogue()
    cards = catalogue.providers()
    models = {card.id: (card.default_model or card.any_model).id for card in cards}
    observed = Latencies({("chatgpt", models["chatgpt"]): 31.0, ("sora", models["sora"]): 3.0})

    class Named(ScriptedProvider):
        @property
        def model_in_use(self) -> str:
            return f"{self.name}/{models[self.name]}"

    registry = {name: RegistryEntry(Named(name), "k") for name in reversed([*CLOUDS, "local"])}
    for names in ORDERS:
        order = ProviderOrder(names, strategy)
        capabilities = CapabilityMap(registry, order, catalogue, lambda: TODAY)
        route = capabilities.route(request(1, operation=operation), observed.kept)
        assert all(isinstance(one, CallableModel) for one in route)
        status = Status(
            observed,
            BlobStore(str(tmp_path)),
            catalogue,
            registry,
            lambda: TODAY,
            order,
        )
        shown = [one.provider for one in (await status.routes())[operation]]
        assert shown == [one.name for one in route], names
        if strategy == "prefer_quality":
            assert shown[: len(names)] == [*names]
        else:
            assert shown[0] == "sora"
        assert shown[-1] == "local"
