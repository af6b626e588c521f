"""Job journal: records provider calls, their costs, skipped providers and fallbacks."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.limits.budget import log_call, may_spend
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs.events import JobLogged
from stillroom.domain.jobs.job import ClaimedJob, Fallback, LeaseLost
from stillroom.domain.ports import Clock, Notifier, ProviderCall, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.providers.requests import CallEnd
from stillroom.domain.providers.usage import UsageRecord


@dataclass
class JobJournal:
    """Journal of one attempt at one job, after those of earlier ones; every write is fenced by the lease.

    Without a daily budget every call is allowed.
    """

    _job: ClaimedJob
    _slot: WorkerSlot
    _unit_of_work: UnitOfWorkFactory
    _notifier: Notifier
    _ids: IdFactory
    _clock: Clock
    _budget: int | None = None

    def __post_init__(self) -> None:
        self._usage = list(self._job.usage)
        self._fallbacks = list(self._job.fallbacks)
        self._open: dict[str, ProviderCall] = {}
        self._begun: dict[str, float] = {}  # calls without a line in the log yet
        # Serialises writers: concurrent calls of the job append to the same list.
        self._writing = asyncio.Lock()

    async def skip(self, provider: str, reason: str) -> None:
        record = UsageRecord(provider=provider, outcome="skipped", reason=reason)
        if record in self._usage:
            return
        async with self._writing:
            async with self._unit_of_work() as tx:
                await self._record_usage(tx, [*self._usage, record])
            self._usage.append(record)

    async def begin(self, provider: str, model: str, expected_micro_usd: int | None) -> str | None:
        """Record a call and its price before it is sent, so that a crash leaves a trace of it.

        Returns its id; None, with nothing recorded, if the daily budget or the batch's does not allow it.
        After LeaseLost the call must not be sent.
        """
        call = ProviderCall(
            id=self._ids.provider_call(),
            job_id=self._job.id,
            owner_id=self._job.owner_id,
            provider=provider,
            model=model,
            operation=self._job.type.value,
            started_at=self._clock(),
            cost_micro_usd=expected_micro_usd or 0,
            batch_id=self._job.batch_id,
        )
        async with self._writing:
            async with self._unit_of_work() as tx:
                is_priced = expected_micro_usd is not None
                if not await may_spend(tx, call, call.started_at, self._budget, is_priced=is_priced):
                    return None
                await self._record_usage(tx, [*self._usage, _record_of(call)])
                await tx.provider_calls.add(call)
            self._usage.append(_record_of(call))
            self._open[call.id] = call
            self._begun[call.id] = time.monotonic()
        return call.id

    async def end(self, call_id: str, end: CallEnd) -> None:
        """Record the end of a call. Raises LeaseLost; the cost is recorded anyway."""
        done = replace(
            self._open[call_id],
            outcome=end.outcome,
            reason=end.reason,
            cost_micro_usd=end.cost_micro_usd,
            latency_ms=end.latency_ms,
            provider_request_id=end.provider_request_id,
            finished_at=self._clock(),
        )
        self._log(done)
        async with self._writing:
            usage = [_record_of(done) if record.id == call_id else record for record in self._usage]
            try:
                async with self._unit_of_work() as tx:
                    await self._record_usage(tx, usage)
                    await tx.provider_calls.complete(done)
            except LeaseLost:
                async with self._unit_of_work() as tx:
                    await tx.provider_calls.complete(done)
                self._open.pop(call_id, None)
                raise
            # Last, so that a call whose recording was interrupted can be ended again.
            self._open.pop(call_id, None)
            self._usage = usage

    def close(self) -> None:
        """Log the calls that were interrupted before their end; their outcome is unknown."""
        for call_id, begun in list(self._begun.items()):
            latency_ms = round((time.monotonic() - begun) * 1000)
            self._log(replace(self._open[call_id], latency_ms=latency_ms))

    def _log(self, call: ProviderCall) -> None:
        """Log each call once, even when its end is recorded twice or never."""
        if self._begun.pop(call.id, None) is None:
            return
        log_call(call, call.job_id, self._job.session_id)

    async def fall_back(self, source: str, target: str, reason: str) -> None:
        fallback = Fallback(source, target, reason)
        self._fallbacks.append(fallback)
        event = JobLogged(
            level="warning",
            code="FALLBACK",
            message=f"{target} took over from {source}: {reason.replace('_', ' ')}.",
            params=fallback.params,
        )
        async with self._unit_of_work() as tx:
            await tx.jobs.update_claimed(
                self._job.id, self._job.lease_token, {"fallbacks": tuple(self._fallbacks)}
            )
            await tx.events.append(self._job.id, event, self._clock(), self._job.lease_token)
        self._notifier.job_changed(self._job.id)

    def wait(self, *, is_waiting: bool) -> None:
        """Free the worker slot while the job only waits for vendors, and occupy it again afterwards."""
        if is_waiting:
            self._slot.free()
        else:
            self._slot.occupy()

    async def _record_usage(self, tx: UnitOfWork, usage: Sequence[UsageRecord]) -> None:
        await tx.jobs.update_claimed(self._job.id, self._job.lease_token, {"usage": tuple(usage)})


def _record_of(call: ProviderCall) -> UsageRecord:
    """Return the record of a call on its job; it has some of the call's fields."""
    return UsageRecord(**{field.name: getattr(call, field.name) for field in fields(UsageRecord)})
