"""Whether a product was found in a photo at all."""

from stillroom.imaging.matting import Matte

SOLID = 127
"""Of 255 of cover; what has no pixel above it is a haze that a network saw, and no product."""

LEAST_SHARE = 0.003
"""Of the photo: twenty photos of products have 3 % and more, and a bare wall has specks of less than .1 %."""


def is_found(matte: Matte, shape: tuple[int, ...], least: float = LEAST_SHARE) -> bool:
    """Whether a matte holds a product.

    Args:
        matte: What was cut out of a photo.
        shape: Height and width of that photo.
        least: Share of the photo that a product takes; 0 believes in any that has a solid pixel.
    """
    solid = float((matte.alpha > SOLID).mean()) if matte.alpha.size else 0.0
    x0, y0, x1, y1 = matte.box
    share = solid * (x1 - x0) * (y1 - y0) / (shape[0] * shape[1])
    return solid > 0 and share >= least
