"""How the studio is doing: what can be used, what was used, what is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from stillroom.domain.capabilities import ModelCard, ProviderCard
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.generation import Operation
from stillroom.domain.ids import OwnerId
from stillroom.domain.jobs import JobStatus
from stillroom.domain.ports import Blobs, Catalogue, Clock, UnitOfWorkFactory, UsageRow


@dataclass(frozen=True, slots=True)
class Configured:
    """A provider that was set up, and the model it would use for each operation."""

    name: str
    models: Mapping[Operation, str]


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """A provider, and whether it can be used now.

    Attributes:
        state: `ready`, `not_configured` or `retired`.
        model_in_use: The model that would be asked, or None.
    """

    card: ProviderCard
    state: str
    model_in_use: str | None


@dataclass(frozen=True, slots=True)
class Route:
    """One cell of the capability map."""

    provider: str
    model: ModelCard
    rank: int
    latency_seconds: float


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Whether each part works."""

    database: bool
    storage: bool
    worker: bool
    config_faults: Mapping[str, str]

    @property
    def down(self) -> tuple[str, ...]:
        """The parts that do not work."""
        parts = {"database": self.database, "storage": self.storage, "worker": self.worker}
        return tuple(name for name, works in parts.items() if not works)


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What all models did between two moments."""

    rows: tuple[UsageRow, ...]
    fallbacks: int


class Status:
    """Answers questions about the studio itself."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        blobs: Blobs,
        catalogue: Catalogue,
        configured: Sequence[Configured],
        clock: Clock,
    ) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._catalogue = catalogue
        self._configured = {provider.name: provider for provider in configured}
        self._clock = clock

    def providers(self) -> tuple[ProviderStatus, ...]:
        """Every provider of the catalogue."""
        today = self._clock().date()
        return tuple(self._status_of(card, today) for card in self._catalogue.providers())

    def routes(self, operation: Operation) -> tuple[Route, ...]:
        """Who can do an operation, configured or not, best first."""
        routes = []
        for status in self.providers():
            model = self._model_of(status)
            offer = model.operations.get(operation) if model else None
            if model is not None and offer is not None:
                routes.append(Route(status.card.id, model, offer.rank, offer.latency_seconds))
        return tuple(sorted(routes, key=lambda route: route.rank))

    async def health(self, *, worker: bool) -> HealthReport:
        """Try the database and the blob store; `worker` is what the caller knows of the worker."""
        return HealthReport(
            database=await self._database_works(),
            storage=await self._storage_works(),
            worker=worker,
            config_faults=self._catalogue.faults(),
        )

    async def usage(self, owner_id: OwnerId, start: datetime, end: datetime) -> UsageReport:
        """Calls and costs of one owner in [start, end)."""
        async with self._unit_of_work(read_only=True) as tx:
            return UsageReport(
                await tx.provider_calls.usage(owner_id, start, end),
                await tx.provider_calls.fallbacks(owner_id, start, end),
            )

    async def queue(self) -> tuple[int, int]:
        """How many jobs of all owners wait and run."""
        async with self._unit_of_work(read_only=True) as tx:
            waiting = await tx.jobs.count(None, JobStatus.QUEUED)
            return waiting, await tx.jobs.count(None, JobStatus.RUNNING)

    def _status_of(self, card: ProviderCard, today: date) -> ProviderStatus:
        configured = self._configured.get(card.id)
        if configured is None:
            gone = bool(card.models) and all(model.is_gone(today) for model in card.models)
            return ProviderStatus(card, "retired" if gone else "not_configured", None)
        in_use = next(iter(configured.models.values()), None)
        return ProviderStatus(card, "ready", in_use)

    def _model_of(self, status: ProviderStatus) -> ModelCard | None:
        if status.model_in_use is not None:
            return status.card.model(status.model_in_use.partition("/")[2])
        return status.card.default_model

    async def _database_works(self) -> bool:
        try:
            await self.queue()
        except StorageUnavailable:
            return False
        return True

    async def _storage_works(self) -> bool:
        try:
            await self._blobs.check()
        except StorageUnavailable:
            return False
        return True
