"""Whether a product was found at all."""

import numpy as np

from stillroom.imaging.matting import Matte
from stillroom.imaging.presence import is_found

SHAPE = (1000, 1000, 3)


def matte_of(alpha: int, side: int, *, box: int = 1000) -> Matte:
    """A square of some cover, in a box at the photo's corner."""
    cover = np.zeros((500, 500), np.uint8)
    size = round(side * 500 / box)
    cover[100 : 100 + size, 100 : 100 + size] = alpha
    return Matte(cover, (0, 0, box, box), "drawn", 1.0, 0.02)


def test_what_is_nowhere_solid_is_no_product() -> None:
    assert is_found(matte_of(128, 200), SHAPE)
    assert not is_found(matte_of(127, 200), SHAPE)
    assert not is_found(matte_of(0, 200), SHAPE)


def test_a_speck_is_no_product_unless_a_person_marked_it() -> None:
    assert is_found(matte_of(255, 60), SHAPE)
    assert not is_found(matte_of(255, 40), SHAPE)
    assert is_found(matte_of(255, 40), SHAPE, least=0.0)


def test_a_small_product_counts_by_its_share_of_the_photo_and_not_of_its_box() -> None:
    assert not is_found(matte_of(255, 40, box=100), SHAPE)
