"""Networks whose work can be given up between two passes."""

from collections.abc import Callable

from stillroom.imaging.cutout.networks import Network
from stillroom.imaging.pixels import Picture, Plane

Pair = tuple[Network | None, Network | None]
"""The segmentation network and its scout, each None without its weights."""


class Cancelled(Exception):
    """The result is no longer wanted, or a waiting user needs the network."""


class _Yielding(Network):
    """A network that checks before each pass whether its result is still wanted."""

    def __init__(self, network: Network, is_unwanted: Callable[[], bool]) -> None:
        self.spec, self.engine = network.spec, network.engine
        self._network, self._is_unwanted = network, is_unwanted

    def predict(self, photo: Picture) -> Plane:
        if self._is_unwanted():
            raise Cancelled
        return self._network.predict(photo)


def yielding(networks: Pair, is_unwanted: Callable[[], bool]) -> Pair:
    """Return networks that raise Cancelled before a pass whose result is unwanted."""
    network, scout = (_Yielding(one, is_unwanted) if one else None for one in networks)
    return network, scout
