"""Runs of the golden set as people look at them, and what they choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import anyio.to_thread

from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Clock, UnitOfWorkFactory
from stillroom.evaluation.comparison import Comparison, compare
from stillroom.evaluation.run_folder import GoldenRunFolder
from stillroom.evaluation.runs import Adoption, Run, adoption_of
from stillroom.evaluation.tables import csv_of

MOST_RUNS = 20
"""As many as are told; older ones stay on disk."""

MOST_SHOWN = 3
"""As many as can be told apart side by side."""


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run with everybody's votes on it."""

    run: Run
    votes: tuple[GoldenVote, ...]

    @property
    def adoption(self) -> Adoption:
        """How often people chose it."""
        return adoption_of(self.run.header.id, self.votes)


class GoldenLab:
    """Shows runs and collects votes."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, runs: GoldenRunFolder, clock: Clock) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._runs = runs
        self._clock = clock

    async def runs(self) -> tuple[ShownRun, ...]:
        """The latest runs, newest first."""
        runs = await anyio.to_thread.run_sync(self._runs.latest, MOST_RUNS)
        votes = await self.votes([run.header.id for run in runs])
        return tuple(
            ShownRun(run, tuple(vote for vote in votes if vote.run == run.header.id)) for run in runs
        )

    async def votes(self, runs: Sequence[str]) -> tuple[GoldenVote, ...]:
        """Everybody's votes on these runs."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.golden_votes.of_runs(runs)

    async def vote(
        self, owner_id: OwnerId, case: str, run: str, choice: str | None, others: Sequence[str] = ()
    ) -> dict[str, Adoption]:
        """Say which picture of a case is best; a vote that was given before is changed.

        Args:
            owner_id: Who votes.
            case: Of which picture.
            run: Whose picture was shown.
            choice: The run whose picture is best of those shown; None when none would do.
            others: Runs whose pictures were shown beside it.

        Returns:
            How each of the shown runs now stands.

        Raises:
            NotFound: There is no such run, or it has no such case.
            ValidationFailed: The choice was not shown.
        """
        shown = list(dict.fromkeys([run, *others]))
        if choice is not None and choice not in shown:
            raise ValidationFailed(
                "What was chosen was not shown.", fields=[{"field": "choice", "reason": "not_shown"}]
            )
        for run_id in shown:
            found = await anyio.to_thread.run_sync(self._runs.get, run_id)
            if case not in found.header.cases:
                raise NotFound(f"No case {case} in run {run_id}.")
        now = self._clock()
        async with self._unit_of_work() as tx:
            await tx.golden_votes.save([GoldenVote(owner_id, one, case, choice, now) for one in shown])
            votes = await tx.golden_votes.of_runs(shown)
        return {one: adoption_of(one, votes) for one in shown}

    async def csv(self, run_id: str) -> str:
        """A run as a table. Raises NotFound."""
        run = await anyio.to_thread.run_sync(self._runs.get, run_id)
        return csv_of(run, await self.votes([run_id]))

    async def comparison(self, run_id: str, before_id: str) -> Comparison:
        """A run held against an earlier one. Raises NotFound."""
        run, before = [await anyio.to_thread.run_sync(self._runs.get, one) for one in (run_id, before_id)]
        return await anyio.to_thread.run_sync(compare, before, run)

    async def picture(self, run_id: str, name: str) -> bytes:
        """A WebP picture of a run. Raises NotFound."""
        return await anyio.to_thread.run_sync(partial(self._runs.picture, run_id, name))
