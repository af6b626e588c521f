"""Composition root: the only place that names concrete classes."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from stillroom.application.batches.requests import Price
from stillroom.application.exports.checking import Checking
from stillroom.application.exports.requests import Exports
from stillroom.application.instructions.reading import Instructions
from stillroom.application.jobs.events import Events
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.jobs.redo import Redo
from stillroom.application.jobs.reports import Reports
from stillroom.application.jobs.requests import Jobs
from stillroom.application.limits.limits import Limits
from stillroom.application.previews import Previews
from stillroom.application.readers.background import Background
from stillroom.application.sessions import Sessions
from stillroom.application.webhooks.requests import Webhooks
from stillroom.bootstrap import services
from stillroom.bootstrap.checking import checking_with
from stillroom.bootstrap.foundation import VERSION, Foundation, foundation_of, now
from stillroom.bootstrap.providers import clouds_in
from stillroom.bootstrap.resources import Resources, open_resources
from stillroom.bootstrap.services import About, Access, BatchServices, Photos, Work
from stillroom.bootstrap.stores import golden_runs, migrate_schema
from stillroom.domain.ids import IdFactory
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import Catalogue, Clock, Notifier, Reader
from stillroom.domain.providers.requests import PictureMaker, RegistryEntry
from stillroom.evaluation.golden.lab import GoldenLab
from stillroom.observability import Metrics
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.availability import FirstCheck
from stillroom.providers.previews import PreviewEngine
from stillroom.settings import Settings
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions


@dataclass(frozen=True, slots=True)
class Studio:
    """Composed and running services, as used by the shells."""

    about: About
    limits: Limits
    clock: Clock
    catalogue: Catalogue
    notifier: Notifier
    metrics: Metrics
    access: Access
    photos: Photos
    sessions: Sessions
    jobs: Jobs
    redo: Redo
    exports: Exports
    checking: Checking
    price: Price
    instructions: Instructions
    previews: Previews
    background: Background
    events: Events
    reports: Reports
    batches: BatchServices
    webhooks: Webhooks
    work: Work
    golden: GoldenLab
    warm_up: Callable[[], Coroutine[Any, Any, None]]
    worker_is_alive: Callable[[], bool] | None = None


@asynccontextmanager
async def open_studio(
    settings: Settings, metrics: Metrics, *, keep_reserve: bool = False, maker: PictureMaker | None = None
) -> AsyncIterator[Studio]:
    """Compose the studio, migrate its database, and close everything at the end. Raises StorageUnavailable.

    Args:
        keep_reserve: Reserve disk space for deletions; for long-running processes.
        maker: Makes the pictures of jobs; None asks the configured providers.
    """
    await migrate_schema(settings)
    # Compile the language rules and load the models of language now, so that no request waits for it.
    understand("brighter", Plan())
    async with AsyncExitStack() as open_things:
        resources = await open_resources(settings, metrics, open_things, keep_reserve=keep_reserve)
        studio = _compose(settings, metrics, resources, maker)
        open_things.push_async_callback(studio.background.close)
        await studio.access.owners.ensure_local()
        yield studio


@asynccontextmanager
async def open_lifecycle(settings: Settings) -> AsyncIterator[Lifecycle]:
    """Open a lifecycle with its own database connections, for a thread with its own event loop."""
    database = Database(settings.database)
    try:
        yield Lifecycle(SqlTransactions(database), LocalNotifier(), IdFactory(), now, settings.limits)
    finally:
        await database.close()


def _compose(
    settings: Settings, metrics: Metrics, resources: Resources, maker: PictureMaker | None
) -> Studio:
    base = foundation_of(settings, metrics, resources)
    unit_of_work, blobs, ids, clock = base.unit_of_work, base.blobs, base.ids, base.clock
    catalogue, local, notifier = resources.catalogue, resources.local, resources.notifier
    limits = settings.limits
    instructions = Instructions(unit_of_work, base.calls)
    jobs = _jobs(settings, resources, base, instructions)
    return Studio(
        about=services.about(settings, resources, base),
        limits=limits,
        clock=clock,
        catalogue=catalogue,
        notifier=notifier,
        metrics=metrics,
        access=services.access(settings, resources, base),
        photos=services.photos(settings, resources, base),
        sessions=_sessions(resources, base),
        jobs=jobs,
        redo=Redo(jobs, base.mattes),
        exports=Exports(unit_of_work, blobs, catalogue, notifier, ids, clock, limits, base.sign),
        checking=checking_with(local, catalogue, resources.decoders),
        price=base.clouds.price,
        instructions=instructions,
        previews=Previews(unit_of_work, blobs, PreviewEngine(local), clock),
        background=base.background,
        events=Events(unit_of_work, notifier),
        reports=Reports(unit_of_work, VERSION),
        batches=services.batch_services(settings, resources, base),
        webhooks=Webhooks(unit_of_work, base.sender, notifier, ids, clock),
        work=services.work(settings, resources, base, maker),
        warm_up=partial(_warm_up, local, resources.registry, resources.reader, base.first_check),
        golden=GoldenLab(unit_of_work, golden_runs(settings), clock),
    )


def _jobs(settings: Settings, resources: Resources, base: Foundation, instructions: Instructions) -> Jobs:
    return Jobs(
        base.unit_of_work,
        resources.catalogue,
        resources.notifier,
        resources.limiter,
        base.ids,
        base.clock,
        settings.limits,
        instructions,
        base.lifecycle,
        base.clouds.has_cloud,
    )


def _sessions(resources: Resources, base: Foundation) -> Sessions:
    return Sessions(
        base.unit_of_work,
        base.blobs,
        resources.catalogue,
        base.lifecycle,
        base.ids,
        base.clock,
        resources.local.cutouts,
        base.eager,
        base.inspections,
    )


async def _warm_up(
    local: LocalProvider,
    registry: Mapping[str, RegistryEntry],
    reader: Reader | None,
    first_check: FirstCheck,
) -> None:
    """Load the local networks, import the vendors' SDKs and check which cloud models are available."""
    await local.warm_up()
    if reader is not None:
        await reader.open()
    for cloud in clouds_in(registry.values()):
        await cloud.open()
    await first_check.run()
