"""Labels that were found on products: each photo is looked at once, after its first picture is out."""

import threading
from collections import OrderedDict
from pathlib import Path

from stillroom.domain.plans.measured import LogoAnchor
from stillroom.imaging.quality.lettering import TextNetwork, logo_of
from stillroom.imaging.scene.product import Product
from stillroom.providers import weights

REMEMBERED = 500  # photos


class Letterings:
    """Finds labels, if the network for it is there; safe to use from several threads."""

    def __init__(self, weights_folder: Path) -> None:
        """Use the network of a weights folder."""
        self._weights_folder = weights_folder
        self._network: TextNetwork | None = None
        self._found: OrderedDict[str, LogoAnchor | None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def can_look(self) -> bool:
        """Whether the network is there."""
        return weights.status(self._weights_folder)[weights.TEXT.name]

    def known(self, photo_sha256: str) -> LogoAnchor | None:
        """What was found on a photo, if it was looked at."""
        return self._found.get(photo_sha256)

    def was_looked_at(self, photo_sha256: str) -> bool:
        """Whether there is nothing more to find out."""
        return photo_sha256 in self._found

    def look(self, photo_sha256: str, product: Product) -> None:
        """Find the label of a product and remember it, or that there is none."""
        network = self._loaded()
        found = logo_of(product.photo, product.matte, network)
        with self._lock:
            self._found[photo_sha256] = found
            while len(self._found) > REMEMBERED:
                self._found.popitem(last=False)

    def _loaded(self) -> TextNetwork:
        with self._lock:
            if self._network is None:
                self._network = TextNetwork(weights.path_of(self._weights_folder, weights.TEXT.name))
            return self._network
