"""Repository of votes on runs of the golden set."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.ids import OwnerId
from stillroom.storage.repositories.base import Repository
from stillroom.storage.tables import golden_votes

_KEY = ("owner_id", "run_id", "case_name")


class GoldenVotes(Repository):
    """Votes within one transaction."""

    async def save(self, votes: Sequence[GoldenVote]) -> None:
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
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
        rows = await self._connection.execute(query.order_by(golden_votes.c.voted_at, *_columns()))
        return tuple(_vote(row) for row in rows)


def _columns() -> list[sa.Column[Any]]:
    return [golden_votes.c[name] for name in _KEY]


def _vote(row: sa.Row[Any]) -> GoldenVote:
    return GoldenVote(
        owner_id=OwnerId(row.owner_id),
        run=row.run_id,
        case=row.case_name,
        choice=row.choice,
        voted_at=row.voted_at,
    )
