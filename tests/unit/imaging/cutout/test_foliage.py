"""Gaps in foliage: cleared between leaves before a plain wall, and nowhere else."""

import numpy as np
import pytest

from stillroom.imaging.cutout.foliage import without_gaps
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import Bytes, Picture

WALL, LEAF = (246, 246, 244), (60, 130, 40)


def fern(*, leaf: tuple[int, int, int] = LEAF) -> tuple[Picture, Bytes]:
    """A plant of many leaves with small gaps, which its matte fills, and a pot in the colour of the wall."""
    photo = np.full((500, 500, 3), WALL, np.uint8)
    alpha = np.zeros((500, 500), np.uint8)
    for left in range(60, 440, 20):
        alpha[60:400, left : left + 10] = 255
    alpha[200:300, 60:440] = 255
    photo[alpha > 0] = leaf
    photo[215:285:14, 70:430:12] = photo[216:286:14, 70:430:12] = WALL
    photo[300:390, 220:270] = WALL
    alpha[300:390, 220:270] = 255
    return photo, alpha


def cleared(photo: Picture, alpha: Bytes) -> Bytes:
    return without_gaps(photo, Matte(alpha, (0, 0, 500, 500), "drawn", 1.0, 0.02)).alpha


def test_gaps_between_leaves_are_cleared_and_a_white_pot_stays() -> None:
    alpha = cleared(*fern())
    assert alpha[215, 70] == 0
    assert alpha[222, 76] == 255
    assert alpha[340, 245] == 255


@pytest.mark.parametrize("other", ["patterned wall", "pale leaves", "letters on a box"])
def test_nothing_else_is_cleared(other: str) -> None:
    photo, alpha = fern(leaf=(225, 235, 220) if other == "pale leaves" else LEAF)
    if other == "patterned wall":
        photo[::3][alpha[::3] == 0] = (120, 90, 60)
    if other == "letters on a box":
        photo[60:400, 60:440][photo[60:400, 60:440].sum(2) > 700] = LEAF
        photo[215:285:14, 70:430:12] = WALL
        alpha[60:400, 60:440] = 255
    assert np.array_equal(cleared(photo, alpha), alpha)
