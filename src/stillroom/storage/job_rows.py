"""Convert between jobs and their rows."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from pydantic_core import to_jsonable_python

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
    Job,
)
from stillroom.domain.plans.read_as import ReadAs
from stillroom.domain.providers.requests import Mark, Operation
from stillroom.storage.repositories.base import columns_of, entity_of
from stillroom.storage.tables.work import jobs

_Kind = TypeVar("_Kind", bound=AnyJob)

_ALWAYS_STORED = frozenset({"template", "base_variant_id", "provider", "prompt"})
"""Parameters that earlier releases expect in every edit job; others are left out while they are empty."""

_FROM_JSON: Mapping[str, Callable[[Any], Any]] = {
    "restore": Mark,
    "ordinals": tuple,
    "read_as": lambda readings: tuple(map(ReadAs.model_validate, readings)),
}
"""Conversions of the parameters that JSON stores as another type."""


def row_of(job: AnyJob) -> dict[str, Any]:
    """Return the columns of a new job; fields without a column are its parameters."""
    params = {field.name: getattr(job, field.name) for field in fields(job) if field.name not in jobs.c}
    stored = {name: value for name, value in params.items() if value or name in _ALWAYS_STORED}
    hidden_type = EXPORT if isinstance(job, ExportJob) else DELIVERY
    return {
        # A job for pictures has these fields itself.
        "type": hidden_type,
        "candidates": 0,
        "usage": (),
        "fallbacks": (),
        **columns_of(job, jobs),
        "is_batch": job.batch_id is not None,
        "params_json": to_jsonable_python(stored),
    }


_KINDS: Mapping[str, type[AnyJob]] = {EXPORT: ExportJob, DELIVERY: DeliveryJob}
_CLAIMED: Mapping[str, type[AnyClaimedJob]] = {EXPORT: ClaimedExportJob, DELIVERY: ClaimedDeliveryJob}
"""By type; all other types are operations on pictures."""


def job_of(row: Any) -> Job:
    """Return the edit job in a row of all columns."""
    return _read(Job, row)


def any_job_of(row: Any) -> AnyJob:
    """Return the job of any type in a row of all columns."""
    return _read(_KINDS.get(row.type, Job), row)


def claimed_job_of(row: Any) -> AnyClaimedJob:
    """Return the running job in a row of all columns, with its lease token."""
    return _read(_CLAIMED.get(row.type, ClaimedJob), row)


def _read(kind: type[_Kind], row: Any) -> _Kind:
    names = {field.name for field in fields(kind)}
    params = {
        name: _FROM_JSON[name](value) if name in _FROM_JSON else value
        for name, value in row.params_json.items()
        if name in names
    }
    if issubclass(kind, Job):
        params["type"] = Operation(row.type)
    return entity_of(kind, row, jobs, **params)
