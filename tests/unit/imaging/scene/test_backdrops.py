"""Backdrops: exact white, exact colours, gradients without bands."""

import numpy as np
import pytest

from stillroom.domain.plans.plan import Backdrop
from stillroom.imaging.scene.backdrops import finished, plate_of

NO_SHADOW = np.zeros((128, 128), np.float32)


def test_white_is_exactly_255_everywhere() -> None:
    picture = finished(plate_of(Backdrop(kind="white"), (128, 128)), NO_SHADOW, (512, 512))
    assert picture.shape == (512, 512, 3)
    assert int(picture.min()) == 255


def test_a_colour_is_exactly_that_colour() -> None:
    picture = finished(plate_of(Backdrop(kind="color", color="#c9daf0"), (128, 128)), NO_SHADOW, (512, 512))
    assert np.unique(picture.reshape(-1, 3), axis=0).tolist() == [[0xC9, 0xDA, 0xF0]]


def test_white_stays_exact_beside_a_shadow() -> None:
    density = NO_SHADOW.copy()
    density[60:80, 60:80] = 0.3
    picture = finished(plate_of(Backdrop(kind="white"), (128, 128)), density, (512, 512))
    assert int(picture[:200].min()) == 255
    assert int(picture[270, 270].max()) < 230


@pytest.mark.parametrize("shape", ["sweep", "spot"])
def test_gradient_runs_between_its_two_colours(shape: str) -> None:
    backdrop = Backdrop.model_validate(
        {"kind": "gradient", "color": "#f0f4ff", "edge_color": "#203050", "shape": shape}
    )
    picture = finished(plate_of(backdrop, (128, 128)), NO_SHADOW, (512, 512))
    assert picture[300, 256].mean() > 200
    assert picture[0, 0].mean() < 110


def test_a_slow_gradient_shows_no_bands() -> None:
    backdrop = Backdrop(kind="gradient", color="#eeeeee", edge_color="#e4e4e4", shape="spot")
    picture = finished(plate_of(backdrop, (128, 128)), NO_SHADOW, (512, 512))[..., 0].astype(int)
    # Dither mixes neighbouring steps: an undithered row would change only a handful of times.
    assert int((np.diff(picture[256]) != 0).sum()) > 100
    assert int(np.abs(np.diff(picture[256])).max()) <= 1


def test_the_same_backdrop_is_painted_the_same_way_twice() -> None:
    backdrop = Backdrop(kind="gradient", color="#ffeedd", edge_color="#aa8866")
    one, other = (finished(plate_of(backdrop, (64, 64)), NO_SHADOW[:64, :64], (700, 700)) for _ in range(2))
    assert np.array_equal(one, other)
