"""Repositories of webhooks and their deliveries."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from stillroom.domain.ids import JobId, OwnerId, WebhookId
from stillroom.domain.ports import Page
from stillroom.domain.webhooks import (
    INTERRUPTED,
    Delivery,
    DeliveryStatus,
    DisabledReason,
    Webhook,
)
from stillroom.storage.repositories.base import OwnedRows, Repository, columns_of, reader_of
from stillroom.storage.tables.batches import webhook_deliveries as deliveries
from stillroom.storage.tables.batches import webhooks

_IS_PENDING = deliveries.c.status == DeliveryStatus.PENDING


class SqlWebhooks(OwnedRows[WebhookId, Webhook]):
    _table, _kind, _name = webhooks, Webhook, "webhook"
    _initial: ClassVar = {"last_number": 0}

    async def lock(self, webhook_id: WebhookId) -> Webhook | None:
        query = sa.select(webhooks).where(webhooks.c.id == webhook_id).with_for_update(key_share=True)
        row = await self._found(query)
        return None if row is None else self._read(row)

    async def remove(self, webhook_id: WebhookId) -> None:
        await self._connection.execute(sa.delete(webhooks).where(webhooks.c.id == webhook_id))

    async def active(self, owner_ids: Collection[OwnerId]) -> tuple[Webhook, ...]:
        query = (
            sa.select(webhooks)
            .where(webhooks.c.owner_id.in_(owner_ids), webhooks.c.disabled_at.is_(None))
            # One order for all transactions, so that two of them cannot wait for each other.
            .order_by(webhooks.c.id)
            .with_for_update(key_share=True)
        )
        return await self._all(query, self._read)

    async def next_number(self, webhook_id: WebhookId) -> int:
        counted = (
            sa.update(webhooks)
            .where(webhooks.c.id == webhook_id)
            .values(last_number=webhooks.c.last_number + 1)
            .returning(webhooks.c.last_number)
        )
        return int((await self._one(counted, f"No webhook {webhook_id}.")).last_number)

    async def disable(
        self, webhook_id: WebhookId, reason: DisabledReason | None, at: datetime | None
    ) -> None:
        now = sa.update(webhooks).where(webhooks.c.id == webhook_id)
        await self._write(now.values(disabled_at=at, disabled_reason=reason))


class SqlDeliveries(Repository):
    async def add(self, delivery: Delivery) -> None:
        await self._write(sa.insert(deliveries).values(**columns_of(delivery, deliveries)))

    async def get(self, webhook_id: WebhookId, number: int) -> Delivery:
        query = sa.select(deliveries).where(_is(webhook_id, number))
        return _delivery(await self._one(query, f"Webhook {webhook_id} has no delivery {number}."))

    async def list(self, webhook_id: WebhookId, cursor: str | None, limit: int) -> Page[Delivery]:
        query = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id)
        return await self._page(query, deliveries.c.created_at, cursor, limit, _delivery, "message_id")

    async def replay(self, delivery: Delivery) -> None:
        await self._connection.execute(
            sa.update(deliveries)
            .where(_is(delivery.webhook_id, delivery.number))
            .values(**columns_of(delivery, deliveries))
        )

    async def record(self, delivery: Delivery) -> bool:
        return await self._changes_one(
            sa.update(deliveries)
            .where(_is(delivery.webhook_id, delivery.number), _IS_PENDING)
            .where(deliveries.c.job_id == delivery.job_id)
            .values(**columns_of(delivery, deliveries))
        )

    async def interrupt(self, webhook_id: WebhookId, number: int, job_id: JobId, at: datetime) -> None:
        await self._connection.execute(
            sa.update(deliveries)
            .where(_is(webhook_id, number), deliveries.c.job_id == job_id, _IS_PENDING)
            .values(**_failed(INTERRUPTED, at))
        )

    async def give_up_pending(self, webhook_id: WebhookId, error: str, at: datetime) -> None:
        await self._connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.webhook_id == webhook_id, _IS_PENDING)
            .values(**_failed(error, at))
        )

    async def forget(self, before: datetime, limit: int) -> int:
        old = (
            sa.select(deliveries.c.webhook_id, deliveries.c.number)
            .where(deliveries.c.finished_at < before)
            .limit(limit)
        )
        key = sa.tuple_(deliveries.c.webhook_id, deliveries.c.number)
        return await self._write(sa.delete(deliveries).where(key.in_(old)))


def _failed(error: str, at: datetime) -> dict[str, Any]:
    return {
        "status": DeliveryStatus.FAILED,
        "error": error,
        "finished_at": at,
        "next_attempt_at": None,
    }


def _is(webhook_id: WebhookId, number: int) -> sa.ColumnElement[bool]:
    return sa.and_(deliveries.c.webhook_id == webhook_id, deliveries.c.number == number)


_delivery = reader_of(Delivery, deliveries)
