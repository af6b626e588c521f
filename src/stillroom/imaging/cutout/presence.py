"""Whether a product was found in a photo at all, and whether it is all there."""

import numpy as np

from stillroom.imaging.cutout.matting import Matte
from stillroom.imaging.pixels import HALF_COVER

LEAST_SHARE = 0.003
"""Of the photo: the products of the golden photos have 6 % and more, and what is smaller is a speck."""

_RIM = 0.002
"""Of the photo's longer side: a network's matte may end a pixel of its own before the border."""

_LONG, _NARROW = 0.15, 0.03
"""Of the product's longer side: so long a line along a border is a cut, and so long a one if the product is
hardly wider a little further in, like a strap or a leg. A ball that only touches is soon wider."""

_FURTHER_IN = 0.02
"""Of the product's longer side."""

_AS_WIDE = 0.6


def is_found(matte: Matte, shape: tuple[int, ...], least: float = LEAST_SHARE) -> bool:
    """Whether a matte holds a product.

    Args:
        matte: What was cut out of a photo.
        shape: Height and width of that photo.
        least: Share of the photo that a product takes; 0 believes in any that has a solid pixel.
    """
    solid = float((matte.alpha > HALF_COVER).mean()) if matte.alpha.size else 0.0
    x0, y0, x1, y1 = matte.box
    share = solid * (x1 - x0) * (y1 - y0) / (shape[0] * shape[1])
    return solid > 0 and share >= least


def cut_sides(matte: Matte, shape: tuple[int, ...]) -> tuple[str, ...]:
    """The sides of a photo that cut through the product.

    Args:
        matte: What was cut out of the photo.
        shape: Height and width of that photo.

    Returns:
        Of `left`, `top`, `right` and `bottom`, those along which the product is solid for a length that is
        more than a touch; a shadow that reaches the border is not.
    """
    solid = matte.alpha > HALF_COVER
    if not solid.any():
        return ()
    x0, y0, x1, y1 = matte.box
    step_x, step_y = (x1 - x0) / solid.shape[1], (y1 - y0) / solid.shape[0]
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    longer = max((rows[-1] - rows[0] + 1) * step_y, (columns[-1] - columns[0] + 1) * step_x)
    # Each side as the first rows of a matte turned so that it lies on top; how far it is from the photo's.
    turned = {
        "left": (solid.T, x0, step_x, step_y),
        "top": (solid, y0, step_y, step_x),
        "right": (solid.T[::-1], shape[1] - x1, step_x, step_y),
        "bottom": (solid[::-1], shape[0] - y1, step_y, step_x),
    }
    rim = _RIM * max(shape[:2])
    cut = []
    for side, (lines, away, down, along) in turned.items():
        deep = round((rim - away) / down)
        if deep < 1:
            continue
        length = float(lines[:deep].any(0).sum()) * along / longer
        inner = float(lines[deep : deep + max(1, round(_FURTHER_IN * longer / down))].any(0).sum())
        is_crossing = length >= _NARROW and length >= _AS_WIDE * inner * along / longer
        if length >= _LONG or is_crossing:
            cut.append(side)
    return tuple(cut)
