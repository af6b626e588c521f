"""Schemas of batches, their items and their events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from stillroom.application.batches.requests import NewBatch
from stillroom.application.batches.stream import ShownBatchEvent
from stillroom.application.limits.idempotency import hash_of_request
from stillroom.domain.batches.batches import (
    MAX_BATCH_NAME_CHARACTERS,
    MAX_ITEMS_PER_REQUEST,
    MAX_SKU_CHARACTERS,
    BatchEventType,
    BatchStatus,
    BatchView,
    Estimate,
    ItemStatus,
    NewItem,
)
from stillroom.domain.batches.batches import BatchItem as BatchItemEntity
from stillroom.domain.batches.recipes import Recipe as RecipeEntity
from stillroom.domain.field_errors import UnusableValue
from stillroom.domain.ids import OWN_RECIPE, AssetId, RecipeId, SessionId, VariantId
from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS
from stillroom.domain.sessions import MAX_TITLE_CHARACTERS
from stillroom.web.problems import Problem, problem_of_stored
from stillroom.web.schemas.base import Answer, Body, GivenId, Label, PageAnswer, micro_usd, usd
from stillroom.web.schemas.images import picture_urls
from stillroom.web.schemas.instructions import ToldBackAnswer, told_back_answers
from stillroom.web.schemas.recipes import Recipe, UnsavedRecipe, recipe_answer


class ItemRequest(Body):
    """One photo of a batch."""

    image_id: GivenId[AssetId]
    session_id: Annotated[
        GivenId[SessionId] | None,
        Field(description="The product of this photo; without it a new one is made."),
    ] = None
    sku: Annotated[Label | None, Field(max_length=MAX_SKU_CHARACTERS, description="Names the files.")] = None
    title: Annotated[Label | None, Field(max_length=MAX_TITLE_CHARACTERS)] = None
    prompt: Annotated[
        str | None,
        Field(
            max_length=4 * MAX_PROMPT_CHARACTERS,
            description="Instead of the recipe's instruction, unless blank.",
        ),
    ] = None


Items = Annotated[list[ItemRequest], Field(min_length=1, max_length=MAX_ITEMS_PER_REQUEST)]


class MoreItems(Body):
    """More photos for an open batch."""

    items: Items

    @property
    def new_items(self) -> tuple[NewItem, ...]:
        return tuple(
            NewItem(
                item.image_id,
                item.sku or None,
                item.title or None,
                (item.prompt or "").strip() or None,
                item.session_id,
            )
            for item in self.items
        )

    @property
    def request_hash(self) -> str:
        return hash_of_request(self.model_dump(mode="json"))


class BatchRequest(MoreItems):
    """Photos to process by a stored recipe (`recipe_id`) or by the choices given here (`recipe`)."""

    name: Annotated[Label, Field(min_length=1, max_length=MAX_BATCH_NAME_CHARACTERS)]
    recipe_id: GivenId[RecipeId] | None = None
    recipe: UnsavedRecipe | None = None
    budget_usd: Annotated[
        float | None,
        Field(ge=0, le=1_000_000, description="The batch never spends more; then `local` works."),
    ] = None
    dry_run: Annotated[bool, Field(description="Estimate only; nothing is stored.")] = False

    @model_validator(mode="after")
    def _names_one_recipe(self) -> Self:
        if (self.recipe_id is None) == (self.recipe is None):
            raise UnusableValue("needs_either_recipe_id")
        return self

    @property
    def new_batch(self) -> NewBatch:
        return NewBatch(
            name=self.name,
            items=self.new_items,
            request_hash=self.request_hash,
            recipe_id=self.recipe_id,
            recipe_name=self.recipe.name if self.recipe else "",
            choices=self.recipe.choices if self.recipe else None,
            budget_micro_usd=micro_usd(self.budget_usd),
        )


class BatchCounts(Answer):
    """Items by status; the figures add up to the number of items."""

    waiting: int
    running: int
    succeeded: int
    failed: int
    needs_review: int
    approved: int
    rejected: int
    canceled: int


class Batch(Answer):
    """Photos that are processed by one recipe."""

    id: str
    name: str
    status: BatchStatus
    recipe: Annotated[Recipe, Field(description="As it was when the batch was created.")]
    counts: BatchCounts
    estimate_usd: float
    cost_usd: float
    budget_usd: float | None
    stream_url: str
    created_at: datetime
    finished_at: datetime | None


class BatchPage(PageAnswer[Batch]):
    """A page of batches."""


class NotCarriedOut(Answer):
    """An instruction of which something would not be carried out."""

    prompt: str
    items: Annotated[list[int], Field(description="Positions of its items in the request, from 0.")]
    fails: Annotated[
        bool, Field(description="Its items would fail with `E_PROMPT_INVALID`, as none of it can be done.")
    ]
    told_back: list[ToldBackAnswer]


class BatchEstimate(Answer):
    """Cost estimate of a batch.

    `warnings` may hold `budget_too_small`: the local provider would do the rest. With `price_unknown` the
    estimate says nothing; under a budget such a model is not asked.
    """

    items: int
    pictures: int
    estimate_usd: float
    budget_usd: float | None
    provider: str
    warnings: list[str]
    not_carried_out: Annotated[
        list[NotCarriedOut],
        Field(description="Instructions with words that no picture would carry out; a cloud may do all."),
    ]


class BatchItem(Answer):
    """One photo of a batch."""

    id: str
    image_id: str
    photo_thumbnail_url: str
    thumbnail_url: Annotated[str | None, Field(description="Of the picture that stands for the item.")]
    session_id: str | None
    sku: str | None
    title: str | None
    prompt: Annotated[str | None, Field(description="Null if it is the recipe's.")]
    status: ItemStatus
    job_id: str | None
    variant_id: str | None
    quality: float | None
    warnings: list[str]
    error: Problem | None


class BatchItemPage(PageAnswer[BatchItem]):
    """A page of items, in the order of the batch."""


class ItemDecision(Body):
    """A person's decision, or other words for the item.

    `needs_review` takes a decision back, and the rule holds again.
    """

    status: Literal["approved", "rejected", "needs_review"] | None = None
    variant_id: Annotated[
        GivenId[VariantId] | None,
        Field(description="Another picture of the same product to use for the item."),
    ] = None
    prompt: Annotated[
        str | None,
        Field(
            max_length=4 * MAX_PROMPT_CHARACTERS,
            description="Makes the item alone again with these words; empty ones mean the recipe's.",
        ),
    ] = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if (self.status is None) == (self.prompt is None):
            raise UnusableValue("needs_either_status_or")
        return self


class BatchEventBase(Answer):
    """Fields of every event."""

    batch_id: str
    seq: int
    at: datetime


class BatchProgressEvent(BatchEventBase):
    """`progress`: the counts or the status have changed."""

    status: BatchStatus
    counts: BatchCounts


class BatchItemEvent(BatchEventBase):
    """`item`: an item has changed to `status`; `item` is its present state, null if it was deleted."""

    status: ItemStatus
    item: BatchItem | None


class BatchFinishedEvent(BatchProgressEvent):
    """`finished`: all items have ended and their files are made, or the batch was canceled."""

    cost_usd: float


class BatchEvents(Answer):
    """The payload of each event name of `GET /stream/batch/{batch_id}`."""

    progress: BatchProgressEvent
    item: BatchItemEvent
    finished: BatchFinishedEvent


def batch_answer(view: BatchView) -> Batch:
    batch = view.batch
    is_built_in = batch.recipe_id is not None and not batch.recipe_id.startswith(f"{OWN_RECIPE}_")
    used = RecipeEntity(
        id=batch.recipe_id or RecipeId(""),
        owner_id=None if is_built_in else batch.owner_id,
        name=batch.recipe_name,
        version=batch.recipe_version,
        choices=batch.choices,
    )
    return Batch.of(
        batch,
        recipe=recipe_answer(used),
        counts=BatchCounts(**{status.value: number for status, number in view.counts.items()}),
        estimate_usd=usd(batch.estimate_micro_usd),
        cost_usd=usd(view.cost_micro_usd),
        budget_usd=usd(batch.budget_micro_usd),
        stream_url=f"/stream/batch/{batch.id}",
    )


def estimate_answer(estimate: Estimate, budget_usd: float | None, language: str) -> BatchEstimate:
    """Convert an estimate to its response schema, with suggestions in the client's language."""
    return BatchEstimate.of(
        estimate,
        estimate_usd=usd(estimate.micro_usd),
        budget_usd=budget_usd,
        not_carried_out=[
            NotCarriedOut.of(one, told_back=told_back_answers(one.told_back, language))
            for one in estimate.not_carried_out
        ],
    )


def item_answer(item: BatchItemEntity, language: str) -> BatchItem:
    """Convert an item to its response schema, with its error in the client's language."""
    return BatchItem.of(
        item,
        photo_thumbnail_url=picture_urls(item.image_id)["thumbnail_url"],
        thumbnail_url=picture_urls(item.variant_id)["thumbnail_url"] if item.variant_id else None,
        error=problem_of_stored(item.error, language) if item.error else None,
    )


def batch_event_answer(event: ShownBatchEvent, language: str) -> BatchEventBase:
    common: Mapping[str, Any] = {"batch_id": event.batch_id, "seq": event.seq, "at": event.at}
    if event.type is BatchEventType.ITEM:
        item = item_answer(event.item, language) if event.item else None
        return BatchItemEvent(**common, status=event.data["status"], item=item)
    counts = BatchCounts(**event.data["counts"])
    if event.type is BatchEventType.PROGRESS:
        return BatchProgressEvent(**common, status=event.data["status"], counts=counts)
    cost_usd = usd(event.data["cost_micro_usd"])
    return BatchFinishedEvent(**common, status=event.data["status"], counts=counts, cost_usd=cost_usd)
