"""Batches and their items: states, allowed changes, and events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import StoredError
from stillroom.domain.ids import AssetId, BatchId, BatchItemId, JobId, OwnerId, RecipeId, SessionId, VariantId
from stillroom.domain.told_back import ToldBack

MAX_ITEMS_PER_REQUEST = 500
MAX_OPEN = 50
"""Open batches of one owner."""

MAX_ITEMS = 5000
"""Items of one batch."""

MAX_SKU_CHARACTERS = 80
MAX_BATCH_NAME_CHARACTERS = 120


class BatchStatus(StrEnum):
    """Status of a batch; `running` and `paused` ones are open and accept items."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELED = "canceled"


class ItemStatus(StrEnum):
    """Status of an item.

    `succeeded` items satisfy the review rule of the recipe, `needs_review` ones do not; `approved` and
    `rejected` are decisions of a person.
    """

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELED = "canceled"


OPEN = frozenset({BatchStatus.RUNNING, BatchStatus.PAUSED})
UNFINISHED = frozenset({ItemStatus.WAITING, ItemStatus.RUNNING})
EXPORTED = frozenset({ItemStatus.SUCCEEDED, ItemStatus.APPROVED})
"""Items whose files are made."""

DECIDABLE = frozenset(
    {ItemStatus.SUCCEEDED, ItemStatus.NEEDS_REVIEW, ItemStatus.APPROVED, ItemStatus.REJECTED}
)
"""Items with pictures to decide on."""

RETRYABLE = frozenset({ItemStatus.FAILED, ItemStatus.CANCELED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Photos that are processed by one recipe.

    Attributes:
        recipe_id: The recipe that was named; None if the request held the choices itself.
        recipe_name: Its name, as `recipe_version` is its version, when the batch was created.
        choices: Copy of the recipe's choices; later changes of the recipe do not apply.
        budget_micro_usd: Bound on the cost of all provider calls; None for no bound.
        estimate_micro_usd: Expected cost of all items when they were added.
    """

    id: BatchId
    owner_id: OwnerId
    name: str
    status: BatchStatus
    recipe_id: RecipeId | None
    recipe_name: str
    recipe_version: int
    choices: Choices
    budget_micro_usd: int | None
    estimate_micro_usd: int
    created_at: datetime
    finished_at: datetime | None = None
    last_seq: int = 0
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One photo of a batch.

    Attributes:
        place: Position in the batch, from 1.
        session_id: The product's session; None until an item without one is started for the first time.
        prompt: Instruction instead of the recipe's; None uses the recipe's.
        variant_id: The picture that stands for the item.
        quality: Quality of that picture, 0..1; None if unknown.
        error: Why the item or its files failed.
        exported_variant_id: The picture whose files are ordered; None if no files are.
    """

    id: BatchItemId
    batch_id: BatchId
    owner_id: OwnerId
    place: int
    image_id: AssetId
    sku: str | None
    title: str | None
    prompt: str | None
    status: ItemStatus
    created_at: datetime
    session_id: SessionId | None = None
    job_id: JobId | None = None
    variant_id: VariantId | None = None
    quality: float | None = None
    warnings: tuple[str, ...] = ()
    error: StoredError | None = None
    exported_variant_id: VariantId | None = None


class BatchEventType(StrEnum):
    """Event names of a batch's stream."""

    PROGRESS = "progress"
    ITEM = "item"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class StoredBatchEvent:
    """An event of a batch, as stored.

    Attributes:
        seq: Number within the batch: 1, 2, 3, …, without gaps.
        is_terminal: Whether the batch has ended and this is its latest event.
    """

    batch_id: BatchId
    seq: int
    type: BatchEventType
    data: Mapping[str, Any]
    at: datetime
    is_terminal: bool


Counts = Mapping[ItemStatus, int]


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with the number of its items in every status, and the cost of all provider calls so far."""

    batch: Batch
    counts: Counts
    cost_micro_usd: int


def progress_of(status: BatchStatus, counts: Counts) -> dict[str, Any]:
    """Return the data of a `progress` or `finished` event."""
    return {"status": status.value, "counts": {one.value: counts.get(one, 0) for one in ItemStatus}}


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to add to a batch; without `session_id`, a new product is made of the photo."""

    image_id: AssetId
    sku: str | None = None
    title: str | None = None
    prompt: str | None = None
    session_id: SessionId | None = None


@dataclass(frozen=True, slots=True)
class NotCarriedOut:
    """An instruction of which something would not be carried out.

    Attributes:
        items: Positions in the request, from 0.
        fails: Nothing of it can be carried out, so that its items would fail at once.
    """

    prompt: str
    items: Sequence[int]
    fails: bool
    told_back: Sequence[ToldBack]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Cost estimate of a batch.

    Attributes:
        micro_usd: Expected cost, at most the budget.
        warnings: Codes of what the seller should know.
    """

    items: int
    pictures: int
    micro_usd: int
    provider: str
    warnings: Sequence[str] = field(default_factory=tuple)
    not_carried_out: Sequence[NotCarriedOut] = field(default_factory=tuple)
