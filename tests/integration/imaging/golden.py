"""The golden photos and the figures by which a matte is judged."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from stillroom.imaging.matting import Matte
from stillroom.imaging.pixels import Picture, Plane, cover_of

GOLDEN = Path(__file__).parents[3] / "golden"


@dataclass(frozen=True)
class Case:
    """One photo with the truth about it.

    Attributes:
        name: Such as `mug_kitchen`.
        facts: Its entry of the manifest.
        photo: uint8 (H, W, 3), sRGB, upright.
        truth: float32 (H, W), the product's true cover.
    """

    name: str
    facts: dict[str, Any]
    photo: Picture
    truth: Plane


def cases() -> Iterator[Case]:
    """All golden photos, decoded one by one."""
    for facts in json.loads((GOLDEN / "golden.json").read_text(encoding="utf-8")):
        yield case(facts["name"], facts)


def case(name: str, facts: dict[str, Any] | None = None) -> Case:
    """The golden photo of that name."""
    photo = cv2.imread(str(GOLDEN / "images" / f"{name}.jpg"), cv2.IMREAD_COLOR_RGB)
    truth = cv2.imread(str(GOLDEN / "masks" / f"{name}.png"), cv2.IMREAD_GRAYSCALE)
    assert photo is not None
    assert truth is not None
    return Case(name, facts or {}, np.asarray(photo, np.uint8), cover_of(np.asarray(truth, np.uint8)))


def whole(matte: Matte, shape: tuple[int, ...]) -> Plane:
    """A matte over its whole photo, float32 (H, W)."""
    plane = np.zeros(shape[:2], np.float32)
    x0, y0, x1, y1 = matte.box
    plane[y0:y1, x0:x1] = cv2.resize(
        cover_of(matte.alpha), (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR
    )
    return plane


def scores(guess: Plane, truth: Plane) -> tuple[float, float, float]:
    """Intersection over union of the covers, mean absolute error, and boundary F within 2 pixels of 1024."""
    union = float(np.maximum(guess, truth).sum())
    overlap = float(np.minimum(guess, truth).sum()) / max(union, 1e-6)
    reach = max(1, round(2 * max(truth.shape) / 1024))
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    one, other = (_rim(plane) for plane in (guess, truth))
    near_one, near_other = (np.asarray(cv2.dilate(rim, near), np.uint8) for rim in (one, other))
    precision = float((one & near_other).sum()) / max(float(one.sum()), 1.0)
    recall = float((other & near_one).sum()) / max(float(other.sum()), 1.0)
    boundary = 2 * precision * recall / max(precision + recall, 1e-6)
    return overlap, float(np.abs(guess - truth).mean()), boundary


def _rim(plane: Plane) -> Picture:
    solid = (plane > 0.5).astype(np.uint8)
    return np.asarray(solid - cv2.erode(solid, np.ones((3, 3), np.uint8)), np.uint8)
