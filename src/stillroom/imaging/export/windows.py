"""Export windows: which part of a master is shown, at what scale, and what fills the area beyond it."""

from dataclasses import dataclass

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

from stillroom.domain.exports.presets import Canvas, SubjectShare
from stillroom.imaging.pixels import HALF_COVER, Box, Bytes

SOLID = 26
"""Matte value (of 255) from which a pixel belongs to the product's extent; less is a trace of a soft edge."""

_TRIM_MARGIN = 0.03
"""Share of the cutout's longer side that is kept free around it."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a master, possibly extending beyond its edge, and the size at which it is shown.

    Attributes:
        box: In master pixels.
    """

    box: Box
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Shown pixels per master pixel; above 1 the master is enlarged."""
        return max(self.width / (self.box[2] - self.box[0]), self.height / (self.box[3] - self.box[1]))


def extent(matte: Bytes, least: int = SOLID) -> Box | None:
    """Bounding box of the product; None if the matte has no solid pixel.

    Args:
        least: Lowest matte value that belongs to the product.
    """
    if int(matte.max(initial=0)) <= HALF_COVER:
        return None
    solid = (matte >= least).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(solid)
    return (x, y, x + width, y + height) if width and height else None


def whole(width: int, height: int, canvas: Canvas) -> Window:
    """Window of the complete master, scaled to a width, or down to a longer side."""
    return _scaled((0, 0, width, height), canvas)


def trimmed(subject: Box, canvas: Canvas) -> Window:
    """Window of the cutout with a narrow margin, wider on two sides if an exact size requires it."""
    if canvas.width is not None and canvas.height is not None:
        return framed(subject, (canvas.width, canvas.height), 1 / (1 + 2 * _TRIM_MARGIN))
    margin = round(_TRIM_MARGIN * max(subject[2] - subject[0], subject[3] - subject[1]))
    box = (subject[0] - margin, subject[1] - margin, subject[2] + margin, subject[3] + margin)
    return _scaled(box, canvas)


def framed(subject: Box, canvas: tuple[int, int], share: float) -> Window:
    """Window with the product centred, its larger relative side taking `share` of the canvas."""
    width, height = canvas
    wide, tall = subject[2] - subject[0], subject[3] - subject[1]
    return _around(subject, canvas, max(wide / width, tall / height) / share)


def cropped(
    size: tuple[int, int],
    subject: Box | None,
    canvas: tuple[int, int],
    framing: SubjectShare | None,
    *,
    can_extend: bool,
    can_enlarge: bool,
    centered: bool,
) -> Window:
    """Crop a scene to the canvas's proportions so that the product is large enough.

    Args:
        subject: Box of the product; None centres the window.
        framing: Wanted size of the product; None keeps it.
        can_extend: Whether the background may be extended beyond the master's edge.
        can_enlarge: Whether a small product may be shown larger by enlarging the master.
    """
    largest = min(size[0] / canvas[0], size[1] / canvas[1])
    if subject is None:
        return _clamped(_around((0, 0, *size), canvas, largest), size)
    relative = max((subject[2] - subject[0]) / canvas[0], (subject[3] - subject[1]) / canvas[1])
    step = largest
    if framing is not None and not framing.min <= relative / step <= framing.max:
        step = relative / framing.share
        if not can_enlarge:
            step = max(step, min(largest, 1.0))
    if not can_extend:
        step = min(step, largest)
    window = _around(subject, canvas, step)
    if centered and can_extend:
        return window
    return _clamped(window, size)


def shown(pixels: NDArray[np.uint8], window: Window, ground: int | None) -> NDArray[np.uint8]:
    """Crop to the window and scale.

    Args:
        pixels: uint8 (H, W) or (H, W, C).
        ground: Fill value beyond the edge; None replicates the edge.
    """
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = window.box
    inside = pixels[max(0, y0) : min(height, y1), max(0, x0) : min(width, x1)]
    beyond = (max(0, -y0), max(0, y1 - height), max(0, -x0), max(0, x1 - width))
    if any(beyond):
        kind = cv2.BORDER_REPLICATE if ground is None else cv2.BORDER_CONSTANT
        value = [0 if ground is None else ground] * 4
        inside = np.asarray(cv2.copyMakeBorder(inside, *beyond, kind, value=value), np.uint8)
    return lanczos_resized(inside, window.width, window.height)


def lanczos_resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Resize by Lanczos resampling, with premultiplied alpha so that transparent pixels do not bleed colour.

    Args:
        pixels: uint8 (H, W), (H, W, 3) or (H, W, 4) with straight alpha.
    """
    if pixels.shape[:2] == (height, width):
        return pixels
    grey = pixels.ndim == 2
    image = pyvips.Image.new_from_array(
        np.ascontiguousarray(pixels), interpretation="b-w" if grey else "srgb"
    )
    if image.bands == 4:
        image = image.premultiply()
    image = image.resize(width / image.width, vscale=height / image.height, kernel="lanczos3")
    if image.bands == 4:
        image = image.unpremultiply()
    done: NDArray[np.uint8] = image.rint().cast("uchar").numpy()
    return done


def _scaled(box: Box, canvas: Canvas) -> Window:
    """Window of a box, scaled to the width of the canvas, or down to its longer side."""
    width, height = box[2] - box[0], box[3] - box[1]
    if canvas.width is not None:
        scale = canvas.width / width
    else:
        assert canvas.long_side is not None
        scale = min(1.0, canvas.long_side / max(width, height))
    return Window(box, max(1, round(width * scale)), max(1, round(height * scale)))


def _around(subject: Box, canvas: tuple[int, int], step: float) -> Window:
    """A window centred on the product; `step` is master pixels per canvas pixel."""
    width, height = max(1, round(canvas[0] * step)), max(1, round(canvas[1] * step))
    x = round((subject[0] + subject[2] - width) / 2)
    y = round((subject[1] + subject[3] - height) / 2)
    return Window((x, y, x + width, y + height), *canvas)


def _clamped(window: Window, size: tuple[int, int]) -> Window:
    """Move the window inside the master as far as possible."""
    x0, y0, x1, y1 = window.box
    x = _inside(x0, x1 - x0, size[0])
    y = _inside(y0, y1 - y0, size[1])
    return Window((x, y, x + x1 - x0, y + y1 - y0), window.width, window.height)


def _inside(start: int, length: int, limit: int) -> int:
    return (limit - length) // 2 if length >= limit else min(max(0, start), limit - length)
