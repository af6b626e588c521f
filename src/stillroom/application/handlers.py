"""Handlers: the work of each kind of job."""

from collections.abc import Awaitable, Callable, Mapping

from stillroom.application.worker_slots import WorkerSlot
from stillroom.domain.jobs.job import ClaimedExportJob, ClaimedJob, Job
from stillroom.domain.providers.requests import Operation

Handler = Callable[[ClaimedJob, WorkerSlot], Awaitable[Job]]
"""Runs a claimed job and returns it as it ended; raises what `Generation.run` raises."""

ExportHandler = Callable[[ClaimedExportJob], Awaitable[None]]
"""Runs a claimed export job; raises what `ExportMaker.run` raises."""


def complete(handlers: Mapping[Operation, Handler]) -> Mapping[Operation, Handler]:
    """Return the handlers after checking that every operation has one.

    Raises:
        LookupError: An operation has no handler.
    """
    missing = [operation.value for operation in Operation if operation not in handlers]
    if missing:
        raise LookupError(f"no handler for {', '.join(missing)}")
    return handlers
