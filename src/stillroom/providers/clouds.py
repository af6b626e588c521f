"""A cloud model behind the port of the providers: shows it the photo, and puts the seller's product back."""

import functools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import anyio
import anyio.to_thread
import structlog

from stillroom.domain.errors import InternalError, ProviderUnavailable, StillroomError
from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ModelCard, ProviderCard
from stillroom.domain.providers.requests import (
    GeneratedPicture,
    GenerationRequest,
    Operation,
    ProviderEvent,
    Stage,
    StageReached,
)
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.quality.integrity import Restored, restored
from stillroom.imaging.quality.review import reviewed
from stillroom.imaging.scene.product import Product
from stillroom.providers.adapters import wire
from stillroom.providers.cut_out import CutOutEvent, ProductCutOut
from stillroom.providers.image_requests import ImageRequest, ListsModels, PictureModel
from stillroom.providers.views import View, Views

_ASKED_SHARE, _CAME_SHARE, _PUT_BACK_SHARE = 0.15, 0.75, 0.95
"""How much of the work is done when the call is sent, when it is back, and when the product is in it."""

log = structlog.get_logger(__name__)


class ProductFinder(Protocol):
    """Whoever can cut the product out."""

    def cut_out(self, request: GenerationRequest) -> AsyncIterator[CutOutEvent]:
        """Yield progress, and a ProductCutOut last. Raises InputCorrupt."""
        ...


class CloudProvider:
    """One cloud model."""

    def __init__(
        self,
        model: PictureModel,
        finder: ProductFinder,
        catalogue: Catalogue,
        views: Views,
        *,
        hurry: bool,
    ) -> None:
        """Take the model and what goes around it.

        Args:
            model: Speaks the vendor's wire.
            finder: Cuts the product out.
            catalogue: What is known of the model.
            views: Shared with other clouds, which are shown the same.
            hurry: Whether a quick answer is worth more than a good one.
        """
        self._model = model
        self._finder = finder
        self._catalogue = catalogue
        self._views = views
        self._hurry = hurry
        # The cores belong to the preview first.
        self._restoring = anyio.CapacityLimiter(1)

    @property
    def name(self) -> str:
        """The provider's, such as `gemini`."""
        return self._model.name

    @property
    def configuration(self) -> str:
        """Stands for key and address."""
        return self._model.configuration

    @property
    def model(self) -> str:
        """As its vendor spells it."""
        return self._model.model

    def model_for(self, operation: Operation) -> str:  # noqa: ARG002
        """The one model there is."""
        return f"{self._model.name}/{self._model.model}"

    async def open(self) -> None:
        """Do now what the first call would have to wait for."""
        await self._model.open()

    async def close(self) -> None:
        """Close connections."""
        await self._model.close()

    async def listed(self) -> frozenset[str]:
        """What models the vendor says there are; none where it has no list. Raises StillroomError."""
        return await self._model.listed() if isinstance(self._model, ListsModels) else frozenset()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[ProviderEvent]:
        """Make the wanted candidates in one call; yields each as soon as the product is back in it.

        Raises:
            StillroomError: As the vendor's failure is tabled.
            InputCorrupt: The photo cannot be decoded.
        """
        async for event in self._finder.cut_out(request):
            yield event
        # The stream of a cut-out ends with its product.
        assert isinstance(event, ProductCutOut)
        product = event.product
        plan = request.wanted[0].plan
        view = await anyio.to_thread.run_sync(self._views.of, product, request, plan)
        yield StageReached(Stage.PROVIDER, _ASKED_SHARE)
        image_request = ImageRequest(
            instruction=request.instruction or request.prompt,
            pictures=view.pictures,
            mask=view.mask,
            width=view.width,
            height=view.height,
            count=len(request.wanted),
            hurry=self._hurry,
            request_id=request.request_id,
            traceparent=request.traceparent,
        )
        wire.customers_words.set(f"{request.prompt}\n{image_request.instruction}")
        returned = await self._model.make(image_request, self._card())
        yield StageReached(Stage.REGISTER, _CAME_SHARE)
        unpaid = returned.cost_micro_usd
        for wanted, file in zip(request.wanted, returned.pictures, strict=False):
            work = functools.partial(_restored, product, file, view, request, wanted.plan)
            with _paid_for(unpaid, returned.upstream_id):
                done = await anyio.to_thread.run_sync(work, limiter=self._restoring)
            yield StageReached(Stage.MEASURE, _PUT_BACK_SHARE)
            with _paid_for(unpaid, returned.upstream_id):
                picture = await anyio.to_thread.run_sync(
                    self._picture, wanted.ordinal, done, product, unpaid, returned.upstream_id
                )
            yield picture
            unpaid = 0

    def _card(self) -> ModelCard:
        card = next((card for card in self._catalogue.providers() if card.id == self.name), None)
        return _known(card).model(self._model.model)

    def _picture(
        self, ordinal: int, done: Restored, product: Product, cost: int, upstream_id: str | None
    ) -> GeneratedPicture:
        return GeneratedPicture(
            ordinal=ordinal,
            picture=png_of(done.picture),
            matte=None if done.matte is None else png_of(done.matte),
            width=done.picture.shape[1],
            height=done.picture.shape[0],
            plan=done.plan,
            measures=reviewed(done.measures, product),
            model=self.model_for(Operation.OPTIMIZE),
            context=product.context,
            cost_micro_usd=cost,
            verified=done.is_verified,
            upstream_id=upstream_id,
        )


@contextmanager
def _paid_for(cost_micro_usd: int, upstream_id: str | None) -> Iterator[None]:
    """Whatever fails once the pictures are there names what they cost. Raises StillroomError."""
    bill: dict[str, Any] = {"cost_micro_usd": cost_micro_usd, "upstream_id": upstream_id}
    try:
        yield
    except StillroomError as error:
        error.params = {**bill, **error.params}
        raise
    except Exception as error:
        log.exception("picture_not_put_back", upstream_id=upstream_id)
        raise InternalError(reason="bug", **bill) from error


def _known(card: ProviderCard | None) -> ProviderCard:
    if card is None:
        raise ProviderUnavailable(reason="not_in_catalogue")
    return card


def _restored(product: Product, file: bytes, view: View, request: GenerationRequest, plan: Plan) -> Restored:
    return restored(
        product,
        wire.pixels_of(file),
        plan,
        view.canvas,
        view.expected,
        must_stay=request.operation is Operation.REFINE and "framing" not in plan.asked,
        logo=request.context.logo_anchor,
    )
