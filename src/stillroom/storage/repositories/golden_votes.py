"""Repository of votes on runs of the golden set."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from stillroom.domain.golden_votes import GoldenVote
from stillroom.storage.repositories.base import Repository, entity_of
from stillroom.storage.tables.work import golden_votes

_KEY = ("owner_id", "run_id", "case_name")


class GoldenVotes(Repository):
    """Votes within one transaction."""

    async def save(self, votes: Sequence[GoldenVote]) -> None:
        for vote in votes:
            new = insert(golden_votes).values(
                owner_id=vote.owner_id,
                run_id=vote.run,
                case_name=vote.case,
                choice=vote.choice,
                voted_at=vote.voted_at,
            )
            changed = {"choice": new.excluded.choice, "voted_at": new.excluded.voted_at}
            await self._connection.execute(new.on_conflict_do_update(index_elements=_KEY, set_=changed))

    async def of_runs(self, runs: Sequence[str]) -> tuple[GoldenVote, ...]:
        query = sa.select(golden_votes).where(golden_votes.c.run_id.in_(runs))
        key = (golden_votes.c[name] for name in _KEY)
        rows = await self._connection.execute(query.order_by(golden_votes.c.voted_at, *key))
        return tuple(entity_of(GoldenVote, row, run=row.run_id, case=row.case_name) for row in rows)
