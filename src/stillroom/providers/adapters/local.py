"""Local provider: cuts out and composes on this machine, without an account."""

import functools
import math
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np

from stillroom.domain.mattes import CorrectedMatte, FoundMatte, MatteBox
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
from stillroom.imaging.background import in_background
from stillroom.imaging.cutout.matting import GRABCUT, matte_from_cover, matte_of, matte_within
from stillroom.imaging.cutout.networks import ISNET, U2NETP, Network, Recipe
from stillroom.imaging.cutout.photo_masks import cover_file, cover_in, photo_in
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pipeline import carried_out
from stillroom.imaging.quality.review import reviewed
from stillroom.imaging.scene.product import Product
from stillroom.providers import custom_model, weights
from stillroom.providers.adapters.cut_out_notices import RUINED, cut_out_notices, has_product, scene_notices
from stillroom.providers.custom_model import CustomModel
from stillroom.providers.cut_out import CutOutEvent, ProductCutOut, Report, cut_out_in_thread
from stillroom.providers.cutouts import Cutouts
from stillroom.providers.engines import fastest
from stillroom.providers.letterings import Letterings

FETCH_AGAIN_SECONDS = 600  # an offline machine does not retry the download in every job

_NOT_SOUGHT = Notice(
    "info", "LETTERING_NOT_SOUGHT", "Without its network nobody knows where the lettering on the product is."
)


class LocalProvider:
    """The imaging pipeline as an image provider."""

    name = "local"

    def __init__(
        self,
        weights_folder: Path,
        cutouts_folder: Path,
        *,
        fetch: bool = True,
        quality: weights.Quality = "best",
        own: Path | None = None,
    ) -> None:
        """Open the weights folder and the cut-out cache.

        Args:
            weights_folder: Folder of the network weights.
            cutouts_folder: Folder of the cut-out cache.
            fetch: Whether missing weights may be downloaded.
            quality: Which of Stillroom's networks are used.
            own: Path of a custom ONNX model, tried before all others; None if there is none.
        """
        self._own = _Own(own) if own else None
        self._weights_folder = weights_folder
        self._cutouts = Cutouts(cutouts_folder)
        self._fetch = fetch
        self._recipes: tuple[Recipe, ...] = (ISNET, U2NETP) if quality == "best" else (U2NETP,)
        self._fetch_after = 0.0
        self._letterings = Letterings(weights_folder)
        self._networks: dict[str, Network] = {}
        self._damaged: set[str] = set()
        self._loading = threading.Lock()
        # One inference at a time: a second one would share the same cores and double the memory.
        self._looking = anyio.CapacityLimiter(1)
        self._composing = anyio.CapacityLimiter(2)

    @property
    def cutouts(self) -> Cutouts:
        """The cut-out cache."""
        return self._cutouts

    def model_for(self, operation: Operation) -> str:  # noqa: ARG002 -- one model does all of them
        """Return the model that is used now, such as `local/isnet-1024`."""
        recipe = (self._own and self._own.recipe) or self._best_recipe()
        return f"local/{recipe.name if recipe else GRABCUT}"

    async def warm_up(self, report: Report) -> None:
        """Download missing weights, the smallest first, and load the best network."""
        given_up = threading.Event()
        fetching = functools.partial(self._fetch_all, report, given_up)
        loading = functools.partial(self._load_best, report)
        try:
            # Jobs do not wait for downloads: they use the best network available.
            await anyio.to_thread.run_sync(fetching, abandon_on_cancel=True)
            await anyio.to_thread.run_sync(loading, limiter=self._looking, abandon_on_cancel=True)
        finally:
            # Stop the download at shutdown.
            given_up.set()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[ProviderEvent]:
        """Generate the wanted candidates; yield progress, then each candidate as it is finished.

        Raises:
            InputCorrupt: The photo cannot be decoded.
        """
        yield StageReached(Stage.PREPARE, 0.0)
        async for event in self.cut_out(request):
            yield event
        # ProductCutOut is the last event of a cut-out stream.
        assert isinstance(event, ProductCutOut)
        product = event.product
        is_corrected = request.matte is not None
        for notice in cut_out_notices(product, is_corrected=is_corrected):
            yield notice
        wishes = request.wanted
        if not has_product(product, is_corrected=is_corrected):
            product = product.without_matte
            wishes = tuple(without_product(wanted, request.operation) for wanted in wishes)
        elif product.matte.confidence < RUINED:
            wishes = tuple(scene_first(wanted, request.operation) for wanted in wishes)
        count = len(wishes)
        for done, wanted in enumerate(wishes):
            yield StageReached(Stage.COMPOSE, 0.6 + 0.35 * done / count)
            picture = await anyio.to_thread.run_sync(_picture, product, wanted, limiter=self._composing)
            for notice in scene_notices(product, picture.plan):
                yield notice
            yield StageReached(Stage.MEASURE, 0.6 + 0.35 * (done + 1) / count)
            yield self._with_label(request, picture)
            # Only later pictures need the label, so the first one does not wait for it.
            if not await self._find_label(request, product):
                yield _NOT_SOUGHT

    def _with_label(self, request: GenerationRequest, picture: GeneratedPicture) -> GeneratedPicture:
        label = request.context.logo_anchor or self._letterings.known(request.photo_sha256)
        if picture.context is None or label is None:
            return picture
        return replace(picture, context=picture.context.model_copy(update={"logo_anchor": label}))

    async def _find_label(self, request: GenerationRequest, product: Product) -> bool:
        """Detect the photo's lettering once; return False if the first picture has to do without it."""
        sha256 = request.photo_sha256
        if request.context.logo_anchor is not None or self._letterings.was_looked_at(sha256):
            return True
        if self._letterings.can_look:
            work = functools.partial(self._letterings.look, sha256, product)
            await anyio.to_thread.run_sync(work, limiter=self._looking)
            return True
        return request.wanted[0].ordinal not in (PREVIEW_ORDINAL, 1)

    async def cut_out(self, request: GenerationRequest) -> AsyncIterator[CutOutEvent]:
        """Cut the product out, or use a cached or corrected matte; yield a ProductCutOut last.

        Raises:
            InputCorrupt: The photo cannot be decoded.
        """

        def work(report: Report) -> ProductCutOut:
            if request.matte is not None:
                product = self._corrected(request, request.matte)
            else:
                product = self._product(request.photo, request.photo_sha256, report)
            return ProductCutOut(_found(product), product)

        limiter = self._looking if request.matte is None else self._composing
        async for event in cut_out_in_thread(work, limiter):
            yield event

    async def find(self, photo: bytes, sha256: str, box: MatteBox | None, report: Report) -> FoundMatte:
        """Find the matte of a photo, or of the product inside a box. Raises InputCorrupt."""
        work = functools.partial(self._find, photo, sha256, box, report)
        return await anyio.to_thread.run_sync(work, limiter=self._looking)

    def _find(self, file: bytes, sha256: str, box: MatteBox | None, report: Report) -> FoundMatte:
        if box is None:
            product = self._product(file, sha256, report)
            return _found(product)
        photo = photo_in(file)
        network = self._network(report)
        height, width = photo.shape[:2]
        part = (
            int(box.x * width),
            int(box.y * height),
            min(width, math.ceil((box.x + box.w) * width)),
            min(height, math.ceil((box.y + box.h) * height)),
        )
        name = f"{sha256}-{'-'.join(map(str, part))}"
        model = network.recipe.name if network else GRABCUT
        matte = self._cutouts.matte(name, model)
        if matte is None:
            matte = matte_within(photo, part, network)
            self._cutouts.store(name, model, matte)
        return _found(Product(photo, matte))

    def _product(self, file: bytes, sha256: str, report: Report) -> Product:
        network = self._network(report)
        model = network.recipe.name if network else GRABCUT
        product = self._cutouts.product(sha256, model)
        if product is not None:
            return product
        photo = photo_in(file)
        report(StageReached(Stage.MATTE, 0.1))
        matte = self._cutouts.matte(sha256, model)
        stored = None
        if matte is None:
            scout = self._loaded(U2NETP, report) if model == ISNET.name else None
            matte = matte_of(photo, network, scout)
            stored = in_background(self._cutouts.store, sha256, model, matte)
        product = Product(photo, matte)
        if has_product(product):
            product.measure()
        if stored is not None:
            stored.result()
        self._cutouts.keep(sha256, model, product)
        return product

    def _corrected(self, request: GenerationRequest, corrected: CorrectedMatte) -> Product:
        product = self._cutouts.product(request.photo_sha256, corrected.id)
        if product is None:
            matte = matte_from_cover(cover_in(corrected.cover), corrected.model)
            product = Product(photo_in(request.photo), matte, surface=corrected.surface)
            if has_product(product, is_corrected=True):
                product.measure()
            self._cutouts.keep(request.photo_sha256, corrected.id, product)
        return product

    def _best_recipe(self) -> Recipe | None:
        present = weights.status(self._weights_folder)
        usable = (recipe for recipe in self._recipes if recipe.name not in self._damaged)
        return next((recipe for recipe in usable if present[recipe.name]), None)

    def _network(self, report: Report) -> Network | None:
        if self._own is not None:
            with self._loading:
                own = self._own.network(report)
            if own is not None:
                return own
        if self._best_recipe() is None and self._may_fetch():
            weights.ensure(self._weights_folder, U2NETP.name, report)
        while (recipe := self._best_recipe()) is not None:
            network = self._loaded(recipe, report)
            if network is not None:
                return network
        return None

    def _loaded(self, recipe: Recipe, report: Report) -> Network | None:
        """Return the loaded network, or None if its weights are missing or damaged."""
        name = recipe.name
        if not weights.status(self._weights_folder)[name]:
            return None
        with self._loading:
            if name not in self._networks and name not in self._damaged:
                try:
                    self._networks[name] = fastest(weights.path_of(self._weights_folder, name), recipe)
                except RuntimeError:
                    self._damaged.add(name)
                    report(_damaged(name))
            return self._networks.get(name)

    def _may_fetch(self) -> bool:
        if not self._fetch or time.monotonic() < self._fetch_after:
            return False
        self._fetch_after = time.monotonic() + FETCH_AGAIN_SECONDS
        return True

    def _fetch_all(self, report: Report, given_up: threading.Event) -> None:
        if not self._fetch:
            return
        for name in (*(recipe.name for recipe in reversed(self._recipes)), weights.TEXT.name):
            weights.ensure(self._weights_folder, name, report, given_up)
            if given_up.is_set():
                return

    def _load_best(self, report: Report) -> None:
        network = self._network(report)
        if network is not None:
            network.predict(np.full((64, 64, 3), 128, np.uint8))


class _Own:
    """The operator's custom model; if it cannot be loaded, one notice is sent and other networks are used."""

    def __init__(self, path: Path) -> None:
        self._network: Network | None = None
        self._fault: str | None = None
        self._is_told = False
        try:
            self._model: CustomModel | None = custom_model.described(path)
        except custom_model.CustomModelUnusable as error:
            self._model, self._fault = None, str(error)

    @property
    def recipe(self) -> Recipe | None:
        """The model's recipe, or None if the model is known to be unusable."""
        return self._model.recipe if self._model and self._fault is None else None

    def network(self, report: Report) -> Network | None:
        """Return the loaded network, or None if it cannot be used."""
        if self._network is None and self._model is not None and self._fault is None:
            try:
                self._network = custom_model.loaded(self._model)
            except custom_model.CustomModelUnusable as error:
                self._fault = str(error)
        if self._fault is not None and not self._is_told:
            self._is_told = True
            report(Notice("warning", "MATTE_MODEL_UNUSABLE", self._fault))
        return self._network


def _damaged(name: str) -> Notice:
    told = f"The weights of {name} cannot be loaded. Run: stillroom models fetch {name}, then start again."
    return Notice("warning", "WEIGHTS_DAMAGED", told, {"name": name})


def _found(product: Product) -> FoundMatte:
    matte = product.matte
    confidence = matte.confidence if has_product(product) else 0.0
    cover = functools.partial(cover_file, matte, product.photo.shape)
    return FoundMatte(cover, matte.model, confidence, matte.see_through)


def _picture(product: Product, wanted: Wanted) -> GeneratedPicture:
    packshot = carried_out(product, wanted.plan)
    height, width = packshot.matte.shape
    picture = in_background(png_of, packshot.picture)
    measures = reviewed(packshot.measures, product)
    return GeneratedPicture(
        ordinal=wanted.ordinal,
        picture=picture.result(),
        matte=png_of(packshot.matte) if packshot.matte.any() else None,
        width=width,
        height=height,
        plan=packshot.plan,
        measures=measures,
        model=f"local/{product.matte.model}",
        context=product.context,
    )
