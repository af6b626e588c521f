"""Convert between jobs and their rows."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

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
from stillroom.storage.repositories.base import columns_of, entity_of
from stillroom.storage.tables.work import jobs


def changed(changes: JobChanges) -> dict[str, Any]:
    """Return the columns of changed fields."""
    columns: dict[str, Any] = {**changes}
    if "usage" in columns:
        columns["usage_model"] = [record.to_json() for record in columns.pop("usage")]
    if "fallbacks" in columns:
        columns["fallbacks_json"] = [asdict(fallback) for fallback in columns.pop("fallbacks")]
    return columns


def row_of(job: AnyJob) -> dict[str, Any]:
    own = _edit_row(job) if isinstance(job, Job) else _hidden_row(job)
    trace = {"traceparent": job.traceparent} if job.traceparent else {}
    batch = {"batch_id": job.batch_id} if job.batch_id else {}
    return {
        **columns_of(job, jobs),
        "is_batch": job.batch_id is not None,
        **own,
        "params_json": {**own["params_json"], **trace, **batch},
    }


def _edit_row(job: Job) -> dict[str, Any]:
    return {
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
        **changed({"usage": job.usage, "fallbacks": job.fallbacks}),
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
    return entity_of(Job, row, jobs, **_edit_fields(row))


def any_job_of(row: Any) -> AnyJob:
    """Return the job of any type in a row of all columns."""
    if row.type == DELIVERY:
        return entity_of(DeliveryJob, row, jobs, **_delivery_fields(row))
    return entity_of(ExportJob, row, jobs, **_export_fields(row)) if row.type == EXPORT else job_of(row)


def claimed_job_of(row: Any) -> AnyClaimedJob:
    """Return the running job in a row of all columns, with its lease token."""
    if row.type == DELIVERY:
        return entity_of(ClaimedDeliveryJob, row, jobs, **_delivery_fields(row))
    if row.type == EXPORT:
        return entity_of(ClaimedExportJob, row, jobs, **_export_fields(row))
    return entity_of(ClaimedJob, row, jobs, **_edit_fields(row))


def _fields(row: Any) -> dict[str, Any]:
    """Return the fields of every job that are not columns."""
    return {
        "status": JobStatus(row.status),
        "traceparent": row.params_json.get("traceparent"),
        "batch_id": row.params_json.get("batch_id"),
    }


def _export_fields(row: Any) -> dict[str, Any]:
    return {**_fields(row), "export_id": row.params_json["export_id"]}


def _delivery_fields(row: Any) -> dict[str, Any]:
    params = row.params_json
    return {**_fields(row), "webhook_id": params["webhook_id"], "number": params["number"]}


def _edit_fields(row: Any) -> dict[str, Any]:
    params = row.params_json
    return {
        **_fields(row),
        "type": Operation(row.type),
        "prompt": params["prompt"],
        "template": params["template"],
        "base_variant_id": params["base_variant_id"],
        "provider": params.get("provider"),
        "restore": Mark(params["restore"]) if "restore" in params else None,
        "ordinals": tuple(params.get("ordinals", ())),
        "read_as": tuple(ReadAs.model_validate(found) for found in params.get("read_as", ())),
        "changes": params.get("changes"),
        "before": params.get("before"),
        "usage": tuple(map(UsageRecord.from_json, row.usage_model)),
        "fallbacks": tuple(Fallback(**fallback) for fallback in row.fallbacks_json),
    }
