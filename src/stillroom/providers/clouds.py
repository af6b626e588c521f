"""Cloud provider: sends the photo to a model and composites the original product onto its result."""

import functools
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import KW_ONLY, dataclass
from datetime import date

import anyio
import anyio.to_thread

from stillroom.domain.errors import ProviderUnavailable, StillroomError
from stillroom.domain.faults import Fault
from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ModelCard, ProviderCard
from stillroom.domain.providers.requests import (
    Bill,
    GenerationRequest,
    Operation,
    ProviderEvent,
    Stage,
    StageReached,
)
from stillroom.imaging.pixels import Picture
from stillroom.imaging.quality.integrity import Restored, restored
from stillroom.imaging.scene import framing
from stillroom.imaging.scene.product import Product
from stillroom.providers.adapters import vendor_pictures
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts.cut_out import ProductCutOut
from stillroom.providers.cutouts.notices import background_notices
from stillroom.providers.faults import inject
from stillroom.providers.image_requests import ImageRequest, ListsModels, OpenFile, PictureModel
from stillroom.providers.threads import in_thread
from stillroom.providers.views import View, Views

_ASKED_SHARE, _CAME_SHARE, _PUT_BACK_SHARE = 0.15, 0.75, 0.95
"""Progress when the request is sent, when the response arrives, and when the product is composited."""

_ALONE = "Only the first picture is attached; it also shows what the product looks like."


@dataclass
class CloudProvider:
    """A cloud model as an image provider.

    Attributes:
        _local: Cuts the product out.
        _views: Cache of the pictures to send, shared by all clouds.
        open_file: Decodes what the model returns.
        hurry: Whether to prefer speed to quality.
        faults: Injected before its calls for pictures.
    """

    _model: PictureModel
    _local: LocalProvider
    _catalogue: Catalogue
    _views: Views
    _: KW_ONLY
    open_file: OpenFile
    hurry: bool
    faults: Sequence[Fault] = ()

    def __post_init__(self) -> None:
        # One at a time, which leaves CPU time for the preview.
        self._restoring = anyio.CapacityLimiter(1)
        self.name, self.model = self._model.name, self._model.model
        self.model_in_use = f"{self.name}/{self.model}"
        self.configuration = self._model.configuration

    @property
    def card(self) -> ProviderCard | None:
        """Its card in the catalogue, which an operator may change; None if there is none."""
        return self._catalogue.provider(self.name)

    async def open(self) -> None:
        await self._model.open()

    async def close(self) -> None:
        await self._model.close()

    async def listed(self) -> Mapping[str, date | None]:
        """Return the vendor's model ids with their last days; empty without a list. Raises StillroomError."""
        return await self._model.listed() if isinstance(self._model, ListsModels) else {}

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
        """Generate the wanted candidates in one call; yield each once the product is composited.

        Raises what the adapter raises, and InputCorrupt.
        """
        async with aclosing(self._local.cut_out(request)) as events:
            async for event in events:
                yield event
                if isinstance(event, ProductCutOut):
                    product = event.product
        plan = request.wanted[0].plan
        view = await anyio.to_thread.run_sync(self._views.of, product, request, plan)
        yield StageReached(Stage.PROVIDER, _ASKED_SHARE)
        card = self._model_card()
        pictures = view.pictures[: card.limits.pictures_in]
        image_request = ImageRequest(
            instruction=_instruction(request, is_alone=len(pictures) < len(view.pictures)),
            wish=request.prompt,
            pictures=pictures,
            mask=view.mask,
            width=view.width,
            height=view.height,
            count=len(request.wanted),
            hurry=self.hurry,
            request_id=request.request_id,
            traceparent=request.traceparent,
            open_file=self.open_file,
        )
        await inject(self.faults, card)
        returned = await self._model.make(image_request, card)
        bill = Bill(returned.cost_micro_usd, returned.provider_request_id)
        yield StageReached(Stage.REGISTER, _CAME_SHARE, bill)
        async with aclosing(self._composited(returned.pictures, product, view, request)) as composited:
            async for made in composited:
                yield made

    async def _composited(
        self, files: Sequence[bytes], product: Product, view: View, request: GenerationRequest
    ) -> AsyncGenerator[ProviderEvent]:
        """Composite the product onto each picture of an answer.

        Raises ProviderUnavailable or InternalError at the end if one of them cannot be used.
        """
        unusable: StillroomError | None = None
        for wanted, file in zip(request.wanted, files, strict=False):
            try:
                painted = await vendor_pictures.opened(file, self.open_file)
            except StillroomError as error:
                # The others of the same call are paid for as well.
                unusable = error
                continue
            work = functools.partial(_restored, product, painted, view, request, wanted.plan)
            done = await in_thread(work, self._restoring)
            for notice in background_notices(product, wanted.plan.framing, done.plan, view.canvas):
                yield notice
            yield StageReached(Stage.MEASURE, _PUT_BACK_SHARE)
            yield await anyio.to_thread.run_sync(
                vendor_pictures.candidate_of, done, product, wanted.ordinal, self.model_in_use
            )
        if unusable is not None:
            raise unusable

    def _model_card(self) -> ModelCard:
        if (card := self.card) is None:
            raise ProviderUnavailable(reason="not_in_catalogue")
        return card.model(self.model)


def _instruction(request: GenerationRequest, *, is_alone: bool) -> str:
    """Return the prompt; for a model that takes one picture, it says that the reference photo is left out."""
    instruction = request.instruction or request.prompt
    return f"{instruction}\n{_ALONE}" if is_alone else instruction


def _restored(
    product: Product, painted: Picture, view: View, request: GenerationRequest, plan: Plan
) -> Restored:
    return restored(
        product,
        painted,
        _as_shown(product, view, request, plan),
        view.canvas,
        view.expected,
        must_stay=request.operation is Operation.REFINE and "framing" not in plan.asked,
        logo=request.context.logo_anchor,
    )


def _as_shown(product: Product, view: View, request: GenerationRequest, plan: Plan) -> Plan:
    """Return the plan with the ratio of the view; one that would cut the product was not applied there."""
    if framing.has_ratio(view.canvas, plan.framing, product.size):
        return plan
    aspect = "photo" if request.base is None else request.base.plan.framing.aspect
    return plan.model_copy(update={"framing": plan.framing.model_copy(update={"aspect": aspect})})
