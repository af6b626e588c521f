"""Local provider for refinements: keeps a backdrop that a cloud model painted and no plan can reproduce."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio.to_thread

from stillroom.domain.providers.capabilities import LOCAL
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    BasePicture,
    GeneratedPicture,
    GenerationRequest,
    Mark,
    Notice,
    ProviderEvent,
    Stage,
    StageReached,
    Wanted,
)
from stillroom.imaging.quality.painted import continued
from stillroom.imaging.quality.restoring import with_one_restored
from stillroom.imaging.scene.product import Product
from stillroom.providers.adapters import vendor_pictures
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts.cut_out import ProductCutOut
from stillroom.providers.cutouts.notices import painted_notices, replaced_notices


class ContinuingProvider:
    """The local provider, extended to refine pictures that it cannot reproduce from a plan."""

    name = LOCAL

    def __init__(self, local: LocalProvider) -> None:
        self._local = local

    @property
    def model_in_use(self) -> str:
        return self._local.model_in_use

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
        base = request.base
        # A model decides by itself what becomes of its background, so its preview says nothing of it.
        is_preview = request.wanted[0].ordinal == PREVIEW_ORDINAL
        is_lost = base is not None and request.restore is not None and base.plan.product_transform is None
        is_new = "backdrop" in request.wanted[0].plan.asked
        if base is None or not base.is_painted or is_lost or is_new:
            if is_lost:
                yield Notice.of("RESTORED_ANEW")
            elif base is not None and base.is_painted and not is_preview:
                for notice in replaced_notices(request.wanted[0].plan, base.plan):
                    yield notice
            async with aclosing(self._local.generate(request)) as events:
                async for event in events:
                    yield event
            return
        async with aclosing(self._local.cut_out(request)) as events:
            async for event in events:
                yield event
                if isinstance(event, ProductCutOut):
                    product = event.product
        for wanted in request.wanted:
            yield StageReached(Stage.COMPOSE, 0.6)
            model = f"{LOCAL}/{product.matte.model}"
            picture = await anyio.to_thread.run_sync(_picture, product, base, wanted, model, request.restore)
            if wanted is request.wanted[0] and not is_preview:
                for notice in painted_notices(product, wanted.plan, picture, base.plan):
                    yield notice
            yield picture


def _picture(
    product: Product, base: BasePicture, wanted: Wanted, model: str, restore: Mark | None
) -> GeneratedPicture:
    shown = vendor_pictures.pixels_of(base.picture)
    if restore is None:
        done = continued(product, shown, base.plan, wanted.plan)
    else:
        done = with_one_restored(product, shown, wanted.plan, restore)
    return vendor_pictures.candidate_of(done, product, wanted.ordinal, model)
