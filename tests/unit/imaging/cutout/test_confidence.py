"""Confidence: signals of a matte, and the probability computed from them."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout.confidence import (
    MOST,
    SHARES,
    Signals,
    Views,
    coefficients,
    features_of,
    probability_of,
    signals_of,
)
from stillroom.imaging.pixels import Bytes, Picture, Plane, cover_of

SIZE = (400, 600)
WHOLE = (0, 0, 600, 400)


def disk(x: int = 300, radius: int = 100) -> Bytes:
    mask = np.zeros(SIZE, np.uint8)
    cv2.circle(mask, (x, 200), radius, 255, cv2.FILLED)
    return mask


def photo(mask: Bytes) -> Picture:
    picture = np.full((*SIZE, 3), 220, np.uint8)
    picture[mask > 0] = (180, 40, 30)
    return picture


def seen(*masks: Bytes) -> Plane:
    return np.asarray(np.max([cover_of(mask) for mask in masks], axis=0), np.float32)


def signals(
    matte: Bytes, network: Plane, scout: Plane | None = None, agreement: float | None = None
) -> Signals:
    views = Views(network, None, scout, agreement)
    return signals_of(photo(disk()), SIZE, matte, WHOLE, views)


CLEAR = replace(signals(disk(), seen(disk()), seen(disk()), 1.0), lead=0.9)


def test_a_matte_that_everything_agrees_with_is_probably_good() -> None:
    assert CLEAR.scout == CLEAR.whole == 1.0
    assert CLEAR.thresholds is not None
    assert CLEAR.thresholds > 0.95
    assert CLEAR.rivals == CLEAR.pockets == CLEAR.parts == CLEAR.border == 0.0
    assert CLEAR.support == 1.0
    assert 0.9 <= probability_of(CLEAR) <= MOST


def test_excluded_second_object_is_a_rival() -> None:
    rival = signals(disk(200, 80), seen(disk(200, 80), disk(450, 80)))
    assert rival.rivals == pytest.approx(1.0, abs=0.1)
    assert rival.whole == pytest.approx(0.5, abs=0.05)
    assert probability_of(rival) < probability_of(replace(CLEAR, scout=None))


def test_a_rival_that_is_hardly_the_product_costs_less_confidence() -> None:
    for scout in (0.98, None):
        beside = replace(CLEAR, scout=scout, rivals=0.5, lead=0.0)
        assert probability_of(beside) < probability_of(replace(beside, lead=0.9))


def test_scout_network_with_another_object_prevents_high_confidence() -> None:
    other = signals(disk(200, 80), seen(disk(200, 80)), seen(disk(450, 80)), 1.0)
    assert other.scout == 0.0
    assert probability_of(other) < 0.9
    assert probability_of(replace(CLEAR, passes=0.2)) < 0.9


def test_while_it_is_asked_which_object_is_meant_none_is_sure() -> None:
    assert probability_of(CLEAR, is_asked=True) < 0.9


def test_prompt_network_with_another_object_lowers_confidence() -> None:
    agreed, less, differing = (probability_of(replace(CLEAR, prompted=share)) for share in (0.99, 0.9, 0.6))
    assert differing < 0.9 < less < agreed


def test_edge_without_a_gradient_in_the_photo_lowers_confidence() -> None:
    assert signals(disk(450, 60), seen(disk(450, 60))).support < 0.5


def test_openings_pieces_and_the_border_are_measured() -> None:
    holed = np.where(disk(300, 30) > 0, np.uint8(0), disk())
    assert signals(holed, seen(holed)).pockets == pytest.approx(0.1, abs=0.03)
    two = np.maximum(disk(150, 60), disk(450, 60))
    assert signals(two, seen(two)).parts == pytest.approx(0.5, abs=0.03)
    cut = disk(0)
    assert signals(cut, seen(cut)).border > 0.2


def test_crop_replaces_the_signals_of_its_area() -> None:
    box = (200, 100, 400, 300)
    crop = cover_of(disk()[100:300, 200:400])
    views = Views(np.zeros(SIZE, np.float32), (crop, box), None, None)
    assert signals_of(photo(disk()), SIZE, disk()[100:300, 200:400], box, views).whole > 0.95


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (256, 256)])
def test_empty_matte_has_signals(size: tuple[int, int]) -> None:
    empty = np.zeros(size, np.uint8)
    views = Views(np.zeros(size, np.float32), None, None, None)
    found = signals_of(np.zeros((*size, 3), np.uint8), size, empty, (0, 0, size[1], size[0]), views)
    assert 0.0 <= probability_of(found) <= 1.0


def test_packaged_weights_have_the_expected_signs() -> None:
    for model in (coefficients().with_scout, coefficients().asked, coefficients().alone):
        assert model.weights
        for name, weight in model.weights.items():
            assert (weight > 0) == (name in SHARES), name
    assert set(coefficients().asked.weights) <= set(features_of(replace(CLEAR, prompted=0.9)))
