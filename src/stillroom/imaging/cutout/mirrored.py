"""Mirrored passes: average the outputs for a photo and for its mirror image, and keep outputs."""

import numpy as np

from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.pixels import Picture, Plane
from stillroom.imaging.resizing import bilinear, size_of

APART = 0.3  # of cover; where the outputs differ by more, the scout decides between them


class Remembering:
    """A network that keeps its outputs, so that a second cut-out of the same photo runs no pass twice."""

    def __init__(self, network: Segmenter) -> None:
        self.spec = network.spec
        self.inner = network
        self._outputs: list[tuple[Picture, Plane]] = []

    def predict(self, photo: Picture) -> Plane:
        """Estimate as the network does, or return what it estimated for the same pixels."""
        known = next((output for one, output in self._outputs if np.array_equal(one, photo)), None)
        if known is None:
            known = self.inner.predict(photo)
            self._outputs.append((photo, known))
        return known

    def outputs_for(self, shape: tuple[int, ...]) -> list[Plane]:
        return [output for photo, output in self._outputs if photo.shape == shape]


class Mirrored:
    """A network that also runs on the mirror image of each picture.

    Where both outputs are alike, their mean is the more exact one. Where they contradict each other, the
    network guesses, and a second network votes: the result is the median of the three.

    Attributes:
        whole: Mean of both outputs for the first picture, the whole photo, float32; None before it.
    """

    def __init__(self, network: Remembering, scout: Segmenter | None) -> None:
        self.spec = network.spec
        self._network, self._scout = network, scout
        self.whole: Plane | None = None

    def predict(self, photo: Picture) -> Plane:
        plain = self._network.predict(photo)
        mirrored = self._network.inner.predict(np.ascontiguousarray(photo[:, ::-1]))[:, ::-1]
        mean = np.asarray((plain + mirrored) / 2, np.float32)
        self.whole = mean if self.whole is None else self.whole
        if self._scout is None:
            return mean
        vote = bilinear(self._scout.predict(photo), size_of(plain))
        low, high = np.minimum(plain, mirrored), np.maximum(plain, mirrored)
        return np.where(high - low > APART, np.clip(vote, low, high), mean)
