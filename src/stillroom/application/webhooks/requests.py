"""Webhooks of an owner: create, list, delete, and list or replay deliveries."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stillroom.application.webhooks.outbox import Outbox, delivery_job
from stillroom.domain.errors import LimitReached
from stillroom.domain.ids import IdFactory, OwnerId, WebhookId
from stillroom.domain.ports import Clock, Notifier, Page, UnitOfWorkFactory, WebhookSender
from stillroom.domain.webhooks import MAX_WEBHOOKS, Delivery, DeliveryStatus, Webhook, WebhookEvent

SECRET_BYTES = 32
"""Length of a signing key; the specification asks for 24 to 64."""


@dataclass
class Webhooks:
    """Webhooks of owners."""

    _unit_of_work: UnitOfWorkFactory
    _sender: WebhookSender
    _notifier: Notifier
    _ids: IdFactory
    _clock: Clock

    def __post_init__(self) -> None:
        self._outbox = Outbox(self._ids, self._clock)

    async def create(self, url: str, events: Sequence[WebhookEvent], owner_id: OwnerId) -> Webhook:
        """Create a webhook with a new secret.

        Raises ValidationFailed for an address that may not be called, and LimitReached at MAX_WEBHOOKS.
        """
        await self._sender.check(url)
        webhook = Webhook(
            id=self._ids.webhook(),
            owner_id=owner_id,
            url=url,
            events=tuple(dict.fromkeys(events)),
            secret="whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode(),
            created_at=self._clock(),
        )
        async with self._unit_of_work() as tx:
            # Locked, so that concurrent requests cannot exceed the limit.
            await tx.owners.lock(owner_id)
            if await tx.webhooks.count(owner_id) >= MAX_WEBHOOKS:
                raise LimitReached("webhooks", MAX_WEBHOOKS)
            await tx.webhooks.add(webhook)
        return webhook

    async def get(self, webhook_id: WebhookId, owner_id: OwnerId) -> Webhook:
        """Return a webhook. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.webhooks.get(webhook_id, owner_id)

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Webhook]:
        """List webhooks, newest first. Raises ValidationFailed for an invalid cursor."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.webhooks.list(owner_id, cursor, limit)

    async def delete(self, webhook_id: WebhookId, owner_id: OwnerId) -> None:
        """Delete a webhook with its deliveries; pending ones are not sent. Raises NotFound."""
        async with self._unit_of_work(uses_reserve=True) as tx:
            await tx.webhooks.get(webhook_id, owner_id)
            await tx.webhooks.remove(webhook_id)

    async def deliveries(
        self, webhook_id: WebhookId, owner_id: OwnerId, cursor: str | None, limit: int
    ) -> Page[Delivery]:
        """List deliveries, newest first. Raises NotFound, ValidationFailed."""
        async with self._unit_of_work(read_only=True) as tx:
            await tx.webhooks.get(webhook_id, owner_id)
            return await tx.deliveries.list(webhook_id, cursor, limit)

    async def replay(self, webhook_id: WebhookId, number: int, owner_id: OwnerId) -> Delivery:
        """Send a delivery again at once, with all its tries, even if the webhook is disabled.

        A delivery that waits for its next try is sent now instead. Raises NotFound.
        """
        now = self._clock()
        async with self._unit_of_work() as tx:
            await tx.webhooks.get(webhook_id, owner_id)
            before = await tx.deliveries.get(webhook_id, number)
            again = replace(
                before,
                job_id=self._ids.job(),
                status=DeliveryStatus.PENDING,
                attempts=0,
                next_attempt_at=now,
                finished_at=None,
            )
            if again.session_id is not None:
                # Before the delivery, as by a deletion; otherwise both would deadlock.
                await tx.sessions.keep([again.session_id])
            await tx.deliveries.replay(again)
            await tx.jobs.add(delivery_job(again, now))
        self._notifier.job_queued()
        return again

    async def test(self, webhook_id: WebhookId, owner_id: OwnerId) -> Delivery:
        """Send a test message once, even if the webhook is disabled. Raises NotFound."""
        async with self._unit_of_work() as tx:
            delivery = await self._outbox.test(tx, await tx.webhooks.get(webhook_id, owner_id))
        self._notifier.job_queued()
        return delivery
