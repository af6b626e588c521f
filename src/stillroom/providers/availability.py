"""Model availability: asks vendors, at start-up and on request, whether the configured models work."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from stillroom.domain.errors import StillroomError
from stillroom.domain.providers.capabilities import ProviderCard
from stillroom.domain.providers.checks import ProviderCheck, check_of, code_of
from stillroom.providers.adapters import wire
from stillroom.providers.circuit_breaker import CircuitBreakers
from stillroom.providers.clouds import CloudProvider

CEILING_SECONDS = 10.0
"""Seconds per vendor; a model list is short, so a slower response is ignored."""

CHECKS_CACHED = timedelta(seconds=30)
"""Cache lifetime of the checks of all clouds, so that many requests cause one call to each vendor."""

log = structlog.get_logger(__name__)


@dataclass
class FirstCheck:
    """The first availability check of this process: at start-up, or before the first call if it is sooner.

    `ceiling_seconds` limits each vendor's response and every wait.
    """

    _clouds: Sequence[CloudProvider]
    _breakers: CircuitBreakers
    ceiling_seconds: float = CEILING_SECONDS

    def __post_init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Check every cloud once. Raises StorageUnavailable."""
        await self._begun()

    async def wait(self) -> None:
        """Wait until the check has ended, at most for its ceiling; the check continues in the background."""
        await asyncio.wait([self._begun()], timeout=self.ceiling_seconds)

    def _begun(self) -> asyncio.Task[None]:
        if self._task is None:
            self._task = asyncio.create_task(self._check())
        return self._task

    async def _check(self) -> None:
        """List the models of every vendor in parallel; a failed request changes nothing."""
        await asyncio.gather(*(_ask(cloud, self._breakers, self.ceiling_seconds) for cloud in self._clouds))


async def check_clouds(
    clouds: Iterable[CloudProvider], today: date, named: Mapping[str, tuple[str, str]]
) -> tuple[ProviderCheck, ...]:
    """Check key, address and model of all clouds in parallel with one free request each.

    Args:
        named: Prefix of the settings of a cloud, and the setting of its model.
    """

    async def check(cloud: CloudProvider) -> ProviderCheck:
        code, day = await _result_of(cloud, today)
        return check_of(cloud.name, cloud.model, code, day, named=named.get(cloud.name))

    return tuple(await asyncio.gather(*(check(cloud) for cloud in clouds)))


async def _result_of(cloud: CloudProvider, today: date) -> tuple[str, date | None]:
    """Return the code of a check, and the last day of the model where it matters."""
    try:
        async with wire.within(CEILING_SECONDS):
            names = await cloud.listed()
    except StillroomError as error:
        return code_of(error), None
    card = cloud.card
    model = card.model(cloud.model).shutting_down(_last_day(cloud.model, names)) if card else None
    if model is not None and model.shuts_down_on is not None:
        if model.is_gone(today):
            return "retired", model.shuts_down_on
        if model.ends_soon(today):
            return "leaving", model.shuts_down_on
    if _named(cloud.model, names):
        return "ok", None
    return "model" if _is_own_list(names, card) else "unlisted", None


async def _ask(cloud: CloudProvider, breakers: CircuitBreakers, ceiling_seconds: float) -> None:
    try:
        async with wire.within(ceiling_seconds):
            names = await cloud.listed()
    except StillroomError as error:
        log.info("model_list_unread", provider=cloud.name, reason=error.reason)
        return
    is_there = _named(cloud.model, names)
    if not is_there and not _is_own_list(names, cloud.card):
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
    return any(wire.is_version_of(name, model) for name in names)


def _is_own_list(names: Iterable[str], card: ProviderCard | None) -> bool:
    """Whether a list names any model of the provider. A relay's list without any of them proves nothing."""
    return card is not None and not {model.id for model in card.models}.isdisjoint(names)


def _last_day(model: str, names: Mapping[str, date | None]) -> date | None:
    """Return the last day of a model; of dated versions, the one that is served longest."""
    if model in names:
        return names[model]
    days = [day for name, day in names.items() if wire.is_version_of(name, model)]
    return max((day for day in days if day is not None), default=None) if None not in days else None
