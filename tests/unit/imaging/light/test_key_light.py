"""Key light: estimated direction, and relighting."""

import numpy as np
import pytest

from stillroom.domain.plans.plan import Light
from stillroom.imaging.light.key_light import ASSUMED, gain_of, key_light_of, normals_of
from stillroom.imaging.pixels import cover_of, luminance, to_linear
from tests.unit.imaging.scenes import ball, disc, orange_ball


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_the_side_of_the_key_light_is_found(side: float) -> None:
    photo, cover = ball(light=(0.7 * side, 0.4, 0.6))[::2, ::2], cover_of(disc()[::2, ::2])
    key = key_light_of(luminance(to_linear(photo)), cover, normals_of(cover))
    assert key.confidence > 0.3
    assert 20 < key.azimuth_deg * side < 80
    assert key.elevation_deg > 10


def test_a_flatly_lit_product_gets_an_assumed_light_and_no_confidence() -> None:
    cover = cover_of(disc()[::2, ::2])
    key = key_light_of(np.full(cover.shape, 0.4, np.float32), cover, normals_of(cover))
    assert key.confidence < 0.3
    assert key.azimuth_deg == -30.0


def test_normals_of_a_disc_point_outwards_and_to_the_camera() -> None:
    normals = normals_of(cover_of(disc()[::2, ::2]))
    assert normals[100, 100, 2] == pytest.approx(1.0, abs=0.02)
    assert normals[100, 150, 0] > 0.3
    assert normals[100, 50, 0] < -0.3
    assert normals[50, 100, 1] > 0.3


@pytest.mark.parametrize("azimuth", [-60.0, 60.0])
def test_light_from_one_side_brightens_that_side(azimuth: float) -> None:
    product = orange_ball(light=(-0.6 * float(np.sign(azimuth)), 0.5, 0.6))
    gain = gain_of(Light(azimuth_deg=azimuth, strength=0.7), product.key_light, *product.shading)
    assert gain is not None
    width = gain.shape[1]
    left, right = gain[:, width // 4].mean(), gain[:, 3 * width // 4].mean()
    assert (right - left) * np.sign(azimuth) > 0.1


def test_fill_lifts_the_dark_side_and_spares_the_bright_one() -> None:
    product = orange_ball()
    gain = gain_of(Light(fill=1.0), product.key_light, *product.shading)
    assert gain is not None
    height, width = gain.shape
    assert gain[int(height * 0.75), int(width * 0.75)] > 1.1
    assert gain[int(height * 0.35), int(width * 0.35)] == pytest.approx(1.0, abs=0.05)


def test_rim_light_brightens_the_outline_more_than_the_middle() -> None:
    product = orange_ball()
    gain = gain_of(Light(rim=1.0), product.key_light, *product.shading)
    assert gain is not None
    middle = gain[gain.shape[0] // 2, gain.shape[1] // 2]
    assert gain[gain.shape[0] // 2, int(gain.shape[1] * 0.9)] > middle + 0.2


def test_unrequested_light_is_skipped() -> None:
    product = orange_ball()
    assert gain_of(Light(), product.key_light, *product.shading) is None


def test_new_light_does_not_clip_highlights() -> None:
    alpha = cover_of(disc(200, 80))
    level = np.full_like(alpha, 0.85)
    gain = gain_of(Light(azimuth_deg=-60.0, rim=1.0), ASSUMED, level, alpha, normals_of(alpha))
    assert gain is not None
    assert float((gain * level)[alpha > 0.9].max()) < 0.9
