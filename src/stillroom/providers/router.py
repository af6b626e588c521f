"""Which provider to ask, and whom next: the only loop that asks again."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date

from stillroom.domain.capabilities import ProviderCard
from stillroom.domain.errors import ContentRefused, ProviderError, ProviderUnavailable
from stillroom.domain.generation import (
    GeneratedPicture,
    GenerationRequest,
    ImageProvider,
    Journal,
    Operation,
    Report,
    Wanted,
)
from stillroom.domain.ports import Catalogue, Clock


class Router:
    """Asks providers in the operator's order until every wanted candidate is there."""

    def __init__(
        self,
        providers: Sequence[ImageProvider],
        order: Sequence[str],
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        """Take the configured providers and the order to ask them in.

        Args:
            providers: Those that could be set up; the local one always can.
            order: Ids of all providers, first choice first; the local one is asked last in any case.
            catalogue: Knows which provider can do what.
            clock: Tells which models have been shut down.
        """
        self._providers = {provider.name: provider for provider in providers}
        self._order = [name for name in order if name != "local"] + ["local"]
        self._catalogue = catalogue
        self._clock = clock

    async def generate(
        self, request: GenerationRequest, report: Report, journal: Journal
    ) -> AsyncIterator[GeneratedPicture]:
        """Make the wanted candidates; what one provider leaves open goes to the next.

        Raises:
            ProviderError: The last provider's failure, with candidates still missing.
        """
        wanted = {one.ordinal: one for one in request.wanted}
        passed_over: tuple[str, str] | None = None
        failure: ProviderError = ProviderUnavailable()
        for provider in await self._route(request.operation, journal):
            if passed_over is not None:
                source, reason = passed_over
                await journal.fall_back(source, provider.name, reason)
            call_id = await journal.begin(provider.name, provider.model_for(request.operation))
            cost = 0
            try:
                async for picture in provider.generate(_only(request, wanted), report):
                    wanted.pop(picture.ordinal, None)
                    cost += picture.cost_micro_usd
                    yield picture
            except ProviderError as error:
                failure = error
                outcome = "refused" if isinstance(error, ContentRefused) else "failed"
                await journal.end(call_id, outcome, error.code, cost)
            else:
                await journal.end(call_id, "failed" if wanted else "ok", "no_image" if wanted else None, cost)
            if not wanted:
                return
            passed_over = (provider.name, failure.code)
        raise failure

    async def _route(self, operation: Operation, journal: Journal) -> list[ImageProvider]:
        cards = {card.id: card for card in self._catalogue.providers()}
        today = self._clock().date()
        route: list[ImageProvider] = []
        for name in self._order:
            provider = self._providers.get(name)
            reason = why_not(provider, cards.get(name), operation, today)
            if reason is not None:
                await journal.skip(name, reason)
            elif provider is not None:
                route.append(provider)
        return route


def why_not(
    provider: ImageProvider | None, card: ProviderCard | None, operation: Operation, today: date
) -> str | None:
    """Why a provider is left out: `not_configured`, `not_capable`, `retired`; None when it can be asked."""
    if provider is None:
        gone = card is not None and bool(card.models) and all(model.is_gone(today) for model in card.models)
        return "retired" if gone else "not_configured"
    if card is None:
        return None
    model = card.model(provider.model_for(operation).partition("/")[2])
    if model.is_gone(today):
        return "retired"
    return None if operation in model.operations else "not_capable"


def _only(request: GenerationRequest, wanted: dict[int, Wanted]) -> GenerationRequest:
    return replace(request, wanted=tuple(wanted.values()))
