"""Batch requests: estimate, create, look up and extend."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from stillroom.application.batches.choices import ChoiceChecks
from stillroom.application.batches.recipes import recipe_of
from stillroom.application.batches.views import (
    append_progress,
    check_open,
    check_open_batches,
    locked_batch,
    save_batch,
    view_of,
    views_of,
    wake,
)
from stillroom.application.limits.idempotency import KeyLocks, reserve, result_of
from stillroom.application.limits.limits import consume_token
from stillroom.domain.batches.batches import (
    MAX_ITEMS,
    Batch,
    BatchItem,
    BatchStatus,
    BatchView,
    Estimate,
    ItemStatus,
    NewItem,
    NotCarriedOut,
)
from stillroom.domain.batches.recipes import Choices, Recipe
from stillroom.domain.errors import LimitReached, NotFound, PromptInvalid, stored_error
from stillroom.domain.ids import BatchId, IdFactory, OwnerId, RecipeId
from stillroom.domain.ports import (
    Catalogue,
    Clock,
    Notifier,
    Page,
    RateLimiter,
    UnitOfWork,
    UnitOfWorkFactory,
)
from stillroom.domain.providers.requests import Operation

Price = Callable[[Operation, str | None], tuple[str, int | None]]
"""Returns the provider that is asked first, and its price per picture in millionths of a US dollar.

The price is None if it is not known.
"""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A request for a batch; it names a recipe or holds the choices itself. A hash is needed with a key."""

    name: str
    items: tuple[NewItem, ...]
    recipe_id: RecipeId | None = None
    recipe_name: str = ""
    choices: Choices | None = None
    budget_micro_usd: int | None = None
    request_hash: str = ""


@dataclass(frozen=True, slots=True)
class CreatedBatch:
    """A new or extended batch; `replayed` is true when an earlier request with the same key did it."""

    view: BatchView
    replayed: bool


@dataclass
class Batches:
    """Batches of owners; the runner does the work."""

    _unit_of_work: UnitOfWorkFactory
    _catalogue: Catalogue
    _checks: ChoiceChecks
    _notifier: Notifier
    _limiter: RateLimiter
    _ids: IdFactory
    _clock: Clock
    _price: Price

    def __post_init__(self) -> None:
        self._locks = KeyLocks()

    async def estimate(self, new: NewBatch, owner_id: OwnerId) -> Estimate:
        """Check a request and return what it would cost; nothing is stored. Raises what `create` raises."""
        async with self._unit_of_work(read_only=True) as tx:
            recipe = await self._recipe(tx, new, owner_id)
            await _check_photos(tx, new.items, owner_id)
        await self._checks.check(recipe.choices, owner_id)
        estimate = self.priced(recipe.choices, len(new.items), new.budget_micro_usd)
        return replace(estimate, not_carried_out=await self._not_carried_out(recipe.choices, new.items))

    async def create(
        self, new: NewBatch, owner_id: OwnerId, *, key: str | None = None, request_id: str | None = None
    ) -> CreatedBatch:
        """Create a batch, or return the one that this idempotency key created.

        An item whose own instruction cannot be carried out fails at once; the others are not affected.

        Raises what `ChoiceChecks.check` raises for the recipe, and NotFound for an unknown recipe or photo.
        Raises LimitReached at MAX_OPEN open batches. Also raises IdempotencyMismatch and RateLimited.
        """
        async with self._locks.of(owner_id, key):
            async with self._unit_of_work(read_only=True) as tx:
                if earlier := await result_of(tx, owner_id, key, new.request_hash):
                    return await _replayed(tx, earlier, owner_id)
                recipe = await self._recipe(tx, new, owner_id)
                await _check_photos(tx, new.items, owner_id)
                await check_open_batches(tx, owner_id)
            await self._checks.check(recipe.choices, owner_id)
            refused = await self._refused(recipe.choices, new.items)
            batch = self._batch(new, recipe, owner_id, request_id)
            await consume_token(self._limiter, owner_id)
            async with self._unit_of_work() as tx:
                if earlier := await reserve(tx, owner_id, key, new.request_hash, batch.id, batch.created_at):
                    return await _replayed(tx, earlier, owner_id)
                await _keep_products(tx, new.items)
                # Again, because a photo may have been deleted meanwhile.
                await _check_photos(tx, new.items, owner_id)
                # Locked, so that concurrent requests cannot exceed the limit.
                await tx.owners.lock(owner_id)
                await check_open_batches(tx, owner_id)
                await tx.batches.add(batch)
                await tx.batch_items.add(self._items(batch, new.items, refused, after=0))
                view = await append_progress(tx, batch, batch.created_at)
        wake(self._notifier, batch.id)
        return CreatedBatch(view, replayed=False)

    async def add(
        self,
        batch_id: BatchId,
        owner_id: OwnerId,
        items: Sequence[NewItem],
        request_hash: str,
        *,
        key: str | None = None,
        request_id: str | None = None,
    ) -> CreatedBatch:
        """Add items to an open batch; a request with a known idempotency key adds nothing.

        Raises NotFound, IdempotencyMismatch, RateLimited, Conflict if the batch is not open, and LimitReached
        if it would have more than MAX_ITEMS.
        """
        async with self._locks.of(owner_id, key):
            async with self._unit_of_work(read_only=True) as tx:
                if await result_of(tx, owner_id, key, request_hash):
                    return await _replayed(tx, batch_id, owner_id)
                batch = await tx.batches.get(batch_id, owner_id)
                await _check_photos(tx, items, owner_id)
                await _check_room(tx, batch, items)
            refused = await self._refused(batch.choices, items)
            await consume_token(self._limiter, owner_id)
            now = self._clock()
            async with self._unit_of_work() as tx:
                if await reserve(tx, owner_id, key, request_hash, self._ids.batch_item(), now):
                    return await _replayed(tx, batch_id, owner_id)
                batch = await locked_batch(tx, batch_id, owner_id)
                await _keep_products(tx, items)
                await _check_photos(tx, items, owner_id)
                last = await _check_room(tx, batch, items)
                batch = replace(batch, request_id=request_id or batch.request_id)
                await tx.batch_items.add(self._items(batch, items, refused, after=last))
                grown = self.priced(batch.choices, last + len(items), batch.budget_micro_usd)
                view = await save_batch(tx, replace(batch, estimate_micro_usd=grown.micro_usd), now)
        wake(self._notifier, batch_id)
        return CreatedBatch(view, replayed=False)

    async def view(self, batch_id: BatchId, owner_id: OwnerId) -> BatchView:
        """Return one batch with its figures. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            return await view_of(tx, await tx.batches.get(batch_id, owner_id))

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[BatchView]:
        """List batches, newest first."""
        async with self._unit_of_work(read_only=True) as tx:
            page = await tx.batches.list(owner_id, cursor, limit)
            return Page(await views_of(tx, page.items), page.next_cursor)

    async def items(
        self,
        batch_id: BatchId,
        owner_id: OwnerId,
        status: ItemStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[BatchItem]:
        """List the items of a batch in their order. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            await tx.batches.get(batch_id, owner_id)
            return await tx.batch_items.list(batch_id, status, cursor, limit)

    async def _recipe(self, tx: UnitOfWork, new: NewBatch, owner_id: OwnerId) -> Recipe:
        if new.recipe_id is not None:
            return await recipe_of(tx, self._catalogue, new.recipe_id, owner_id)
        assert new.choices is not None, "a batch names a recipe or holds its choices"
        name, choices = new.recipe_name, new.choices
        return Recipe(id=RecipeId(""), owner_id=owner_id, name=name, version=1, choices=choices)

    def _batch(self, new: NewBatch, recipe: Recipe, owner_id: OwnerId, request_id: str | None) -> Batch:
        estimate = self.priced(recipe.choices, len(new.items), new.budget_micro_usd)
        return Batch(
            id=self._ids.batch(),
            owner_id=owner_id,
            name=new.name,
            status=BatchStatus.RUNNING,
            recipe_id=new.recipe_id,
            recipe_name=recipe.name,
            recipe_version=recipe.version,
            choices=recipe.choices,
            budget_micro_usd=new.budget_micro_usd,
            estimate_micro_usd=estimate.micro_usd,
            created_at=self._clock(),
            request_id=request_id,
        )

    async def _refused(self, choices: Choices, items: Sequence[NewItem]) -> Mapping[str, PromptInvalid]:
        return await self._checks.prompts(choices, [item.prompt for item in items if item.prompt])

    async def _not_carried_out(self, choices: Choices, items: Sequence[NewItem]) -> Sequence[NotCarriedOut]:
        """Return the instructions of which something would not be carried out, each with its items."""
        items_of: dict[str, list[int]] = {}
        for place, item in enumerate(items):
            if words := item.prompt or choices.prompt:
                items_of.setdefault(words, []).append(place)
        refused = await self._refused(choices, items)
        told = await self._checks.told_back(choices, items_of)
        return [
            NotCarriedOut(words, places, words in refused, told.get(words, ()))
            for words, places in items_of.items()
            if words in refused or words in told
        ]

    def _items(
        self, batch: Batch, items: Sequence[NewItem], refused: Mapping[str, PromptInvalid], after: int
    ) -> Sequence[BatchItem]:
        now = self._clock()
        made = []
        for place, item in enumerate(items, after + 1):
            error = refused.get(item.prompt or "")
            made.append(
                BatchItem(
                    id=self._ids.batch_item(),
                    batch_id=batch.id,
                    owner_id=batch.owner_id,
                    place=place,
                    image_id=item.image_id,
                    sku=item.sku,
                    title=item.title,
                    prompt=item.prompt or None,
                    session_id=item.session_id,
                    status=ItemStatus.FAILED if error else ItemStatus.WAITING,
                    error=stored_error(error, batch.request_id) if error else None,
                    created_at=now,
                )
            )
        return made

    def priced(self, choices: Choices, items: int, budget_micro_usd: int | None = None) -> Estimate:
        """Return what a number of items would cost; a price that is not known counts as 0, with a warning."""
        provider, price = self._price(Operation(choices.operation), choices.provider)
        pictures = items * choices.candidates
        if price is None:
            return Estimate(items, pictures, 0, provider, ("price_unknown",))
        full = pictures * price
        if budget_micro_usd is None or full <= budget_micro_usd:
            return Estimate(items, pictures, full, provider)
        return Estimate(items, pictures, budget_micro_usd, provider, ("budget_too_small",))


async def _replayed(tx: UnitOfWork, batch_id: str, owner_id: OwnerId) -> CreatedBatch:
    """Return the batch of an earlier request as it is now."""
    return CreatedBatch(await view_of(tx, await tx.batches.get(BatchId(batch_id), owner_id)), replayed=True)


async def _check_room(tx: UnitOfWork, batch: Batch, items: Sequence[NewItem]) -> int:
    """Check that items can be added to a batch, and return the place of its last one.

    Raises Conflict, LimitReached.
    """
    check_open(batch)
    last = await tx.batch_items.last_place(batch.id)
    if last + len(items) > MAX_ITEMS:
        raise LimitReached("items", MAX_ITEMS)
    return last


async def _keep_products(tx: UnitOfWork, items: Sequence[NewItem]) -> None:
    """Lock the products of items before their photos, as a deletion does; otherwise both would deadlock."""
    await tx.sessions.keep({item.session_id for item in items if item.session_id is not None})


async def _check_photos(tx: UnitOfWork, items: Sequence[NewItem], owner_id: OwnerId) -> None:
    """Check photos and products of items. Raises NotFound if one does not exist or is another owner's."""
    photos = await tx.assets.several({item.image_id for item in items})
    own = {photo.id for photo in photos.values() if photo.owner_id == owner_id}
    if missing := [place for place, item in enumerate(items) if item.image_id not in own]:
        fields = [{"field": f"items.{place}.image_id", "reason": "unknown"} for place in missing]
        raise NotFound(f"No image {items[missing[0]].image_id}.", fields=fields)
    named = {place: item.session_id for place, item in enumerate(items) if item.session_id is not None}
    photos_of = await tx.sessions.photos_of({*named.values()}, owner_id)
    if wrong := [place for place, one in named.items() if photos_of.get(one) != items[place].image_id]:
        fields = [{"field": f"items.{place}.session_id", "reason": "unknown"} for place in wrong]
        raise NotFound(f"No session {items[wrong[0]].session_id} of this image.", fields=fields)
