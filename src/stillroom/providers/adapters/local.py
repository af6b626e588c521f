"""Local provider: cuts out and composes on this machine, without an account."""

import functools
import hashlib
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np

from stillroom.domain.mattes import NO_HINTS, FoundMatte, MatteBox, PhotoHints
from stillroom.domain.networks import Device, NetworksInUse
from stillroom.domain.plans.plan import Context
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    GeneratedPicture,
    GenerationRequest,
    Notice,
    Operation,
    ProviderEvent,
    Stage,
    StageReached,
    Wanted,
)
from stillroom.domain.providers.substitutes import scene_first, without_product
from stillroom.imaging.cutout.photo_masks import cover_file, photo_in
from stillroom.imaging.cutout.points.regions import PointNetworks
from stillroom.imaging.io.encoding import png_of, thumbnail_of
from stillroom.imaging.pipeline import Setting, render_picture
from stillroom.imaging.quality.review import reviewed
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.variety import made_distinct
from stillroom.imaging.thread_pool import in_background
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.providers.cutouts.cut_out import (
    CutOutEvent,
    ProductCutOut,
    ProvisionalCutOut,
    Report,
    cut_out_in_thread,
)
from stillroom.providers.cutouts.letterings import Letterings
from stillroom.providers.cutouts.networks import Networks, Quality
from stillroom.providers.cutouts.notices import (
    RUINED,
    cut_out_notices,
    fixed_shadow_notices,
    framing_notices,
    has_product,
    scene_notices,
)
from stillroom.providers.cutouts.products import Cancelled, Products
from stillroom.providers.cutouts.waiting import WaitingList
from stillroom.providers.threads import in_thread
from stillroom.providers.weights.folder import WeightsFolder

PREVIEWED_SHARE = 0.25
"""Share of the generation that is done when the second opinion on the cut-out begins."""

EARLY_CANDIDATES = 0.5
"""Confidence from which a provisional cut-out is shown.

Of 29 real photos, all six below it had an IoU below .9, and five of the 23 others.
"""


class LocalProvider:
    """The imaging pipeline as an image provider."""

    name = "local"

    def __init__(
        self,
        weights: WeightsFolder,
        cutouts_folder: Path,
        *,
        fetch: bool = True,
        quality: Quality = "best",
        own: Path | None = None,
        device: Device = "auto",
        report: Report = lambda _: None,
    ) -> None:
        """Open the weights folder and the cut-out cache.

        Args:
            report: Receives the events of work that belongs to no job.
            own: Path of a custom ONNX model, tried before all others; None if there is none.
        """
        self._networks = Networks(weights, fetch=fetch, quality=quality, own=own, device=device)
        self.cutouts = Cutouts(cutouts_folder)
        self._report = report
        self._letterings = Letterings(weights)
        self._waiting = WaitingList()
        self._products = Products(self._networks, self.cutouts, self._waiting)
        # One inference at a time: a second one would share the same cores and double the memory.
        self.network_limiter = anyio.CapacityLimiter(1)
        self._composing = anyio.CapacityLimiter(2)

    @property
    def networks(self) -> NetworksInUse:
        return self._networks.in_use

    @property
    def model_in_use(self) -> str:
        """The network that cuts out now."""
        return f"local/{self._networks.in_use.in_use}"

    async def warm_up(self) -> None:
        """Download missing weights, the smallest first, and load the best network."""
        cancelled = threading.Event()
        fetching = functools.partial(self._networks.fetch_all, self._report, cancelled)
        try:
            # Jobs do not wait for downloads: they use the best network available.
            await anyio.to_thread.run_sync(fetching, abandon_on_cancel=True)
            await anyio.to_thread.run_sync(
                self._load_best, limiter=self.network_limiter, abandon_on_cancel=True
            )
        finally:
            # Stop the download at shutdown.
            cancelled.set()

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
        yield StageReached(Stage.PREPARE, 0.0)
        async with aclosing(self._cut_out(request)) as events:
            async for event in events:
                if not isinstance(event, ProvisionalCutOut):
                    yield event
                elif (preview := await self._preview(request, event.product)) is not None:
                    yield preview
                    yield StageReached(Stage.MATTE, PREVIEWED_SHARE)
                if isinstance(event, ProductCutOut):
                    found = event.product
        is_corrected = request.matte is not None
        shows_through = request.wanted[0].plan.backdrop.shows_through
        notices = cut_out_notices(found.seen_as(shows_through), is_corrected=is_corrected)
        for notice in (*notices, *_shadow_notices(request)):
            yield notice
        product, all_wanted, all_shown = _candidates(found, request)
        count = len(all_wanted)
        setting = _setting(request)
        told: set[str] = set()
        for done, (wanted, shown) in enumerate(zip(all_wanted, all_shown, strict=True)):
            yield StageReached(Stage.COMPOSE, 0.6 + 0.35 * done / count)
            work = functools.partial(_picture_of, product, shown, setting)
            picture = await in_thread(work, self._composing)
            for notice in scene_notices(product, wanted.plan, picture.plan, request.size_cm):
                # The product is the reason, so that the notice of the first candidate stands for all.
                if notice.code not in told:
                    yield notice
                told.add(notice.code)
            shown_size = picture.width, picture.height
            # A candidate on another kind of backdrop is an alternative to what was asked for.
            if wanted.plan.backdrop.kind == all_wanted[0].plan.backdrop.kind:
                for notice in framing_notices(product, wanted.plan.framing, picture.plan, shown_size):
                    yield notice
            yield StageReached(Stage.MEASURE, 0.6 + 0.35 * (done + 1) / count)
            yield self._with_label(request, picture)
            # Only later pictures need the label, so the first one does not wait for it.
            if done == 0 and (problem := await self._find_label(request, found)) is not None:
                yield problem

    async def _preview(self, request: GenerationRequest, product: Product) -> GeneratedPicture | None:
        """Make the first candidate with the provisional product; None if a preview is not wanted or poor."""
        is_wanted = request.wants_preview and request.wanted[0].ordinal != PREVIEW_ORDINAL
        is_final = request.matte is not None or request.hints != NO_HINTS
        if (
            not is_wanted
            or is_final
            or product.matte.confidence < EARLY_CANDIDATES
            or not has_product(product)
        ):
            return None

        def work() -> GeneratedPicture:
            product.measure()
            rendered, _, shown = _candidates(product, request)
            return _picture_of(rendered, replace(shown[0], ordinal=PREVIEW_ORDINAL), _setting(request))

        return await in_thread(work, self._composing)

    def _with_label(self, request: GenerationRequest, picture: GeneratedPicture) -> GeneratedPicture:
        label = request.context.logo_anchor or self._letterings.known(request.photo_sha256)
        if picture.context is None or label is None:
            return picture
        return replace(picture, context=picture.context.model_copy(update={"logo_anchor": label}))

    async def _find_label(self, request: GenerationRequest, product: Product) -> Notice | None:
        """Detect the photo's lettering once; return a notice if that is not possible."""
        sha256 = request.photo_sha256
        if request.context.logo_anchor is not None or self._letterings.is_searched(sha256):
            return None
        if self._letterings.is_available:
            work = functools.partial(self._letterings.search, sha256, product)
            return await in_thread(work, self.network_limiter)
        is_first = request.wanted[0].ordinal in (PREVIEW_ORDINAL, 1)
        return Notice.of("LETTERING_NOT_SOUGHT") if is_first else None

    async def cut_out(self, request: GenerationRequest) -> AsyncGenerator[CutOutEvent]:
        """Cut the product out, or use a cached or corrected matte; yield a ProductCutOut last.

        Raises InputCorrupt.
        """
        async with aclosing(self._cut_out(request)) as events:
            async for event in events:
                if not isinstance(event, ProvisionalCutOut):
                    yield event

    async def cut_out_photo(self, photo: bytes) -> ProductCutOut:
        """Cut the product out of a photo that belongs to no job. Raises InputCorrupt."""
        name = hashlib.sha256(photo).hexdigest()
        return await self.cut_out_for(GenerationRequest(Operation.OPTIMIZE, photo, name, "", Context(), ()))

    async def cut_out_for(self, request: GenerationRequest) -> ProductCutOut:
        """Cut the product out for work that belongs to no job, whose events go to `report`.

        Raises InputCorrupt.
        """
        async with aclosing(self.cut_out(request)) as events:
            async for event in events:
                if isinstance(event, ProductCutOut):
                    found = event
                else:
                    self._report(event)
        return found

    def _cut_out(self, request: GenerationRequest) -> AsyncGenerator[CutOutEvent | ProvisionalCutOut]:
        """Cut the product out; yield a provisional product too, if there is one."""

        def work(report: Report) -> ProductCutOut:
            if request.matte is not None:
                product = self._products.corrected(request.photo, request.photo_sha256, request.matte)
            else:
                product = self._products.of(request.photo, request.photo_sha256, report, hints=request.hints)
            return ProductCutOut(_found(product), product)

        limiter = self.network_limiter if request.matte is None else self._composing
        subscribe = functools.partial(self._waiting.for_photo, request.photo_sha256)
        return cut_out_in_thread(work, limiter, subscribe)

    async def find(
        self, photo: bytes, sha256: str, *, box: MatteBox | None = None, hints: PhotoHints = NO_HINTS
    ) -> FoundMatte:
        """Find the matte of a photo, or of the product inside a box. Raises InputCorrupt."""

        def work() -> FoundMatte:
            if box is None:
                return _found(self._products.of(photo, sha256, self._report, hints=hints))
            return _found(self._products.within(photo, sha256, box, self._report))

        with self._waiting.for_photo(sha256):
            return await in_thread(work, self.network_limiter)

    async def find_eagerly(
        self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
    ) -> FoundMatte | None:
        """Find the matte of a photo without a waiting request; stops when a request waits for another photo.

        Returns None if it was given up between two passes of the network. Raises InputCorrupt.
        """

        def is_unwanted() -> bool:
            return cancelled.is_set() or self._waiting.is_for_another(sha256)

        def work() -> FoundMatte | None:
            try:
                product = self._products.of(photo, sha256, self._report, is_unwanted, hints)
            except Cancelled:
                return None
            if cancelled.is_set():
                # Its session may be deleted already, and the cache was cleared before it was written.
                self.cutouts.forget([sha256])
                return None
            return _found(product)

        return await in_thread(work, self.network_limiter, on_cancel=cancelled.set)

    def point_networks(self) -> PointNetworks:
        """Return the networks that points ask, as far as they are installed."""
        return PointNetworks(*self._networks.loaded(self._report), self._networks.prompted(self._report))

    def _load_best(self) -> None:
        network = self._networks.first(self._report)
        if network is not None:
            network.predict(np.full((64, 64, 3), 128, np.uint8))


def _found(product: Product) -> FoundMatte:
    matte = product.matte
    confidence = matte.confidence if has_product(product) else 0.0
    cover = functools.partial(cover_file, matte, product.photo.shape)
    return FoundMatte(cover, matte.model, confidence, matte.see_through, matte.subjects)


def shown_for(
    product: Product, wanted: Wanted, operation: Operation, *, is_corrected: bool
) -> tuple[Product, Wanted]:
    """Return the product and the plan to render: a photo without a product keeps its own backdrop.

    A poor cut-out leads with that backdrop too, but for one that a person repaired, whatever its confidence.
    """
    if not has_product(product, is_corrected=is_corrected):
        return product.without_matte, without_product(wanted, operation)
    if product.matte.confidence < RUINED and not is_corrected:
        return product, scene_first(wanted, operation)
    return product, wanted


def _picture_of(product: Product, wanted: Wanted, setting: Setting) -> GeneratedPicture:
    """Render and measure a candidate, and encode its picture and its matte."""
    rendered = render_picture(product, wanted.plan, setting)
    height, width = rendered.matte.shape
    picture = in_background(png_of, rendered.picture)
    matte = in_background(png_of, rendered.matte) if rendered.matte.any() else None
    small = in_background(thumbnail_of, rendered.picture)
    white = rendered.on_white
    measures = reviewed(rendered.measures, product)
    return GeneratedPicture(
        ordinal=wanted.ordinal,
        picture=picture.result(),
        matte=matte.result() if matte else None,
        width=width,
        height=height,
        plan=rendered.plan,
        measures=measures,
        model=f"local/{product.matte.model}",
        context=product.context,
        thumbnail=small.result(),
        on_white=None if white is None else png_of(white),
    )


def _shadow_notices(request: GenerationRequest) -> Iterator[Notice]:
    """Yield a notice if all candidates keep the photo's shadow; a preview leaves that to its model."""
    keep_it = all(one.plan.backdrop.kind == "keep" for one in request.wanted)
    if keep_it and request.wanted[0].ordinal != PREVIEW_ORDINAL:
        yield from fixed_shadow_notices(request.wanted[0].plan)


def _candidates(found: Product, request: GenerationRequest) -> tuple[Product, list[Wanted], list[Wanted]]:
    """Return the product to render, the candidates to make, and the same with the plans that are rendered.

    Those plans suit the product, and no two of them look alike.
    """
    is_corrected = request.matte is not None
    pairs = [shown_for(found, one, request.operation, is_corrected=is_corrected) for one in request.wanted]
    product, wanted = pairs[0][0], [one for _, one in pairs]
    plans = made_distinct([one.plan for one in wanted], product, request.size_cm)
    return product, wanted, [replace(one, plan=plan) for one, plan in zip(wanted, plans, strict=True)]


def _setting(request: GenerationRequest) -> Setting:
    return Setting(request.size_cm, None if request.backdrop is None else photo_in(request.backdrop))
