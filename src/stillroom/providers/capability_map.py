"""Capability map: which providers can do an operation, at what price and latency, in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.ports import ProviderState
from stillroom.domain.providers.capabilities import LOCAL, ModelCard, Offer, ProviderCard
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.reasons import NOT_CHOSEN
from stillroom.domain.providers.requests import GenerationRequest, ImageProvider, Operation


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """A configured provider, or the reason why it is not available.

    Attributes:
        provider: None if the provider cannot be called.
        configuration: Fingerprint of key and address; the circuit breaker resets when it changes.
        why_not: `not_configured`, `retired` or `not_chosen` if there is no provider.
    """

    provider: ImageProvider | None
    configuration: str = ""
    why_not: str = "not_configured"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that can be called for an operation.

    Attributes:
        offer: Expected latency of the model for the operation.
        configuration: Fingerprint of key and address.
        expected_seconds: Observed latency, else the latency of the offer.
    """

    provider: ImageProvider
    card: ModelCard
    offer: Offer
    configuration: str
    expected_seconds: float

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.provider.name

    @property
    def is_local(self) -> bool:
        """Whether it is the local provider, which costs nothing."""
        return self.name == LOCAL


@dataclass(frozen=True, slots=True)
class Skipped:
    """A provider that is skipped, and the reason."""

    provider: str
    reason: str


@dataclass(frozen=True, slots=True)
class CapabilityMap:
    """The callable providers in their order.

    Attributes:
        registry: Entries by provider id.
        order: Sort order of the providers.
    """

    registry: Mapping[str, RegistryEntry]
    order: ProviderOrder

    def has_cloud(
        self, operation: Operation, provider: str | None, cards: Sequence[ProviderCard], today: date
    ) -> bool:
        """Whether a configured cloud model offers an operation."""
        for card in cards:
            entry = self.registry.get(card.id, RegistryEntry(None))
            if card.id == LOCAL or entry.provider is None or provider not in (None, card.id):
                continue
            model = card.model(entry.provider.model_in_use.partition("/")[2])
            if not model.is_gone(today) and operation in model.operations:
                return True
        return False

    def price(
        self, operation: Operation, provider: str | None, cards: Sequence[ProviderCard], today: date
    ) -> tuple[str, int]:
        """Return the provider that is asked first, and its price per picture in millionths of a US dollar."""
        request = GenerationRequest(operation, b"", "", "", Context(), (), provider=provider)
        able, _ = self.route(request, cards, {}, today)
        first = next((one for one in able if not one.is_local), None)
        return (LOCAL, 0) if first is None else (first.name, first.card.cost_micro_usd or 0)

    def route(
        self,
        request: GenerationRequest,
        cards: Sequence[ProviderCard],
        states: Mapping[tuple[str, str], ProviderState],
        today: date,
    ) -> tuple[list[Candidate], list[Skipped]]:
        """Return the candidates for a request in call order, and the providers that are skipped.

        Args:
            states: Observed latencies and announced last days, by provider and model.
            today: Excludes models that have been shut down.
        """
        known = {card.id: card for card in cards}
        names = dict.fromkeys([*self.order.names, *self.registry, LOCAL])
        able: list[Candidate] = []
        skipped: list[Skipped] = []
        for name in names:
            if request.provider is not None and name not in (request.provider, LOCAL):
                skipped.append(Skipped(name, NOT_CHOSEN))
                continue
            found = self._candidate(name, known.get(name), request, states, today)
            if isinstance(found, Candidate):
                able.append(found)
            else:
                skipped.append(Skipped(name, found))
        able.sort(key=lambda one: self.order.key(one.name, one.expected_seconds))
        return able, skipped

    def _candidate(
        self,
        name: str,
        card: ProviderCard | None,
        request: GenerationRequest,
        states: Mapping[tuple[str, str], ProviderState],
        today: date,
    ) -> Candidate | str:
        entry = self.registry.get(name, RegistryEntry(None))
        if entry.provider is None:
            return entry.why_not
        if card is None:
            return "not_in_catalogue"
        model = card.model(entry.provider.model_in_use.partition("/")[2])
        state = states.get((name, model.id))
        model = model.shutting_down(state.shuts_down_on if state else None)
        if model.is_gone(today):
            return "retired"
        offer = model.operations.get(request.operation)
        as_is = any(one.plan.backdrop.kind in ("transparent", "picture") for one in request.wanted)
        turned = any(_is_turned(one.plan) for one in request.wanted)
        # Transparent backdrops are made locally: no cloud model preserves the product's exact edge. So are
        # own backdrops, which are shown as they are, and numbers, such as a position or a shadow's depth.
        if offer is None or ((as_is or turned or request.is_exact) and name != LOCAL):
            return "not_capable"
        seen_ms = state.latency_ms if state else None
        expected = offer.latency_seconds if seen_ms is None else seen_ms / 1000
        return Candidate(entry.provider, model, offer, entry.configuration, expected)


def _is_turned(plan: Plan) -> bool:
    """Whether a rotation by hand is asked for, which no model carries out exactly."""
    return "framing" in plan.asked and plan.framing.rotation_deg != 0
