"""Provider order: one key for the router and for the capability map that clients see."""

from stillroom.domain.providers.order import ProviderOrder

SECONDS = {"local": 1.0, "slow": 9.0, "quick": 2.0, "installed": 5.0}


def ordered(order: ProviderOrder) -> list[str]:
    return sorted(SECONDS, key=lambda name: order.key(name, SECONDS[name]))


def test_quality_follows_the_list_then_unlisted_providers_then_local() -> None:
    assert ordered(ProviderOrder(["slow", "quick", "local"])) == ["slow", "quick", "installed", "local"]
    assert ordered(ProviderOrder(["local", "quick", "slow"])) == ["quick", "slow", "installed", "local"]


def test_latency_orders_listed_and_unlisted_providers_by_observed_seconds() -> None:
    order = ProviderOrder(["slow", "quick"], "prefer_latency")
    assert ordered(order) == ["quick", "installed", "slow", "local"]
