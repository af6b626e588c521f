"""Services by subject, each group composed in one function."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from stillroom.application.access.owners import Owners
from stillroom.application.access.sign_ins import SignIns
from stillroom.application.batches.choices import ChoiceChecks
from stillroom.application.batches.control import BatchControl
from stillroom.application.batches.files import BatchFiles
from stillroom.application.batches.recipes import Recipes
from stillroom.application.batches.requests import Batches
from stillroom.application.batches.runner import BatchRunner
from stillroom.application.batches.stream import BatchEvents
from stillroom.application.exports.jobs import ExportMaker
from stillroom.application.exports.ordering import ExportOrders
from stillroom.application.housekeeping import Housekeeping
from stillroom.application.jobs.generation import Generation
from stillroom.application.jobs.handlers import DeliveryHandler, ExportHandler, PictureHandler
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.quotas import UPLOAD_FOLDER, Rates, StreamLimit, Uploads
from stillroom.application.limits.shared_result import SharedResult
from stillroom.application.photos.backdrops import Backdrops
from stillroom.application.photos.eager import EagerCutouts
from stillroom.application.photos.intake import Intake
from stillroom.application.photos.mattes import Mattes
from stillroom.application.photos.selection import Selection
from stillroom.application.readers.descriptions import Descriptions
from stillroom.application.status import Status
from stillroom.application.webhooks.sending import Deliveries
from stillroom.bootstrap.foundation import VERSION, Foundation
from stillroom.bootstrap.providers import SETTING_NAMES, clouds_in
from stillroom.bootstrap.resources import Resources
from stillroom.bootstrap.stores import disk_folders
from stillroom.domain.faults import Fault
from stillroom.domain.networks import NetworksInUse
from stillroom.domain.ports import RateLimiter, Reader
from stillroom.domain.providers.checks import ProviderCheck
from stillroom.domain.providers.order import Strategy
from stillroom.domain.providers.requests import PictureMaker
from stillroom.providers.availability import CHECKS_CACHED, check_clouds
from stillroom.providers.router import Router
from stillroom.settings import Settings
from stillroom.storage import space


@dataclass(frozen=True, slots=True)
class About:
    """Facts and state of the server, for `/config`, `/health` and `/version`."""

    version: str
    auth: Literal["local", "token"]
    strategy: Strategy
    faults: tuple[Fault, ...]
    reader: Reader | None
    reader_sees_photos: bool
    networks: Callable[[], NetworksInUse]
    status: Status
    provider_checks: SharedResult[tuple[ProviderCheck, ...]]


@dataclass(frozen=True, slots=True)
class Access:
    """Owners, sign-ins, and the limits of what an owner may ask for."""

    owners: Owners
    sign_ins: SignIns
    limiter: RateLimiter
    rates: Rates
    streams: StreamLimit


@dataclass(frozen=True, slots=True)
class Photos:
    """Services for photos: intake, mattes, selection and descriptions of pictures."""

    uploads: Uploads
    intake: Intake
    backdrops: Backdrops
    mattes: Mattes
    eager: EagerCutouts
    selection: Selection
    descriptions: Descriptions


@dataclass(frozen=True, slots=True)
class BatchServices:
    """Recipes, and batches of products that follow one."""

    choices: ChoiceChecks
    recipes: Recipes
    requests: Batches
    control: BatchControl
    files: BatchFiles
    events: BatchEvents
    runner: BatchRunner


@dataclass(frozen=True, slots=True)
class Work:
    """Services of a worker: claim, run and complete jobs, and clean up."""

    lifecycle: Lifecycle
    make_pictures: PictureHandler
    make_export: ExportHandler
    deliver: DeliveryHandler
    housekeeping: Housekeeping


def about(settings: Settings, resources: Resources, base: Foundation) -> About:
    """Compose facts and state of the server."""
    clouds = clouds_in(resources.registry.values())
    status = Status(
        base.unit_of_work,
        base.blobs,
        resources.catalogue,
        resources.registry,
        base.clock,
        base.clouds.order,
        settings.daily_budget_micro_usd,
        partial(space.free_bytes, disk_folders(settings)),
    )
    return About(
        version=VERSION,
        auth=settings.auth,
        strategy=settings.strategy,
        faults=settings.injected_faults,
        reader=resources.reader,
        reader_sees_photos=settings.reader_sees_photos,
        networks=lambda: resources.local.networks,
        status=status,
        provider_checks=SharedResult(
            lambda: check_clouds(clouds, base.clock().date(), SETTING_NAMES), base.clock, CHECKS_CACHED
        ),
    )


def access(settings: Settings, resources: Resources, base: Foundation) -> Access:
    """Compose owners, sign-ins and limits."""
    unit_of_work, clock, tokens_required = base.unit_of_work, base.clock, settings.auth == "token"
    return Access(
        owners=Owners(unit_of_work, base.ids, clock, tokens_required=tokens_required),
        sign_ins=SignIns(unit_of_work, resources.attempts, clock, tokens_required=tokens_required),
        limiter=resources.limiter,
        rates=Rates(resources.pixel_rates),
        streams=StreamLimit(settings.limits),
    )


def photos(settings: Settings, resources: Resources, base: Foundation) -> Photos:
    """Compose the services of photos and pictures."""
    unit_of_work, blobs, clock, limits = base.unit_of_work, base.blobs, base.clock, settings.limits
    return Photos(
        uploads=Uploads(settings.data_dir / UPLOAD_FOLDER, limits),
        intake=Intake(unit_of_work, blobs, resources.decoders, base.ids, clock),
        backdrops=Backdrops(unit_of_work, blobs),
        mattes=base.mattes,
        eager=base.eager,
        selection=Selection(unit_of_work, blobs, clock),
        descriptions=Descriptions(unit_of_work, blobs, base.seeing),
    )


def batch_services(settings: Settings, resources: Resources, base: Foundation) -> BatchServices:
    """Compose recipes and batches."""
    unit_of_work, blobs, ids, clock = base.unit_of_work, base.blobs, base.ids, base.clock
    catalogue, notifier, limits = resources.catalogue, resources.notifier, settings.limits
    checks = ChoiceChecks(unit_of_work, catalogue, base.clouds.has_cloud)
    orders = ExportOrders(blobs, catalogue, ids, clock, limits)
    return BatchServices(
        choices=checks,
        recipes=Recipes(unit_of_work, catalogue, checks, ids, clock),
        requests=Batches(
            unit_of_work, catalogue, checks, notifier, resources.limiter, ids, clock, base.clouds.price
        ),
        control=BatchControl(unit_of_work, checks, notifier, clock, base.lifecycle),
        files=BatchFiles(unit_of_work, blobs, notifier, clock),
        events=BatchEvents(unit_of_work, notifier),
        runner=BatchRunner(unit_of_work, orders, notifier, ids, clock, limits, base.inspections),
    )


def work(settings: Settings, resources: Resources, base: Foundation, maker: PictureMaker | None) -> Work:
    """Compose the services of a worker; by default, the router makes the pictures."""
    unit_of_work, blobs, clock, lifecycle = base.unit_of_work, base.blobs, base.clock, base.lifecycle
    catalogue = resources.catalogue
    if maker is None:
        maker = Router(base.clouds, base.breakers, settings.refusal_fallback, first_check=base.first_check)
    generation = Generation(
        unit_of_work,
        blobs,
        maker,
        catalogue,
        lifecycle,
        base.mattes,
        resources.notifier,
        base.ids,
        clock,
        settings.daily_budget_micro_usd,
        base.inspections,
    )
    return Work(
        lifecycle=lifecycle,
        make_pictures=generation.run,
        make_export=ExportMaker(unit_of_work, blobs, lifecycle, clock, base.sign).run,
        deliver=Deliveries(unit_of_work, base.sender, clock).run,
        housekeeping=Housekeeping(unit_of_work, blobs, clock, resources.local.cutouts),
    )
