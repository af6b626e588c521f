"""Visible label that marks a picture as generated: lettering, size and corner."""

from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.exports.presets import LabelLanguage
from stillroom.imaging.pixels import Bytes
from stillroom.imaging.resizing import area_resized

_HEIGHT = 0.05
"""Height of the letters as a share of the picture's shorter side: the minimum of GB 45438-2025."""

_MARGIN = 0.03
"""Share of the shorter side between label and edges; keeps the border ring white, as shops require."""

_DARK, _BRIGHT = 64, 255
"""sRGB value of the letters on a bright and on a dark background."""

_BRIGHT_FROM = 128
"""Mean background value from which it counts as bright."""


def labelled(pixels: NDArray[np.uint8], matte: Bytes | None, language: LabelLanguage) -> NDArray[np.uint8]:
    """Draw the label into the corner where it covers the least of the product.

    Args:
        pixels: uint8 (H, W, 3), or (H, W, 4) with straight alpha; sRGB.
        matte: 255 is product; None if the product is unknown.

    Source:
        GB 45438-2025, 4.2: "AI" and "生成", at an edge or corner, at least 5% of the shorter side high.
    """
    height, width = pixels.shape[:2]
    short = min(height, width)
    tall = max(1, int(np.ceil(_HEIGHT * short)))
    letters = _letters(language)
    ink = area_resized(letters, (round(letters.shape[1] * tall / letters.shape[0]), tall))
    place = _corner(matte, (height, width), ink.shape, round(_MARGIN * short))
    done = pixels.copy()
    under = done[place]
    ground = under[..., :3] if pixels.shape[2] == 3 or under[..., 3].any() else np.full((1, 1, 3), 255)
    level = _DARK if float(np.mean(ground)) >= _BRIGHT_FROM else _BRIGHT
    cover = (ink.astype(np.float32) / 255.0)[: under.shape[0], : under.shape[1], None]
    under[..., :3] = np.rint(under[..., :3] * (1.0 - cover) + level * cover)
    if pixels.shape[2] == 4:
        under[..., 3] = np.maximum(under[..., 3], ink[: under.shape[0], : under.shape[1]])
    return done


@cache
def _letters(language: LabelLanguage) -> Bytes:
    data = (files("stillroom.imaging") / "labels" / f"{language}.png").read_bytes()
    letters = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert letters is not None
    return np.asarray(letters, np.uint8)


def _corner(
    matte: Bytes | None, shape: tuple[int, int], size: tuple[int, ...], margin: int
) -> tuple[slice, slice]:
    """Select the bottom right corner, unless another one contains less of the product."""
    height, width = shape
    tall, wide = min(size[0], height - margin), min(size[1], width - margin)
    rows = (slice(height - margin - tall, height - margin), slice(margin, margin + tall))
    columns = (slice(width - margin - wide, width - margin), slice(margin, margin + wide))
    places = [(row, column) for row in rows for column in columns]
    if matte is None:
        return places[0]
    return min(places, key=lambda place: int(matte[place].sum(dtype=np.int64)))
