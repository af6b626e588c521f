"""GoldenVote: which picture of a golden-set case a person chose."""

from dataclasses import dataclass
from datetime import datetime

from stillroom.domain.ids import OwnerId


@dataclass(frozen=True, slots=True)
class GoldenVote:
    """What somebody thought of one case of a run, with or without others beside it.

    Attributes:
        choice: The run whose picture was best of those shown; None when none would do.
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
