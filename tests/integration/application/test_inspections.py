"""A reader model inspects photos and describes pictures: over the wire, into the database and the cut-out."""

import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from stillroom.application.photos.eager import EagerCutouts
from stillroom.application.photos.mattes import Mattes
from stillroom.application.readers.background import Background
from stillroom.application.readers.calls import ReaderCalls
from stillroom.application.readers.descriptions import Descriptions
from stillroom.application.readers.inspections import PhotoInspections
from stillroom.domain.descriptions import Title
from stillroom.domain.errors import Conflict, NotFound, ProviderUnavailable
from stillroom.domain.ids import BatchId, IdFactory, OwnerId, SessionId
from stillroom.domain.jobs.job import JobStatus
from stillroom.domain.mattes import NO_HINTS, FoundMatte, PhotoHints
from stillroom.domain.products import ProductFacts
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant
from stillroom.domain.words import Words
from stillroom.imaging.cutout.photo_masks import cover_file, photo_in
from stillroom.imaging.cutout.subjects import cut_out_of
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.scene.product import Product
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.providers.cutouts.products import hinted
from stillroom.providers.readers.compatible import CompatibleChat
from stillroom.providers.readers.model_reader import ModelReader
from stillroom.storage.rate_limits import TokenBuckets
from stillroom.storage.unit_of_work import SqlTransactions
from tests.contract.providers.test_readers import CATALOGUE, MODEL
from tests.fakes.providers.readers import FakeChat
from tests.fakes.providers.server import KEY, Fault
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs
from tests.integration.application.turns import Turns
from tests.integration.storage.rows import ANNA, BORIS, a_call, a_job, a_session, a_variant, stored_session
from tests.unit.imaging.cutout.test_subjects import LEFT, RIGHT, RedFinder, photo_of

pytestmark = pytest.mark.anyio

BUDGET_MICRO_USD = 1_000_000


class RivalFinder:
    """The studio's own cut-out with a network that finds whatever is red."""

    async def find(self, photo: bytes, sha256: str, hints: PhotoHints = NO_HINTS) -> FoundMatte:
        pixels = photo_in(photo)
        product = Product(pixels, cut_out_of(pixels, RedFinder()))
        matte = hinted(product, sha256, hints, RedFinder(), Cutouts(NO_CUTOUTS)).matte
        return FoundMatte(
            lambda: cover_file(matte, pixels.shape), "red", matte.confidence, 0.0, matte.subjects
        )

    async def find_eagerly(
        self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
    ) -> FoundMatte | None:
        del cancelled
        return await self.find(photo, sha256, hints)

    async def expect_points(self, photo: bytes, sha256: str) -> None:
        """Nothing to prepare."""


@pytest.fixture(scope="module")
def server() -> Iterator[FakeChat]:
    """A reader that sees the largest thing; it is the left one, because the right one is a little smaller."""
    with FakeChat() as chat:
        yield chat


@pytest.fixture
async def session(transactions: SqlTransactions, blobs: WatchedBlobs) -> Session:
    """A photo with two rivals in the store."""
    session = await stored_session(transactions)
    async with transactions(read_only=True) as tx:
        asset = await tx.assets.get(session.asset_id, session.owner_id)
    x, y, radius = RIGHT
    await blobs.put(asset.blob_key, png_of(photo_of(LEFT, (x, y, radius - 4))), "image/png")
    return session


class LookServices:
    """The services around an inspection."""

    def __init__(
        self, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock, server: FakeChat
    ) -> None:
        self.transactions = transactions
        self.chat = CompatibleChat("compatible", KEY, MODEL, server.address)
        reader = ModelReader(self.chat, lambda: CATALOGUE, 20.0)
        self.calls = ReaderCalls(
            reader, transactions, TokenBuckets(100, None), IdFactory(), clock, BUDGET_MICRO_USD
        )
        self.mattes = Mattes(transactions, blobs, RivalFinder(), IdFactory(), clock)  # type: ignore[arg-type]
        self.eager = EagerCutouts(self.mattes, transactions)
        self.background = Background()
        self.descriptions = Descriptions(transactions, blobs, self.calls)
        self.inspections = PhotoInspections(transactions, blobs, self.calls, self.background, self.eager)

    async def inspect(self, session: Session) -> ProductFacts:
        """Inspect in the background, and return the product as the session has it afterwards."""
        self.inspections.add(session.id, session.owner_id)
        self.inspections.add(session.id, session.owner_id)
        await self.background.drain()
        return (await self.again(session)).product

    async def again(self, session: Session) -> Session:
        """The session as it is now."""
        async with self.transactions(read_only=True) as tx:
            return await tx.sessions.get(session.id, session.owner_id)

    async def chosen(self, session: Session) -> list[float]:
        """Left edges of the subjects in the stored matte."""
        matte = (await self.mattes.current(session.id, session.owner_id)).matte
        return sorted(int(10 * one.box.x) / 10 for one in matte.subjects.items if one.chosen)


@pytest.fixture
async def services(
    transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock, server: FakeChat
) -> AsyncIterator[LookServices]:
    """Services with a reader that answers."""
    server.heal()
    server.asked.clear()
    server.says, server.label_text = None, "BREW & CO"
    services = LookServices(transactions, blobs, clock, server)
    # Importing the SDK takes longer than the deadline; the studio does it when it starts.
    await services.chat.open()
    yield services
    await services.background.close()
    await services.chat.close()


async def test_recognition_names_the_product_and_selects_the_subject_before_the_first_job(
    services: LookServices, session: Session, server: FakeChat
) -> None:
    await services.eager.cut_out(session.id, session.owner_id)
    assert await services.chosen(session) == [0.1, 0.5]
    facts = await services.inspect(session)
    assert (facts.name, facts.category) == (Words(zh="红色杯子", en="Red cup"), "cup")
    assert (facts.label_text, facts.seen_by, facts.steers) == ("BREW & CO", MODEL, True)
    await services.eager.cut_out(session.id, session.owner_id)
    assert await services.chosen(session) == [0.1]
    # The same photo in another session needs no second inspection.
    async with services.transactions() as tx:
        asset = await tx.assets.get(session.asset_id, session.owner_id)
        other = a_session(asset)
        await tx.sessions.add(other)
        [line] = [
            row
            for row in await tx.provider_calls.usage(
                session.owner_id, session.created_at.replace(hour=0), session.created_at.replace(hour=23)
            )
            if row.provider == "reader"
        ]
    assert (await services.inspect(other)).name == facts.name
    assert server.calls == 1
    assert (line.calls, line.failed) == (1, 0)
    assert line.cost_micro_usd > 0


async def test_recognition_after_the_first_job_keeps_the_cut_out(
    services: LookServices, session: Session
) -> None:
    async with services.transactions() as tx:
        await tx.jobs.add(replace(a_job(session), status=JobStatus.RUNNING))
    facts = await services.inspect(session)
    assert facts.box is not None
    assert not facts.steers
    assert await services.chosen(session) == [0.1, 0.5]


async def test_facts_of_the_seller_override_the_models(services: LookServices, session: Session) -> None:
    mine = ProductFacts(size_cm=9.5, name=Words(zh="保温杯", en="Flask"))
    async with services.transactions() as tx:
        await tx.sessions.save(replace(session, product=mine))
    facts = await services.inspect(session)
    assert (facts.size_cm, facts.name, facts.category) == (9.5, mine.name, "cup")


@pytest.mark.parametrize(
    "fault",
    [Fault(500, {}, times=9), Fault(act="drop", times=9)],
    ids=["failure", "lost connection"],
)
async def test_failed_recognition_changes_nothing_and_is_not_repeated(
    services: LookServices, session: Session, server: FakeChat, fault: Fault
) -> None:
    server.fail(fault)
    assert await services.inspect(session) == ProductFacts()
    server.heal()
    asked = server.calls
    assert await services.inspect(session) == ProductFacts()
    assert server.calls == asked
    assert (await services.again(session)).updated_at == session.updated_at


async def test_photo_that_the_budget_kept_from_the_reader_is_inspected_later(
    services: LookServices, session: Session, server: FakeChat, clock: HandMovedClock
) -> None:
    job = a_job(session)
    async with services.transactions() as tx:
        await tx.jobs.add(job)
        await tx.provider_calls.add(replace(a_call(job, clock.now), cost_micro_usd=BUDGET_MICRO_USD))
    assert await services.inspect(session) == ProductFacts()
    assert server.calls == 0
    clock.move(days=1)
    assert (await services.inspect(session)).category == "cup"


async def test_invalid_response_is_billed_and_changes_nothing(
    services: LookServices, session: Session, server: FakeChat
) -> None:
    server.says = '{"name_en": "Ignore the schema"}'
    assert await services.inspect(session) == ProductFacts()


class RecordedInspections:
    """Inspections of another process, which only notes what it is asked for."""

    def __init__(self) -> None:
        self.added: list[SessionId] = []

    def add(self, session_id: SessionId, owner_id: OwnerId, batch_id: BatchId | None = None) -> None:
        del owner_id, batch_id
        self.added.append(session_id)


async def test_job_requests_an_inspection_only_if_the_opener_of_its_session_has_had_time_for_it(
    turns: Turns,
) -> None:
    worker = RecordedInspections()
    turns.generation = replace(turns.generation, _inspections=worker)  # type: ignore[arg-type]
    old = turns.session
    new = (await turns.studio.sessions.open(old.asset_id, ANNA, None, None)).session
    for session in (new, old):
        turns.session = session
        await turns.turn("white")
    assert worker.added == [old.id]


async def test_session_deleted_meanwhile_is_ignored(services: LookServices, session: Session) -> None:
    async with services.transactions() as tx:
        await tx.sessions.remove(session.id)
    services.inspections.add(session.id, session.owner_id)
    await services.background.drain()
    with pytest.raises(NotFound):
        await services.again(session)


@pytest.fixture
async def variant(services: LookServices, session: Session, blobs: WatchedBlobs) -> Variant:
    """A picture of that product."""
    job = a_job(session)
    variant = a_variant(job)
    async with services.transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(variant)
        await tx.sessions.save(replace(session, product=ProductFacts(name=Words(zh="保温杯", en="Flask"))))
    await blobs.put(variant.blob_key, png_of(photo_of(LEFT)), "image/png")
    return variant


async def test_a_description_is_suggested_once_is_billed_and_is_not_stored(
    services: LookServices, variant: Variant, session: Session, server: FakeChat
) -> None:
    suggestion = await services.descriptions.suggest(variant.id, ANNA)
    assert suggestion.description.title == Title(zh="红色 保温杯", en="Flask, red")
    assert suggestion.model == MODEL
    assert 0 < suggestion.cost_micro_usd <= (services.descriptions.price_micro_usd or 0)
    assert await services.descriptions.suggest(variant.id, ANNA) == suggestion
    assert server.calls == 1
    async with services.transactions(read_only=True) as tx:
        assert (await tx.variants.get(variant.id, ANNA)).description.is_empty
        day = session.created_at.replace(hour=0)
        [line] = await tx.provider_calls.usage(ANNA, day, day.replace(hour=23))
    assert (line.provider, line.calls, line.cost_micro_usd) == ("reader", 1, suggestion.cost_micro_usd)
    with pytest.raises(NotFound):
        await services.descriptions.suggest(variant.id, BORIS)


async def test_failed_suggestion_states_reason_and_retry_time(
    services: LookServices, variant: Variant, server: FakeChat
) -> None:
    server.says = "A red cup."
    with pytest.raises(ProviderUnavailable) as failed:
        await services.descriptions.suggest(variant.id, ANNA)
    assert failed.value.params == {"reason": "bad_reply"}
    with pytest.raises(ProviderUnavailable) as paused:
        await services.descriptions.suggest(variant.id, ANNA)
    assert paused.value.params == {"reason": "breaker_open", "retry_after_seconds": 30}
    assert server.calls == 1


async def test_suggestion_beyond_the_budget_is_not_requested(
    services: LookServices, variant: Variant, session: Session, server: FakeChat, clock: HandMovedClock
) -> None:
    job = a_job(session)
    async with services.transactions() as tx:
        await tx.jobs.add(job)
        await tx.provider_calls.add(replace(a_call(job, clock.now), cost_micro_usd=BUDGET_MICRO_USD))
    with pytest.raises(ProviderUnavailable) as refused:
        await services.descriptions.suggest(variant.id, ANNA)
    assert refused.value.params == {"reason": "over_budget"}
    assert server.calls == 0


async def test_no_description_is_suggested_without_a_reader(
    services: LookServices, variant: Variant, blobs: WatchedBlobs
) -> None:
    descriptions = Descriptions(services.transactions, blobs, None)
    with pytest.raises(Conflict):
        await descriptions.suggest(variant.id, ANNA)
    assert descriptions.price_micro_usd is None
