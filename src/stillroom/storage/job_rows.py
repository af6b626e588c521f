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


_KINDS: Mapping[str, type[AnyJob]] = {EXPORT: ExportJob, DELIVERY: DeliveryJob}
_CLAIMED: Mapping[str, type[AnyClaimedJob]] = {EXPORT: ClaimedExportJob, DELIVERY: ClaimedDeliveryJob}
"""By type; all other types are operations on pictures."""


def job_of(row: Any) -> Job:
    """Return the edit job in a row of all columns."""
    return entity_of(Job, row, jobs, **_fields(row))


def any_job_of(row: Any) -> AnyJob:
    """Return the job of any type in a row of all columns."""
    return entity_of(_KINDS.get(row.type, Job), row, jobs, **_fields(row))


def claimed_job_of(row: Any) -> AnyClaimedJob:
    """Return the running job in a row of all columns, with its lease token."""
    return entity_of(_CLAIMED.get(row.type, ClaimedJob), row, jobs, **_fields(row))


def _fields(row: Any) -> dict[str, Any]:
    """Return the fields of a job that are not columns."""
    params = row.params_json
    fields = {
        "status": JobStatus(row.status),
        "traceparent": params.get("traceparent"),
        "batch_id": params.get("batch_id"),
    }
    if row.type == EXPORT:
        return {**fields, "export_id": params["export_id"]}
    if row.type == DELIVERY:
        return {**fields, "webhook_id": params["webhook_id"], "number": params["number"]}
    return {
        **fields,
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
