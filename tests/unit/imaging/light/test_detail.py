"""Noise estimation, denoising and sharpening."""

import cv2
import numpy as np
import pytest

from stillroom.domain.plans.plan import Detail
from stillroom.imaging.light.detail import NOISE_WORTH_REMOVING, grain_left, noise_of, sharpened, smoothed
from tests.unit.imaging.scenes import Pixels, ball, disc

OF_LIGHTNESS = float(np.hypot(np.hypot(0.299, 0.587), 0.114))  # of white noise per channel


def noisy(picture: Pixels, sigma: float) -> Pixels:
    noise = np.random.default_rng(1).normal(0, sigma, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("sigma", [0.7, 1.0, 2.0, 4.0, 8.0])
def test_noise_is_found_as_strong_as_it_is(sigma: float) -> None:
    found = noise_of(noisy(ball(), sigma), disc())
    of_rounding = 12**-0.5  # once per channel, and once more of the lightness
    expected = np.hypot(OF_LIGHTNESS * np.hypot(sigma, of_rounding), of_rounding)
    assert found == pytest.approx(expected, rel=0.12)


def test_texture_is_not_measured_as_noise() -> None:
    picture = noisy(ball(), 1.0)
    weave = np.indices(picture.shape[:2]).sum(0) // 2 % 2 * 60
    picture[:200] = np.clip(picture[:200] + weave[:200, :, None], 0, 255)
    assert noise_of(picture, disc()) == pytest.approx(OF_LIGHTNESS, rel=0.3)


def test_a_clipped_wall_does_not_hide_the_noise_of_the_rest() -> None:
    clean = ball()
    clean[:, :200] = 255
    assert noise_of(noisy(clean, 4.0), np.zeros((400, 400), np.uint8)) == pytest.approx(
        OF_LIGHTNESS * 4, rel=0.12
    )


def test_tiny_picture_has_no_noise_measurement() -> None:
    assert noise_of(noisy(ball(40, 12), 8.0), disc(40, 12)) == 0.0


def test_smoothing_a_noisy_photo_brings_it_nearer_to_the_clean_one() -> None:
    clean = ball()
    photo = noisy(clean, 4.0)
    calm = smoothed(photo, Detail(), noise_of(photo, disc()))
    before, after = (np.abs(picture.astype(float) - clean).mean() for picture in (photo, calm))
    assert after < 0.65 * before


def test_a_photo_with_little_noise_is_not_smoothed_without_a_wish() -> None:
    photo = noisy(ball(), 1.0)
    assert smoothed(photo, Detail(), noise_of(photo, disc())) is photo
    assert not np.array_equal(smoothed(photo, Detail(denoise=0.5), 0.0), photo)


def test_a_noisy_photo_is_sharpened_less() -> None:
    photo = np.asarray(cv2.GaussianBlur(ball(), (0, 0), 2.0), np.uint8)
    gains = [
        np.abs(sharpened(photo, Detail(), noise).astype(int) - photo).sum()
        for noise in (0.3, 2 * NOISE_WORTH_REMOVING)
    ]
    assert gains[1] < 0.7 * gains[0]


def test_background_of_a_smoothed_product_gets_no_extra_grain() -> None:
    assert grain_left(Detail(), 0.8) == 0.8
    assert grain_left(Detail(), 5.0) < NOISE_WORTH_REMOVING
    assert grain_left(Detail(denoise=0.0), 5.0) == 5.0
