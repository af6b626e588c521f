"""Capability map: which providers can do an operation, at what price and latency, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.domain.plans.plan import Context
from stillroom.domain.ports import Catalogue, Clock, ProviderState
from stillroom.domain.providers.capabilities import LOCAL, ModelCard, Offer, ProviderCard, model_id_of
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.reasons import NOT_CAPABLE, NOT_CHOSEN, RETIRED, SWITCHED_OFF
from stillroom.domain.providers.requests import (
    GenerationRequest,
    ImageProvider,
    Operation,
    RegistryEntry,
)


@dataclass(frozen=True, slots=True)
class CallableModel:
    """A model that can be called for an operation.

    Attributes:
        offer: Expected latency of the model for the operation.
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
    """A provider that is skipped, and the reason.

    Attributes:
        is_reported: Whether the user gets a notice: they chose it, or its model is gone.
        expected_seconds: Its place in the order by latency.
    """

    name: str
    reason: str
    is_reported: bool = False
    expected_seconds: float = 0.0

    @property
    def is_local(self) -> bool:
        return self.name == LOCAL


Route = list[CallableModel | Skipped]
"""All providers in call order."""


@dataclass(frozen=True, slots=True)
class CapabilityMap:
    """The callable providers in their order.

    Attributes:
        clock: Current time, to exclude models that have been shut down.
    """

    registry: Mapping[str, RegistryEntry]
    order: ProviderOrder
    catalogue: Catalogue
    clock: Clock

    def has_cloud(self, operation: Operation, provider: str | None) -> bool:
        """Whether a configured cloud model offers an operation."""
        return self._first_cloud(operation, provider) is not None

    def price(self, operation: Operation, provider: str | None) -> tuple[str, int | None]:
        """Return the provider that is asked first, and its price per picture in millionths of a US dollar.

        The price is None if it is not known.
        """
        first = self._first_cloud(operation, provider)
        return (LOCAL, 0) if first is None else (first.name, first.card.cost_micro_usd)

    def _first_cloud(self, operation: Operation, provider: str | None) -> CallableModel | None:
        request = GenerationRequest(operation, b"", "", "", Context(), (), provider=provider)
        route = self.route(request, {})
        return next((one for one in route if isinstance(one, CallableModel) and not one.is_local), None)

    def route(self, request: GenerationRequest, states: Mapping[tuple[str, str], ProviderState]) -> Route:
        """Return all providers in call order for a request, those that are skipped with the reason.

        Args:
            states: Observed latencies and announced last days, by provider and model.
        """
        known = {card.id: card for card in self.catalogue.providers()}
        names = dict.fromkeys([*self.order.names, *self.registry, LOCAL])
        route = [self._place(name, known.get(name), request, states) for name in names]
        route.sort(key=lambda one: self.order.key(one.name, one.expected_seconds))
        return route

    def _place(
        self,
        name: str,
        card: ProviderCard | None,
        request: GenerationRequest,
        states: Mapping[tuple[str, str], ProviderState],
    ) -> CallableModel | Skipped:
        is_chosen = name == request.provider
        if not is_chosen and name != LOCAL and request.provider is not None:
            return Skipped(name, NOT_CHOSEN)
        entry = self.registry.get(name, RegistryEntry(None))
        if entry.provider is None:
            why = SWITCHED_OFF if is_chosen and entry.why_not == NOT_CHOSEN else entry.why_not
            return Skipped(name, why, is_reported=is_chosen)
        if card is None:
            return Skipped(name, "not_in_catalogue", is_reported=is_chosen)
        model = card.model(model_id_of(entry.provider.model_in_use))
        state = states.get((name, model.id))
        offer = model.operations.get(request.operation)
        if offer is None or (name != LOCAL and _is_local_work(request)):
            return Skipped(name, NOT_CAPABLE, is_reported=is_chosen)
        seen_ms = state.latency_ms if state else None
        expected = offer.latency_seconds if seen_ms is None else seen_ms / 1000
        model = model.shutting_down(state.shuts_down_on if state else None)
        if model.is_gone(self.clock().date()):
            return Skipped(name, RETIRED, is_reported=True, expected_seconds=expected)
        return CallableModel(entry.provider, model, offer, entry.configuration, expected)


def _is_local_work(request: GenerationRequest) -> bool:
    """Whether no cloud model can do the work.

    Transparent backdrops are made locally: no cloud model preserves the product's exact edge. So are own
    backdrops, which are shown as they are, and numbers, such as a position or a shadow's depth.
    """
    as_is = any(one.plan.backdrop.kind in ("transparent", "picture") for one in request.wanted)
    # No model carries out a rotation by hand exactly.
    is_turned = any("framing" in one.plan.asked and one.plan.framing.rotation_deg for one in request.wanted)
    return as_is or request.is_exact or is_turned
