"""Promptable segmentation: masks for points and a box, after one pass of an encoder over the photo.

Networks of the SAM 2 family: the encoder takes seconds and runs once per photo, the decoder some hundredths
of a second per prompt. Their masks find objects and parts well, but have a quarter of the input's resolution.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from cachetools import LRUCache
from numpy.typing import NDArray

from stillroom.imaging.cutout.inference import onnx_errors, open_session
from stillroom.imaging.cutout.networks import by_imagenet
from stillroom.imaging.pixels import Picture, Plane
from stillroom.imaging.resizing import resized

SIDE = 1024  # of the encoder's square input, to which photos are stretched
MASK_SIDE = 256
KEPT = 4  # encodings; a doubtful cut-out is often followed by points on the same photo
_ADDS, _REMOVES, _TOP_LEFT, _BOTTOM_RIGHT = 1.0, 0.0, 2.0, 3.0  # labels of points in SAM 2

ShareBox = tuple[float, float, float, float]
"""x0, y0, x1, y1 in shares of the photo's width and height."""

Encoding = dict[str, NDArray[np.float16]]
"""Feature planes of the encoder for one photo, by the name of the decoder's input; 8 MB in half precision."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Prompt of the decoder: points, a box, a mask; coordinates are shares of the photo's width and height.

    Attributes:
        points: x, y and whether the mask includes the point.
        box: The box of the object; None if only points tell it.
        mask: float32 (MASK_SIDE, MASK_SIDE), logits of an earlier answer to refine; None without one.
    """

    points: Sequence[tuple[float, float, bool]] = ()
    box: ShareBox | None = None
    mask: Plane | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Masks for a prompt, from the part to the whole object in no certain order.

    Attributes:
        logits: float32 (n, MASK_SIDE, MASK_SIDE), stretched like the input; above 0 is inside.
        scores: float32 (n,), the IoU of each mask as the network estimates it.
    """

    logits: NDArray[np.float32]
    scores: NDArray[np.float32]

    @property
    def best(self) -> Plane:
        """The logits of the mask with the highest score, float32 (MASK_SIDE, MASK_SIDE)."""
        return np.asarray(self.logits[int(self.scores.argmax())])


class PromptNetwork:
    """A loaded encoder with its decoder; thread-safe."""

    def __init__(self, encoder: Path, decoder: Path) -> None:
        """Load both files with ONNX Runtime on the CPU. Raises RuntimeError if one is not such a network."""
        # An encoder gives back a gigabyte that a memory arena would keep; the decoder needs little of it and
        # runs up to fourteen times for a matte.
        self._encoder = open_session(encoder)
        self._decoder = open_session(decoder, keeps_memory=True)
        self._one_at_a_time = threading.Lock()
        self._known: LRUCache[bytes, Encoding] = LRUCache(KEPT)

    def encoded(self, photo: Picture) -> Encoding:
        """Run the encoder over a photo, uint8 (H, W, 3), sRGB, or return what it computed for it recently.

        Raises:
            RuntimeError: It failed, mostly because memory is short.
        """
        key = hashlib.blake2b(photo.tobytes()).digest()
        with self._one_at_a_time:
            if key not in self._known:
                self._known[key] = self._encode(photo)
            return self._known[key]

    def _encode(self, photo: Picture) -> Encoding:
        stretched = resized(photo, (SIDE, SIDE)).astype(np.float32)
        tensor = by_imagenet(stretched, 255.0).transpose(2, 0, 1)[None]
        found = self._run(self._encoder, {self._encoder.get_inputs()[0].name: tensor})
        names = [output.name for output in self._encoder.get_outputs()]
        return {name: np.asarray(plane, np.float16) for name, plane in zip(names, found, strict=True)}

    def answer(self, encoding: Encoding, prompt: Prompt) -> Answer:
        """Segment what a prompt means. Raises RuntimeError if the decoder fails."""
        corners = () if prompt.box is None else (prompt.box[:2], prompt.box[2:])
        places = [*corners, *((x, y) for x, y, _ in prompt.points)]
        labels = [_TOP_LEFT, _BOTTOM_RIGHT][: len(corners)]
        labels += [_ADDS if adds else _REMOVES for _, _, adds in prompt.points]
        mask = np.zeros((MASK_SIDE, MASK_SIDE), np.float32) if prompt.mask is None else prompt.mask
        inputs = {name: np.asarray(plane, np.float32) for name, plane in encoding.items()}
        inputs |= {
            "point_coords": np.asarray(places, np.float32).reshape(1, -1, 2) * SIDE,
            "point_labels": np.asarray(labels, np.float32).reshape(1, -1),
            "mask_input": mask[None, None],
            "has_mask_input": np.full(1, prompt.mask is not None, np.float32),
        }
        logits, scores = self._run(self._decoder, inputs)
        return Answer(np.asarray(logits[0], np.float32), np.asarray(scores[0], np.float32))

    def _run(self, session: onnxruntime.InferenceSession, inputs: dict[str, Any]) -> list[NDArray[Any]]:
        with onnx_errors():
            return list(session.run(None, {name: np.ascontiguousarray(it) for name, it in inputs.items()}))
