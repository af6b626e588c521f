"""Measures of a finished picture, the quality score, and colour differences."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stillroom.domain.measures import Measures
from stillroom.imaging.quality.judgement import delta_e_2000, measures_of, product_delta_e, quality_of


def picture_of_a_square() -> tuple[np.ndarray, np.ndarray]:
    picture = np.full((400, 400, 3), 255, np.uint8)
    matte = np.zeros((400, 400), np.uint8)
    matte[100:300, 50:250] = 255
    picture[100:300, 50:250] = np.random.default_rng(0).integers(90, 160, (200, 200, 3))
    return picture, matte


def test_the_subject_box_and_the_shares_are_those_of_the_picture() -> None:
    measures = measures_of(*picture_of_a_square()).to_json()
    assert measures["subject_box"] == [50, 100, 200, 200]
    assert measures["coverage"] == pytest.approx(0.25, abs=0.001)
    assert measures["white_share"] == pytest.approx(0.75, abs=0.001)
    assert measures["clipped_share"] == 0.0


def test_blown_highlights_in_the_product_are_counted() -> None:
    picture, matte = picture_of_a_square()
    picture[100:150, 50:250] = 255
    assert (measures_of(picture, matte).clipped_share or 0.0) == pytest.approx(0.25, abs=0.02)


def test_a_bright_fringe_is_measured_as_a_halo() -> None:
    picture, matte = picture_of_a_square()
    picture[100:300, 50:250] = 60
    clean = measures_of(picture, matte).edge_halo or 0.0
    picture[100:103, 50:250] = picture[297:300, 50:250] = 220
    picture[100:300, 50:53] = picture[100:300, 247:250] = 220
    assert (measures_of(picture, matte).edge_halo or 0.0) > clean + 10


def test_outline_without_contrast_is_measured() -> None:
    picture, matte = picture_of_a_square()
    assert (measures_of(picture, matte).outline or 0.0) == pytest.approx(1.0, abs=0.02)
    picture[:, 150:][matte[:, 150:] == 0] = picture[150:250, 100:200].mean((0, 1))
    assert (measures_of(picture, matte).outline or 0.0) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("fault", "misfit"),
    [
        ({"edge_confidence": 0.6}, 0.0),
        ({"outline": 0.4}, 0.0),
        ({"clipped_share": 0.1}, 0.0),
        ({"edge_halo": 14.0}, 0.0),
        ({}, 30.0),
    ],
)
def test_each_defect_lowers_the_rank_of_a_picture(fault: dict[str, Any], misfit: float) -> None:
    good = Measures(coverage=0.3, edge_confidence=1.0, outline=0.9, clipped_share=0.0, edge_halo=3.0)
    assert quality_of(good, 5.0) == quality_of(good, 0.0)
    assert quality_of(good, 0.0) > quality_of(replace(good, **fault), misfit) + 0.02


def test_empty_matte_gives_no_division_by_zero() -> None:
    measures = measures_of(np.full((300, 300, 3), 255, np.uint8), np.zeros((300, 300), np.uint8)).to_json()
    assert measures["subject_box"] == [0, 0, 0, 0]
    assert measures["coverage"] == 0.0
    assert quality_of(Measures(**{**measures, "edge_confidence": 1.0}), 0.0) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # Pairs 1, 7, 17, 19, 24 and 29 of the table that Sharma, Wu and Dalal published for testing.
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
        ((50.0, 2.5, 0.0), (50.0, 0.7, 0.0), None),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ],
)
def test_colour_differences_agree_with_the_published_table(
    one: tuple[float, ...], other: tuple[float, ...], expected: float | None
) -> None:
    there, back = (
        delta_e_2000(np.array([one]), np.array([other])),
        delta_e_2000(np.array([other]), np.array([one])),
    )
    assert float(there[0]) == pytest.approx(float(back[0]))
    if expected is not None:
        assert float(there[0]) == pytest.approx(expected, abs=1e-4)


def test_colour_difference_is_zero_for_equal_products_and_positive_for_warmer_ones() -> None:
    picture, matte = picture_of_a_square()
    warmer = np.clip(picture.astype(int) + np.array((14, 0, -14)), 0, 255).astype(np.uint8)
    assert product_delta_e(picture, picture, matte) == 0.0
    assert product_delta_e(warmer, picture, matte) > 3.0
    assert product_delta_e(warmer, picture, np.zeros_like(matte)) == 0.0


def test_bleached_handle_shows_in_the_colour_measure() -> None:
    picture, matte = picture_of_a_square()
    picture[100:300, 50:250] = (150, 20, 28)
    bleached = picture.copy()
    bleached[100:120, 50:250] = (240, 170, 180)
    assert product_delta_e(bleached, picture, matte) > 10.0


def test_noise_and_a_new_ground_do_not_change_the_colour_measure() -> None:
    picture, matte = picture_of_a_square()
    picture[100:300, 50:250] = (150, 60, 58)
    noise = np.random.default_rng(2).normal(0, 4, picture.shape)
    noisy = np.clip(picture + noise, 0, 255).astype(np.uint8)
    noisy[matte == 0] = 0
    assert product_delta_e(noisy, picture, matte) < 1.5
