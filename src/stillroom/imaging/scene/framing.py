"""Framing: size of the canvas, and size and position of the product on it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import ceil
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Framing
from stillroom.imaging.pixels import HALF_COVER, Box, Bytes
from stillroom.imaging.resizing import Number, cubic_resized, fitted, size_of

MIN_SIDE, MAX_SIDE = 1000, 4096  # pixels of the canvas; marketplaces offer no zoom below the first
MAX_ENLARGEMENT = 1.3  # above it the cutout's edge looks jagged
_FOOT_DEPTH = 0.085  # of the product's width: how far its front edge is below the centre of its foot
_EXTENT_SIDE = 512  # pixels; enough for the extent of a rotated product
_CENTRE = 0.5  # of the width; where the product is if nobody moved it
_ROUNDED_RATIO = 0.02  # relative difference of two aspect ratios that rounding to pixels may cause
_ROUNDED_PLACE = 0.01  # of the canvas; rounding alone moves a product at its edge less far beyond it
_CUT_GROUND = 0.9  # of the height: where a product ends that hangs from the top of a plain picture
MARGIN = 0.02  # share of the canvas that is kept free around the product


@dataclass(frozen=True, slots=True)
class Placement:
    """Position of a crop of the photo on the canvas.

    Attributes:
        canvas: Width and height.
        size: Width and height of the crop on the canvas, before it is rotated.
        x: Left edge of the rotated crop on the canvas; may be negative.
        y: Top edge of the rotated crop on the canvas; may be negative.
        fill: Share of the canvas that the product's longer side takes.
        degrees: Rotation of the crop about its centre, positive is clockwise.
    """

    canvas: tuple[int, int]
    size: tuple[int, int]
    x: int
    y: int
    fill: float
    degrees: float = 0.0

    @property
    def outer(self) -> tuple[int, int]:
        """Width and height of the rotated crop."""
        return rotated_size(self.size, self.degrees)

    @property
    def turn(self) -> NDArray[np.float64]:
        """2x3 matrix from the crop to the rotated crop, in pixels of the canvas."""
        return rotation(self.size, self.degrees)

    def within(self, side: int) -> "Placement":
        """Return the same placement on a canvas whose longer side is at most `side` pixels."""
        share = side / max(self.canvas)
        if share >= 1:
            return self
        width, height = (max(1, round(length * share)) for length in self.size)
        canvas = max(1, round(self.canvas[0] * share)), max(1, round(self.canvas[1] * share))
        x, y = round(self.x * share), round(self.y * share)
        return replace(self, canvas=canvas, size=(width, height), x=x, y=y)

    def fit(self, plane: NDArray[Number]) -> NDArray[Number]:
        """Scale and rotate a plane of the crop as it is placed."""
        upright = cubic_resized(plane, self.size)
        if self.degrees == 0:
            return upright
        # A plane of light or colour goes on beyond its edge; a matte does not.
        is_matte = plane.ndim == 2 and plane.dtype == np.uint8
        border = cv2.BORDER_CONSTANT if is_matte else cv2.BORDER_REPLICATE
        method = cv2.INTER_CUBIC if plane.dtype == np.uint8 else cv2.INTER_LINEAR
        turned = cv2.warpAffine(upright, self.turn, self.outer, flags=method, borderMode=border)
        return cast("NDArray[Number]", turned)

    def upright(self, picture: NDArray[Number]) -> NDArray[Number]:
        """Take back the rotation by hand."""
        if self.degrees == 0:
            return picture
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        return cast("NDArray[Number]", cv2.warpAffine(picture, self.turn, self.size, flags=flags))

    def transform(
        self, box: Box, turn: NDArray[np.float64] | None = None
    ) -> tuple[float, float, float, float, float, float]:
        """Affine transform from photo to picture pixels; `box` is of the photo after the rotation `turn`."""
        scale_x = self.size[0] / (box[2] - box[0])
        scale_y = self.size[1] / (box[3] - box[1])
        to_crop = np.array([[scale_x, 0, -box[0] * scale_x], [0, scale_y, -box[1] * scale_y], [0, 0, 1]])
        placing = self.turn @ to_crop + np.array([[0, 0, self.x], [0, 0, self.y]])
        if turn is not None:
            placing = placing @ np.vstack([turn, [0, 0, 1]])
        a, b, c, d, e, f = (float(value) for value in placing.ravel())
        return a, b, c, d, e, f


def extent_of(alpha: Bytes) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the product as shares of the matte's width and height."""
    solid = alpha > HALF_COVER
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    if rows.size == 0:
        return 0.0, 0.0, 1.0, 1.0
    height, width = alpha.shape
    return (
        float(columns[0] / width),
        float(rows[0] / height),
        float((columns[-1] + 1) / width),
        float((rows[-1] + 1) / height),
    )


def rotation(size: tuple[int, int], degrees: float) -> NDArray[np.float64]:
    """2x3 matrix that rotates a plane clockwise, into the middle of its rotated width and height."""
    turn = np.asarray(cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), -degrees, 1.0), np.float64)
    outer = rotated_size(size, degrees)
    turn[:, 2] += (outer[0] - size[0]) / 2, (outer[1] - size[1]) / 2
    return turn


def rotated_size(size: tuple[int, int], degrees: float) -> tuple[int, int]:
    """Width and height that hold a rotated plane."""
    if degrees == 0:
        return size
    cosine, sine = abs(float(np.cos(np.radians(degrees)))), abs(float(np.sin(np.radians(degrees))))
    return ceil(size[0] * cosine + size[1] * sine), ceil(size[0] * sine + size[1] * cosine)


def rotated_extent(alpha: Bytes, degrees: float) -> tuple[float, float, float, float] | None:
    """Extent of the product in the rotated crop, see `extent_of`; None without a rotation."""
    if degrees == 0:
        return None
    small = fitted(alpha, _EXTENT_SIDE)
    size = size_of(small)
    turned = cv2.warpAffine(small, rotation(size, degrees), rotated_size(size, degrees))
    return extent_of(np.asarray(turned, np.uint8))


def placed(
    framing: Framing,
    extent: tuple[float, float, float, float],
    box: Box,
    base_line: float | None = None,
    *,
    photo: tuple[int, int] = (1, 1),
    rotated: tuple[float, float, float, float] | None = None,
    cut: Collection[str] = (),
) -> Placement:
    """Place the product on a new canvas.

    Args:
        extent: Extent of the product in the crop, see `extent_of`.
        box: x0, y0, x1, y1 of the crop in photo pixels.
        base_line: Share of the height for the centre of the product's foot; `framing.y` takes precedence.
        photo: Width and height of the photo, for its aspect ratio.
        rotated: Extent of the product in the rotated crop; None if it is not rotated.
        cut: Sides of the photo that cut the product. It leaves the picture there too, because it would
            otherwise stand on its cut.
    """
    crop = box[2] - box[0], box[3] - box[1]
    product = (extent[2] - extent[0]) * crop[0], (extent[3] - extent[1]) * crop[1]
    canvas, scale = _canvas_and_scale(framing, product, photo, base_line, cut)
    if rotated is not None:
        scale *= _room_for(rotated, crop, scale, canvas, framing.rotation_deg)
    size = max(1, round(crop[0] * scale)), max(1, round(crop[1] * scale))
    outer = rotated_size(size, framing.rotation_deg)
    shown = rotated or extent
    share = product[0] * scale / canvas[0], product[1] * scale / canvas[1]
    fill = max(share)
    if rotated is not None:
        share = (shown[2] - shown[0]) * outer[0] / canvas[0], (shown[3] - shown[1]) * outer[1] / canvas[1]
    middle = inside(framing.x, share[0]), inside(_resting_height(framing, base_line, share), share[1])
    x = round(middle[0] * canvas[0] - (shown[0] + shown[2]) / 2 * outer[0])
    y = round(middle[1] * canvas[1] - (shown[1] + shown[3]) / 2 * outer[1])
    if framing.x == _CENTRE and len({"left", "right"} & set(cut)) == 1:
        x = round(-shown[0] * outer[0]) if "left" in cut else canvas[0] - round(shown[2] * outer[0])
    if "bottom" in cut and framing.y is None:
        y = canvas[1] - round(shown[3] * outer[1])
    elif "top" in cut and framing.y is None and base_line is None:
        y = round(-shown[1] * outer[1])
    return Placement(canvas, size, x, y, fill, framing.rotation_deg)


def _canvas_and_scale(
    framing: Framing,
    product: tuple[float, float],
    photo: tuple[int, int],
    base_line: float | None,
    cut: Collection[str],
) -> tuple[tuple[int, int], float]:
    """Canvas, and pixels of it for a pixel of the photo; an upright product takes the wanted share."""
    around = max(product[0], 1.0), max(product[1], 1.0)
    canvas, fill = framing.canvas, framing.fill
    ratio = canvas[0] / canvas[1] if canvas else ratio_of(framing, photo)
    if framing.y is None:
        fill = _fill_to_cut(fill, around[0] / around[1] / ratio, base_line, cut)
    # A product that grows beyond its pixels gets a smaller canvas.
    if canvas is None or _scale_in(canvas, around, fill) > MAX_ENLARGEMENT:
        canvas = _canvas_for(product[0] / fill, product[1] / fill, framing, photo)
    return canvas, min(_scale_in(canvas, around, fill), MAX_ENLARGEMENT)


def _room_for(
    rotated: tuple[float, float, float, float],
    crop: tuple[int, int],
    scale: float,
    canvas: tuple[int, int],
    degrees: float,
) -> float:
    """Factor at which a rotated product, which may need more room than an upright one, fits on the canvas."""
    outer = rotated_size((round(crop[0] * scale), round(crop[1] * scale)), degrees)
    needed = (rotated[2] - rotated[0]) * outer[0], (rotated[3] - rotated[1]) * outer[1]
    return min(1.0, *((1 - 2 * MARGIN) * canvas[axis] / max(needed[axis], 1.0) for axis in (0, 1)))


def _fill_to_cut(wanted: float, aspect: float, base_line: float | None, cut: Collection[str]) -> float:
    """Share of the picture that a product takes which the photo cuts, so that it leaves the picture there.

    A product cut at a corner is as large as it can be: elsewhere it would leave most of the picture empty.

    Args:
        wanted: As planned; the least.
        aspect: Of the product, relative to the picture's.
        base_line: Share of the height for the centre of its foot; None if it does not stand in a scene.
    """
    upright = {"top", "bottom"}.intersection(cut)
    is_corner = len(upright) == 1 and not {"left", "right"}.isdisjoint(cut)
    if is_corner and ("bottom" in cut or base_line is None):
        return max(wanted, 1 - 2 * MARGIN)
    if "top" not in upright:
        return wanted
    ground = _CUT_GROUND if base_line is None else base_line + _FOOT_DEPTH / 2
    tall = 1.0 if len(upright) == 2 else min(ground, 1.0)
    return max(wanted, tall if aspect <= 1 else min(tall * aspect, 1 - 2 * MARGIN))


def placed_as_before(
    transform: tuple[float, float, float, float, float, float],
    framing: Framing,
    box: Box,
    turn: NDArray[np.float64] | None,
    shown: tuple[float, float, float, float],
) -> Placement | None:
    """Repeat the placement of an earlier edit, so that the product stays in place if its matte changed.

    Args:
        transform: From photo to picture pixels, as carried out then.
        framing: As carried out then.
        box: x0, y0, x1, y1 of the crop, in pixels of the rotated photo.
        turn: 2x3 rotation of the photo; None if it was not rotated.
        shown: Extent of the product in the crop as rotated by hand, see `extent_of`.

    Returns:
        None if the earlier picture had no canvas of its own, the photo was rotated differently, or the
        product, which a correction of its matte may have replaced, would leave the canvas.
    """
    if framing.canvas is None:
        return None
    placing = np.vstack([np.array(transform).reshape(2, 3), [0, 0, 1]])
    if turn is not None:
        placing = placing @ np.linalg.inv(np.vstack([turn, [0, 0, 1]]))
    upright = rotation((0, 0), -framing.rotation_deg)[:, :2] @ placing[:2, :2]
    if abs(upright[0, 1]) + abs(upright[1, 0]) > 1e-3:
        return None
    size = max(1, round((box[2] - box[0]) * upright[0, 0])), max(1, round((box[3] - box[1]) * upright[1, 1]))
    middle = placing @ ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 1.0)
    outer = rotated_size(size, framing.rotation_deg)
    x, y = round(middle[0] - outer[0] / 2), round(middle[1] - outer[1] / 2)
    edges = zip((x, y), shown[:2], shown[2:], outer, framing.canvas, strict=True)
    leaves = any(
        min(start + low * length, side - start - high * length) < -_ROUNDED_PLACE * side
        for start, low, high, length, side in edges
    )
    return None if leaves else Placement(framing.canvas, size, x, y, framing.fill, framing.rotation_deg)


def _scale_in(canvas: tuple[int, int], size: tuple[float, float], fill: float) -> float:
    return fill * min(canvas[0] / size[0], canvas[1] / size[1])


def ratio_of(framing: Framing, photo: tuple[int, int]) -> float:
    """Width of the picture divided by its height."""
    if framing.aspect == "photo":
        return photo[0] / photo[1]
    width, height = framing.aspect.split(":")
    return int(width) / int(height)


def has_ratio(canvas: tuple[int, int], framing: Framing, photo: tuple[int, int]) -> bool:
    """Whether a picture has the planned aspect ratio, but for rounding."""
    return abs(canvas[0] / canvas[1] / ratio_of(framing, photo) - 1) <= _ROUNDED_RATIO


def _canvas_for(width: float, height: float, framing: Framing, photo: tuple[int, int]) -> tuple[int, int]:
    """Canvas of the wanted aspect ratio around an area, in the photo's pixels."""
    ratio = ratio_of(framing, photo)
    longer = max(width / min(1.0, ratio), height * max(1.0, ratio))
    side = max(int(np.clip(longer * 1.1, MIN_SIDE, MAX_SIDE)) // 16 * 16, MIN_SIDE)
    return canvas_of(side, framing, photo, MIN_SIDE)


def canvas_of(side: int, framing: Framing, photo: tuple[int, int], least: int) -> tuple[int, int]:
    """Canvas of the wanted aspect ratio whose longer side is about `side` pixels, and not below `least`."""
    ratio = ratio_of(framing, photo)
    if framing.aspect == "photo":
        return (side, round(side / ratio)) if ratio >= 1 else (round(side * ratio), side)
    across, down = (int(part) for part in framing.aspect.split(":"))
    # Multiples of four, because shadows are computed at a quarter of the size.
    step = 4 * max(across, down)
    steps = max(side // step, ceil(least / step))
    return 4 * steps * across, 4 * steps * down


def _resting_height(framing: Framing, base_line: float | None, share: tuple[float, float]) -> float:
    """Vertical centre of a product that takes such a share of the picture's width and height."""
    if framing.y is not None:
        return framing.y
    if base_line is not None:
        return base_line + _FOOT_DEPTH * min(share) - share[1] / 2
    # Low products sit lower, tall ones leave room for a shadow.
    return 0.5 + (0.5 - share[1]) * 0.14


def inside(middle: float, share: float) -> float:
    """Return the wanted middle of a product, moved so that all of such a share is inside the picture."""
    low = share / 2 + MARGIN
    return 0.5 if low >= 0.5 else float(np.clip(middle, low, 1 - low))


def window_of(
    framing: Framing,
    product: tuple[float, float, float, float],
    photo: tuple[int, int],
    margin: tuple[int, int] = (0, 0),
) -> Box:
    """Crop of the photo if its scene is kept.

    Args:
        product: Left, top, right, bottom in photo pixels.
        margin: Pixels at each side, and at top and bottom, to exclude.

    Returns:
        x0, y0, x1, y1 in photo pixels, inside the photo. Large enough for MIN_SIDE if the photo is. It does
        not cut the product, so the product may be elsewhere than wanted.
    """
    width, height = photo[0] - 2 * margin[0], photo[1] - 2 * margin[1]
    aspect = ratio_of(framing, (width, height))
    fits = product[2] - product[0] < 0.98 * min(width, height * aspect)
    fits = fits and product[3] - product[1] < 0.98 * min(height, width / aspect)
    aspect = aspect if fits else width / height
    needed_x = (product[2] - product[0]) / framing.fill
    needed_y = (product[3] - product[1]) / framing.fill
    # Show more around a small product, so that the longer side reaches MIN_SIDE.
    least = MIN_SIDE / MAX_ENLARGEMENT * min(1.0, aspect)
    wide = max(needed_x, needed_y * aspect, least)
    wide = min(wide, width, height * aspect)
    tall = wide / aspect
    middle_x = inside(framing.x, (product[2] - product[0]) / wide)
    middle_y = inside(0.5 if framing.y is None else framing.y, (product[3] - product[1]) / tall)
    x = (product[0] + product[2]) / 2 - middle_x * wide
    y = (product[1] + product[3]) / 2 - middle_y * tall
    return whole_pixels((x, y), (wide, tall), (*margin, margin[0] + width, margin[1] + height))


def whole_pixels(place: tuple[float, float], size: tuple[float, float], within: Box) -> Box:
    """Round a crop of such a size, whose left and top edge should be at `place`, and keep it inside.

    The size is rounded apart from the place: a square crop stays square wherever it is.
    """
    width, height = round(size[0]), round(size[1])
    x = int(np.clip(round(place[0]), within[0], within[2] - width))
    y = int(np.clip(round(place[1]), within[1], within[3] - height))
    return x, y, x + width, y + height


def shown_size(window: Box) -> tuple[int, int]:
    """Width and height of the picture of a crop."""
    width, height = window[2] - window[0], window[3] - window[1]
    longer = max(width, height)
    factor = float(np.clip(min(MAX_SIDE, max(MIN_SIDE, longer)) / longer, 0.0, MAX_ENLARGEMENT))
    return round(width * factor), round(height * factor)
