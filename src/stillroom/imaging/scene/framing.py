"""Framing: size of the canvas, and size and position of the product on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Framing
from stillroom.imaging.pixels import HALF_COVER, Bytes

MIN_SIDE, MAX_SIDE = 1000, 2048  # pixels of the canvas; marketplaces offer no zoom below the first
MAX_ENLARGEMENT = 1.3  # above it the cutout's edge looks jagged
_FOOT_DEPTH = 0.085  # of the product's width: how far its front edge is below the centre of its foot
_MARGIN = 0.02  # share of the canvas that is kept free around the product


@dataclass(frozen=True, slots=True)
class Placement:
    """Position of a crop of the photo on the canvas.

    Attributes:
        canvas: Width and height.
        size: Width and height of the crop on the canvas.
        x: Left edge on the canvas; may be negative.
        y: Top edge on the canvas; may be negative.
        fill: Share of the canvas that the product's longer side takes.
    """

    canvas: tuple[int, int]
    size: tuple[int, int]
    x: int
    y: int
    fill: float

    def transform(
        self, box: tuple[int, int, int, int], turn: NDArray[np.float64] | None = None
    ) -> tuple[float, float, float, float, float, float]:
        """Affine transform from photo to picture pixels; `box` is of the photo after the rotation `turn`."""
        scale_x = self.size[0] / (box[2] - box[0])
        scale_y = self.size[1] / (box[3] - box[1])
        placing = np.array([[scale_x, 0, self.x - box[0] * scale_x], [0, scale_y, self.y - box[1] * scale_y]])
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


def placed(
    framing: Framing,
    extent: tuple[float, float, float, float],
    box: tuple[int, int, int, int],
    base_line: float | None = None,
) -> Placement:
    """Place the product on a new canvas.

    Args:
        framing: Wanted fill, position and canvas.
        extent: Extent of the product in the crop, see `extent_of`.
        box: x0, y0, x1, y1 of the crop in photo pixels.
        base_line: Share of the height for the centre of the product's foot; `framing.y` takes precedence.
    """
    crop_width, crop_height = box[2] - box[0], box[3] - box[1]
    width = (extent[2] - extent[0]) * crop_width
    height = (extent[3] - extent[1]) * crop_height
    canvas = framing.canvas or _canvas_for(max(width, height) / framing.fill)
    scale = framing.fill * min(canvas[0] / max(width, 1.0), canvas[1] / max(height, 1.0))
    if framing.canvas is None:
        scale = min(scale, MAX_ENLARGEMENT)
    size = max(1, round(crop_width * scale)), max(1, round(crop_height * scale))
    share_x, share_y = width * scale / canvas[0], height * scale / canvas[1]
    middle_x = _inside(framing.x, share_x)
    if framing.y is not None:
        resting = framing.y
    elif base_line is not None:
        resting = base_line + _FOOT_DEPTH * min(share_x, share_y) - share_y / 2
    else:
        resting = _resting_height(share_y)
    middle_y = _inside(resting, share_y)
    x = round(middle_x * canvas[0] - (extent[0] + extent[2]) / 2 * size[0])
    y = round(middle_y * canvas[1] - (extent[1] + extent[3]) / 2 * size[1])
    return Placement(canvas, size, x, y, max(share_x, share_y))


def placed_as_before(
    transform: tuple[float, float, float, float, float, float],
    framing: Framing,
    box: tuple[int, int, int, int],
    turn: NDArray[np.float64] | None,
) -> Placement | None:
    """Repeat the placement of an earlier edit, so that the product stays in place if its matte changed.

    Args:
        transform: From photo to picture pixels, as carried out then.
        framing: As carried out then.
        box: x0, y0, x1, y1 of the crop, in pixels of the rotated photo.
        turn: 2x3 rotation of the photo; None if it was not rotated.

    Returns:
        None if the earlier picture had no canvas of its own, or the photo was rotated differently.
    """
    if framing.canvas is None:
        return None
    placing = np.vstack([np.array(transform).reshape(2, 3), [0, 0, 1]])
    if turn is not None:
        placing = placing @ np.linalg.inv(np.vstack([turn, [0, 0, 1]]))
    if abs(placing[0, 1]) + abs(placing[1, 0]) > 1e-3:
        return None
    size = max(1, round((box[2] - box[0]) * placing[0, 0])), max(1, round((box[3] - box[1]) * placing[1, 1]))
    x, y = round(box[0] * placing[0, 0] + placing[0, 2]), round(box[1] * placing[1, 1] + placing[1, 2])
    return Placement(framing.canvas, size, x, y, framing.fill)


def _canvas_for(wanted: float) -> tuple[int, int]:
    side = int(np.clip(wanted * 1.1, MIN_SIDE, MAX_SIDE)) // 16 * 16
    side = max(side, MIN_SIDE)
    return side, side


def _resting_height(share: float) -> float:
    """Vertical centre of a product of that height: low ones sit lower, tall ones leave room for a shadow."""
    return 0.5 + (0.5 - share) * 0.14


def _inside(middle: float, share: float) -> float:
    low = share / 2 + _MARGIN
    return 0.5 if low >= 0.5 else float(np.clip(middle, low, 1 - low))


def window_of(
    framing: Framing,
    product: tuple[float, float, float, float],
    photo: tuple[int, int],
    margin: tuple[int, int] = (0, 0),
) -> tuple[int, int, int, int]:
    """Crop of the photo if its scene is kept.

    Args:
        framing: Wanted fill, position and shape.
        product: Left, top, right, bottom in photo pixels.
        photo: Width and height.
        margin: Pixels at each side, and at top and bottom, to exclude.

    Returns:
        x0, y0, x1, y1 in photo pixels, inside the photo. Large enough for MIN_SIDE if the photo is.
    """
    width, height = photo[0] - 2 * margin[0], photo[1] - 2 * margin[1]
    fits = max(product[2] - product[0], product[3] - product[1]) < 0.98 * min(width, height)
    aspect = 1.0 if framing.shape == "square" and fits else width / height
    needed_x = (product[2] - product[0]) / framing.fill
    needed_y = (product[3] - product[1]) / framing.fill
    # Show more around a small product, so that the longer side reaches MIN_SIDE.
    least = MIN_SIDE / MAX_ENLARGEMENT * min(1.0, aspect)
    wide = max(needed_x, needed_y * aspect, least)
    wide = min(wide, width, height * aspect)
    tall = wide / aspect
    middle_y = 0.5 if framing.y is None else framing.y
    x = (product[0] + product[2]) / 2 - framing.x * wide
    y = (product[1] + product[3]) / 2 - middle_y * tall
    x = float(np.clip(x, margin[0], margin[0] + width - wide))
    y = float(np.clip(y, margin[1], margin[1] + height - tall))
    return round(x), round(y), min(photo[0], round(x + wide)), min(photo[1], round(y + tall))


def shown_size(window: tuple[int, int, int, int]) -> tuple[int, int]:
    """Width and height of the picture of a crop."""
    width, height = window[2] - window[0], window[3] - window[1]
    longer = max(width, height)
    factor = float(np.clip(min(MAX_SIDE, max(MIN_SIDE, longer)) / longer, 0.0, MAX_ENLARGEMENT))
    return round(width * factor), round(height * factor)
