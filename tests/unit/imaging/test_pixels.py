"""sRGB and linear light, blurs and sizes."""

import numpy as np
import pytest

from stillroom.imaging.pixels import blur, color_light, luminance, srgb_float, to_linear, to_srgb
from stillroom.imaging.resizing import fitted, shrunk


def test_srgb_bytes_survive_a_round_trip_through_linear_light() -> None:
    every = np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3)
    assert np.array_equal(to_srgb(to_linear(every)), every)


def test_middle_grey_of_srgb_is_a_fifth_of_the_light() -> None:
    assert float(color_light("#808080")[0]) == pytest.approx(0.2159, abs=1e-4)


def test_light_out_of_range_is_clipped() -> None:
    light = np.array([[[-0.5, 0.5, 7.0], [1e9, np.inf, -np.inf]]], np.float32)
    (low, middle, high), far = to_srgb(light)[0].tolist()
    assert (low, high) == (0, 255)
    assert middle == pytest.approx(187.5, abs=1)
    assert far == [255, 255, 0]


def test_empty_arrays_stay_empty() -> None:
    assert to_srgb(np.zeros((0, 3, 3), np.float32)).shape == (0, 3, 3)


@pytest.mark.parametrize("shape", [(700, 300, 3), (1, 300_000, 3), (300_000, 3), (300_000,)])
def test_large_pictures_match_the_exact_encoder(shape: tuple[int, ...]) -> None:
    light = np.random.default_rng(1).uniform(0, 1, shape).astype(np.float32)
    pixels = light.reshape(-1, 3)
    alone = np.concatenate([to_srgb(pixels[start : start + 1000]) for start in range(0, len(pixels), 1000)])
    assert np.array_equal(to_srgb(light), alone.reshape(shape))


def test_the_exact_encoder_agrees_with_the_table() -> None:
    light = np.random.default_rng(1).uniform(0, 1, (40, 40, 3)).astype(np.float32)
    assert np.abs(srgb_float(light) - to_srgb(light)).max() < 0.8


def test_luminance_of_white_is_one_and_green_counts_most() -> None:
    pure = np.eye(3, dtype=np.float32)[None]
    red, green, blue = luminance(pure)[0]
    assert float(red + green + blue) == pytest.approx(1.0, abs=1e-5)
    assert green > red > blue


@pytest.mark.parametrize("sigma", [2.0, 9.0, 40.0])
def test_a_blur_keeps_the_amount_of_light(sigma: float) -> None:
    plane = np.zeros((400, 400), np.float32)
    plane[190:210, 190:210] = 1
    assert float(blur(plane, sigma).sum()) == pytest.approx(400.0, rel=0.03)


def test_a_wide_blur_on_a_small_copy_is_close_to_the_slow_one() -> None:
    plane = np.zeros((300, 300), np.float32)
    plane[100:200, 120:180] = 1
    x = np.arange(-150, 150)
    kernel = np.exp(-(x**2) / (2 * 24.0**2))
    kernel /= kernel.sum()
    exact = np.apply_along_axis(
        np.convolve, 0, np.apply_along_axis(np.convolve, 1, plane, kernel, "same"), kernel, "same"
    )
    assert np.abs(blur(plane, 24.0) - exact).max() < 0.025


def test_pictures_are_scaled_down_and_never_up() -> None:
    picture = np.zeros((300, 600, 3), np.uint8)
    assert fitted(picture, 200).shape == (100, 200, 3)
    assert fitted(picture, 900) is picture


def test_a_picture_is_scaled_far_down_without_moving_and_without_changing_colour() -> None:
    across = np.linspace(0, 255, 1999, dtype=np.float32)
    slope = np.dstack(
        [np.tile(across, (1501, 1)), np.full((1501, 1999), 90.0), np.tile(across[::-1], (1501, 1))]
    )
    small = shrunk(np.rint(slope).astype(np.uint8), (157, 123))
    middles = (np.arange(157) + 0.5) / 157 * 1999 - 0.5
    assert small.shape == (123, 157, 3)
    assert np.abs(small[..., 0] - middles / 1998 * 255).max() < 1.5
    assert (small[..., 1] == 90).all()


def test_a_picture_that_is_scaled_far_down_is_the_mean_of_its_areas() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (1024, 1536, 3), np.uint8)
    areas = noise.reshape(128, 8, 192, 8, 3).mean(axis=(1, 3))
    assert np.abs(shrunk(noise, (192, 128)) - areas).max() < 2.0
