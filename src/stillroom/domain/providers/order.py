"""Provider order: by the operator's list or by observed latency, the local provider last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stillroom.domain.providers.capabilities import LOCAL

Strategy = Literal["prefer_quality", "prefer_latency"]


@dataclass(frozen=True, slots=True)
class ProviderOrder:
    """The order in which providers are called.

    Attributes:
        names: Provider ids, first choice first; unlisted providers come last.
        strategy: `prefer_quality` follows the list, `prefer_latency` the observed latency.
    """

    names: Sequence[str]
    strategy: Strategy = "prefer_quality"

    def key(self, provider: str, latency_seconds: float) -> tuple[bool, float, int, str]:
        """Return a provider's sort key; no two providers share one, so the input's order has no effect."""
        position = self.names.index(provider) if provider in self.names else len(self.names)
        by_latency = latency_seconds if self.strategy == "prefer_latency" else 0.0
        return provider == LOCAL, by_latency, position, provider
