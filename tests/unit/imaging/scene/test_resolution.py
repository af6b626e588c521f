"""Full resolution: enlarged mattes, and the pictures that need them."""

import cv2
import numpy as np

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import Bytes, Picture
from stillroom.imaging.resizing import fitted
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.resolution import enlarged

_SIDE = 2304


def _disk() -> tuple[Picture, Bytes]:
    """A dark disk on bright grain, and its exact mask."""
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.circle(mask, (_SIDE // 2, _SIDE // 2), 1000, 255, -1, cv2.LINE_AA)
    cover = mask[..., None] / 255
    grain = np.random.default_rng(3).integers(-6, 7, (_SIDE, _SIDE, 1))
    photo = 40 * cover + 205 * (1 - cover) + grain
    return np.repeat(photo.astype(np.uint8), 3, axis=2), mask


def test_an_enlarged_matte_follows_the_edge_of_the_photo() -> None:
    photo, mask = _disk()
    small = fitted(mask, 1024)
    plain = cv2.resize(small, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC)
    sharp = enlarged(small, photo)
    off = [float(np.abs(one.astype(np.int16) - mask).sum()) for one in (sharp, plain)]
    assert off[0] < 0.6 * off[1]
    inside = cv2.erode(mask, np.ones((33, 33), np.uint8)) == 255
    assert int(sharp[inside].min()) == 255


def test_only_a_picture_that_needs_them_gets_the_pixels_of_the_photo() -> None:
    photo, mask = _disk()
    matte = Matte(fitted(mask, 1024), (0, 0, _SIDE, _SIDE), "test", None, 0.0)
    product = Product(photo, matte)
    assert product.for_size((1024, 1024)) is product
    large = product.for_size((1500, 1500))
    assert large.matte.alpha.shape == large.foreground.shape[:2] == photo.shape[:2]
    assert large.extent == product.extent, "positions do not depend on the resolution"
    assert large.for_size((4096, 4096)) is large
    assert product.proxy.for_size((4096, 4096)) is product.proxy
