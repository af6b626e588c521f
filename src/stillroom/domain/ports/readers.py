"""Port of reader models, which read the clauses of an instruction that the rules did not understand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from stillroom.domain.plans.plan import Plan
from stillroom.domain.plans.read_as import FieldChange
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words


@dataclass(frozen=True, slots=True)
class ReaderQuestion:
    """A question to a reader model.

    Attributes:
        text: The whole instruction, for context.
        clauses: The clauses to read.
        plan: The plan with everything that the rules understood.
        scenes: Names of the existing scenes, by id.
    """

    operation: Operation
    text: str
    clauses: tuple[str, ...]
    plan: Plan
    scenes: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class ClauseAnswer:
    """Changes that a reader model found in one clause; the changes are not validated against a plan.

    Attributes:
        clause: Index into the clauses of the question.
        verdict: `cannot` is a request that no field of a plan expresses.
    """

    clause: int
    verdict: Literal["changes", "cannot", "unclear"]
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ReaderAnswer:
    """A valid answer, at most one entry per clause."""

    clauses: tuple[ClauseAnswer, ...]
    cost_micro_usd: int
    provider_request_id: str | None = None


class Reader(Protocol):
    """A reader model.

    Attributes:
        vendor: `gemini`, `openai` or `compatible`.
        model: The vendor's model id.
        host: Where the texts are sent.
    """

    vendor: str
    model: str
    host: str

    def expected_micro_usd(self, question: ReaderQuestion) -> int:
        """Return an upper estimate of the price of a call; 0 when the model's price is not known."""

    async def read(self, question: ReaderQuestion) -> ReaderAnswer:
        """Ask the model, with a deadline.

        Raises:
            StillroomError: The call failed, was refused or took too long, or the answer is invalid; `params`
                holds `reason`, and `cost_micro_usd` where the vendor charges for it.
        """

    async def open(self) -> None:
        """Import the vendor's SDK, which takes more than a second."""

    async def close(self) -> None:
        """Close the connections."""
