"""Checks whether a photo contains a product and whether its borders cut the product."""

import numpy as np

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import HALF_COVER

LEAST_SHARE = 0.003
"""Of the photo: the products of the golden photos cover 6 % and more; less is a speck."""

_RIM = 0.002
"""Of the photo's longer side: a network's matte may end one network pixel before the border."""

_LONG, _NARROW = 0.15, 0.03
"""Of the product's longer side: a contact line this long along a border is a cut. A shorter line, of at least
the second length, is a cut only if the product is hardly wider further in, as with a strap or a leg. A ball
that touches the border widens quickly."""

_FURTHER_IN = 0.02
"""Of the product's longer side: depth at which the width is compared."""

_AS_WIDE = 0.6


def is_found(matte: Matte, shape: tuple[int, ...], least: float = LEAST_SHARE) -> bool:
    """Whether the matte of a photo of that shape contains a product.

    Args:
        least: Least share of the photo; 0 accepts any matte with a solid pixel.
    """
    solid = float((matte.alpha > HALF_COVER).mean()) if matte.alpha.size else 0.0
    x0, y0, x1, y1 = matte.box
    share = solid * (x1 - x0) * (y1 - y0) / (shape[0] * shape[1])
    return solid > 0 and share >= least


def cut_sides(matte: Matte, shape: tuple[int, ...]) -> tuple[str, ...]:
    """Sides of a photo of that shape that cut the product.

    Returns:
        Those of `left`, `top`, `right` and `bottom` along which the product is solid for longer than a touch.
        Shadows that reach the border do not count.
    """
    solid = matte.alpha > HALF_COVER
    if not solid.any():
        return ()
    x0, y0, x1, y1 = matte.box
    step_x, step_y = (x1 - x0) / solid.shape[1], (y1 - y0) / solid.shape[0]
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    longer = max((rows[-1] - rows[0] + 1) * step_y, (columns[-1] - columns[0] + 1) * step_x)
    # For each side: the matte oriented so that the side is on top, its distance from the photo's border, and
    # photo pixels per matte pixel across and along the side.
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
