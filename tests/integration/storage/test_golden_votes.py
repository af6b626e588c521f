"""People's votes on the golden set: changed, not doubled, and the same from every process."""

import asyncio
from dataclasses import replace

import pytest

from stillroom.domain.golden_votes import GoldenVote
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, BORIS, NOW, an_owner, later

pytestmark = pytest.mark.anyio

VOTE = GoldenVote(owner_id=ANNA, run="r-1", case="mug_kitchen", choice="r-1", voted_at=NOW)


async def people(transactions: SqlTransactions) -> None:
    async with transactions() as tx:
        for owner in (ANNA, BORIS):
            await tx.owners.add(an_owner(owner))


async def test_a_second_vote_on_the_same_picture_changes_the_first(transactions: SqlTransactions) -> None:
    await people(transactions)
    async with transactions() as tx:
        await tx.golden_votes.save([VOTE])
        await tx.golden_votes.save([replace(VOTE, choice=None, voted_at=later(5))])
    async with transactions(read_only=True) as tx:
        assert await tx.golden_votes.of_runs(["r-1"]) == (replace(VOTE, choice=None, voted_at=later(5)),)


async def test_votes_of_two_people_and_other_runs_stay_apart(transactions: SqlTransactions) -> None:
    await people(transactions)
    hers, other = replace(VOTE, owner_id=BORIS, choice="r-2"), replace(VOTE, run="r-2", choice="r-2")
    async with transactions() as tx:
        await tx.golden_votes.save([VOTE, hers, other])
    async with transactions(read_only=True) as tx:
        assert set(await tx.golden_votes.of_runs(["r-1"])) == {VOTE, hers}
        assert len(await tx.golden_votes.of_runs(["r-1", "r-2"])) == 3


async def test_concurrent_votes_of_two_processes_all_count(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    await people(transactions)
    cases = [f"case_{number}" for number in range(10)]

    async def vote(through: SqlTransactions, case: str) -> None:
        async with through() as tx:
            await tx.golden_votes.save([replace(VOTE, case=case)])

    there = SqlTransactions(neighbour)
    await asyncio.gather(*(vote(through, case) for case in cases for through in (transactions, there)))
    async with there(read_only=True) as tx:
        assert sorted(vote.case for vote in await tx.golden_votes.of_runs(["r-1"])) == cases
