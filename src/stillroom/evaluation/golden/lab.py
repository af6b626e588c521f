"""Golden lab: shows runs of the golden set and collects votes."""

from collections.abc import Sequence
from dataclasses import dataclass

import anyio.to_thread

from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Clock, UnitOfWorkFactory
from stillroom.evaluation.golden.comparison import Comparison, compare
from stillroom.evaluation.golden.run_folder import GoldenRunFolder
from stillroom.evaluation.golden.runs import Adoption, Run, adoption_of
from stillroom.evaluation.golden.tables import csv_of

MAX_RUNS = 20
"""Number of latest runs that are listed; older ones stay on disk."""

MAX_SHOWN = 3
"""Maximum number of pictures shown side by side."""


@dataclass(frozen=True, slots=True)
class ShownRun:
    """Run with the votes of all users."""

    run: Run
    votes: tuple[GoldenVote, ...]

    @property
    def adoption(self) -> Adoption:
        return adoption_of(self.run.header.id, self.votes)


class GoldenLab:
    """Lists runs and records votes."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, runs: GoldenRunFolder, clock: Clock) -> None:
        self._unit_of_work = unit_of_work
        self._runs = runs
        self._clock = clock

    async def runs(self) -> tuple[ShownRun, ...]:
        """Return the latest runs with their votes, newest first."""
        runs = await anyio.to_thread.run_sync(self._runs.latest, MAX_RUNS)
        votes = await self.votes([run.header.id for run in runs])
        return tuple(
            ShownRun(run, tuple(vote for vote in votes if vote.run == run.header.id)) for run in runs
        )

    async def votes(self, runs: Sequence[str]) -> tuple[GoldenVote, ...]:
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.golden_votes.of_runs(runs)

    async def vote(
        self, owner_id: OwnerId, case: str, run: str, choice: str | None, others: Sequence[str] = ()
    ) -> dict[str, Adoption]:
        """Record which picture of a case is best, replacing an earlier vote.

        Args:
            run: Run whose picture was shown.
            choice: Run with the best of the shown pictures; None when none is acceptable.
            others: Other runs whose pictures were shown.

        Returns:
            Adoption of each shown run, including this vote.

        Raises:
            NotFound: A run does not exist, or has no such case.
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
        """Return a run as CSV. Raises NotFound."""
        run = await anyio.to_thread.run_sync(self._runs.get, run_id)
        return csv_of(run, await self.votes([run_id]))

    async def comparison(self, run_id: str, before_id: str) -> Comparison:
        """Compare a run with an earlier one. Raises NotFound."""
        run, before = [await anyio.to_thread.run_sync(self._runs.get, one) for one in (run_id, before_id)]
        return await anyio.to_thread.run_sync(compare, before, run)

    async def picture(self, run_id: str, name: str) -> bytes:
        """Return a WebP picture of a run. Raises NotFound."""
        return await anyio.to_thread.run_sync(self._runs.picture, run_id, name)
