"""Capability map: which providers are available for an operation."""

from datetime import UTC, datetime
from typing import cast

import pytest

from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.requests import Operation, RegistryEntry
from stillroom.providers.capability_map import CapabilityMap
from tests.unit.providers.scripted import Cards, ScriptedProvider

TODAY = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("configured", "operation", "provider", "gone", "has_cloud"),
    [
        (("local",), Operation.OPTIMIZE, None, (), False),
        (("local", "gemini"), Operation.OPTIMIZE, None, (), True),
        (("local", "gemini"), Operation.OPTIMIZE, "gemini", (), True),
        (("local", "gemini"), Operation.OPTIMIZE, "local", (), False),
        (("local", "gemini"), Operation.OPTIMIZE, "chatgpt", (), False),
        (("local", "gemini"), Operation.REFINE, None, (), False),
        (("local", "gemini"), Operation.OPTIMIZE, None, ("gemini",), False),
    ],
)
def test_capability_map_lists_configured_clouds_for_each_operation(
    configured: tuple[str, ...],
    operation: Operation,
    provider: str | None,
    gone: tuple[str, ...],
    has_cloud: bool,
) -> None:
    cards = cast(Catalogue, Cards(dict.fromkeys(("local", "gemini", "chatgpt"), 1), gone=gone))
    registry = {name: RegistryEntry(ScriptedProvider(name)) for name in configured}
    capabilities = CapabilityMap(registry, ProviderOrder(configured), cards, lambda: TODAY)
    assert capabilities.has_cloud(operation, provider) == has_cloud
