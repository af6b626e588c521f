"""Which work belongs to which kind of job."""

from collections.abc import Awaitable, Callable, Mapping

from stillroom.application.worker_slots import WorkerSlot
from stillroom.domain.jobs.job import ClaimedExportJob, ClaimedJob, Job
from stillroom.domain.providers.requests import Operation

Handler = Callable[[ClaimedJob, WorkerSlot], Awaitable[Job]]
"""Does the work of a claimed job and gives it back as it ended; raises what `Generation.run` raises."""

ExportHandler = Callable[[ClaimedExportJob], Awaitable[None]]
"""Does the work of a claimed export job; raises what `ExportMaker.run` raises."""


def complete(handlers: Mapping[Operation, Handler]) -> Mapping[Operation, Handler]:
    """The handlers, once it is sure that no kind of job is without one.

    Raises:
        LookupError: A kind has no handler.
    """
    missing = [operation.value for operation in Operation if operation not in handlers]
    if missing:
        raise LookupError(f"no handler for {', '.join(missing)}")
    return handlers
