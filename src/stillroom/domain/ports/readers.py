"""Port of reader models: they read clauses, look at photos and describe pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Literal, Protocol, TypeVar

from stillroom.domain.descriptions import Description
from stillroom.domain.plans.plan import Plan
from stillroom.domain.plans.read_as import FieldChange
from stillroom.domain.products import ProductFacts
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words

T = TypeVar("T")

MAX_CLAUSES = 12
"""Clauses that a reader is asked about at once."""


class Question(Generic[T]):
    """A question whose answer has the type `T`; two with the same representation are the same question.

    Its call is recorded under `action`.
    """

    action: ClassVar[str]


@dataclass(frozen=True)
class ClauseAnswer:
    """Changes that a reader model found in one clause; they are not validated against a plan.

    Attributes:
        clause: Index into the clauses of the question.
        verdict: `cannot` is a request that no field of a plan expresses.
    """

    clause: int
    verdict: Literal["changes", "cannot", "unclear"]
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class ReaderQuestion(Question[tuple[ClauseAnswer, ...]]):
    """The clauses of an instruction that the rules did not understand; at most one answer for each.

    Attributes:
        plan: The plan with everything that the rules understood.
    """

    action = "read"

    operation: Operation
    text: str
    clauses: tuple[str, ...]
    plan: Plan
    scenes: Mapping[str, Words]


@dataclass(frozen=True)
class PhotoQuestion(Question[ProductFacts]):
    """Question for the facts about the product in a photo.

    Attributes:
        picture: The photo, a small JPEG without metadata.
        size: Its width and height in pixels.
    """

    action = "look"

    sha256: str
    picture: bytes = field(repr=False)
    size: tuple[int, int]


@dataclass(frozen=True)
class PictureQuestion(Question[Description]):
    """Question for the words that describe a finished picture in a listing.

    Attributes:
        title: The seller's own words for the product.
        picture: The picture, a small JPEG without metadata.
    """

    action = "describe"

    variant_id: str
    title: str
    product: ProductFacts
    picture: bytes = field(repr=False)


@dataclass(frozen=True)
class ReaderAnswer(Generic[T]):
    """A valid answer."""

    value: T
    cost_micro_usd: int
    provider_request_id: str | None = None


class Reader(Protocol):
    """A reader model.

    Attributes:
        vendor: `gemini`, `openai` or `compatible`.
        host: Host that receives texts and pictures.
    """

    vendor: str
    model: str
    host: str

    def expected_micro_usd(self, question: Question[T]) -> int:
        """Return an upper estimate of the price of a call; 0 when the model's price is not known."""

    async def ask(self, question: Question[T]) -> ReaderAnswer[T]:
        """Ask the model, with a deadline.

        Raises:
            StillroomError: The call failed, was refused or took too long, or the answer is invalid; it
                has a `reason`, and `cost_micro_usd` where the vendor charges for it.
        """

    async def open(self) -> None:
        """Import the vendor's SDK, which takes more than a second."""

    async def close(self) -> None:
        """Close the connections."""
