"""Repository of provider calls, and usage totals over them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from stillroom.domain.ids import BatchId, JobId, OwnerId
from stillroom.domain.ports import ProviderCall, UsageRow
from stillroom.storage.repositories.base import Repository, reader_of
from stillroom.storage.tables.work import jobs, provider_calls


class SqlProviderCalls(Repository):
    async def add(self, call: ProviderCall) -> None:
        await self._connection.execute(sa.insert(provider_calls).values(**asdict(call)))

    async def complete(self, call: ProviderCall) -> None:
        await self._connection.execute(
            sa.update(provider_calls)
            .where(provider_calls.c.id == call.id)
            .values(
                model=call.model,
                outcome=call.outcome,
                reason=call.reason,
                latency_ms=call.latency_ms,
                cost_micro_usd=call.cost_micro_usd,
                provider_request_id=call.provider_request_id,
                finished_at=call.finished_at,
            )
        )

    async def of_job(self, job_id: JobId) -> tuple[ProviderCall, ...]:
        query = sa.select(provider_calls).where(provider_calls.c.job_id == job_id)
        return await self._all(query.order_by(provider_calls.c.started_at, provider_calls.c.id), _call)

    async def cost_of_batches(self, batch_ids: Collection[BatchId]) -> Mapping[BatchId, int]:
        return await self._costs(provider_calls.c.batch_id, batch_ids)

    async def cost_of_jobs(self, job_ids: Collection[JobId]) -> Mapping[JobId, int]:
        return await self._costs(provider_calls.c.job_id, job_ids)

    async def _costs(self, column: sa.Column[Any], ids: Collection[Any]) -> Mapping[Any, int]:
        rows = await self._connection.execute(
            sa.select(column, sa.func.sum(provider_calls.c.cost_micro_usd))
            .where(column.in_(ids), provider_calls.c.cost_micro_usd > 0)
            .group_by(column)
        )
        return {row[0]: int(row[1]) for row in rows}

    async def usage(self, owner_id: OwnerId, start: datetime, end: datetime) -> tuple[UsageRow, ...]:
        left = await self._left(owner_id, start, end)
        calls = provider_calls.c
        failed = sa.func.sum(sa.case((calls.outcome.in_(["failed", "refused"]), 1), else_=0))
        rows = await self._connection.execute(
            sa.select(
                calls.provider,
                calls.model,
                sa.func.count().label("calls"),
                failed.label("failed"),
                sa.func.sum(calls.cost_micro_usd).label("cost"),
            )
            .where(calls.owner_id == owner_id, calls.started_at >= start, calls.started_at < end)
            .group_by(calls.provider, calls.model)
            .order_by(calls.provider, calls.model)
        )
        return tuple(
            UsageRow(
                row.provider,
                row.model,
                row.calls,
                int(row.failed),
                int(row.cost),
                left[row.provider, row.model],
            )
            for row in rows
        )

    async def fallbacks(self, owner_id: OwnerId, start: datetime, end: datetime) -> int:
        return await self._count(*_that_passed_over(owner_id, start, end))

    async def _left(self, owner_id: OwnerId, start: datetime, end: datetime) -> Counter[tuple[str, str]]:
        """Count, per provider and model, the jobs that fell back to another provider after a call."""
        rows = await self._connection.stream(
            sa.select(jobs.c.fallbacks, jobs.c.usage).where(*_that_passed_over(owner_id, start, end))
        )
        left: Counter[tuple[str, str]] = Counter()
        async for fallbacks, usage in rows:
            asked = {call.provider: call.model for call in usage if call.model}
            sources = {fallback.source for fallback in fallbacks}
            left.update((source, asked[source]) for source in sources & asked.keys())
        return left


_call = reader_of(ProviderCall, provider_calls)


def _that_passed_over(owner_id: OwnerId, start: datetime, end: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        jobs.c.owner_id == owner_id,
        jobs.c.created_at >= start,
        jobs.c.created_at < end,
        sa.cast(jobs.c.fallbacks, sa.Text) != "[]",
    ]
