"""Ports for webhooks, their deliveries, and the client that sends them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from stillroom.domain.ids import JobId, OwnerId, WebhookId
from stillroom.domain.ports.pages import OwnedRepository, Page
from stillroom.domain.webhooks import Delivery, DisabledReason, SendResult, Webhook


class WebhookRepository(OwnedRepository[WebhookId, Webhook], Protocol):
    """Webhooks of owners."""

    async def lock(self, webhook_id: WebhookId) -> Webhook | None:
        """Return a webhook and lock its row until the transaction ends; None if it does not exist."""

    async def remove(self, webhook_id: WebhookId) -> None:
        """Delete a webhook with its deliveries."""

    async def active(self, owner_ids: Collection[OwnerId]) -> tuple[Webhook, ...]:
        """Return the webhooks of owners that are not disabled, and lock their rows, in the order of ids."""

    async def next_number(self, webhook_id: WebhookId) -> int:
        """Return the number of the next delivery. Raises NotFound if the webhook is deleted."""

    async def disable(
        self, webhook_id: WebhookId, reason: DisabledReason | None, at: datetime | None
    ) -> None:
        """Disable a webhook whose row is locked, or enable it again without a reason and a time."""


class DeliveryRepository(Protocol):
    """Deliveries of webhooks."""

    async def add(self, delivery: Delivery) -> None:
        """Insert a delivery."""

    async def get(self, webhook_id: WebhookId, number: int) -> Delivery:
        """Return a delivery. Raises NotFound."""

    async def list(self, webhook_id: WebhookId, cursor: str | None, limit: int) -> Page[Delivery]:
        """Return a page, newest first. Raises ValidationFailed for an invalid cursor."""

    async def replay(self, delivery: Delivery) -> None:
        """Reset a delivery to pending, with a new job."""

    async def record(self, delivery: Delivery) -> bool:
        """Write a result; return False if the delivery has ended, was replayed, or is gone."""

    async def interrupt(self, webhook_id: WebhookId, number: int, job_id: JobId, at: datetime) -> None:
        """Mark a pending delivery as failed, because its job died at every attempt."""

    async def give_up_pending(self, webhook_id: WebhookId, error: str, at: datetime) -> None:
        """Mark all pending deliveries of a webhook as failed."""

    async def forget(self, before: datetime, limit: int) -> int:
        """Delete deliveries that finished before that time; return their number."""


class WebhookSender(Protocol):
    """HTTP client for deliveries to addresses chosen by users, which are untrusted."""

    async def check(self, url: str) -> None:
        """Check an address before it is stored. Raises ValidationFailed."""

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> SendResult:
        """Send one message, with a deadline; redirects are not followed and the answer's body is not read."""
