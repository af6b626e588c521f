"""Repository of votes on runs of the golden set."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from stillroom.domain.golden_votes import GoldenVote
from stillroom.storage.repositories.base import Repository, columns_of, reader_of
from stillroom.storage.tables.work import golden_votes

_KEY = tuple(golden_votes.primary_key)


class SqlGoldenVotes(Repository):
    async def save(self, votes: Sequence[GoldenVote]) -> None:
        for vote in votes:
            new = insert(golden_votes).values(**columns_of(vote, golden_votes))
            changed = {"choice": new.excluded.choice, "voted_at": new.excluded.voted_at}
            await self._connection.execute(new.on_conflict_do_update(index_elements=_KEY, set_=changed))

    async def of_runs(self, runs: Sequence[str]) -> tuple[GoldenVote, ...]:
        query = sa.select(golden_votes).where(golden_votes.c.run.in_(runs))
        return await self._all(query.order_by(golden_votes.c.voted_at, *_KEY), _vote)


_vote = reader_of(GoldenVote, golden_votes)
