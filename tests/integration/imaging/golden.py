"""The golden photos with the truth about them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import Picture, Plane, cover_of
from stillroom.imaging.resizing import fitted

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


@cache
def small_photo(name: str) -> bytes:
    """JPEG of a golden photo, its longer side 1200, for tests that are not about its pixels."""
    small = fitted(case(name).photo, 1200)
    return cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))[1].tobytes()


def whole(matte: Matte, shape: tuple[int, ...]) -> Plane:
    """A matte over its whole photo, float32 (H, W)."""
    plane = np.zeros(shape[:2], np.float32)
    x0, y0, x1, y1 = matte.box
    plane[y0:y1, x0:x1] = cv2.resize(
        cover_of(matte.alpha), (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR
    )
    return plane
