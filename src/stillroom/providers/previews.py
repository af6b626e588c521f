"""Previews: small pictures from photos that are prepared in memory, by the steps of the finished ones."""

from typing import TypeVar

import anyio
import anyio.to_thread
import numpy as np

from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import PreviewRequest
from stillroom.domain.providers.requests import BasePicture, Wanted
from stillroom.imaging.cutout.photo_masks import photo_in
from stillroom.imaging.io import encoding
from stillroom.imaging.pipeline import Setting, render_preview
from stillroom.imaging.quality.painted import continued
from stillroom.imaging.quality.transforms import affine, affine_values, scaling
from stillroom.imaging.resizing import fitted
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.variety import made_distinct
from stillroom.providers.adapters import vendor_pictures
from stillroom.providers.adapters.local import LocalProvider, shown_for
from stillroom.providers.cutouts.notices import has_product

_ORDINAL = 1

AnyPlan = TypeVar("AnyPlan", bound=Plan)


class PreviewEngine:
    """Renders previews with the local provider's cut-outs."""

    def __init__(self, local: LocalProvider) -> None:
        self._local = local

    async def preview(self, request: PreviewRequest) -> bytes:
        product = await self._prepared(request)
        painted = await request.painted() if request.painted else None
        backdrop = await request.backdrop() if request.backdrop else None
        return await anyio.to_thread.run_sync(_rendered, product, request, painted, backdrop)

    async def _prepared(self, request: PreviewRequest) -> Product:
        # All networks, because one that is installed later may change the matte.
        key = request.matte_id or f"{self._local.networks}{request.hints}"
        proxy = self._local.cutouts.proxy(request.photo_sha256, key)
        if proxy is not None:
            return proxy
        product = (await self._local.cut_out_for(await request.source())).product
        if not has_product(product, is_corrected=request.matte_id is not None):
            product = product.without_matte
        proxy = await anyio.to_thread.run_sync(lambda: product.proxy)
        self._local.cutouts.keep_proxy(request.photo_sha256, key, proxy)
        return proxy


def _rendered(
    product: Product, request: PreviewRequest, painted: BasePicture | None, backdrop: bytes | None
) -> bytes:
    is_corrected = request.matte_id is not None
    product, wanted = shown_for(
        product, Wanted(_ORDINAL, request.plan), request.operation, is_corrected=is_corrected
    )
    if painted is None or "backdrop" in request.plan.asked:
        (plan,) = made_distinct([wanted.plan], product, request.size_cm)
        setting = Setting(request.size_cm, None if backdrop is None else photo_in(backdrop))
        shown = render_preview(product, plan, request.side, setting, with_product=request.with_product)
        return encoding.preview(shown)
    shown = vendor_pictures.pixels_of(painted.picture)
    small = fitted(shown, request.side)
    reduced = scaling((shown.shape[1], shown.shape[0]), (small.shape[1], small.shape[0]))
    done = continued(product, small, _reduced(painted.plan, reduced), _reduced(request.plan, reduced))
    return encoding.preview(fitted(done.picture, request.side))


def _reduced(plan: AnyPlan, reduced: np.ndarray) -> AnyPlan:
    """The plan of a picture at the size of its preview."""
    if plan.product_transform is None:
        return plan
    place = affine_values(reduced @ affine(plan.product_transform))
    return plan.model_copy(update={"product_transform": place})
