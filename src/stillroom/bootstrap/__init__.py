"""Composition root: the only place that names concrete classes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Literal

from stillroom.application.access.owners import Owners
from stillroom.application.access.sign_ins import ATTEMPTS_PER_MINUTE, SignIns
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
from stillroom.bootstrap.networks import log_notice, open_local
from stillroom.bootstrap.providers import accounts_of, clouds_in, configured, open_reader
from stillroom.bootstrap.stores import bring_up_to_date, disk_folders, golden_runs, open_blobs
from stillroom.domain.faults import Fault
from stillroom.domain.ids import IdFactory
from stillroom.domain.language.reader import understand
from stillroom.domain.networks import NetworksInUse
from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import Catalogue, Clock, Notifier, RateLimiter, Reader
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.requests import Operation
from stillroom.evaluation.lab import GoldenLab
from stillroom.imaging.io.content_credentials import Credentials, Sign
from stillroom.imaging.io.decoder_process import DECODERS_BYTES, DecodingPool
from stillroom.observability import Metrics, log
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.availability import ProviderChecks, check_availability
from stillroom.providers.capability_map import CapabilityMap, RegistryEntry
from stillroom.providers.circuit_breaker import CircuitBreakers
from stillroom.providers.continuing import ContinuingProvider
from stillroom.providers.corrections import MatteFinder
from stillroom.providers.previews import PreviewEngine
from stillroom.providers.registry import registered_clouds
from stillroom.providers.router import Router
from stillroom.providers.webhooks.addresses import AddressRules
from stillroom.providers.webhooks.sender import HttpWebhookSender
from stillroom.settings import C2PA_CERTIFICATES, C2PA_KEY, Settings
from stillroom.storage import space
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.notifications import open_notifier
from stillroom.storage.rate_limits import TokenBuckets
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
        database = Database(settings.database, keep_reserve=keep_reserve)
        open_things.push_async_callback(database.close)
        metrics.watch_space(partial(space.free_bytes, disk_folders(settings)))
        pool = open_things.enter_context(DecodingPool())
        catalogue = FileCatalogue(settings.data_dir / "config")
        local = open_local(settings, catalogue)
        registry = registered_clouds(accounts_of(settings), catalogue, local, settings.provider_order)
        for cloud in clouds_in(registry.values()):
            open_things.push_async_callback(cloud.close)
        if settings.injected_faults:
            log.warning("faults_are_injected", faults=settings.faults)
        registry |= {local.name: RegistryEntry(ContinuingProvider(local))}
        reader = open_reader(settings, catalogue)
        if reader is not None:
            open_things.push_async_callback(reader.close)
        notifier = await open_things.enter_async_context(open_notifier(settings.database))
        valkey_url = settings.valkey_url.get_secret_value() if settings.valkey_url else None
        limiter = TokenBuckets(settings.user_per_minute, valkey_url)
        open_things.push_async_callback(limiter.close)
        attempts = TokenBuckets(ATTEMPTS_PER_MINUTE, valkey_url)
        open_things.push_async_callback(attempts.close)
        pixel_rates = TokenBuckets(settings.user_pixels_per_minute, valkey_url)
        open_things.push_async_callback(pixel_rates.close)
        studio = _compose(
            settings,
            database,
            pool,
            metrics,
            catalogue,
            local,
            registry,
            reader,
            notifier,
            limiter,
            attempts,
            pixel_rates,
        )
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


def _compose(
    settings: Settings,
    database: Database,
    pool: DecodingPool,
    metrics: Metrics,
    catalogue: Catalogue,
    local: LocalProvider,
    registry: Mapping[str, RegistryEntry],
    reader: Reader | None,
    notifier: Notifier,
    limiter: RateLimiter,
    attempts: RateLimiter,
    pixel_rates: RateLimiter,
) -> Studio:
    ids, clock, limits = IdFactory(), _now, settings.limits
    unit_of_work = SqlTransactions(database)
    blobs = open_blobs(settings)
    sign = _signer(settings)
    lifecycle = Lifecycle(unit_of_work, notifier, ids, clock, limits, on_ended=metrics.job_ended)
    decoders = Decoders(partial(pool.sanitise, limits=bounds(limits)), pool.children, DECODERS_BYTES)
    order = ProviderOrder(settings.provider_order, settings.strategy)
    capabilities = CapabilityMap(registry, order)
    breakers = CircuitBreakers(unit_of_work, clock)
    router = Router(capabilities, breakers, catalogue, clock, settings.refusal_fallback)
    mattes = Mattes(unit_of_work, blobs, MatteFinder(local, log_notice), ids, clock)
    eager = EagerCutouts(mattes, unit_of_work)
    budget = settings.daily_budget_micro_usd
    calls = ReaderCalls(reader, unit_of_work, limiter, ids, clock, budget) if reader else None
    background = Background()
    seeing = calls if settings.reader_sees_photos else None
    looks = Looks(unit_of_work, blobs, seeing, background, eager)
    generation = Generation(
        unit_of_work,
        blobs,
        router,
        catalogue,
        lifecycle,
        mattes,
        notifier,
        ids,
        clock,
        budget,
        looks,
    )
    instructions = Instructions(unit_of_work, calls)

    def has_cloud(operation: Operation, provider: str | None) -> bool:
        return capabilities.has_cloud(operation, provider, catalogue.providers(), clock().date())

    def price(operation: Operation, provider: str | None) -> tuple[str, int]:
        return capabilities.price(operation, provider, catalogue.providers(), clock().date())

    checks = ChoiceChecks(catalogue, has_cloud)
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
        has_cloud,
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
        owners=Owners(unit_of_work, ids, clock, tokens_required=settings.auth == "token"),
        sign_ins=SignIns(unit_of_work, attempts, clock, tokens_required=settings.auth == "token"),
        uploads=Uploads(settings.data_dir / FOLDER, limits),
        intake=Intake(unit_of_work, blobs, decoders, ids, clock),
        sessions=Sessions(unit_of_work, blobs, catalogue, notifier, ids, clock, local.cutouts, eager, looks),
        backdrops=Backdrops(unit_of_work, blobs),
        jobs=jobs,
        selection=Selection(unit_of_work, blobs, clock),
        mattes=mattes,
        eager=eager,
        redo=Redo(jobs, mattes),
        exports=Exports(unit_of_work, blobs, catalogue, notifier, ids, clock, limits, sign),
        checking=checking_with(local, catalogue, limits),
        price=price,
        instructions=instructions,
        previews=Previews(unit_of_work, blobs, PreviewEngine(local), clock),
        descriptions=Descriptions(unit_of_work, blobs, seeing),
        reader=reader,
        reader_sees_photos=settings.reader_sees_photos,
        background=background,
        events=Events(unit_of_work, notifier),
        streams=StreamLimit(limits),
        limiter=limiter,
        rates=Rates(pixel_rates),
        reports=Reports(unit_of_work, VERSION),
        status=Status(
            unit_of_work,
            blobs,
            catalogue,
            configured(registry),
            clock,
            order,
            settings.daily_budget_micro_usd,
            partial(space.free_bytes, disk_folders(settings)),
        ),
        choices=checks,
        recipes=Recipes(unit_of_work, catalogue, checks, ids, clock),
        batches=Batches(unit_of_work, catalogue, checks, notifier, limiter, ids, clock, price),
        batch_control=BatchControl(unit_of_work, checks, notifier, clock),
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
        lifecycle=lifecycle,
        housekeeping=Housekeeping(unit_of_work, blobs, clock, ids, local.cutouts),
        handlers=complete(dict.fromkeys(Operation, generation.run)),
        deliver=Deliveries(unit_of_work, sender, clock).run,
        make_export=ExportMaker(unit_of_work, blobs, lifecycle, clock, sign).run,
        provider_checks=ProviderChecks(clouds_in(registry.values()), catalogue, clock),
        warm_up=partial(_warm_up, local, registry, reader, breakers, catalogue),
        networks=lambda: local.networks,
        golden=GoldenLab(unit_of_work, golden_runs(settings), clock),
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
