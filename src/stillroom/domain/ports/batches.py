"""Ports for recipes, batches, their items and their events."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from stillroom.domain.batches.batches import (
    Batch,
    BatchEventType,
    BatchItem,
    Counts,
    ItemStatus,
    StoredBatchEvent,
)
from stillroom.domain.batches.recipes import Recipe
from stillroom.domain.ids import BatchId, BatchItemId, OwnerId, RecipeId, SessionId
from stillroom.domain.ports.pages import OwnedRepository, Page


class RecipeRepository(OwnedRepository[RecipeId, Recipe], Protocol):
    """Recipes of owners."""

    async def save(self, recipe: Recipe, seen_version: int) -> bool:
        """Write a new version over the version seen; return False if another one is stored."""

    async def remove(self, recipe_id: RecipeId, seen_version: int) -> bool:
        """Delete the version seen; return False if another one is stored."""


class BatchRepository(OwnedRepository[BatchId, Batch], Protocol):
    """Batches and their events; a new batch is due."""

    async def lock(self, batch_id: BatchId, *, skip_locked: bool = False) -> Batch | None:
        """Return a batch and lock its row until the transaction ends.

        Returns None if it does not exist, or with `skip_locked` if another transaction holds it.
        """

    async def lock_of_session(self, session_id: SessionId) -> tuple[Batch, ...]:
        """Return and lock the batches that have items of a session, in the order of their ids."""

    async def save(self, batch: Batch, *, is_due: bool = True) -> None:
        """Write the changeable fields of a locked batch; `is_due` if the runner has work to do for it."""

    async def count_open(self, owner_id: OwnerId) -> int:
        """Return how many open batches an owner has."""

    async def due(self) -> tuple[tuple[BatchId, OwnerId], ...]:
        """Return the batches that the runner has something to do for.

        The oldest of each owner come first, then the second oldest, and so on, so that no owner waits for all
        batches of another one.
        """

    async def counts(self, batch_ids: Collection[BatchId]) -> Mapping[BatchId, Counts]:
        """Return the number of items by status; every status is present."""

    async def has_pending_exports(self, batch_id: BatchId) -> bool:
        """Whether an export job of the batch has not ended."""

    async def append(
        self,
        batch_id: BatchId,
        kind: BatchEventType,
        data: Mapping[str, Any],
        at: datetime,
        item_ids: Sequence[BatchItemId | None] = (None,),
    ) -> None:
        """Append an event, or one for each item; the batch's row is locked until the transaction ends."""

    async def latest(self, batch_ids: Sequence[BatchId]) -> Mapping[BatchId, int]:
        """Return the number of each batch's latest event; deleted batches are left out."""

    async def events_after(
        self, batch_id: BatchId, seq: int, limit: int
    ) -> tuple[tuple[StoredBatchEvent, BatchItem | None], ...]:
        """Return events with a larger number, in order, each with its item as it is now."""

    async def remove_empty(self, before: datetime, limit: int) -> int:
        """Delete closed batches, created before that time, whose items are all gone; return their number."""


class BatchItemRepository(Protocol):
    """Items of batches. Every change names the status that it expects."""

    async def add(self, items: Sequence[BatchItem]) -> None:
        """Insert items."""

    async def get(self, item_id: BatchItemId, batch_id: BatchId, owner_id: OwnerId) -> BatchItem:
        """Return an item. Raises NotFound."""

    async def list(
        self, batch_id: BatchId, status: ItemStatus | None, cursor: str | None, limit: int
    ) -> Page[BatchItem]:
        """Return a page in the order of the batch. Raises ValidationFailed for an invalid cursor."""

    async def with_status(
        self, batch_id: BatchId, statuses: Collection[ItemStatus], limit: int
    ) -> tuple[BatchItem, ...]:
        """Return items in one of the states, in the order of the batch."""

    async def settled(self, batch_id: BatchId, limit: int) -> tuple[BatchItem, ...]:
        """Return running items whose job has ended or is gone, in the order of the batch."""

    async def to_export(self, batch_id: BatchId, limit: int) -> tuple[BatchItem, ...]:
        """Return items whose files are wanted and not ordered, in the order of the batch."""

    async def with_failed_files(self, batch_id: BatchId) -> tuple[BatchItem, ...]:
        """Return items of whose ordered files at least one could not be made, in the order of the batch."""

    async def last_place(self, batch_id: BatchId) -> int:
        """Return the largest position in a batch; 0 if it is empty."""

    async def number_of_photo(self, item: BatchItem) -> int:
        """Return the position of an item among those of its batch with the same item number, from 1."""

    async def running(self, owner_id: OwnerId) -> int:
        """Return how many items of an owner are running, over all batches."""

    async def replace(self, item: BatchItem, expected: ItemStatus) -> bool:
        """Write an item; return False if its status is not the expected one or it is gone."""

    async def order_exports(self, item: BatchItem) -> bool:
        """Record that the files of `item.variant_id` are ordered; False if that is no longer wanted."""

    async def forget_exports(self, item_ids: Collection[BatchItemId]) -> None:
        """Reset the exports of these items, so that they are ordered again."""

    async def move_all(
        self,
        batch_id: BatchId,
        sources: Collection[ItemStatus],
        target: ItemStatus,
        except_ids: Collection[BatchItemId] = (),
    ) -> tuple[BatchItemId, ...]:
        """Change the status of all items in one of the states, clear their errors, and return their ids."""
