"""Outbox: writes the deliveries of an event in the transaction of the event, so that a crash loses none.

Links in payloads are paths on this server, as everywhere in the API.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stillroom.domain.batches.batches import Batch, BatchItem
from stillroom.domain.errors import StoredError
from stillroom.domain.exports.presets import Export
from stillroom.domain.ids import IdFactory, OwnerId, SessionId
from stillroom.domain.jobs.job import ClaimedJob, DeliveryJob, Job, JobStatus
from stillroom.domain.ports import Clock, UnitOfWork
from stillroom.domain.variants import VariantRole
from stillroom.domain.webhooks import MAX_TRIES, TEST_EVENT, Delivery, Webhook, WebhookEvent


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened; it belongs to a session unless it is of a batch."""

    owner_id: OwnerId
    event: WebhookEvent
    data: Mapping[str, Any]
    session_id: SessionId | None


@dataclass(frozen=True)
class Outbox:
    """Writes deliveries with their jobs; the caller notifies the workers after the commit."""

    _ids: IdFactory
    _clock: Clock

    async def jobs_succeeded(self, tx: UnitOfWork, jobs: Sequence[Job]) -> None:
        """Notify of jobs that have all their pictures."""
        listening = await tx.webhooks.active({job.owner_id for job in jobs}) if jobs else ()
        if not listening:
            return
        pictures = await tx.variants.of_jobs([job.id for job in jobs])
        happened = []
        for job in jobs:
            made = [v.id for v in pictures.get(job.id, ()) if v.role is VariantRole.CANDIDATE]
            data = {
                **_of_job(job),
                "variant_ids": made,
                "image_urls": [f"/image/{one}" for one in made],
                "model_used": job.model_used,
                "cost_usd": job.cost_micro_usd / 1e6,
            }
            happened.append(Occurrence(job.owner_id, WebhookEvent.JOB_SUCCEEDED, data, job.session_id))
        await self._write(tx, listening, happened)

    async def job_failed(self, tx: UnitOfWork, job: ClaimedJob, error: StoredError) -> None:
        """Notify of a failed job."""
        data = {**_of_job(job), "error": {"code": error["code"], "detail": error["detail"]}}
        await self._write_for(tx, Occurrence(job.owner_id, WebhookEvent.JOB_FAILED, data, job.session_id))

    async def exports_ready(self, tx: UnitOfWork, made: Sequence[tuple[Export, SessionId]]) -> None:
        """Notify of files that can be fetched, each with the session of its picture."""
        happened = [
            Occurrence(export.owner_id, WebhookEvent.EXPORT_READY, _of_export(export), session_id)
            for export, session_id in made
        ]
        await self._write_for(tx, *happened)

    async def item_needs_review(self, tx: UnitOfWork, item: BatchItem) -> None:
        """Notify of an item that a person should review."""
        data = {
            "batch_id": item.batch_id,
            "item_id": item.id,
            "job_id": item.job_id,
            "session_id": item.session_id,
            "variant_id": item.variant_id,
            "sku": item.sku,
            "quality": item.quality,
            "warnings": list(item.warnings),
            "url": f"/batch/{item.batch_id}/item?status=needs_review",
            "image_url": f"/image/{item.variant_id}",
        }
        event = WebhookEvent.ITEM_NEEDS_REVIEW
        await self._write_for(tx, Occurrence(item.owner_id, event, data, item.session_id))

    async def batch_finished(
        self, tx: UnitOfWork, batch: Batch, progress: Mapping[str, Any], cost_micro_usd: int
    ) -> None:
        """Notify of a batch that has ended; `progress` holds its status and counts."""
        data = {
            "batch_id": batch.id,
            **progress,
            "cost_usd": cost_micro_usd / 1e6,
            "url": f"/batch/{batch.id}",
            "manifest_url": f"/batch/{batch.id}/manifest.csv",
        }
        await self._write_for(tx, Occurrence(batch.owner_id, WebhookEvent.BATCH_FINISHED, data, None))

    async def test(self, tx: UnitOfWork, webhook: Webhook) -> Delivery:
        """Write a delivery that only shows whether the receiver works."""
        data = {"webhook_id": webhook.id, "url": f"/webhook/{webhook.id}"}
        return await self._deliver(tx, webhook, TEST_EVENT, data, None, tries=1)

    async def _write_for(self, tx: UnitOfWork, *happened: Occurrence) -> None:
        if not happened:
            return
        listening = await tx.webhooks.active({one.owner_id for one in happened})
        await self._write(tx, listening, happened)

    async def _write(
        self, tx: UnitOfWork, listening: Sequence[Webhook], happened: Sequence[Occurrence]
    ) -> None:
        for webhook in listening:
            for one in happened:
                if one.owner_id == webhook.owner_id and one.event in webhook.events:
                    await self._deliver(tx, webhook, one.event, one.data, one.session_id, tries=MAX_TRIES)

    async def _deliver(
        self,
        tx: UnitOfWork,
        webhook: Webhook,
        event: str,
        data: Mapping[str, Any],
        session_id: SessionId | None,
        tries: int,
    ) -> Delivery:
        now = self._clock()
        number = await tx.webhooks.next_number(webhook.id)
        delivery = Delivery(
            webhook_id=webhook.id,
            number=number,
            owner_id=webhook.owner_id,
            message_id=self._ids.message(),
            event=str(event),
            payload={"type": str(event), "timestamp": _moment(now), "data": dict(data)},
            job_id=self._ids.job(),
            created_at=now,
            session_id=session_id,
            next_attempt_at=now,
        )
        await tx.deliveries.add(delivery)
        await tx.jobs.add(delivery_job(delivery, now, tries))
        return delivery


def delivery_job(delivery: Delivery, now: datetime, tries: int = MAX_TRIES) -> DeliveryJob:
    """Return the job that sends a delivery."""
    return DeliveryJob(
        id=delivery.job_id,
        owner_id=delivery.owner_id,
        session_id=delivery.session_id,
        status=JobStatus.QUEUED,
        run_after=now,
        created_at=now,
        max_attempts=tries,
        webhook_id=delivery.webhook_id,
        number=delivery.number,
    )


def _of_job(job: Job) -> dict[str, Any]:
    return {
        "job_id": job.id,
        "session_id": job.session_id,
        "batch_id": job.batch_id,
        "operation": job.type.value,
        "url": f"/job/{job.id}",
    }


def _of_export(export: Export) -> dict[str, Any]:
    return {
        "export_id": export.id,
        "variant_id": export.variant_id,
        "preset": export.preset,
        "name": export.name,
        "format": export.format.value,
        "width": export.width,
        "height": export.height,
        "bytes": export.bytes,
        "expires_at": _moment(export.expires_at),
        "url": f"/export/{export.id}",
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
