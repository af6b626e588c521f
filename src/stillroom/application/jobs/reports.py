"""Job reports in Markdown for support, without secrets and without the user's prompt."""

from dataclasses import dataclass

from stillroom.domain.ids import JobId, OwnerId
from stillroom.domain.jobs.events import EventType, StoredEvent
from stillroom.domain.jobs.job import Job
from stillroom.domain.ports import ProviderCall, UnitOfWorkFactory

MAX_EVENTS = 1000


@dataclass(frozen=True)
class Reports:
    """Writes job reports; `_version` is that of this build."""

    _unit_of_work: UnitOfWorkFactory
    _version: str

    async def of_job(self, job_id: JobId, owner_id: OwnerId) -> str:
        """Return the report of one job. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            job = await tx.jobs.get(job_id, owner_id)
            calls = await tx.provider_calls.of_job(job_id)
            events = await tx.events.after(job_id, 0, MAX_EVENTS)
            pictures = len(await tx.variants.of_job(job_id))
        return "\n".join([*_head(job, pictures, self._version), *_calls(job, calls), *_events(events), ""])


def _head(job: Job, pictures: int, version: str) -> list[str]:
    lines = [
        f"# Job {job.id}",
        "",
        f"- Stillroom: {version}",
        f"- Request: {job.request_id or '-'}",
        f"- Trace: {job.trace_id or '-'}",
        f"- Operation: {job.type}, {job.candidates} wanted, {pictures} made",
        f"- Instruction: {len(job.prompt)} characters (not included)",
        f"- State: {job.status}, attempt {job.attempts} of {job.max_attempts}",
        f"- Created: {job.created_at.isoformat()}",
        f"- Finished: {job.finished_at.isoformat() if job.finished_at else '-'}",
        f"- First picture: {_ms(job.first_image_ms)}; all: {_ms(job.latency_ms)}",
        f"- Cost: ${job.cost_micro_usd / 1_000_000:.4f}",
    ]
    if job.last_error:
        lines.append(f"- Last error: {job.last_error['code']}: {job.last_error['detail']}")
    return lines


def _calls(job: Job, calls: tuple[ProviderCall, ...]) -> list[str]:
    lines = [
        "",
        "## Calls",
        "",
        "| provider | model | outcome | reason | ms | US$ | the provider's id |",
        "| - | - | - | - | - | - | - |",
    ]
    for call in calls:
        cost = f"{call.cost_micro_usd / 1_000_000:.4f}"
        reason = call.reason or "-"
        lines.append(
            f"| {call.provider} | {call.model} | {call.outcome} | {reason} | {call.latency_ms} | {cost} "
            f"| {call.provider_request_id or '-'} |"
        )
    skipped = [record for record in job.usage if record.outcome == "skipped"]
    return lines + [
        f"| {record.provider} | - | skipped | {record.reason} | - | - | - |" for record in skipped
    ]


def _events(events: tuple[StoredEvent, ...]) -> list[str]:
    lines = ["", "## Events", "", "| seq | at | event | |", "| - | - | - | - |"]
    lines += [f"| {event.seq} | {event.at.isoformat()} | {event.type} | {_fact(event)} |" for event in events]
    return lines


def _fact(event: StoredEvent) -> str:
    """Return the most useful fact of an event, never the user's own words."""
    data = event.data
    match event.type:
        case EventType.PROGRESS:
            return f"{data['stage']} {data['percent']}%"
        case EventType.LOG:
            return str(data["code"])
        case EventType.QUEUED:
            return str(data["reason"])
        case EventType.RUNNING:
            return f"attempt {data['attempt']}"
        case EventType.FAILED:
            return str(data["error"]["code"])
        case _:
            return ""


def _ms(value: int | None) -> str:
    return "-" if value is None else f"{value} ms"
