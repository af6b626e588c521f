"""Cache of detected labels: each photo is searched once, after its first picture is finished."""

import threading
from collections import OrderedDict

from stillroom.domain.networks import NetworkCard
from stillroom.domain.plans.measured import LogoAnchor
from stillroom.domain.providers.requests import Notice
from stillroom.imaging.quality.lettering import TextNetwork, logo_of
from stillroom.imaging.scene.product import Product
from stillroom.providers.weights.folder import WeightsFolder

REMEMBERED = 500  # photos; the oldest entry is evicted first


class Letterings:
    """Detects labels if the network for it is installed; thread-safe."""

    def __init__(self, weights: WeightsFolder) -> None:
        self._weights = weights
        self._network: TextNetwork | None = None
        self._damaged: set[str] = set()
        # No LRU cache: `known` reads without the lock, which is held while the network is loaded.
        self._found: OrderedDict[str, LogoAnchor | None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def is_available(self) -> bool:
        """Whether the network is installed, and not known to be damaged."""
        return self._installed() is not None

    def known(self, photo_sha256: str) -> LogoAnchor | None:
        """Return the label found on a photo; None if there is none or the photo was not searched."""
        return self._found.get(photo_sha256)

    def is_searched(self, photo_sha256: str) -> bool:
        return photo_sha256 in self._found

    def search(self, photo_sha256: str, product: Product) -> Notice | None:
        """Search a product for its label and cache the result, even if there is none.

        Returns a notice if the network turns out to be damaged; it is not tried again.
        """
        card = self._installed()
        if card is None:
            return None
        try:
            network = self._loaded(card)
        except RuntimeError:
            self._damaged.add(card.id)
            return Notice.of("WEIGHTS_DAMAGED", name=card.id)
        found = logo_of(product.photo, product.matte, network)
        with self._lock:
            self._found[photo_sha256] = found
            while len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return None

    def _loaded(self, card: NetworkCard) -> TextNetwork:
        with self._lock:
            if self._network is None:
                self._network = TextNetwork(self._weights.path_of(card.id))
            return self._network

    def _installed(self) -> NetworkCard | None:
        cards = (card for card in self._weights.for_use("lettering") if card.id not in self._damaged)
        return next((card for card in cards if self._weights.is_present(card.id)), None)
