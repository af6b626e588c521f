"""Webhooks: no event is lost, every message is signed, and a receiver that fails is given up."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from stillroom.application.housekeeping import Housekeeping
from stillroom.application.webhooks.requests import Webhooks
from stillroom.application.webhooks.sending import Deliveries
from stillroom.domain.errors import InputCorrupt, LimitReached, NotFound
from stillroom.domain.ids import OwnerId
from stillroom.domain.jobs.job import (
    DELIVERIES_PER_OWNER,
    ClaimedDeliveryJob,
    ClaimedJob,
    JobStatus,
    LeaseLost,
)
from stillroom.domain.measures import Measures
from stillroom.domain.webhooks import (
    MAX_TRIES,
    MAX_WEBHOOKS,
    RETENTION_DAYS,
    Delivery,
    DeliveryStatus,
    DisabledReason,
    SendResult,
    Webhook,
    WebhookEvent,
)
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.batch_services import BatchServices
from tests.integration.application.concurrency import Interrupted, lock_watch, sessions_in
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import ANNA, BORIS, an_owner, room

pytestmark = pytest.mark.anyio

URL = "https://shop.example/hook"
ACCEPTED, BROKEN = SendResult(204, None), SendResult(500, "http_500")
ALL = tuple(WebhookEvent)
LEASE_SECONDS = 15.0


@dataclass
class Message:
    """A delivery as the receiver got it."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Fake receiver: returns the scripted responses, then accepts."""

    answers: list[SendResult] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    breaks_off: bool = False

    async def check(self, url: str) -> None:
        assert url

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> SendResult:
        self.messages.append(Message(url, dict(headers), body))
        if self.breaks_off:
            raise asyncio.CancelledError
        return self.answers.pop(0) if self.answers else ACCEPTED


class WebhookServices:
    """The services of webhooks beside those of batches."""

    def __init__(self, services: BatchServices, clock: HandMovedClock) -> None:
        self.services = services
        self.clock = clock
        self.receiver = Receiver()
        self.webhooks = Webhooks(services.transactions, self.receiver, services.notifier, services.ids, clock)
        self.deliveries = Deliveries(services.transactions, self.receiver, clock, jitter=lambda: 0.0)

    async def webhook(
        self, owner_id: OwnerId = ANNA, events: tuple[WebhookEvent, ...] = ALL, url: str = URL
    ) -> Webhook:
        async with self.services.transactions() as tx:
            await tx.owners.add(an_owner(owner_id))
        return await self.webhooks.create(url, events, owner_id)

    async def claim(self) -> tuple[ClaimedDeliveryJob, ...]:
        claimed = await self.services.lifecycle.claim("w1", room(0, 0, deliveries=16))
        return tuple(job for job in claimed if isinstance(job, ClaimedDeliveryJob))

    async def send_due(self) -> int:
        """Send what is due, oldest first; returns the number of tries."""
        tries = 0
        while jobs := await self.claim():
            # PostgreSQL returns the claimed rows in any order.
            for job in sorted(jobs, key=lambda one: one.number):
                await self.deliveries.run(job)
                tries += 1
        return tries

    async def all(self, webhook: Webhook) -> tuple[Delivery, ...]:
        return (await self.webhooks.deliveries(webhook.id, webhook.owner_id, None, 100)).items

    async def only(self, webhook: Webhook) -> Delivery:
        (delivery,) = await self.all(webhook)
        return delivery

    async def a_job(self) -> ClaimedJob:
        """A running job of Anna's."""
        await self.services.create(await self.services.photos(1))
        await self.services.runner.step()
        (job,) = await self.services.claim()
        assert isinstance(job, ClaimedJob)
        return job


@pytest.fixture
def clock() -> HandMovedClock:
    """Behind by what five failures take, so that the sixth try is made now, as the verifier demands."""
    waits = 0.9 * (5 + 300 + 1800 + 7200 + 18_000)
    return HandMovedClock(datetime.now(UTC) - timedelta(seconds=waits))


@pytest.fixture
def post(transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock) -> WebhookServices:
    return WebhookServices(BatchServices(transactions, blobs, clock), clock)


async def test_a_receiver_that_fails_five_times_gets_the_same_signed_message_a_sixth_time(
    post: WebhookServices,
) -> None:
    webhook = await post.webhook(events=(WebhookEvent.JOB_SUCCEEDED,))
    job = await post.a_job()
    await post.services.do(job)
    post.receiver.answers = [BROKEN, SendResult(None, "timeout"), SendResult(302, "redirect"), BROKEN, BROKEN]
    started, waits = post.clock.now, []
    for attempt in range(1, 6):
        assert await post.send_due() == 1
        delivery = await post.only(webhook)
        assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, attempt)
        assert delivery.next_attempt_at is not None
        post.clock.now = delivery.next_attempt_at - timedelta(microseconds=1)
        assert await post.claim() == (), "it is not due yet"
        post.clock.now = delivery.next_attempt_at
        waits.append(round((post.clock.now - started).total_seconds()))
    assert waits == [4, 274, 1894, 8374, 24574]
    assert await post.send_due() == 1
    delivery = await post.only(webhook)
    assert (delivery.status, delivery.attempts, delivery.response_status) == (
        DeliveryStatus.SUCCEEDED,
        6,
        204,
    )
    assert delivery.error is None
    messages = post.receiver.messages
    assert {message.id for message in messages} == {delivery.message_id}
    assert len({message.body for message in messages}) == 1
    assert len({message.headers["webhook-signature"] for message in messages}) == 6, "each has its own moment"
    payload = Verifier(webhook.secret).verify(messages[-1].body, dict(messages[-1].headers))
    assert payload["type"] == "job.succeeded"
    assert payload["data"]["job_id"] == job.id
    assert payload["data"]["url"] == f"/job/{job.id}"
    assert len(payload["data"]["variant_ids"]) == len(job.wanted_ordinals)
    assert "whsec_" not in messages[-1].body.decode()


async def test_eight_failures_disable_the_webhook_until_a_replay_succeeds(post: WebhookServices) -> None:
    webhook = await post.webhook(events=(WebhookEvent.JOB_FAILED,))
    post.receiver.answers = [BROKEN] * MAX_TRIES
    await post.services.fail(await post.a_job(), InputCorrupt())
    first = post.clock.now
    for _ in range(MAX_TRIES - 1):
        assert await post.send_due() == 1
        later = (await post.all(webhook))[-1]
        assert later.next_attempt_at is not None
        post.clock.now = later.next_attempt_at
    assert post.clock.now - first < timedelta(hours=24)
    await post.services.fail(await post.a_job(), InputCorrupt())
    post.receiver.answers = [BROKEN]
    assert await post.send_due() == 2, "the second is not sent any more"
    assert len(post.receiver.messages) == MAX_TRIES
    now = await post.webhooks.get(webhook.id, ANNA)
    assert (now.disabled_at, now.disabled_reason) == (post.clock.now, DisabledReason.FAILING)
    newest, oldest = await post.all(webhook)
    assert {newest.status, oldest.status} == {DeliveryStatus.FAILED}
    assert (oldest.error, newest.error) == ("http_500", "webhook_disabled")
    await post.services.fail(await post.a_job(), InputCorrupt())
    assert len(await post.all(webhook)) == 2, "a disabled webhook is told of nothing"
    post.clock.move(days=1)
    assert await post.send_due() == 0
    await post.webhooks.replay(webhook.id, oldest.number, ANNA)
    await post.send_due()
    assert (await post.webhooks.get(webhook.id, ANNA)).disabled_at is None
    again = (await post.all(webhook))[-1]
    assert (again.status, again.attempts, again.message_id) == (
        DeliveryStatus.SUCCEEDED,
        1,
        oldest.message_id,
    )


async def test_webhook_is_disabled_after_410_gone(post: WebhookServices) -> None:
    webhook = await post.webhook()
    post.receiver.answers = [SendResult(410, "http_410")]
    await post.webhooks.test(webhook.id, ANNA)
    assert await post.send_due() == 1
    assert (await post.webhooks.get(webhook.id, ANNA)).disabled_reason is DisabledReason.GONE


async def test_a_test_message_is_sent_once_and_disables_nothing(post: WebhookServices) -> None:
    webhook = await post.webhook()
    post.receiver.answers = [BROKEN]
    await post.webhooks.test(webhook.id, ANNA)
    assert await post.send_due() == 1
    delivery = await post.only(webhook)
    assert (delivery.event, delivery.status) == ("webhook.test", DeliveryStatus.FAILED)
    assert (await post.webhooks.get(webhook.id, ANNA)).disabled_at is None


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_a_webhook_that_is_deleted_while_it_is_tested_is_not_found(post: WebhookServices) -> None:
    webhook = await post.webhook()

    async def delete() -> None:
        await post.webhooks.delete(webhook.id, ANNA)

    late = Interrupted(post.services.transactions, "webhooks", "next_number", delete)
    with pytest.raises(NotFound):
        await replace(post.webhooks, _unit_of_work=late).test(webhook.id, ANNA)


async def test_a_worker_that_dies_between_send_and_save_sends_the_same_id_again(
    post: WebhookServices,
) -> None:
    webhook = await post.webhook()
    await post.webhooks.test(webhook.id, ANNA)
    await post.services.fail(await post.a_job(), InputCorrupt())
    post.receiver.breaks_off = True
    for job in await post.claim():
        with pytest.raises(asyncio.CancelledError):
            await post.deliveries.run(job)
    post.receiver.breaks_off = False
    post.clock.move(seconds=LEASE_SECONDS)
    await post.services.lifecycle.rescue()
    await post.send_due()
    by_event: dict[str, list[str]] = {}
    for message in post.receiver.messages:
        by_event.setdefault(message.body.decode().split('"')[3], []).append(message.id)
    assert len(by_event["job.failed"]) == 2
    assert len(set(by_event["job.failed"])) == 1
    ended = {one.event: (one.status, one.error) for one in await post.all(webhook)}
    assert ended["job.failed"] == (DeliveryStatus.SUCCEEDED, None)
    assert ended["webhook.test"] == (DeliveryStatus.FAILED, "interrupted"), "it has one try"


async def test_replay_replaces_the_scheduled_retry(post: WebhookServices) -> None:
    webhook = await post.webhook(events=(WebhookEvent.JOB_FAILED,))
    await post.services.fail(await post.a_job(), InputCorrupt())
    post.receiver.answers = [BROKEN]
    await post.send_due()
    await post.webhooks.replay(webhook.id, 1, ANNA)
    assert await post.send_due() == 1
    post.clock.move(days=2)
    await post.send_due()
    assert len(post.receiver.messages) == 2, "the earlier try is not made any more"
    assert (await post.only(webhook)).status is DeliveryStatus.SUCCEEDED


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_product_can_be_deleted_while_a_delivery_about_it_is_replayed(
    post: WebhookServices, database: Database, blobs: WatchedBlobs
) -> None:
    webhook = await post.webhook(events=(WebhookEvent.JOB_FAILED,))
    job = await post.a_job()
    await post.services.fail(job, InputCorrupt())
    sessions = sessions_in(post.services.transactions, blobs, post.clock)
    deleting: list[asyncio.Task[None]] = []
    async with lock_watch(database) as is_waiting:

        async def delete() -> None:
            """Begin the deletion, and go on when it waits for the replay."""
            deleting.append(asyncio.create_task(sessions.delete(job.session_id, ANNA)))
            while not await is_waiting():
                pass

        late = Interrupted(post.services.transactions, "jobs", "add", delete)
        await replace(post.webhooks, _unit_of_work=late).replay(webhook.id, 1, ANNA)
        await deleting[0]
    assert await post.all(webhook) == ()


async def test_batch_webhooks_report_review_files_and_end(
    post: WebhookServices,
) -> None:
    webhook = await post.webhook(url="https://shop.example/all")
    other = await post.webhook(BORIS, url="https://boris.example/hook")
    view = await post.services.create(await post.services.photos(2), presets=("web-1080",), candidates=1)
    await post.services.runner.step()
    good, bad = await post.services.claim_in_order()
    await post.services.do(good)
    await post.services.do(bad, Measures(quality=0.2))
    await post.services.work()
    told: dict[str, list[dict[str, Any]]] = {}
    for delivery in await post.all(webhook):
        told.setdefault(delivery.event, []).append(delivery.payload["data"])
    assert told.keys() == {"job.succeeded", "batch.item.needs_review", "export.ready", "batch.finished"}
    assert {data["batch_id"] for data in told["job.succeeded"]} == {view.batch.id}
    (doubtful,) = told["batch.item.needs_review"]
    assert (doubtful["sku"], doubtful["job_id"]) == ("SKU-2", bad.id)
    assert {data["format"] for data in told["export.ready"]} == {"jpeg", "webp"}
    (ended,) = told["batch.finished"]
    assert (ended["status"], ended["counts"]["needs_review"]) == ("finished", 1)
    assert await post.all(other) == ()
    sessions = await post.services.sessions()
    async with post.services.transactions() as tx:
        for session_id in sessions:
            await tx.sessions.remove(session_id)
    assert [one.event for one in await post.all(webhook)] == ["batch.finished"], "nothing of them is left"
    assert await post.send_due() == 1


async def test_rejected_result_sends_no_webhook(post: WebhookServices) -> None:
    webhook = await post.webhook()
    job = await post.a_job()
    post.clock.move(seconds=LEASE_SECONDS)
    await post.services.lifecycle.rescue()
    with pytest.raises(LeaseLost):
        await post.services.lifecycle.succeed(job)
    assert await post.all(webhook) == ()


async def test_deliveries_count_against_no_job_limit(post: WebhookServices) -> None:
    webhook = await post.webhook()
    for _ in range(DELIVERIES_PER_OWNER + 2):
        await post.webhooks.test(webhook.id, ANNA)
    await post.services.create(await post.services.photos(2), candidates=1)
    await post.services.runner.step()
    claimed = await post.services.lifecycle.claim("w1", room(2, 2, deliveries=16))
    kinds = [isinstance(job, ClaimedDeliveryJob) for job in claimed]
    assert kinds == [False] * 2 + [True] * DELIVERIES_PER_OWNER
    assert await post.claim() == (), "an owner's share is being sent"
    async with post.services.transactions() as tx:
        assert await tx.jobs.count(ANNA, JobStatus.QUEUED) == 0
    for job in claimed:
        if isinstance(job, ClaimedDeliveryJob):
            await post.deliveries.run(job)
    assert await post.send_due() == 2


async def test_deliveries_are_deleted_with_their_webhook_or_after_a_week(
    post: WebhookServices, blobs: WatchedBlobs
) -> None:
    webhook, kept = await post.webhook(), await post.webhook()
    for one in (webhook, kept):
        await post.webhooks.test(one.id, ANNA)
    await post.webhooks.delete(webhook.id, ANNA)
    await post.send_due()
    assert len(post.receiver.messages) == 1, "what waited for the deleted one is not sent"
    assert await post.claim() == ()
    services = post.services
    housekeeping = Housekeeping(services.transactions, blobs, post.clock, Cutouts(NO_CUTOUTS))
    post.clock.move(days=RETENTION_DAYS)
    await housekeeping.sweep()
    assert len(await post.all(kept)) == 1
    post.clock.move(seconds=1)
    await housekeeping.sweep()
    assert await post.all(kept) == ()
    with pytest.raises(NotFound):
        await post.webhooks.replay(kept.id, 1, ANNA)


async def test_no_job_is_left_of_a_webhook_that_is_deleted_while_its_message_is_sent(
    post: WebhookServices,
) -> None:
    webhook = await post.webhook()
    await post.webhooks.test(webhook.id, ANNA)

    class Leaving(Receiver):
        async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> SendResult:
            await post.webhooks.delete(webhook.id, ANNA)
            return await super().send(url, headers, body)

    post.deliveries = replace(post.deliveries, _sender=Leaving())
    assert await post.send_due() == 1
    post.clock.move(seconds=LEASE_SECONDS)
    assert await post.services.lifecycle.rescue() == ()


async def test_webhooks_belong_to_their_owner_and_are_limited_in_number(post: WebhookServices) -> None:
    webhook = await post.webhook()
    await post.webhooks.test(webhook.id, ANNA)
    for asked in (
        post.webhooks.get(webhook.id, BORIS),
        post.webhooks.deliveries(webhook.id, BORIS, None, 10),
        post.webhooks.replay(webhook.id, 1, BORIS),
        post.webhooks.test(webhook.id, BORIS),
        post.webhooks.delete(webhook.id, BORIS),
    ):
        with pytest.raises(NotFound):
            await asked
    assert (await post.webhooks.list(BORIS, None, 10)).items == ()
    for _ in range(MAX_WEBHOOKS - 1):
        await post.webhook()
    with pytest.raises(LimitReached):
        await post.webhook()
    assert webhook.secret not in repr(webhook)
