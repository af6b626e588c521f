"""Capability map: which providers are available for an operation."""

from datetime import date

import pytest

from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.requests import Operation
from stillroom.providers.capability_map import CapabilityMap, RegistryEntry
from tests.unit.providers.scenes import Cards, ScriptedProvider

TODAY = date(2026, 11, 26)


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
    cards = Cards(dict.fromkeys(("local", "gemini", "chatgpt"), 1), gone=gone).providers()
    registry = {name: RegistryEntry(ScriptedProvider(name)) for name in configured}
    capabilities = CapabilityMap(registry, ProviderOrder(configured))
    assert capabilities.has_cloud(operation, provider, cards, TODAY) == has_cloud
