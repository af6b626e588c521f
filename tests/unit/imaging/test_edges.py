"""The photo's own edges place the matte's edge."""

import cv2
import numpy as np

from stillroom.imaging.edges import refined
from stillroom.imaging.pixels import cover_of
from tests.unit.imaging.scenes import ball, disc


def test_a_blurred_matte_is_drawn_to_the_photos_edge() -> None:
    photo, truth = ball(light=(0.0, 0.0, 1.0)), cover_of(disc())
    coarse = np.asarray(cv2.GaussianBlur(truth, (0, 0), 2), np.float32)
    fine = refined(coarse, photo)
    assert np.abs(fine - truth).mean() < 0.75 * np.abs(coarse - truth).mean()


def test_what_is_decided_is_left_alone() -> None:
    coarse = np.asarray(cv2.GaussianBlur(cover_of(disc()), (0, 0), 4), np.float32)
    fine = refined(coarse, ball())
    decided = (coarse <= 0.02) | (coarse >= 0.98)
    assert np.array_equal(fine[decided], coarse[decided])


def test_a_matte_without_undecided_pixels_costs_nothing() -> None:
    hard = (disc() > 127).astype(np.float32)
    assert refined(hard, ball()) is hard
