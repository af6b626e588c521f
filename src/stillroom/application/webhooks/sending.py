"""Delivery jobs: sign a message, send it, and record the answer."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from standardwebhooks import Webhook as Signer

from stillroom.domain.errors import NotFound
from stillroom.domain.jobs.job import ClaimedDeliveryJob, Trigger
from stillroom.domain.ports import Clock, UnitOfWork, UnitOfWorkFactory, WebhookSender
from stillroom.domain.webhooks import (
    DISABLED,
    GONE,
    TEST_EVENT,
    Delivery,
    DeliveryStatus,
    DisabledReason,
    SendResult,
    Webhook,
    retry_delay_seconds,
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Deliveries:
    """Runs delivery jobs.

    The answer is recorded after the message is sent: if the worker dies between the two, the message is sent
    again with the same `webhook-id`.

    `jitter` is uniform in [0, 1).
    """

    _unit_of_work: UnitOfWorkFactory
    _sender: WebhookSender
    _clock: Clock
    jitter: Callable[[], float] = random.random

    async def run(self, job: ClaimedDeliveryJob) -> None:
        """Send one delivery once, and end the job or queue it for the next try.

        Of a webhook that is deleted meanwhile nothing is recorded. Raises LeaseLost, and StillroomError for a
        failure on this side.
        """
        found = await self._look_up(job)
        if found is None:
            async with self._unit_of_work() as tx:
                await tx.jobs.remove(job)
            return
        webhook, delivery = found
        started = time.monotonic()
        result = await self._send(webhook, delivery)
        after = self._after(job, delivery, result)
        await self._record(job, webhook, after)
        log.info(
            "webhook_sent",
            webhook_id=webhook.id,
            number=delivery.number,
            event_type=delivery.event,
            attempt=job.attempts,
            outcome=after.status.value,
            reason=result.error,
            latency_ms=round((time.monotonic() - started) * 1000),
        )

    async def _look_up(self, job: ClaimedDeliveryJob) -> tuple[Webhook, Delivery] | None:
        """Return what to send; None if it has ended, was replayed by another job, or is gone."""
        try:
            async with self._unit_of_work(read_only=True) as tx:
                webhook = await tx.webhooks.get(job.webhook_id, job.owner_id)
                delivery = await tx.deliveries.get(job.webhook_id, job.number)
        except NotFound:
            return None
        is_due = delivery.status is DeliveryStatus.PENDING and delivery.job_id == job.id
        return (webhook, delivery) if is_due else None

    async def _send(self, webhook: Webhook, delivery: Delivery) -> SendResult:
        body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":"))
        now = self._clock()
        headers = {
            "content-type": "application/json",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(webhook.secret).sign(delivery.message_id, now, body),
        }
        return await self._sender.send(webhook.url, headers, body.encode())

    def _after(self, job: ClaimedDeliveryJob, delivery: Delivery, result: SendResult) -> Delivery:
        now = self._clock()
        tried = replace(
            delivery,
            attempts=job.attempts,
            response_status=result.status,
            error=result.error,
            last_attempt_at=now,
            next_attempt_at=None,
        )
        if result.error is None:
            return replace(tried, status=DeliveryStatus.SUCCEEDED, finished_at=now)
        if result.status == GONE or job.attempts >= job.max_attempts:
            return replace(tried, status=DeliveryStatus.FAILED, finished_at=now)
        wait = retry_delay_seconds(job.attempts, self.jitter())
        return replace(tried, next_attempt_at=now + timedelta(seconds=wait))

    async def _record(self, job: ClaimedDeliveryJob, webhook: Webhook, after: Delivery) -> None:
        async with self._unit_of_work() as tx:
            if after.next_attempt_at is not None:
                await tx.jobs.move(
                    job.id, Trigger.RETRY, {"run_after": after.next_attempt_at}, job.lease_token
                )
                await tx.deliveries.record(after)
                return
            await tx.jobs.remove(job)
            # Before the delivery, as in every transaction that locks both.
            held = await tx.webhooks.lock(webhook.id)
            if held is not None and await tx.deliveries.record(after):
                await self._conclude(tx, held, after)

    async def _conclude(self, tx: UnitOfWork, webhook: Webhook, delivery: Delivery) -> None:
        """Enable a disabled webhook whose receiver works again, or disable one that does not."""
        if delivery.status is DeliveryStatus.SUCCEEDED:
            if webhook.disabled_at is not None:
                await tx.webhooks.disable(webhook.id, None, None)
            return
        is_gone = delivery.response_status == GONE
        if webhook.disabled_at is not None or (delivery.event == TEST_EVENT and not is_gone):
            return
        now = self._clock()
        reason = DisabledReason.GONE if is_gone else DisabledReason.FAILING
        await tx.webhooks.disable(webhook.id, reason, now)
        await tx.deliveries.give_up_pending(webhook.id, DISABLED, now)
        log.warning("webhook_disabled", webhook_id=webhook.id, reason=reason.value, error=delivery.error)
