"""Segmentation networks: input normalisation, inference and output scaling."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from stillroom.domain.networks import NetworkCard, Output, Scaling
from stillroom.imaging.cutout.inference import Engine, run_with
from stillroom.imaging.pixels import Picture, Plane
from stillroom.imaging.resizing import resized

_USUAL_OUTPUT: Mapping[Scaling, Output] = {
    "isnet": "cover",
    "u2net": "stretched",
    "birefnet": "logits",
    "unit": "stretched",
    "symmetric": "cover",
}
_IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_IMAGENET_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)

MOST_APART = 0.05  # of cover; a larger difference from float32 means a wrong computation
_FIXED_SIDE = 256  # pixels of the test picture for comparing engines
_BALL_SIDE = 512  # pixels of the test picture with one obvious object
_LEAST_CONTRAST = 0.3  # of cover, between the ball and the wall behind it


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """Input and output format of a network.

    Attributes:
        name: For example `isnet-1024`; part of the cache key of mattes.
        side: Pixels of its square input; the photo is stretched to it.
        scaling: Input normalisation; see `domain.networks.Scaling`.
        output: Meaning of the output; None means the usual one of the scaling.
    """

    name: str
    side: int
    scaling: Scaling
    output: Output | None = None


def spec_of(card: NetworkCard, available_mb: float | None = None) -> NetworkSpec | None:
    """Return the input format of a network at the largest side that fits in memory.

    Args:
        available_mb: Available memory in megabytes; None takes the largest side in any case.

    Returns:
        None if even the smallest side needs more memory.
    """
    sizes = sorted(card.input.sizes, key=lambda size: -size.side)
    fits = (size for size in sizes if available_mb is None or size.memory_mb <= available_mb)
    size = next(fits, None)
    if size is None or card.input.scaling is None:
        return None
    return NetworkSpec(card.id, size.side, card.input.scaling, card.output)


class Segmenter(Protocol):
    """A segmentation network, or something that runs one."""

    @property
    def spec(self) -> NetworkSpec: ...

    def predict(self, photo: Picture) -> Plane:
        """Estimate the probability that each pixel belongs to the product.

        Returns:
            float32 (side, side), 0..1, stretched like the input.
        """
        ...


class Network:
    """A loaded network; thread-safe."""

    def __init__(self, path: Path, spec: NetworkSpec, engine: Engine = "onnxruntime") -> None:
        """Load the weights from a file for the engine, see `run_with`. Raises RuntimeError."""
        self.spec = spec
        self.engine: Engine = engine
        self._run = run_with(engine, path, spec.side)
        self._one_at_a_time = threading.Lock()

    def predict(self, photo: Picture) -> Plane:
        side = self.spec.side
        small = resized(photo, (side, side)).astype(np.float32)
        tensor = _NORMALISED[self.spec.scaling](small).transpose(2, 0, 1)[None]
        with self._one_at_a_time:
            plane = self._run(np.ascontiguousarray(tensor, np.float32))[0, 0]
        return _cover(plane, self.spec.output or _USUAL_OUTPUT[self.spec.scaling])


def seen_in_trial(network: Network) -> Plane:
    """Output of a network for a fixed test picture, used to compare engines."""
    across = np.linspace(0, 1, _FIXED_SIDE, dtype=np.float32)
    picture = np.repeat((60 + 120 * np.outer(across, across))[..., None], 3, axis=2).astype(np.uint8)
    cv2.circle(picture, (120, 140), 70, (200, 60, 40), cv2.FILLED)
    cv2.rectangle(picture, (110, 40), (150, 90), (30, 60, 160), cv2.FILLED)
    return network.predict(picture)


def finds_a_ball(network: Network) -> bool:
    """Whether a network separates a drawn ball from the wall behind it: the canary of new weights."""
    return shows_the_ball(network.predict(ball_on_wall()))


def ball_on_wall() -> Picture:
    """Draw a ball in front of a wall, in the middle of the picture, uint8 (H, W, 3), sRGB."""
    picture = np.full((_BALL_SIDE, _BALL_SIDE, 3), 205, np.uint8)
    middle = _BALL_SIDE // 2
    for radius in range(150, 0, -2):
        shade = 1 - radius / 190
        center = (middle - radius // 12, middle - radius // 12)
        cv2.circle(picture, center, radius, (90 + 160 * shade, 40, 30), cv2.FILLED)
    return picture


def shows_the_ball(seen: Plane) -> bool:
    """Whether a network's output for `ball_on_wall`, 0..1 and stretched like its input, shows the ball."""
    side = seen.shape[0]
    near, far = slice(round(0.45 * side), round(0.55 * side)), slice(round(0.1 * side))
    contrast = float(seen[near, near].mean()) - float(seen[far, far].mean())
    return bool(np.isfinite(seen).all()) and contrast >= _LEAST_CONTRAST


def by_imagenet(photo: Plane, white: float) -> Plane:
    """Divide a picture by its white and normalise it with ImageNet's mean and deviation, (H, W, 3)."""
    return np.asarray((photo / white - _IMAGENET_MEAN) / _IMAGENET_DEVIATION, np.float32)


_NORMALISED: Mapping[Scaling, Callable[[Plane], Plane]] = {
    "isnet": lambda photo: (photo - 128.0) / 256.0,
    "u2net": lambda photo: by_imagenet(photo, max(float(photo.max()), 1.0)),
    "birefnet": lambda photo: by_imagenet(photo, 255.0),
    "unit": lambda photo: photo / 255.0,
    "symmetric": lambda photo: photo / 127.5 - 1.0,
}


def _cover(plane: Plane, output: Output) -> Plane:
    if output == "stretched":
        low, high = float(plane.min()), float(plane.max())
        plane = (plane - low) / max(high - low, 1e-6)
    elif output == "logits":
        # Beyond 30 the sigmoid is 0 or 1 in float32; half-precision networks go far beyond.
        plane = np.asarray(1 / (1 + np.exp(-np.clip(plane, -30.0, 30.0))), np.float32)
    return np.asarray(np.clip(plane, 0.0, 1.0), np.float32)
