"""Asking vendors, once at the start, whether the models in use are still on their lists."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from stillroom.domain.errors import StillroomError
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ProviderCard
from stillroom.providers.adapters import wire
from stillroom.providers.circuit_breaker import CircuitBreakers
from stillroom.providers.clouds import CloudProvider

CEILING_SECONDS = 10.0
"""A list is short, and free; who takes longer is not waited for."""

log = structlog.get_logger(__name__)


async def check_availability(
    clouds: Iterable[CloudProvider], breakers: CircuitBreakers, catalogue: Catalogue
) -> None:
    """Ask every vendor that has a list, all at once; what cannot be learned changes nothing.

    Args:
        clouds: Those that were set up.
        breakers: Where it is written down, for all processes, that a model is gone, or is back.
        catalogue: Knows what a vendor's models are called.
    """
    await asyncio.gather(*(_ask(cloud, breakers, catalogue.providers()) for cloud in clouds))


async def _ask(cloud: CloudProvider, breakers: CircuitBreakers, cards: Sequence[ProviderCard]) -> None:
    try:
        async with wire.within(CEILING_SECONDS):
            names = await cloud.listed()
    except StillroomError as error:
        log.info("model_list_unread", provider=cloud.name, reason=error.params.get("reason"))
        return
    known = {model.id for card in cards if card.id == cloud.name for model in card.models}
    is_there = any(name.startswith(cloud.model) for name in names)
    # A relay may list other names than it serves; a list that knows none of ours tells nothing.
    if not is_there and not names & known:
        return
    if not is_there:
        log.warning("model_not_listed", model_name=f"{cloud.name}/{cloud.model}")
    await breakers.listed(cloud.name, cloud.model, cloud.configuration, is_there=is_there)
