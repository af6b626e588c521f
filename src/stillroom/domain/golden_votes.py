"""GoldenVote: a person's choice among the pictures of a golden-set case."""

from dataclasses import dataclass
from datetime import datetime

from stillroom.domain.ids import OwnerId


@dataclass(frozen=True, slots=True)
class GoldenVote:
    """One person's vote on one case of a run, with or without other runs to compare.

    `choice` is the run whose picture was best of those shown; None if none was acceptable.
    """

    owner_id: OwnerId
    run: str
    case: str
    choice: str | None
    voted_at: datetime

    @property
    def is_adoption(self) -> bool:
        """Whether the run's own picture was chosen."""
        return self.choice == self.run
