"""Writing down what the router does for a job: calls, costs, and who was passed over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from stillroom.domain.events import JobLogged
from stillroom.domain.generation import CallEnd
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs import Fallback, Job
from stillroom.domain.ports import Clock, ProviderCall, Signals, UnitOfWork, UnitOfWorkFactory


class JobJournal:
    """The journal of one attempt at one job; every line is fenced by the job's lease."""

    def __init__(
        self,
        job: Job,
        unit_of_work: UnitOfWorkFactory,
        signals: Signals,
        ids: IdFactory,
        clock: Clock,
        daily_budget_micro_usd: int | None = None,
    ) -> None:
        """Begin where earlier attempts at the job left off; without a budget every call is allowed."""
        assert job.lease_token is not None, "only a claimed job is worked on"
        self._job = job
        self._lease_token = job.lease_token
        self._unit_of_work = unit_of_work
        self._signals = signals
        self._ids = ids
        self._clock = clock
        self._usage: list[Mapping[str, Any]] = list(job.usage)
        self._fallbacks: list[Fallback] = list(job.fallbacks)
        self._budget = daily_budget_micro_usd
        self._open: dict[str, ProviderCall] = {}

    async def skip(self, provider: str, reason: str) -> None:
        """A provider is left out from the start."""
        line = {"provider": provider, "outcome": "skipped", "reason": reason}
        if line not in self._usage:
            await self._note(line)

    async def begin(self, provider: str, model: str, expected_micro_usd: int) -> str | None:
        """Write the call's row before the call is sent, so that a crash leaves a trace of it, and its price.

        Returns:
            The call's id; None, and nothing is written, if the day's budget does not allow it.

        Raises:
            LeaseLost: The job was stopped, or somebody else has it.
        """
        call = ProviderCall(
            id=self._ids.provider_call(),
            job_id=self._job.id,
            owner_id=self._job.owner_id,
            provider=provider,
            model=model,
            operation=self._job.type.value,
            started_at=self._clock(),
            cost_micro_usd=expected_micro_usd,
        )
        async with self._unit_of_work() as tx:
            # Writes nothing new, but fails when the job was stopped or taken away: no call is sent then.
            await tx.jobs.note(self._job.id, self._lease_token, {"usage": tuple(self._usage)})
            if self._budget is not None and expected_micro_usd > 0:
                spent = await self._spent_today(tx)
                if spent + expected_micro_usd > self._budget:
                    return None
            await tx.provider_calls.add(call)
        self._open[call.id] = call
        return call.id

    async def end(self, call_id: str, end: CallEnd) -> None:
        """Complete the call's row and add it to the job's usage."""
        done = replace(
            self._open.pop(call_id),
            outcome=end.outcome,
            reason=end.reason,
            cost_micro_usd=end.cost_micro_usd,
            latency_ms=end.latency_ms,
            upstream_id=end.upstream_id,
            finished_at=self._clock(),
        )
        async with self._unit_of_work() as tx:
            await tx.provider_calls.complete(done)
        await self._note(
            {
                "provider": done.provider,
                "model": done.model,
                "outcome": done.outcome,
                "reason": done.reason,
                "latency_ms": done.latency_ms,
                "cost_micro_usd": done.cost_micro_usd,
            }
        )

    async def _spent_today(self, tx: UnitOfWork) -> int:
        start = datetime.combine(self._clock().date(), time(), UTC)
        rows = await tx.provider_calls.usage(self._job.owner_id, start, start + timedelta(days=1))
        return sum(row.cost_micro_usd for row in rows)

    async def fall_back(self, source: str, target: str, reason: str) -> None:
        """Write it on the job, and tell whoever watches."""
        self._fallbacks.append(Fallback(source, target, reason))
        event = JobLogged(
            level="warning",
            code="FALLBACK",
            message=f"Fell back from {source} to {target}.",
            params={"from": source, "to": target, "reason": reason},
        )
        async with self._unit_of_work() as tx:
            await tx.jobs.note(self._job.id, self._lease_token, {"fallbacks": tuple(self._fallbacks)})
            await tx.events.append(self._job.id, event, self._clock(), self._lease_token)
        self._signals.job_changed(self._job.id)

    async def _note(self, line: Mapping[str, Any]) -> None:
        self._usage.append(line)
        async with self._unit_of_work() as tx:
            await tx.jobs.note(self._job.id, self._lease_token, {"usage": tuple(self._usage)})
