"""Local provider: cuts out and composes on this machine, without an account."""

import functools
import math
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE
from stillroom.domain.mattes import NO_HINTS, CorrectedMatte, FoundMatte, MatteBox, PhotoHints
from stillroom.domain.networks import Device, NetworksInUse
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    GeneratedPicture,
    GenerationRequest,
    Notice,
    ProviderEvent,
    Stage,
    StageReached,
)
from stillroom.imaging.background import in_background
from stillroom.imaging.cutout.matte import GRABCUT, Matte
from stillroom.imaging.cutout.matting import matte_from_cover, matte_within
from stillroom.imaging.cutout.networks import Network
from stillroom.imaging.cutout.photo_masks import cover_file, cover_in, photo_in
from stillroom.imaging.cutout.point_regions import PointNetworks
from stillroom.imaging.cutout.prompted import PromptNetwork
from stillroom.imaging.cutout.subjects import cut_out_of
from stillroom.imaging.pipeline import Setting
from stillroom.imaging.pixels import Picture
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.variety import told_apart
from stillroom.providers.adapters.cut_out_notices import (
    cut_out_notices,
    framing_notices,
    has_product,
    looked_again,
    scene_notices,
)
from stillroom.providers.adapters.local_pictures import picture_of, shown_for
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.providers.cutouts.cut_out import CutOutEvent, ProductCutOut, Report, cut_out_in_thread
from stillroom.providers.cutouts.hints import hinted
from stillroom.providers.cutouts.letterings import Letterings
from stillroom.providers.cutouts.networks import Networks, Quality, skipped
from stillroom.providers.cutouts.yielding import GivenUp, yielding
from stillroom.providers.weights.folder import WeightsFolder
from stillroom.providers.weights.trial import trial_on

_NOT_SOUGHT = Notice(
    "info", "LETTERING_NOT_SOUGHT", "Without its network nobody knows where the lettering on the product is."
)


class LocalProvider:
    """The imaging pipeline as an image provider."""

    name = "local"

    def __init__(
        self,
        weights: WeightsFolder | Path,
        cutouts_folder: Path,
        *,
        fetch: bool = True,
        quality: Quality = "best",
        own: Path | None = None,
        device: Device = "auto",
    ) -> None:
        """Open the weights folder and the cut-out cache.

        Args:
            weights: The installed networks, or their folder with the networks of the packaged catalogue.
            cutouts_folder: Folder of the cut-out cache.
            fetch: Whether missing weights may be downloaded.
            quality: Which of Stillroom's networks are used.
            own: Path of a custom ONNX model, tried before all others; None if there is none.
            device: Where networks run.
        """
        if isinstance(weights, Path):
            weights = WeightsFolder(weights, trial=trial_on(device))
        self._networks = Networks(weights, fetch=fetch, quality=quality, own=own, device=device)
        self._cutouts = Cutouts(cutouts_folder)
        self._letterings = Letterings(weights)
        self._wanted: list[str] = []  # photos whose cut-out somebody waits for, by SHA-256
        # One inference at a time: a second one would share the same cores and double the memory.
        self._looking = anyio.CapacityLimiter(1)
        self._composing = anyio.CapacityLimiter(2)

    @property
    def cutouts(self) -> Cutouts:
        """The cut-out cache."""
        return self._cutouts

    @property
    def networks(self) -> NetworksInUse:
        """The networks in use."""
        return self._networks.in_use

    @property
    def model_in_use(self) -> str:
        """The network that cuts out now."""
        return f"local/{self._networks.in_use.in_use}"

    async def warm_up(self, report: Report) -> None:
        """Download missing weights, the smallest first, and load the best network."""
        given_up = threading.Event()
        fetching = functools.partial(self._networks.fetch_all, report, given_up)
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
        found = event.product
        is_corrected = request.matte is not None
        for notice in cut_out_notices(found, is_corrected=is_corrected):
            yield notice
        shown = [
            shown_for(found, one, request.operation, is_corrected=is_corrected) for one in request.wanted
        ]
        product = shown[0][0]
        wishes = [wanted for _, wanted in shown]
        count = len(wishes)
        backdrop = None if request.backdrop is None else photo_in(request.backdrop)
        setting = Setting(request.size_cm, backdrop)
        fitted = told_apart([wanted.plan for wanted in wishes], product, request.size_cm)
        told: set[str] = set()
        for done, (wanted, plan) in enumerate(zip(wishes, fitted, strict=True)):
            yield StageReached(Stage.COMPOSE, 0.6 + 0.35 * done / count)
            work = functools.partial(picture_of, product, replace(wanted, plan=plan), setting)
            picture = await anyio.to_thread.run_sync(work, limiter=self._composing)
            for notice in scene_notices(product, wanted.plan, picture.plan, request.size_cm):
                # The product is the reason, so that the notice of the first candidate stands for all.
                if notice.code not in told:
                    yield notice
                told.add(notice.code)
            shown_size = picture.width, picture.height
            for notice in framing_notices(product, wanted.plan.framing, picture.plan, shown_size):
                yield notice
            yield StageReached(Stage.MEASURE, 0.6 + 0.35 * (done + 1) / count)
            yield self._with_label(request, picture)
            # Only later pictures need the label, so the first one does not wait for it.
            if not await self._find_label(request, found):
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
                product = self._product(request.photo, request.photo_sha256, report, hints=request.hints)
            return ProductCutOut(_found(product), product)

        limiter = self._looking if request.matte is None else self._composing
        with self._wanting(request.photo_sha256):
            async for event in cut_out_in_thread(work, limiter):
                yield event

    async def find(
        self,
        photo: bytes,
        sha256: str,
        box: MatteBox | None,
        report: Report,
        hints: PhotoHints = NO_HINTS,
    ) -> FoundMatte:
        """Find the matte of a photo, or of the product inside a box. Raises InputCorrupt."""
        work = functools.partial(self._find, photo, sha256, box, report, hints)
        with self._wanting(sha256):
            return await anyio.to_thread.run_sync(work, limiter=self._looking)

    async def find_ahead(
        self,
        photo: bytes,
        sha256: str,
        given_up: threading.Event,
        report: Report,
        hints: PhotoHints = NO_HINTS,
    ) -> FoundMatte | None:
        """Find the matte of a photo that nobody waits for, until somebody waits for another photo.

        Returns:
            None if it was given up between two passes of the network.

        Raises:
            InputCorrupt: The photo cannot be decoded.
        """

        def is_unwanted() -> bool:
            return given_up.is_set() or any(other != sha256 for other in tuple(self._wanted))

        def work() -> FoundMatte | None:
            try:
                product = self._product(photo, sha256, report, is_unwanted, hints)
            except GivenUp:
                return None
            if given_up.is_set():
                # Its session may be deleted already, and the cache was cleared before it was written.
                self._cutouts.forget([sha256])
                return None
            return _found(product)

        return await anyio.to_thread.run_sync(work, limiter=self._looking)

    @contextmanager
    def _wanting(self, sha256: str) -> Iterator[None]:
        """Make cut-outs that nobody waits for give way to that of a photo."""
        self._wanted.append(sha256)
        try:
            yield
        finally:
            self._wanted.remove(sha256)

    def _find(
        self, file: bytes, sha256: str, box: MatteBox | None, report: Report, hints: PhotoHints
    ) -> FoundMatte:
        if box is None:
            return _found(self._product(file, sha256, report, hints=hints))
        photo = photo_in(file)
        network = self._networks.first(report)
        height, width = photo.shape[:2]
        part = (
            int(box.x * width),
            int(box.y * height),
            min(width, math.ceil((box.x + box.w) * width)),
            min(height, math.ceil((box.y + box.h) * height)),
        )
        name = f"{sha256}-{'-'.join(map(str, part))}"
        model = network.spec.name if network else GRABCUT
        matte = self._cutouts.matte(name, model)
        if matte is None:
            matte = matte_within(photo, part, network)
            self._cutouts.store(name, model, matte)
        return _found(Product(photo, matte))

    @property
    def looking(self) -> anyio.CapacityLimiter:
        """Limits threads that run a network to one."""
        return self._looking

    def loaded_networks(self, report: Report) -> tuple[Network | None, Network | None]:
        """Return the best network and the scout for it, each None without its weights."""
        network = self._networks.first(report)
        return network, self._networks.scout(network, report) if network else None

    def point_networks(self, report: Report) -> PointNetworks:
        """Return the networks that points ask, as far as they are installed."""
        return PointNetworks(*self.loaded_networks(report), self._networks.prompted(report))

    def _product(
        self,
        file: bytes,
        sha256: str,
        report: Report,
        is_unwanted: Callable[[], bool] | None = None,
        hints: PhotoHints = NO_HINTS,
    ) -> Product:
        product = self._unhinted(file, sha256, report, is_unwanted)
        if hints == NO_HINTS:
            return product
        return hinted(product, sha256, hints, self._networks.first(report), self._cutouts)

    def _unhinted(
        self, file: bytes, sha256: str, report: Report, is_unwanted: Callable[[], bool] | None
    ) -> Product:
        network = self._networks.first(report)
        model = network.spec.name if network else GRABCUT
        # Networks that are installed later look again at photos that were doubtful without them.
        prompted, precise = self._networks.prompted_name, self._networks.precise_name(model)
        first = f"{model}+{prompted}" if prompted else model
        name = f"{first}+{precise}" if precise else first
        product = self._cutouts.product(sha256, name)
        if product is not None:
            return product
        photo = photo_in(file)
        report(StageReached(Stage.MATTE, 0.1))
        matte, stored = self._cutouts.matte(sha256, first), None
        if matte is None:
            networks = self.loaded_networks(report)
            if is_unwanted is not None:
                networks = yielding(networks, is_unwanted)
            matte = cut_out_of(photo, *networks, lambda: self._asked(report, is_unwanted))
            stored = in_background(self._cutouts.store, sha256, first, matte)
        if network and precise and matte.confidence < LEAST_EDGE_CONFIDENCE:
            matte = self._looked_at_again(photo, sha256, matte, name, network, report)
        product = Product(photo, matte)
        if has_product(product):
            product.measure()
        if stored is not None:
            stored.result()
        self._cutouts.keep(sha256, name, product)
        return product

    def _asked(self, report: Report, is_unwanted: Callable[[], bool] | None) -> PromptNetwork | None:
        """Return the network that gives a second opinion. Raises GivenUp if nobody wants it any more."""
        if is_unwanted is not None and is_unwanted():
            raise GivenUp
        return self._networks.prompted(report)

    def _looked_at_again(
        self, photo: Picture, sha256: str, doubted: Matte, name: str, network: Network, report: Report
    ) -> Matte:
        """Return the matte of the precise network, or the doubted one if that has the better confidence."""
        known = self._cutouts.matte(sha256, name)
        if known is not None:
            return known
        precise = self._networks.precise(network.spec.name, report)
        if precise is None:
            return doubted
        # The scout makes its confidence comparable: a single network seldom disagrees with itself.
        scout = self._networks.scout(network, report) or network
        try:
            matte = cut_out_of(photo, precise, scout)
        except RuntimeError:
            # Mostly memory that was available a moment ago; the first result is good enough to go on with.
            report(skipped(precise.spec.name))
            return doubted
        better = max(doubted, matte, key=lambda each: each.confidence)
        self._cutouts.store(sha256, name, better)
        report(looked_again(precise.spec.name, matte.confidence, is_better=better is matte))
        return better

    def _corrected(self, request: GenerationRequest, corrected: CorrectedMatte) -> Product:
        product = self._cutouts.product(request.photo_sha256, corrected.id)
        if product is None:
            matte = matte_from_cover(cover_in(corrected.cover), corrected.model, corrected.confidence)
            product = Product(photo_in(request.photo), matte, surface=corrected.surface)
            if has_product(product, is_corrected=True):
                product.measure()
            self._cutouts.keep(request.photo_sha256, corrected.id, product)
        return product

    def _load_best(self, report: Report) -> None:
        network = self._networks.first(report)
        if network is not None:
            network.predict(np.full((64, 64, 3), 128, np.uint8))


def _found(product: Product) -> FoundMatte:
    matte = product.matte
    confidence = matte.confidence if has_product(product) else 0.0
    cover = functools.partial(cover_file, matte, product.photo.shape)
    return FoundMatte(cover, matte.model, confidence, matte.see_through, matte.subjects)
