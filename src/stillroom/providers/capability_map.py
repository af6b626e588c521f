"""Capability map: which providers can do an operation, at what price and latency, in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stillroom.domain.providers.capabilities import LOCAL, ModelCard, Offer, ProviderCard
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.reasons import NOT_CHOSEN
from stillroom.domain.providers.requests import GenerationRequest, ImageProvider, Operation


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """A provider that was set up, or why it was not.

    Attributes:
        provider: Who is asked; None if it cannot be.
        configuration: Stands for key and address; its breaker starts afresh when they change.
        why_not: `not_configured`, `retired` or `not_chosen` where there is no provider.
    """

    provider: ImageProvider | None
    configuration: str = ""
    why_not: str = "not_configured"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model that can be asked for an operation.

    Attributes:
        provider: Who is asked.
        card: What is known of the model.
        offer: How it does the operation.
        configuration: Stands for key and address.
        expected_seconds: As observed, else as the map says.
    """

    provider: ImageProvider
    card: ModelCard
    offer: Offer
    configuration: str
    expected_seconds: float

    @property
    def name(self) -> str:
        """The provider's."""
        return self.provider.name

    @property
    def is_local(self) -> bool:
        """Whether it works on this machine, for nothing."""
        return self.name == LOCAL


@dataclass(frozen=True, slots=True)
class Skipped:
    """A provider that is not asked, and why."""

    provider: str
    reason: str


@dataclass(frozen=True, slots=True)
class CapabilityMap:
    """Providers that can be called, in their order.

    Attributes:
        registry: Entries by provider id.
        order: Decides which provider is called first.
    """

    registry: Mapping[str, RegistryEntry]
    order: ProviderOrder

    def has_cloud(
        self, operation: Operation, provider: str | None, cards: Sequence[ProviderCard], today: date
    ) -> bool:
        """Whether a model elsewhere that was set up does an operation.

        Args:
            operation: What is to be done.
            provider: The only one that may be asked; None for any.
            cards: What is known of providers and their models.
            today: Tells which models have been shut down.
        """
        for card in cards:
            entry = self.registry.get(card.id, RegistryEntry(None))
            if card.id == LOCAL or entry.provider is None or provider not in (None, card.id):
                continue
            model = card.model(entry.provider.model_for(operation).partition("/")[2])
            if not model.is_gone(today) and operation in model.operations:
                return True
        return False

    def route(
        self,
        request: GenerationRequest,
        cards: Sequence[ProviderCard],
        latencies: Mapping[tuple[str, str], float],
        today: date,
    ) -> tuple[list[Candidate], list[Skipped]]:
        """Whom to ask for a request, first choice first, and who is left out.

        Args:
            request: What is asked.
            cards: What is known of providers and their models.
            latencies: Observed seconds by provider and model.
            today: Tells which models have been shut down.
        """
        known = {card.id: card for card in cards}
        names = dict.fromkeys([*self.order.names, *self.registry, LOCAL])
        able: list[Candidate] = []
        skipped: list[Skipped] = []
        for name in names:
            if request.provider is not None and name not in (request.provider, LOCAL):
                skipped.append(Skipped(name, NOT_CHOSEN))
                continue
            found = self._candidate(name, known.get(name), request, latencies, today)
            if isinstance(found, Candidate):
                able.append(found)
            else:
                skipped.append(Skipped(name, found))
        able.sort(key=lambda one: self.order.key(one.name, one.expected_seconds))
        return _without_slow(able, skipped, request)

    def _candidate(
        self,
        name: str,
        card: ProviderCard | None,
        request: GenerationRequest,
        latencies: Mapping[tuple[str, str], float],
        today: date,
    ) -> Candidate | str:
        entry = self.registry.get(name, RegistryEntry(None))
        if entry.provider is None:
            return entry.why_not
        if card is None:
            return "not_in_catalogue"
        model = card.model(entry.provider.model_for(request.operation).partition("/")[2])
        if model.is_gone(today):
            return "retired"
        offer = model.operations.get(request.operation)
        see_through = any(one.plan.backdrop.kind == "transparent" for one in request.wanted)
        # A see-through ground is cut out here: no model gives the seller's own edge.
        if offer is None or (see_through and name != LOCAL):
            return "not_capable"
        expected = latencies.get((name, model.id), offer.latency_seconds)
        return Candidate(entry.provider, model, offer, entry.configuration, expected)


def _without_slow(
    able: list[Candidate], skipped: list[Skipped], request: GenerationRequest
) -> tuple[list[Candidate], list[Skipped]]:
    """Skip clouds that take minutes, unless the request names one or there is no faster cloud."""
    slow = [one for one in able if one.offer.long_wait]
    if request.provider is not None or all(one.is_local or one.offer.long_wait for one in able):
        return able, skipped
    skipped += [Skipped(one.name, "too_slow_for_deadline") for one in slow]
    return [one for one in able if not one.offer.long_wait], skipped
