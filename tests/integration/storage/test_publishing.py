"""Pictures of one session that several jobs store at the same time."""

import asyncio
from dataclasses import replace

import pytest

from stillroom.domain.jobs.job import Job
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import a_variant, claimed_job, queued_jobs, stored_session

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_jobs_of_one_session_publish_concurrently(
    transactions: SqlTransactions,
) -> None:
    await queued_jobs(transactions, await stored_session(transactions), -2, -1)
    (one, _), (two, _) = await claimed_job(transactions), await claimed_job(transactions)
    both_stored = asyncio.Barrier(2)

    async def publish(job: Job) -> None:
        async with transactions() as tx:
            await tx.variants.add(a_variant(job))
            await both_stored.wait()
            session = await tx.sessions.lock(job.session_id, job.owner_id)
            await tx.sessions.save(replace(session, title=job.id))

    # The server would end one of them, had each taken what the other waits for.
    await asyncio.gather(publish(one), publish(two))
    async with transactions(read_only=True) as tx:
        assert (await tx.sessions.get(one.session_id, one.owner_id)).title in (one.id, two.id)
