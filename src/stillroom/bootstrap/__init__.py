"""Composition root: the only place that names concrete classes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Literal

from stillroom.application.access.owners import Owners
from stillroom.application.access.sign_ins import SignIns
from stillroom.application.batches.choices import ChoiceChecks
from stillroom.application.batches.control import BatchControl
from stillroom.application.batches.files import BatchFiles
from stillroom.application.batches.recipes import Recipes
from stillroom.application.batches.requests import Batches, Price
from stillroom.application.batches.runner import BatchRunner
from stillroom.application.batches.stream import BatchEvents
from stillroom.application.exports.checking import Checking
from stillroom.application.exports.jobs import ExportMaker
from stillroom.application.exports.ordering import ExportOrders
from stillroom.application.exports.requests import Exports
from stillroom.application.housekeeping import Housekeeping
from stillroom.application.instructions.reading import Instructions
from stillroom.application.jobs.events import Events
from stillroom.application.jobs.generation import Generation
from stillroom.application.jobs.handlers import DeliveryHandler, ExportHandler, Handler, complete
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.jobs.redo import Redo
from stillroom.application.jobs.reports import Reports
from stillroom.application.jobs.requests import Jobs
from stillroom.application.limits.limits import Limits
from stillroom.application.limits.quotas import FOLDER, Rates, StreamLimit, Uploads
from stillroom.application.photos.backdrops import Backdrops
from stillroom.application.photos.eager import EagerCutouts
from stillroom.application.photos.intake import Decoders, Intake
from stillroom.application.photos.mattes import Mattes
from stillroom.application.photos.selection import Selection
from stillroom.application.previews import Previews
from stillroom.application.readers.background import Background
from stillroom.application.readers.calls import ReaderCalls
from stillroom.application.readers.descriptions import Descriptions
from stillroom.application.readers.looks import Looks
from stillroom.application.sessions import Sessions
from stillroom.application.status import Status
from stillroom.application.webhooks.requests import Webhooks
from stillroom.application.webhooks.sending import Deliveries
from stillroom.bootstrap.checking import bounds, checking_with
from stillroom.bootstrap.networks import log_notice
from stillroom.bootstrap.providers import clouds_in, configured
from stillroom.bootstrap.resources import Resources, open_resources
from stillroom.bootstrap.stores import bring_up_to_date, disk_folders, golden_runs, open_blobs
from stillroom.domain.faults import Fault
from stillroom.domain.ids import IdFactory
from stillroom.domain.language.reader import understand
from stillroom.domain.networks import NetworksInUse
from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import Blobs, Catalogue, Clock, Notifier, RateLimiter, Reader
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.requests import Operation
from stillroom.evaluation.lab import GoldenLab
from stillroom.imaging.io.content_credentials import Credentials, Sign
from stillroom.imaging.io.decoder_process import DECODERS_BYTES, DecodingPool
from stillroom.observability import Metrics
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.availability import ProviderChecks, check_availability
from stillroom.providers.capability_map import CapabilityMap, RegistryEntry
from stillroom.providers.circuit_breaker import CircuitBreakers
from stillroom.providers.corrections import MatteFinder
from stillroom.providers.previews import PreviewEngine
from stillroom.providers.router import Router
from stillroom.providers.webhooks.addresses import AddressRules
from stillroom.providers.webhooks.sender import HttpWebhookSender
from stillroom.settings import C2PA_CERTIFICATES, C2PA_KEY, Settings
from stillroom.storage import space
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions

VERSION = version("stillroom")


@dataclass(frozen=True, slots=True)
class Studio:
    """Composed and running services, as used by the shells."""

    version: str
    auth: Literal["local", "token"]
    strategy: Literal["prefer_quality", "prefer_latency"]
    faults: tuple[Fault, ...]
    limits: Limits
    clock: Clock
    catalogue: Catalogue
    notifier: Notifier
    metrics: Metrics
    owners: Owners
    sign_ins: SignIns
    uploads: Uploads
    intake: Intake
    backdrops: Backdrops
    sessions: Sessions
    jobs: Jobs
    selection: Selection
    mattes: Mattes
    eager: EagerCutouts
    redo: Redo
    exports: Exports
    checking: Checking
    price: Price
    instructions: Instructions
    previews: Previews
    descriptions: Descriptions
    reader: Reader | None
    reader_sees_photos: bool
    background: Background
    events: Events
    streams: StreamLimit
    limiter: RateLimiter
    rates: Rates
    reports: Reports
    status: Status
    choices: ChoiceChecks
    recipes: Recipes
    batches: Batches
    batch_control: BatchControl
    batch_files: BatchFiles
    batch_events: BatchEvents
    batch_runner: BatchRunner
    webhooks: Webhooks
    lifecycle: Lifecycle
    housekeeping: Housekeeping
    handlers: Mapping[Operation, Handler]
    make_export: ExportHandler
    deliver: DeliveryHandler
    golden: GoldenLab
    provider_checks: ProviderChecks
    warm_up: Callable[[], Awaitable[None]]
    networks: Callable[[], NetworksInUse]
    worker_is_alive: Callable[[], bool] | None = None


@asynccontextmanager
async def open_studio(
    settings: Settings, metrics: Metrics, *, keep_reserve: bool = False
) -> AsyncIterator[Studio]:
    """Compose the studio, migrate its database, and close everything at the end.

    Args:
        keep_reserve: Reserve disk space for deletions; for long-running processes.

    Raises:
        StorageUnavailable: The database cannot be reached.
    """
    await bring_up_to_date(settings)
    # Compile the language rules now, so that no request waits for it.
    understand("", Plan())
    async with AsyncExitStack() as open_things:
        resources = await open_resources(settings, metrics, open_things, keep_reserve=keep_reserve)
        studio = _compose(settings, metrics, resources)
        open_things.push_async_callback(studio.background.close)
        await studio.owners.ensure_local()
        yield studio


@asynccontextmanager
async def open_lifecycle(settings: Settings) -> AsyncIterator[Lifecycle]:
    """Open a lifecycle with its own database connections, for a thread with its own event loop."""
    database = Database(settings.database)
    try:
        yield Lifecycle(SqlTransactions(database), LocalNotifier(), IdFactory(), _now, settings.limits)
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class _CloudsToday:
    """Capabilities and prices by today's date, with the catalogue as it is now."""

    capabilities: CapabilityMap
    catalogue: Catalogue
    clock: Clock

    def has_cloud(self, operation: Operation, provider: str | None) -> bool:
        return self.capabilities.has_cloud(
            operation, provider, self.catalogue.providers(), self.clock().date()
        )

    def price(self, operation: Operation, provider: str | None) -> tuple[str, int]:
        return self.capabilities.price(operation, provider, self.catalogue.providers(), self.clock().date())


@dataclass(frozen=True, slots=True)
class _Foundation:
    """Services that others are built on."""

    unit_of_work: SqlTransactions
    blobs: Blobs
    ids: IdFactory
    clock: Clock
    sign: Sign | None
    lifecycle: Lifecycle
    clouds: _CloudsToday
    breakers: CircuitBreakers
    mattes: Mattes
    eager: EagerCutouts
    calls: ReaderCalls | None
    background: Background


def _foundation(settings: Settings, metrics: Metrics, resources: Resources) -> _Foundation:
    ids, clock, limits = IdFactory(), _now, settings.limits
    notifier, reader, catalogue = resources.notifier, resources.reader, resources.catalogue
    unit_of_work, blobs = SqlTransactions(resources.database), open_blobs(settings)
    capabilities = CapabilityMap(
        resources.registry, ProviderOrder(settings.provider_order, settings.strategy)
    )
    mattes = Mattes(unit_of_work, blobs, MatteFinder(resources.local, log_notice), ids, clock)
    budget = settings.daily_budget_micro_usd
    return _Foundation(
        unit_of_work=unit_of_work,
        blobs=blobs,
        ids=ids,
        clock=clock,
        sign=_signer(settings),
        lifecycle=Lifecycle(unit_of_work, notifier, ids, clock, limits, on_ended=metrics.job_ended),
        clouds=_CloudsToday(capabilities, catalogue, clock),
        breakers=CircuitBreakers(unit_of_work, clock),
        mattes=mattes,
        eager=EagerCutouts(mattes, unit_of_work),
        calls=ReaderCalls(reader, unit_of_work, resources.limiter, ids, clock, budget) if reader else None,
        background=Background(),
    )


def _compose(settings: Settings, metrics: Metrics, resources: Resources) -> Studio:
    base = _foundation(settings, metrics, resources)
    unit_of_work, blobs, ids, clock = base.unit_of_work, base.blobs, base.ids, base.clock
    limits = settings.limits
    catalogue, local, notifier = resources.catalogue, resources.local, resources.notifier
    limiter, tokens_required = resources.limiter, settings.auth == "token"
    seeing = base.calls if settings.reader_sees_photos else None
    looks = Looks(unit_of_work, blobs, seeing, base.background, base.eager)
    instructions = Instructions(unit_of_work, base.calls)
    checks = ChoiceChecks(catalogue, base.clouds.has_cloud)
    sender = HttpWebhookSender(AddressRules(settings.webhook_allow))
    jobs = Jobs(
        unit_of_work,
        catalogue,
        notifier,
        limiter,
        ids,
        clock,
        limits,
        instructions,
        base.clouds.has_cloud,
        metrics.job_ended,
    )
    return Studio(
        version=VERSION,
        auth=settings.auth,
        strategy=settings.strategy,
        faults=settings.injected_faults,
        limits=limits,
        clock=clock,
        catalogue=catalogue,
        notifier=notifier,
        metrics=metrics,
        owners=Owners(unit_of_work, ids, clock, tokens_required=tokens_required),
        sign_ins=SignIns(unit_of_work, resources.attempts, clock, tokens_required=tokens_required),
        uploads=Uploads(settings.data_dir / FOLDER, limits),
        intake=Intake(unit_of_work, blobs, _decoders(resources.pool, limits), ids, clock),
        sessions=Sessions(
            unit_of_work,
            blobs,
            catalogue,
            notifier,
            ids,
            clock,
            local.cutouts,
            base.eager,
            looks,
            metrics.job_ended,
        ),
        backdrops=Backdrops(unit_of_work, blobs),
        jobs=jobs,
        selection=Selection(unit_of_work, blobs, clock),
        mattes=base.mattes,
        eager=base.eager,
        redo=Redo(jobs, base.mattes),
        exports=Exports(unit_of_work, blobs, catalogue, notifier, ids, clock, limits, base.sign),
        checking=checking_with(local, catalogue, limits),
        price=base.clouds.price,
        instructions=instructions,
        previews=Previews(unit_of_work, blobs, PreviewEngine(local), clock),
        descriptions=Descriptions(unit_of_work, blobs, seeing),
        reader=resources.reader,
        reader_sees_photos=settings.reader_sees_photos,
        background=base.background,
        events=Events(unit_of_work, notifier),
        streams=StreamLimit(limits),
        limiter=limiter,
        rates=Rates(resources.pixel_rates),
        reports=Reports(unit_of_work, VERSION),
        status=Status(
            unit_of_work,
            blobs,
            catalogue,
            configured(resources.registry),
            clock,
            base.clouds.capabilities.order,
            settings.daily_budget_micro_usd,
            partial(space.free_bytes, disk_folders(settings)),
        ),
        choices=checks,
        recipes=Recipes(unit_of_work, catalogue, checks, ids, clock),
        batches=Batches(unit_of_work, catalogue, checks, notifier, limiter, ids, clock, base.clouds.price),
        batch_control=BatchControl(unit_of_work, checks, notifier, clock, metrics.job_ended),
        batch_files=BatchFiles(unit_of_work, blobs, notifier, clock),
        batch_events=BatchEvents(unit_of_work, notifier),
        batch_runner=BatchRunner(
            unit_of_work,
            ExportOrders(blobs, catalogue, ids, clock, limits),
            notifier,
            ids,
            clock,
            limits,
            looks,
        ),
        webhooks=Webhooks(unit_of_work, sender, notifier, ids, clock),
        lifecycle=base.lifecycle,
        housekeeping=Housekeeping(unit_of_work, blobs, clock, ids, local.cutouts),
        handlers=complete(dict.fromkeys(Operation, _generation(settings, resources, base, looks).run)),
        deliver=Deliveries(unit_of_work, sender, clock).run,
        make_export=ExportMaker(unit_of_work, blobs, base.lifecycle, clock, base.sign).run,
        provider_checks=ProviderChecks(clouds_in(resources.registry.values()), catalogue, clock),
        warm_up=partial(_warm_up, local, resources.registry, resources.reader, base.breakers, catalogue),
        networks=lambda: local.networks,
        golden=GoldenLab(unit_of_work, golden_runs(settings), clock),
    )


def _decoders(pool: DecodingPool, limits: Limits) -> Decoders:
    return Decoders(partial(pool.sanitise, limits=bounds(limits)), pool.children, DECODERS_BYTES)


def _generation(settings: Settings, resources: Resources, base: _Foundation, looks: Looks) -> Generation:
    clouds, clock = base.clouds, base.clock
    router = Router(clouds.capabilities, base.breakers, resources.catalogue, clock, settings.refusal_fallback)
    return Generation(
        base.unit_of_work,
        base.blobs,
        router,
        resources.catalogue,
        base.lifecycle,
        base.mattes,
        resources.notifier,
        base.ids,
        clock,
        settings.daily_budget_micro_usd,
        looks,
    )


def _signer(settings: Settings) -> Sign | None:
    """Return the signer of exports if a key is configured. Raises ValueError when it is unusable."""
    if settings.c2pa_folder is None:
        return None
    folder = settings.c2pa_folder
    return Credentials((folder / C2PA_CERTIFICATES).read_bytes(), (folder / C2PA_KEY).read_bytes()).sign


async def _warm_up(
    local: LocalProvider,
    registry: Mapping[str, RegistryEntry],
    reader: Reader | None,
    breakers: CircuitBreakers,
    catalogue: Catalogue,
) -> None:
    """Load the local networks, import the vendors' SDKs and check which cloud models are available."""
    await local.warm_up(log_notice)
    if reader is not None:
        await reader.open()
    clouds = clouds_in(registry.values())
    for cloud in clouds:
        await cloud.open()
    await check_availability(clouds, breakers, catalogue)


def _now() -> datetime:
    return datetime.now(UTC)
