"""Convert between jobs and their rows."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from stillroom.domain.ids import JobId, OwnerId, SessionId
from stillroom.domain.jobs.job import ClaimedJob, Fallback, Job, JobStatus
from stillroom.domain.providers.requests import Mark, Operation

_PLAIN_CHANGES = frozenset({"run_after", "model_used", "first_image_at", "finished_at"})


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns for those fields of Job that may change after a claim.

    Raises:
        ValueError: A field is none of those.
    """
    columns = {name: value for name, value in changes.items() if name in _PLAIN_CHANGES}
    if "last_error" in changes:
        columns["last_error"] = None if changes["last_error"] is None else dict(changes["last_error"])
    if "usage" in changes:
        columns["usage_model"] = [dict(call) for call in changes["usage"]]
    if "fallbacks" in changes:
        columns["fallbacks_json"] = [asdict(fallback) for fallback in changes["fallbacks"]]
    if unknown := changes.keys() - _PLAIN_CHANGES - {"last_error", "usage", "fallbacks"}:
        raise ValueError(f"Not to be changed on a job: {', '.join(sorted(unknown))}")
    return columns


def row_of(job: Job) -> dict[str, Any]:
    """Return the columns of a new job."""
    return {
        "id": job.id,
        "owner_id": job.owner_id,
        "session_id": job.session_id,
        "type": job.type.value,
        "status": job.status.value,
        "params_json": {
            "prompt": job.prompt,
            "template": job.template,
            "base_variant_id": job.base_variant_id,
            "provider": job.provider,
            **({"restore": job.restore.value} if job.restore else {}),
            **({"ordinals": list(job.ordinals)} if job.ordinals else {}),
            **({"traceparent": job.traceparent} if job.traceparent else {}),
        },
        "candidates": job.candidates,
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "lease_expires_at": job.lease_expires_at,
        "worker_id": job.worker_id,
        "last_seq": job.last_seq,
        "request_id": job.request_id,
        "retry_of": job.retry_of,
        "created_at": job.created_at,
        "started_at": job.started_at,
        **changed(
            {
                "run_after": job.run_after,
                "model_used": job.model_used,
                "first_image_at": job.first_image_at,
                "finished_at": job.finished_at,
                "last_error": job.last_error,
                "usage": job.usage,
                "fallbacks": job.fallbacks,
            }
        ),
    }


def job_of(row: Any) -> Job:
    """Return the job in a row of all columns."""
    return Job(**_fields(row))


def claimed_job_of(row: Any) -> ClaimedJob:
    """Return the running job in a row of all columns, with its lease token."""
    return ClaimedJob(**_fields(row), lease_token=row.lease_token)


def _fields(row: Any) -> dict[str, Any]:
    return {
        "id": JobId(row.id),
        "owner_id": OwnerId(row.owner_id),
        "session_id": SessionId(row.session_id),
        "type": Operation(row.type),
        "status": JobStatus(row.status),
        "prompt": row.params_json["prompt"],
        "candidates": row.candidates,
        "run_after": row.run_after,
        "created_at": row.created_at,
        "template": row.params_json["template"],
        "base_variant_id": row.params_json["base_variant_id"],
        "provider": row.params_json.get("provider"),
        "restore": Mark(row.params_json["restore"]) if "restore" in row.params_json else None,
        "ordinals": tuple(row.params_json.get("ordinals", ())),
        "retry_of": row.retry_of,
        "attempts": row.attempts,
        "max_attempts": row.max_attempts,
        "lease_expires_at": row.lease_expires_at,
        "worker_id": row.worker_id,
        "last_seq": row.last_seq,
        "request_id": row.request_id,
        "traceparent": row.params_json.get("traceparent"),
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "model_used": row.model_used,
        "usage": tuple(row.usage_model),
        "fallbacks": tuple(Fallback(**fallback) for fallback in row.fallbacks_json),
        "last_error": row.last_error,
        "first_image_at": row.first_image_at,
    }
