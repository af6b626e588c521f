"""Model availability check at startup: asks vendors whether the configured models still exist."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import structlog

from stillroom.domain.errors import StillroomError
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ProviderCard
from stillroom.providers.adapters import wire
from stillroom.providers.circuit_breaker import CircuitBreakers
from stillroom.providers.clouds import CloudProvider

CEILING_SECONDS = 10.0
"""Seconds per vendor; a model list is short, so a slower response is ignored."""

log = structlog.get_logger(__name__)


async def check_availability(
    clouds: Iterable[CloudProvider], breakers: CircuitBreakers, catalogue: Catalogue
) -> None:
    """List the models of every vendor in parallel; a failed request changes nothing.

    Args:
        clouds: The configured cloud providers.
        breakers: Shared state in which a missing or returned model is recorded.
        catalogue: Lists the known models of each vendor.
    """
    await asyncio.gather(*(_ask(cloud, breakers, catalogue.providers()) for cloud in clouds))


async def _ask(cloud: CloudProvider, breakers: CircuitBreakers, cards: Sequence[ProviderCard]) -> None:
    try:
        async with wire.within(CEILING_SECONDS):
            names = await cloud.listed()
    except StillroomError as error:
        log.info("model_list_unread", provider=cloud.name, reason=error.params.get("reason"))
        return
    is_there = _named(cloud.model, names)
    if not is_there and not names.keys() & _known(cloud.name, cards):
        return
    if not is_there:
        log.warning("model_not_listed", model_name=f"{cloud.name}/{cloud.model}")
    await breakers.listed(
        cloud.name,
        cloud.model,
        cloud.configuration,
        is_there=is_there,
        shuts_down_on=_last_day(cloud.model, names),
    )


def _named(model: str, names: Iterable[str]) -> bool:
    """Whether a list names a model, perhaps by a dated name."""
    return any(name.startswith(model) for name in names)


def _known(provider: str, cards: Sequence[ProviderCard]) -> set[str]:
    """Return our names of a provider's models. A relay's list without any of them proves nothing."""
    return {model.id for card in cards if card.id == provider for model in card.models}


def _last_day(model: str, names: Mapping[str, date | None]) -> date | None:
    """Return the last day of a model; of dated versions, the one that is served longest."""
    if model in names:
        return names[model]
    days = [day for name, day in names.items() if name.startswith(model)]
    return max((day for day in days if day is not None), default=None) if None not in days else None
