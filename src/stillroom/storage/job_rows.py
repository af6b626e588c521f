"""Convert between jobs and their rows."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from stillroom.domain.ids import BatchId, ExportId, JobId, OwnerId, SessionId, WebhookId
from stillroom.domain.jobs.job import (
    DELIVERY,
    EXPORT,
    AnyClaimedJob,
    AnyJob,
    ClaimedDeliveryJob,
    ClaimedExportJob,
    ClaimedJob,
    DeliveryJob,
    ExportJob,
    Fallback,
    Job,
    JobChanges,
    JobStatus,
)
from stillroom.domain.plans.read_as import ReadAs
from stillroom.domain.providers.requests import Mark, Operation
from stillroom.domain.providers.usage import UsageRecord


def changed(changes: JobChanges) -> dict[str, Any]:
    """Return the columns of changed fields."""
    columns: dict[str, Any] = {**changes}
    if "usage" in columns:
        columns["usage_model"] = [record.to_json() for record in columns.pop("usage")]
    if "fallbacks" in columns:
        columns["fallbacks_json"] = [asdict(fallback) for fallback in columns.pop("fallbacks")]
    return columns


def row_of(job: AnyJob) -> dict[str, Any]:
    """Return the columns of a new job."""
    own = _edit_row(job) if isinstance(job, Job) else _hidden_row(job)
    trace = {"traceparent": job.traceparent} if job.traceparent else {}
    batch = {"batch_id": job.batch_id} if job.batch_id else {}
    return {
        "id": job.id,
        "owner_id": job.owner_id,
        "session_id": job.session_id,
        "status": job.status.value,
        "is_batch": job.batch_id is not None,
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "lease_expires_at": job.lease_expires_at,
        "worker_id": job.worker_id,
        "last_seq": job.last_seq,
        "request_id": job.request_id,
        "created_at": job.created_at,
        "started_at": job.started_at,
        **changed({"run_after": job.run_after, "finished_at": job.finished_at, "last_error": job.last_error}),
        **own,
        "params_json": {**own["params_json"], **trace, **batch},
    }


def _edit_row(job: Job) -> dict[str, Any]:
    return {
        "type": job.type.value,
        "params_json": {
            "prompt": job.prompt,
            "template": job.template,
            "base_variant_id": job.base_variant_id,
            "provider": job.provider,
            **({"restore": job.restore.value} if job.restore else {}),
            **({"ordinals": list(job.ordinals)} if job.ordinals else {}),
            **({"read_as": [found.model_dump(mode="json") for found in job.read_as]} if job.read_as else {}),
            **({"changes": _by_part(job.changes)} if job.changes else {}),
            **({"before": _by_part(job.before)} if job.before else {}),
        },
        "candidates": job.candidates,
        "retry_of": job.retry_of,
        **changed(
            {
                "model_used": job.model_used,
                "first_image_at": job.first_image_at,
                "usage": job.usage,
                "fallbacks": job.fallbacks,
            }
        ),
    }


def _by_part(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {part: dict(values) for part, values in fields.items()}


def _hidden_row(job: ExportJob | DeliveryJob) -> dict[str, Any]:
    if isinstance(job, ExportJob):
        own: dict[str, Any] = {"type": EXPORT, "params_json": {"export_id": job.export_id}}
    else:
        params = {"webhook_id": job.webhook_id, "number": job.number}
        own = {"type": DELIVERY, "params_json": params}
    return {
        **own,
        "candidates": 0,
        **changed({"usage": (), "fallbacks": ()}),
    }


def job_of(row: Any) -> Job:
    """Return the edit job in a row of all columns."""
    return Job(**_edit_fields(row))


def any_job_of(row: Any) -> AnyJob:
    """Return the job of any type in a row of all columns."""
    if row.type == DELIVERY:
        return DeliveryJob(**_delivery_fields(row))
    return ExportJob(**_export_fields(row)) if row.type == EXPORT else job_of(row)


def claimed_job_of(row: Any) -> AnyClaimedJob:
    """Return the running job in a row of all columns, with its lease token."""
    if row.type == DELIVERY:
        return ClaimedDeliveryJob(**_delivery_fields(row), lease_token=row.lease_token)
    if row.type == EXPORT:
        return ClaimedExportJob(**_export_fields(row), lease_token=row.lease_token)
    return ClaimedJob(**_edit_fields(row), lease_token=row.lease_token)


def _fields(row: Any) -> dict[str, Any]:
    return {
        "id": JobId(row.id),
        "owner_id": OwnerId(row.owner_id),
        "session_id": SessionId(row.session_id) if row.session_id is not None else None,
        "status": JobStatus(row.status),
        "run_after": row.run_after,
        "created_at": row.created_at,
        "attempts": row.attempts,
        "max_attempts": row.max_attempts,
        "last_error": row.last_error,
        "lease_expires_at": row.lease_expires_at,
        "worker_id": row.worker_id,
        "last_seq": row.last_seq,
        "request_id": row.request_id,
        "traceparent": row.params_json.get("traceparent"),
        "batch_id": BatchId(row.params_json["batch_id"]) if "batch_id" in row.params_json else None,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }


def _export_fields(row: Any) -> dict[str, Any]:
    return {**_fields(row), "export_id": ExportId(row.params_json["export_id"])}


def _delivery_fields(row: Any) -> dict[str, Any]:
    params = row.params_json
    return {**_fields(row), "webhook_id": WebhookId(params["webhook_id"]), "number": params["number"]}


def _edit_fields(row: Any) -> dict[str, Any]:
    params = row.params_json
    return {
        **_fields(row),
        "type": Operation(row.type),
        "prompt": params["prompt"],
        "candidates": row.candidates,
        "template": params["template"],
        "base_variant_id": params["base_variant_id"],
        "provider": params.get("provider"),
        "restore": Mark(params["restore"]) if "restore" in params else None,
        "ordinals": tuple(params.get("ordinals", ())),
        "read_as": tuple(ReadAs.model_validate(found) for found in params.get("read_as", ())),
        "retry_of": row.retry_of,
        "changes": params.get("changes"),
        "before": params.get("before"),
        "model_used": row.model_used,
        "usage": tuple(map(UsageRecord.from_json, row.usage_model)),
        "fallbacks": tuple(Fallback(**fallback) for fallback in row.fallbacks_json),
        "first_image_at": row.first_image_at,
    }
