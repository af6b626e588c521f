"""Writing down what the router does for a job: calls, costs, and who was passed over."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stillroom.domain.events import JobLogged
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs import Fallback, Job
from stillroom.domain.ports import Clock, ProviderCall, Signals, UnitOfWorkFactory


class JobJournal:
    """The journal of one attempt at one job; every line is fenced by the job's lease."""

    def __init__(
        self, job: Job, unit_of_work: UnitOfWorkFactory, signals: Signals, ids: IdFactory, clock: Clock
    ) -> None:
        """Begin where earlier attempts at the job left off."""
        assert job.lease_token is not None, "only a claimed job is worked on"
        self._job = job
        self._lease_token = job.lease_token
        self._unit_of_work = unit_of_work
        self._signals = signals
        self._ids = ids
        self._clock = clock
        self._usage: list[Mapping[str, Any]] = list(job.usage)
        self._fallbacks: list[Fallback] = list(job.fallbacks)
        self._open: dict[str, tuple[ProviderCall, float]] = {}

    async def skip(self, provider: str, reason: str) -> None:
        """A provider is left out from the start."""
        line = {"provider": provider, "outcome": "skipped", "reason": reason}
        if line not in self._usage:
            await self._note(line)

    async def begin(self, provider: str, model: str) -> str:
        """Write the call's row before the call is sent, so that a crash leaves a trace of it."""
        call = ProviderCall(
            id=self._ids.provider_call(),
            job_id=self._job.id,
            owner_id=self._job.owner_id,
            provider=provider,
            model=model,
            operation=self._job.type.value,
            started_at=self._clock(),
        )
        async with self._unit_of_work() as tx:
            await tx.provider_calls.add(call)
        self._open[call.id] = (call, time.monotonic())
        return call.id

    async def end(self, call_id: str, outcome: str, reason: str | None, cost_micro_usd: int) -> None:
        """Complete the call's row and add it to the job's usage."""
        call, started = self._open.pop(call_id)
        done = replace(
            call,
            outcome=outcome,
            reason=reason,
            cost_micro_usd=cost_micro_usd,
            latency_ms=round((time.monotonic() - started) * 1000),
            finished_at=self._clock(),
        )
        async with self._unit_of_work() as tx:
            await tx.provider_calls.complete(done)
        await self._note(
            {
                "provider": done.provider,
                "model": done.model,
                "outcome": outcome,
                "reason": reason,
                "latency_ms": done.latency_ms,
                "cost_micro_usd": cost_micro_usd,
            }
        )

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
