"""Objects that several services share: transactions, blobs, clock, capabilities, background work."""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.photos.eager import EagerCutouts
from stillroom.application.photos.mattes import Mattes
from stillroom.application.readers.background import Background
from stillroom.application.readers.calls import ReaderCalls
from stillroom.application.readers.inspections import PhotoInspections
from stillroom.bootstrap.providers import clouds_in
from stillroom.bootstrap.resources import Resources
from stillroom.bootstrap.stores import open_blobs
from stillroom.domain.ids import IdFactory
from stillroom.domain.ports import Blobs, Clock
from stillroom.domain.providers.order import ProviderOrder
from stillroom.imaging.io.content_credentials import Credentials, Sign
from stillroom.observability import Metrics
from stillroom.providers.availability import FirstCheck
from stillroom.providers.capability_map import CapabilityMap
from stillroom.providers.circuit_breaker import CircuitBreakers
from stillroom.providers.corrections import MatteFinder
from stillroom.providers.webhooks.addresses import AddressRules
from stillroom.providers.webhooks.sender import HttpWebhookSender
from stillroom.settings import C2PA_CERTIFICATES, C2PA_KEY, Settings
from stillroom.storage.unit_of_work import SqlTransactions

VERSION = version("stillroom")


@dataclass(frozen=True, slots=True)
class Foundation:
    """Parts that services are built from, besides the studio's resources.

    Attributes:
        calls: Calls of the reader model, if there is one.
        seeing: The same, if the reader model may see photos.
        inspections: Given under the same condition.
    """

    unit_of_work: SqlTransactions
    blobs: Blobs
    ids: IdFactory
    clock: Clock
    sign: Sign | None
    lifecycle: Lifecycle
    clouds: CapabilityMap
    breakers: CircuitBreakers
    first_check: FirstCheck
    mattes: Mattes
    eager: EagerCutouts
    calls: ReaderCalls | None
    seeing: ReaderCalls | None
    inspections: PhotoInspections | None
    background: Background
    sender: HttpWebhookSender


def foundation_of(settings: Settings, metrics: Metrics, resources: Resources) -> Foundation:
    """Compose the parts that several services share. Raises ValueError if the key for signing is unusable."""
    ids, clock, budget = IdFactory(), now, settings.daily_budget_micro_usd
    notifier, reader, catalogue = resources.notifier, resources.reader, resources.catalogue
    unit_of_work, blobs = SqlTransactions(resources.database), open_blobs(settings)
    order = ProviderOrder(settings.provider_order, settings.strategy)
    mattes = Mattes(unit_of_work, blobs, MatteFinder(resources.local), ids, clock)
    eager, background = EagerCutouts(mattes, unit_of_work), Background()
    breakers = CircuitBreakers(unit_of_work, clock)
    calls = ReaderCalls(reader, unit_of_work, resources.limiter, ids, clock, budget) if reader else None
    seeing = calls if settings.reader_sees_photos else None
    return Foundation(
        unit_of_work=unit_of_work,
        blobs=blobs,
        ids=ids,
        clock=clock,
        sign=_signer(settings),
        lifecycle=Lifecycle(unit_of_work, notifier, ids, clock, settings.limits, on_ended=metrics.job_ended),
        clouds=CapabilityMap(resources.registry, order, catalogue, clock),
        breakers=breakers,
        first_check=FirstCheck(clouds_in(resources.registry.values()), breakers),
        mattes=mattes,
        eager=eager,
        calls=calls,
        seeing=seeing,
        inspections=PhotoInspections(unit_of_work, blobs, seeing, background, eager) if seeing else None,
        background=background,
        sender=HttpWebhookSender(AddressRules(settings.webhook_allow)),
    )


def _signer(settings: Settings) -> Sign | None:
    """Return the signer of exports if a key is configured. Raises ValueError when it is unusable."""
    if settings.c2pa_folder is None:
        return None
    folder = settings.c2pa_folder
    return Credentials((folder / C2PA_CERTIFICATES).read_bytes(), (folder / C2PA_KEY).read_bytes()).sign


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)
