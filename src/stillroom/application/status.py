"""Status: availability of providers, health of the parts, usage and budget."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from stillroom.application.limits.budget import BudgetStatus, budget_of
from stillroom.application.limits.shared_result import SharedResult
from stillroom.application.limits.timed_check import TimedCheck
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import OwnerId
from stillroom.domain.jobs.job import JobStatus
from stillroom.domain.ports import Blobs, Catalogue, Clock, ProviderState, UnitOfWorkFactory, UsageRow
from stillroom.domain.providers.capabilities import (
    SHUTDOWN_WARNING_DAYS,
    ModelCard,
    ProviderCard,
    model_id_of,
)
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.reasons import NOT_CHOSEN, RETIRED, page_code_of, treatment_of
from stillroom.domain.providers.requests import Operation, RegistryEntry

STORAGE_CACHED = timedelta(seconds=1)
"""Cache lifetime of the storage check."""

CHECK_SECONDS = 3.0
"""Time limit in seconds for database and store to answer; orchestrators wait four or five for `/health`."""

NEARLY_FULL_BYTES = 1024**3
"""Free bytes below which a disk counts as nearly full: some 20 products with four candidates each."""

STALLED_AFTER = timedelta(minutes=1)
"""Due jobs that have waited this long while none is running indicate that there is no worker."""


Availability = Literal["ready", "cooling", "unavailable", "not_configured", "retired"]
"""Availability of a provider.

`cooling` has an open circuit for a while, `unavailable` lasts until somebody repairs it, and `retired` is
removed, according to the catalogue or the vendor.
"""


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """Availability of a provider.

    Attributes:
        reason: Why the provider is skipped, as a reason code of the page; None if it is not.
        until: When it is tried again; None if it can be asked now.
        latency_seconds: Observed latency; None until a call has succeeded.
    """

    card: ProviderCard
    state: Availability
    model_in_use: str | None
    reason: str | None = None
    until: datetime | None = None
    latency_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Cell of the capability map; the cells of an operation are in the order of the router."""

    provider: str
    model: ModelCard
    latency_seconds: float


@dataclass(frozen=True, slots=True)
class ModelShutdown:
    """Last day of a model in use, such as `chatgpt/gpt-image-1.5`, by the vendor's list or the catalogue.

    `days` is negative after it.
    """

    model: str
    last_day: date
    days: int


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Health of each part."""

    database: bool
    storage: bool
    worker: bool
    worker_is_here: bool
    config_faults: Mapping[str, str]
    nearly_full: bool = False
    shutdowns: tuple[ModelShutdown, ...] = ()

    @property
    def down(self) -> tuple[str, ...]:
        """Failing parts of this process."""
        worker = self.worker or not self.worker_is_here
        parts = {"database": self.database, "storage": self.storage, "worker": worker}
        return tuple(name for name, works in parts.items() if not works)

    @property
    def degraded(self) -> tuple[str, ...]:
        """Parts that will fail soon (`disk_space`, `model_shutdown`) or that fail in other processes."""
        workers = () if self.worker or self.worker_is_here else ("worker",)
        facts = {"disk_space": self.nearly_full, "model_shutdown": bool(self.shutdowns)}
        return (*workers, *(name for name, is_so in facts.items() if is_so))


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Usage of all models in a time range."""

    rows: tuple[UsageRow, ...]
    fallbacks: int


@dataclass
class Status:
    """Reports on providers, health, usage and the queue.

    Without a budget, spending is unlimited.
    """

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _catalogue: Catalogue
    _registry: Mapping[str, RegistryEntry]
    _clock: Clock
    _order: ProviderOrder
    _budget: int | None = None
    free_bytes: Callable[[], Mapping[str, int]] = dict
    check_seconds: float = CHECK_SECONDS

    def __post_init__(self) -> None:
        self._queue = TimedCheck(self._count_queue, self.check_seconds)
        storage = TimedCheck(self._blobs.check, self.check_seconds)
        # The check writes, reads and deletes, and is open to anybody.
        self._storage = SharedResult(lambda: _works(storage.get()), self._clock, STORAGE_CACHED)

    async def providers(self) -> tuple[ProviderStatus, ...]:
        """Return every provider of the catalogue with the state shared by all processes."""
        now = self._clock()
        async with self._unit_of_work(read_only=True) as tx:
            states = {(state.provider, state.model): state for state in await tx.provider_states.all()}
        return tuple(
            self._status_of(card, self._registry.get(card.id, RegistryEntry(None)), states, now)
            for card in self._catalogue.providers()
        )

    async def routes(self) -> Mapping[Operation, tuple[Route, ...]]:
        """Return the providers of each operation, configured or not, in the order of the router."""
        statuses = await self.providers()
        return {operation: self._routes(operation, statuses) for operation in Operation}

    def _routes(self, operation: Operation, statuses: Sequence[ProviderStatus]) -> tuple[Route, ...]:
        routes = []
        for status in statuses:
            model = self._model_of(status)
            offer = model.operations.get(operation) if model else None
            if model is not None and offer is not None:
                seconds = status.latency_seconds or offer.latency_seconds
                routes.append(Route(status.card.id, model, seconds))
        return tuple(sorted(routes, key=lambda route: self._order.key(route.provider, route.latency_seconds)))

    async def health(self, *, own_worker: bool | None) -> HealthReport:
        """Check the database and the blob store; without `own_worker`, judge the worker by the queue."""
        database, storage = await asyncio.gather(_works(self.queue()), self._storage.get())
        return HealthReport(
            database=database,
            storage=storage,
            worker=await self._has_worker(database) if own_worker is None else own_worker,
            worker_is_here=own_worker is not None,
            config_faults=self._catalogue.errors(),
            nearly_full=any(free < NEARLY_FULL_BYTES for free in self.free_bytes().values()),
            shutdowns=tuple(one for one in await self.shutdowns() if one.days <= SHUTDOWN_WARNING_DAYS)
            if database
            else (),
        )

    async def shutdowns(self) -> tuple[ModelShutdown, ...]:
        """Return the models in use whose last day is known, those that are gone among them."""
        today = self._clock().date()
        found = []
        for status in await self.providers():
            model = self._model_of(status)
            if model is None or status.model_in_use is None:
                continue
            last_day, days = model.shuts_down_on, model.days_left(today)
            if last_day is not None and days is not None:
                found.append(ModelShutdown(status.model_in_use, last_day, days))
        return tuple(found)

    async def usage(self, owner_id: OwnerId, start: datetime, end: datetime) -> UsageReport:
        """Return calls and costs of one owner in [start, end)."""
        async with self._unit_of_work(read_only=True) as tx:
            return UsageReport(
                await tx.provider_calls.usage(owner_id, start, end),
                await tx.provider_calls.fallbacks(owner_id, start, end),
            )

    async def budget(self, owner_id: OwnerId) -> tuple[BudgetStatus, bool]:
        """Return an owner's budget, and whether it is too low for a picture of any ready cloud."""
        async with self._unit_of_work(read_only=True) as tx:
            budget = await budget_of(tx, owner_id, self._clock(), self._budget)
        models = [self._model_of(one) for one in await self.providers() if one.state == "ready"]
        prices = [model.cost_micro_usd for model in models if model is not None and model.cost_micro_usd]
        return budget, bool(prices) and not any(budget.allows(price) for price in prices)

    async def queue(self) -> tuple[int, int]:
        """Return the numbers of waiting and running jobs of all owners.

        Raises StorageUnavailable, also if the database does not answer in time.
        """
        return await self._queue.get()

    async def _count_queue(self) -> tuple[int, int]:
        async with self._unit_of_work(read_only=True) as tx:
            waiting = await tx.jobs.count(None, JobStatus.QUEUED)
            return waiting, await tx.jobs.count(None, JobStatus.RUNNING)

    def _status_of(
        self,
        card: ProviderCard,
        entry: RegistryEntry,
        states: Mapping[tuple[str, str], ProviderState],
        now: datetime,
    ) -> ProviderStatus:
        in_use = entry.provider.model_in_use if entry.provider else None
        model_id = model_id_of(in_use or "")
        card = _dated(card, model_id, states)
        if in_use is None:
            kind: Availability = "not_configured" if entry.why_not == NOT_CHOSEN else entry.why_not
            is_shown = entry.why_not in (NOT_CHOSEN, RETIRED)
            return ProviderStatus(card, kind, None, entry.why_not if is_shown else None)
        state = states.get((card.id, model_id))
        seconds = None if state is None or state.latency_ms is None else state.latency_ms / 1000
        if card.model(model_id).is_gone(now.date()):
            return ProviderStatus(card, "retired", in_use, RETIRED, latency_seconds=seconds)
        if state is None or state.configuration != entry.configuration:
            return ProviderStatus(card, "ready", in_use, latency_seconds=seconds)
        waits = state.open_until is not None and state.open_until > now
        if state.breaker == "closed" or not waits:
            return ProviderStatus(card, "ready", in_use, latency_seconds=seconds)
        reason = state.reason or ""
        treatment = treatment_of(reason)
        kind = "retired" if treatment.is_gone else "unavailable" if treatment.needs_change else "cooling"
        return ProviderStatus(card, kind, in_use, page_code_of(reason), state.open_until, seconds)

    def _model_of(self, status: ProviderStatus) -> ModelCard | None:
        if status.model_in_use is not None:
            return status.card.model(model_id_of(status.model_in_use))
        return status.card.default_model

    async def _has_worker(self, database: bool) -> bool:
        if not database:
            return True
        async with self._unit_of_work(read_only=True) as tx:
            return not await tx.jobs.is_stalled(self._clock() - STALLED_AFTER)


async def _works(check: Awaitable[object]) -> bool:
    try:
        await check
    except StorageUnavailable:
        return False
    return True


def _dated(card: ProviderCard, in_use: str, states: Mapping[tuple[str, str], ProviderState]) -> ProviderCard:
    """Return the card with the last days that the vendor's list states, and with the model in use."""
    last_days = {model: state.shuts_down_on for (name, model), state in states.items() if name == card.id}
    known = [*card.models]
    if in_use and all(model.id != in_use for model in known):
        known.append(card.model(in_use))
    models = tuple(model.shutting_down(last_days.get(model.id)) for model in known)
    return card.model_copy(update={"models": models})
