"""Support of corrections by the networks."""

import numpy as np
import pytest

from stillroom.imaging.cutout.points.regions import PointedPhoto, PointNetworks
from stillroom.imaging.cutout.points.support import support_of
from stillroom.imaging.pixels import Bytes
from tests.unit.imaging.scenes import RedFinder

SIZE = (300, 400)
BOX = np.s_[100:220, 60:240]
PART = np.s_[100:220, 180:240]
CORNER = np.s_[0:60, 330:400]


NETWORKS = PointNetworks(segments=RedFinder())


@pytest.fixture(scope="module")
def view() -> PointedPhoto:
    """A red box on grey."""
    photo = np.full((*SIZE, 3), 128, np.uint8)
    photo[BOX] = (200, 40, 40)
    return PointedPhoto(photo)


def matte(*parts: tuple[slice, slice], without: tuple[slice, slice] | None = None) -> Bytes:
    cover = np.zeros(SIZE, np.uint8)
    for part in parts:
        cover[part] = 255
    if without is not None:
        cover[without] = 0
    return cover


def test_adding_a_missing_part_of_the_product_is_supported(view: PointedPhoto) -> None:
    assert support_of(view, matte(BOX, without=PART), matte(BOX), NETWORKS) == 1.0


def test_removing_background_is_supported(view: PointedPhoto) -> None:
    assert support_of(view, matte(BOX, CORNER), matte(BOX), NETWORKS) == 1.0


def test_removing_a_part_of_the_product_is_not_supported(view: PointedPhoto) -> None:
    assert support_of(view, matte(BOX), matte(BOX, without=PART), NETWORKS) == 0.0


def test_adding_an_empty_corner_is_not_supported(view: PointedPhoto) -> None:
    assert support_of(view, matte(BOX), matte(BOX, CORNER), NETWORKS) == 0.0


def test_correction_that_no_network_can_judge_has_no_support(view: PointedPhoto) -> None:
    assert support_of(view, matte(BOX), matte(BOX, CORNER), PointNetworks()) is None
