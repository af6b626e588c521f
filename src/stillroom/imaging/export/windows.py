"""Export windows: which part of a master is shown, at what scale, and what fills the area beyond it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

from stillroom.domain.exports.presets import Canvas, SubjectShare
from stillroom.imaging.pixels import HALF_COVER, Box, Bytes, smoothstep

SOLID = 26
"""Matte value (of 255) from which a pixel belongs to the product's extent; less is a trace of a soft edge."""

Sides = tuple[bool, bool, bool, bool]
"""A fact about each side of a picture: left, top, right, bottom, as in a `Box`."""

_WHOLE: Sides = (False, False, False, False)

_SMOOTH_OVER = 0.03
"""Share of an edge's length over which its continuation is smoothed; repeated alone, it shows streaks."""

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


def framed(subject: Box, canvas: tuple[int, int], share: float, cut: Sides = _WHOLE) -> Window:
    """Window with the product centred, its larger relative side taking `share` of the canvas.

    Args:
        cut: Sides at which the master ends within the product. They go to the edge of the canvas, where the
            cut does not show. Between two opposite ones the product fills the canvas, if it stays complete.
    """
    relative = [(subject[axis + 2] - subject[axis]) / canvas[axis] for axis in (0, 1)]
    filled = [relative[axis] for axis in (0, 1) if cut[axis] and cut[axis + 2]]
    window = _around(subject, canvas, max(*relative, min([max(relative) / share, *filled])))
    x0, y0, x1, y1 = window.box
    x = _joined(x0, x1 - x0, subject[0], subject[2], (cut[0], cut[2]))
    y = _joined(y0, y1 - y0, subject[1], subject[3], (cut[1], cut[3]))
    return Window((x, y, x + x1 - x0, y + y1 - y0), *canvas)


def cropped(
    size: tuple[int, int],
    subject: Box | None,
    canvas: tuple[int, int],
    framing: SubjectShare | None,
    *,
    even: Sides,
    can_enlarge: bool,
    centered: bool,
) -> Window:
    """Crop a scene to the canvas's proportions so that the product is large enough and complete.

    Where the background cannot be extended, a product that is wider than the window is cut on both sides.

    Args:
        subject: Box of the product; None centres the window.
        framing: Wanted size of the product; None keeps it.
        even: Sides beyond which the background may be extended. A side that the product touches is never
            extended, because its cut edge would end within the picture.
        can_enlarge: Whether a small product may be shown larger by enlarging the master.
        centered: Whether the product is centred; otherwise the window extends no further than its size needs.
    """
    largest = min(size[0] / canvas[0], size[1] / canvas[1])
    if subject is None:
        return _around((0, 0, *size), canvas, largest)
    relative = max((subject[2] - subject[0]) / canvas[0], (subject[3] - subject[1]) / canvas[1])
    step = max(largest, relative)
    if framing is not None and not framing.min <= relative / largest <= framing.max:
        step = relative / framing.share
        if not can_enlarge:
            step = max(step, min(largest, 1.0))
    if not all(even):
        # Extended along one axis, it is shown completely; along both, a corner would repeat a single pixel.
        step = min(step, max(size[0] / canvas[0], size[1] / canvas[1]))
    left, top = even[0] and subject[0] > 0, even[1] and subject[1] > 0
    right, bottom = even[2] and subject[2] < size[0], even[3] and subject[3] < size[1]
    widest = math.inf if left or right else size[0] / canvas[0]
    tallest = math.inf if top or bottom else size[1] / canvas[1]
    window = _around(subject, canvas, min(step, widest, tallest))
    x0, y0, x1, y1 = window.box
    x = _kept(x0, x1 - x0, size[0], (left, right), centered=centered)
    y = _kept(y0, y1 - y0, size[1], (top, bottom), centered=centered)
    return Window((x, y, x + x1 - x0, y + y1 - y0), *canvas)


def shown(pixels: NDArray[np.uint8], window: Window, ground: int | None) -> NDArray[np.uint8]:
    """Crop to the window and scale.

    Args:
        pixels: uint8 (H, W) or (H, W, C).
        ground: Fill value beyond the edge; None continues the edge.
    """
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = window.box
    inside = pixels[max(0, y0) : min(height, y1), max(0, x0) : min(width, x1)]
    beyond = (max(0, -y0), max(0, y1 - height), max(0, -x0), max(0, x1 - width))
    if ground is None:
        tall = _continued(inside, *beyond[:2])
        inside = _continued(tall.swapaxes(0, 1), *beyond[2:]).swapaxes(0, 1)
    elif any(beyond):
        filled = cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_CONSTANT, value=[ground] * 4)
        inside = np.asarray(filled, np.uint8)
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


def _continued(pixels: NDArray[np.uint8], before: int, after: int) -> NDArray[np.uint8]:
    """Repeat the first and the last row, uint8 (H, W, 3); further out, the copies become smoother."""
    if not before and not after:
        return pixels
    above, below = _repeated(pixels[:1], before)[::-1], _repeated(pixels[-1:], after)
    return np.concatenate([above, pixels, below])


def _repeated(row: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    reach = _SMOOTH_OVER * row.shape[1]
    smooth = cv2.GaussianBlur(row.astype(np.float32), (0, 0), reach, borderType=cv2.BORDER_REPLICATE)
    share = smoothstep(np.arange(count, dtype=np.float32) / np.float32(reach))[:, None, None]
    return np.rint(row + share * (smooth - row)).astype(np.uint8)


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


def _joined(start: int, length: int, first: int, last: int, cut: tuple[bool, bool]) -> int:
    """Start of a window on one axis, moved to the only end at which the product is cut."""
    if cut[0] == cut[1]:
        return start
    return first if cut[0] else last - length


def _kept(start: int, length: int, limit: int, opens: tuple[bool, bool], *, centered: bool) -> int:
    """Start of a window on one axis, moved inside the master as far as possible.

    Args:
        limit: Length of the master.
        opens: Whether the window may extend beyond the master's start, and beyond its end.
        centered: Whether only a side beyond which the window must not extend moves it.
    """
    before, after = opens
    room = limit - length
    if centered and (before or after):
        start = start if after else min(start, room)
        return start if before else max(start, 0)
    if room >= 0:
        return min(max(start, 0), room)
    if before == after:
        return room // 2
    return room if before else 0
