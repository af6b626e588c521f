"""Descriptions of pictures: suggested by a reader model, and kept as the seller wants them."""

from dataclasses import dataclass

import anyio.to_thread

from stillroom.application.readers.calls import NoAnswer, Purpose, ReaderCalls
from stillroom.application.readers.inspections import SENT_SIDE
from stillroom.domain.descriptions import Description
from stillroom.domain.errors import Conflict
from stillroom.domain.ids import OwnerId, VariantId
from stillroom.domain.ports import Blobs, PictureQuestion, UnitOfWorkFactory
from stillroom.domain.products import ProductFacts
from stillroom.domain.variants import Variant
from stillroom.imaging.io.encoding import small_jpeg


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A description by a reader model; it is not stored. A repeated question costs nothing."""

    description: Description
    model: str
    cost_micro_usd: int


@dataclass(frozen=True)
class Descriptions:
    """Suggests and stores the descriptions of pictures.

    Without `_calls`, nothing is suggested.
    """

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _calls: ReaderCalls | None

    @property
    def price_micro_usd(self) -> int | None:
        """Upper estimate of a suggestion's price; None if it is unknown or nothing is suggested."""
        if self._calls is None:
            return None
        question = PictureQuestion(variant_id="", title="", product=ProductFacts(), picture=b"picture")
        return self._calls.price(question) or None

    async def suggest(self, variant_id: VariantId, owner_id: OwnerId) -> Suggestion:
        """Ask the reader model for a description of a picture.

        Raises:
            NotFound: The picture does not exist.
            Conflict: No reader model that sees pictures is set up.
            RateLimited: The owner asks too often.
            ProviderError: The model failed, refused or took too long, or the budget does not allow the call.
        """
        async with self._unit_of_work(read_only=True) as tx:
            variant = await tx.variants.get(variant_id, owner_id)
            session = await tx.sessions.get(variant.session_id, owner_id)
        if self._calls is None:
            raise Conflict(
                text="no_reader",
                reason="not_configured",
            )
        master = await self._blobs.get(variant.blob_key)
        picture, _ = await anyio.to_thread.run_sync(small_jpeg, master, SENT_SIDE)
        question = PictureQuestion(variant.id, session.title, session.product, picture)
        try:
            answer = await self._calls.demand(question, Purpose(owner_id, variant.session_id))
        except NoAnswer as no:
            # Cost and ids of the call are not for the client.
            wait = no.error.retry_after_seconds or None
            raise type(no.error)(no.error.detail, reason=no.error.reason, retry_after_seconds=wait) from no
        return Suggestion(answer.value, self._calls.model, answer.cost_micro_usd)

    async def save(self, variant_id: VariantId, owner_id: OwnerId, description: Description) -> Variant:
        """Replace the description of a picture; an empty one removes it. Raises NotFound."""
        async with self._unit_of_work() as tx:
            variant = await tx.variants.get(variant_id, owner_id)
            return await tx.variants.describe(variant.id, description)
