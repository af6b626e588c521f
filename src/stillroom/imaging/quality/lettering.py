"""Text detection: locate the lettering on a product once per photo, so that later edits can be checked."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.measured import LogoAnchor
from stillroom.imaging.cutout.inference import onnx_errors, open_session
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import Bytes, Picture, Plane
from stillroom.imaging.resizing import area_resized

SIDE = 736  # pixels of the longer side for detection; the network was trained at such sizes
_STEP = 32  # pixels; input sides are multiples, because the network halves its input five times
_LIKELY = 0.3  # probability of a text pixel; this and the next two are from the network's own package
_SURE = 0.5  # least mean probability of a line
_GROWN = 1.6  # the network shrinks lines: area times this by perimeter is the offset that undoes it
_LEAST = 10  # pixels at SIDE; smaller lines are specks
_ON_PRODUCT = 0.8  # least share of a line on the product
_NEAR = 1.2  # line heights; lines closer than this form one label

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class _Line(NamedTuple):
    """A line of text with its probability, 0..1."""

    box: Box
    likely: float


Detector = Callable[[NDArray[np.float32]], Plane]
"""Maps an input (1, 3, h, w) to the probability that each pixel is text, (h, w)."""


class TextNetwork:
    """A loaded text detector; thread-safe."""

    def __init__(self, path: Path) -> None:
        """Load the detector. Raises RuntimeError if the file is not a network."""
        self._model = open_session(path)
        self._one_at_a_time = threading.Lock()

    def __call__(self, tensor: NDArray[np.float32]) -> Plane:
        given = self._model.get_inputs()[0].name
        with self._one_at_a_time, onnx_errors():
            (output,) = self._model.run(None, {given: tensor})
        return np.asarray(output[0, 0], np.float32)


def reads_a_word(detect: Detector) -> bool:
    """Whether a detector finds a drawn word: the canary of new weights."""
    paper = np.full((160, 480, 3), 255, np.uint8)
    cv2.putText(paper, "LABEL", (90, 105), cv2.FONT_HERSHEY_SIMPLEX, 3.0, (0, 0, 0), 8)
    seen = detect(_tensor(paper))
    return bool(np.isfinite(seen).all()) and float(seen.max()) > _SURE


def logo_of(photo: Picture, matte: Matte, detect: Detector) -> LogoAnchor | None:
    """Locate the main label of a product.

    Returns:
        Box in photo pixels; None if there is no lettering on the product.
    """
    x0, y0, x1, y1 = matte.box
    if x1 - x0 < _STEP or y1 - y0 < _STEP:
        return None
    crop = np.ascontiguousarray(photo[y0:y1, x0:x1])
    factor = SIDE / max(crop.shape[:2])
    size = _multiple(crop.shape[1] * factor), _multiple(crop.shape[0] * factor)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(crop, size, interpolation=method), np.uint8)
    cover = area_resized(matte.alpha, size)
    label = _label(_lines(detect(_tensor(small)), cover))
    if label is None:
        return None
    across, down = (x1 - x0) / size[0], (y1 - y0) / size[1]
    left, top, right, bottom = label.box
    return LogoAnchor(
        x=round(x0 + left * across, 1),
        y=round(y0 + top * down, 1),
        w=round((right - left) * across, 1),
        h=round((bottom - top) * down, 1),
        confidence=round(label.likely, 2),
    )


def _tensor(picture: Picture) -> NDArray[np.float32]:
    """Network input: BGR, -1..1."""
    scaled = (picture[..., ::-1].astype(np.float32) / 255 - 0.5) / 0.5
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def _lines(likely: Plane, cover: Bytes) -> list[_Line]:
    """Extract lines of text on the product from the probability map.

    Source:
        Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020, 3.5.
    """
    height, width = likely.shape
    drawn = cv2.dilate((likely > _LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(drawn, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    lines: list[_Line] = []
    for contour in contours:
        corners = cv2.boxPoints(cv2.minAreaRect(contour))
        inside = np.zeros((height, width), np.uint8)
        cv2.fillPoly(inside, [np.rint(corners).astype(np.int32)], (1.0,))
        mean = float(likely[inside == 1].mean()) if inside.any() else 0.0
        if mean < _SURE:
            continue
        if float(cover[inside == 1].mean()) < 255 * _ON_PRODUCT:
            continue
        area, around = cv2.contourArea(corners), cv2.arcLength(corners, closed=True)
        grow = area * _GROWN / max(around, 1.0)
        left, top = corners.min(axis=0) - grow
        right, bottom = corners.max(axis=0) + grow
        box = (max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom))
        if min(box[2] - box[0], box[3] - box[1]) >= _LEAST:
            lines.append(_Line((float(box[0]), float(box[1]), float(box[2]), float(box[3])), mean))
    return lines


def _label(lines: list[_Line]) -> _Line | None:
    """Merge the largest line with all lines near it; the probability is that of the largest line."""
    if not lines:
        return None
    *others, largest = sorted(lines, key=lambda line: _area(line.box))
    rest, label = [line.box for line in others], largest.box
    reach = _NEAR * min(label[2] - label[0], label[3] - label[1])
    while near := [line for line in rest if _apart(label, line) <= reach]:
        for line in near:
            rest.remove(line)
            left, top = min(label[0], line[0]), min(label[1], line[1])
            label = left, top, max(label[2], line[2]), max(label[3], line[3])
    return _Line(label, largest.likely)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _apart(one: Box, other: Box) -> float:
    across = max(0.0, max(one[0], other[0]) - min(one[2], other[2]))
    down = max(0.0, max(one[1], other[1]) - min(one[3], other[3]))
    return float(np.hypot(across, down))


def _multiple(length: float) -> int:
    return max(_STEP, round(length / _STEP) * _STEP)
