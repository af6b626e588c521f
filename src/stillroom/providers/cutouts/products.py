"""Products of photos: taken from the cache, or cut out by the networks in use."""

import functools
import math
from collections.abc import Callable

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE
from stillroom.domain.mattes import NO_HINTS, CorrectedMatte, MatteBox, PhotoHints, subject_within
from stillroom.domain.providers.requests import Notice, Stage, StageReached
from stillroom.imaging.cutout.matte import GRABCUT, Matte
from stillroom.imaging.cutout.matting import matte_from_cover, matte_within
from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.cutout.photo_masks import cover_in, photo_in
from stillroom.imaging.cutout.prompted import PromptNetwork
from stillroom.imaging.cutout.subjects import cut_out_instead, cut_out_of
from stillroom.imaging.pixels import Picture, Plane
from stillroom.imaging.scene.product import Product
from stillroom.imaging.thread_pool import in_background
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.providers.cutouts.cut_out import Report
from stillroom.providers.cutouts.networks import Networks
from stillroom.providers.cutouts.notices import has_product, precise_network_used
from stillroom.providers.cutouts.waiting import WaitingList


class Cancelled(Exception):
    """The result is no longer wanted, or a waiting user needs the network."""


class _Interruptible:
    """A network that checks before each pass whether its result is still wanted."""

    def __init__(self, network: Segmenter, is_unwanted: Callable[[], bool]) -> None:
        self.spec = network.spec
        self._network, self._is_unwanted = network, is_unwanted

    def predict(self, photo: Picture) -> Plane:
        if self._is_unwanted():
            raise Cancelled
        return self._network.predict(photo)


def interruptible(
    networks: tuple[Segmenter | None, Segmenter | None], is_unwanted: Callable[[], bool]
) -> tuple[Segmenter | None, Segmenter | None]:
    """Return the network and its scout such that they raise Cancelled before a pass that is unwanted."""
    network, scout = (_Interruptible(one, is_unwanted) if one else None for one in networks)
    return network, scout


class Products:
    """Finds products; every method blocks for as long as networks run."""

    def __init__(self, networks: Networks, cutouts: Cutouts, waiting: WaitingList) -> None:
        """Cut out with the networks in use; `waiting` is handed each provisional product."""
        self._networks = networks
        self._cutouts = cutouts
        self._waiting = waiting

    def of(
        self,
        file: bytes,
        sha256: str,
        report: Report,
        is_unwanted: Callable[[], bool] | None = None,
        hints: PhotoHints = NO_HINTS,
    ) -> Product:
        """Return the product of a photo, measured.

        `is_unwanted` is asked before each pass of a network. Raises InputCorrupt, and Cancelled once it is
        true.
        """
        product = self._unhinted(file, sha256, report, is_unwanted)
        if hints == NO_HINTS:
            return product
        return hinted(product, sha256, hints, self._networks.first(report), self._cutouts)

    def within(self, file: bytes, sha256: str, box: MatteBox, report: Report) -> Product:
        """Return the product inside a box. Raises InputCorrupt."""
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
        return Product(photo, matte)

    def corrected(self, file: bytes, sha256: str, corrected: CorrectedMatte) -> Product:
        """Return the product of a matte that a person corrected, measured. Raises InputCorrupt."""
        product = self._cutouts.product(sha256, corrected.id)
        if product is None:
            matte = matte_from_cover(cover_in(corrected.cover), corrected.model, corrected.confidence)
            product = Product(photo_in(file), matte, surface=corrected.surface)
            if has_product(product, is_corrected=True):
                product.measure()
            self._cutouts.keep(sha256, corrected.id, product)
        return product

    def _unhinted(
        self, file: bytes, sha256: str, report: Report, is_unwanted: Callable[[], bool] | None
    ) -> Product:
        network = self._networks.first(report)
        model = network.spec.name if network else GRABCUT
        # Networks that are installed later look again at photos that were doubtful without them.
        prompted, precise = self._networks.prompted_card(), self._networks.precise_card(model)
        first = f"{model}+{prompted.id}" if prompted else model
        name = f"{first}+{precise.id}" if precise else first
        product = self._cutouts.product(sha256, name)
        if product is not None:
            return product
        photo = photo_in(file)
        report(StageReached(Stage.MATTE, 0.1))
        matte, stored = self._cutouts.matte(sha256, first), None
        with self._waiting.offering(sha256) as offer:
            if matte is None:
                networks: tuple[Segmenter | None, Segmenter | None] = self._networks.loaded(report)
                if is_unwanted is not None:
                    networks = interruptible(networks, is_unwanted)
                asked = functools.partial(self._asked, report, is_unwanted)
                matte = cut_out_of(photo, *networks, asked, lambda early: offer(Product(photo, early)))
                stored = in_background(self._cutouts.store, sha256, first, matte)
            if network and precise and matte.confidence < LEAST_EDGE_CONFIDENCE:
                matte = self._with_precise_network(photo, sha256, matte, name, network, report)
            product = Product(photo, matte)
            if has_product(product):
                product.measure()
            if stored is not None:
                stored.result()
            self._cutouts.keep(sha256, name, product)
        return product

    def _asked(self, report: Report, is_unwanted: Callable[[], bool] | None) -> PromptNetwork | None:
        """Return the network that gives a second opinion. Raises Cancelled if it is not wanted now."""
        if is_unwanted is not None and is_unwanted():
            raise Cancelled
        return self._networks.prompted(report)

    def _with_precise_network(
        self, photo: Picture, sha256: str, doubted: Matte, name: str, network: Segmenter, report: Report
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
            report(Notice.of("MATTE_PRECISE_SKIPPED", name=precise.spec.name))
            return doubted
        better = max(doubted, matte, key=lambda each: each.confidence)
        self._cutouts.store(sha256, name, better)
        report(precise_network_used(precise.spec.name, matte.confidence, is_better=better is matte))
        return better


def hinted(
    product: Product, sha256: str, hints: PhotoHints, network: Segmenter | None, cutouts: Cutouts
) -> Product:
    """Apply hints to a product that was found without them; return the same one if they change nothing.

    Without the segmentation `network` the subject stays. The result is kept in memory under the photo's hash.
    """
    other = subject_within(product.matte.subjects, hints.box) if hints.box and network else None
    if other is None and not (hints.is_glass and product.may_be_glass):
        return product
    name = f"{product.matte.model}@{other.id if other else ''}{'+glass' if hints.is_glass else ''}"
    known = cutouts.product(sha256, name)
    if known is not None:
        return known
    matte = product.matte
    if other is not None and network is not None:
        matte = cut_out_instead(product.photo, matte, other, network)
    changed = Product(product.photo, matte, is_said_glass=hints.is_glass)
    changed.measure()
    cutouts.keep(sha256, name, changed)
    return changed
