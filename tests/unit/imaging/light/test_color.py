"""White balance, exposure and tone: measured and applied."""

import numpy as np
import pytest

from stillroom.domain.plans.measured import ColorTone
from stillroom.domain.plans.plan import Tone
from stillroom.imaging.light.color import (
    Grade,
    adaptation,
    cast_of,
    grade_of,
    graded,
    kelvin_of,
    lit,
    tone_of,
)
from stillroom.imaging.pixels import to_linear, to_srgb

NEUTRAL = Grade((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), 1.0)
AS_IT_IS = Tone(white_balance=0.0, auto_exposure=False)


def wall(red: float, green: float, blue: float) -> tuple[np.ndarray, np.ndarray]:
    """A wall from black to bright in one colour of light, with a product in the middle."""
    ramp = np.linspace(0.05, 0.8, 200, dtype=np.float32)[None, :, None]
    photo = to_srgb(np.broadcast_to(ramp * (red, green, blue), (200, 200, 3)).astype(np.float32))
    alpha = np.zeros((200, 200), np.uint8)
    alpha[80:120, 80:120] = 255
    return photo, alpha


def graded_by(photo: np.ndarray, alpha: np.ndarray) -> Grade:
    return grade_of(photo, alpha, cast_of(photo, alpha))


def toned_by(photo: np.ndarray, alpha: np.ndarray) -> ColorTone:
    return tone_of(photo, alpha, cast_of(photo, alpha), 1.0)


def test_neutral_tone_changes_nothing() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (20, 20, 3)).astype(np.uint8)
    assert np.array_equal(to_srgb(graded(picture, AS_IT_IS, NEUTRAL)), picture)


def test_one_stop_doubles_the_light_below_the_shoulder() -> None:
    grey = np.full((4, 4, 3), 90, np.uint8)
    brighter = graded(grey, AS_IT_IS.model_copy(update={"exposure_ev": 1.0}), NEUTRAL)
    assert np.allclose(brighter, 2 * to_linear(grey), atol=1e-4)


def test_brightening_bends_the_highlights_instead_of_clipping_them() -> None:
    ramp = np.arange(200, 256, dtype=np.uint8).repeat(3).reshape(1, -1, 3)
    light = graded(ramp, AS_IT_IS.model_copy(update={"exposure_ev": 0.5}), NEUTRAL)
    assert np.all(np.diff(light[0, :, 0]) > 0)
    assert float(light.max()) <= 1.0


def test_a_neutral_wall_is_left_alone() -> None:
    assert graded_by(*wall(1.0, 1.0, 1.0)).firm == pytest.approx((1.0, 1.0, 1.0), abs=0.01)


def test_a_warm_lamp_is_corrected_gently_unasked_and_firmly_when_asked() -> None:
    grade = graded_by(*wall(1.15, 1.0, 0.8))
    assert grade.gentle[2] / grade.gentle[0] <= 1.08**2 + 1e-6
    assert grade.firm[2] / grade.firm[0] > grade.gentle[2] / grade.gentle[0] > 1.05


def test_a_green_wall_is_not_taken_for_a_green_lamp() -> None:
    assert graded_by(*wall(0.7, 1.0, 0.7)).firm == pytest.approx((1.0, 1.0, 1.0), abs=0.03)


def test_an_underexposed_product_is_brightened_and_a_bright_one_is_not() -> None:
    photo, alpha = wall(1.0, 1.0, 1.0)
    dark = (photo * 0.5).astype(np.uint8)
    assert graded_by(dark, alpha).exposure > 1.2
    assert graded_by(np.full_like(photo, 235), alpha).exposure == pytest.approx(1.0, abs=0.03)


def test_a_dark_product_in_a_well_lit_photo_stays_dark() -> None:
    photo, alpha = wall(1.0, 1.0, 1.0)
    photo[alpha > 0] = 30
    assert graded_by(photo, alpha).exposure == pytest.approx(1.0, abs=0.06)


def test_a_product_is_darkened_for_glare_all_over_it_and_not_for_one_highlight() -> None:
    photo, alpha = wall(1.0, 1.0, 1.0)
    photo[alpha > 0] = 120
    photo[82:88, 82:118] = 255
    assert graded_by(photo, alpha).exposure == 1.0
    photo[alpha > 0] = 255
    assert graded_by(photo, alpha).exposure < 0.95


def test_warmer_light_is_redder_and_less_blue_at_the_same_luminance() -> None:
    white = adaptation(25.0) @ np.ones(3)
    assert white[0] > 1.0 > white[2]
    assert float(white @ (0.2126, 0.7152, 0.0722)) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("shift", [-40.0, -25.0, 25.0, 50.0])
def test_a_shift_in_mired_is_measured_as_that_shift(shift: float) -> None:
    measured = 1e6 / kelvin_of(adaptation(shift) @ np.ones(3)) - 1e6 / kelvin_of(np.ones(3))
    assert measured == pytest.approx(shift, abs=3.0)


def test_no_saturation_is_grey_and_full_saturation_is_unchanged() -> None:
    picture = np.random.default_rng(0).integers(20, 200, (8, 8, 3)).astype(np.uint8)
    grey = graded(picture, AS_IT_IS.model_copy(update={"saturation": 0.0}), NEUTRAL)
    assert float(np.ptp(grey, axis=2).max()) < 1e-5


def test_contrast_pivots_on_middle_grey() -> None:
    picture = to_srgb(np.array([[[0.05] * 3, [0.18] * 3, [0.5] * 3]], np.float32))
    plain = graded(picture, AS_IT_IS, NEUTRAL)[0, :, 0]
    harder = graded(picture, AS_IT_IS.model_copy(update={"contrast": 0.5}), NEUTRAL)[0, :, 0]
    assert harder[0] < plain[0]
    assert harder[1] == pytest.approx(float(plain[1]), rel=0.02)
    assert harder[2] > plain[2]


def test_a_gain_of_light_never_blows_a_highlight() -> None:
    light = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8, 1).repeat(3, axis=2)
    brighter = lit(light, np.full((8, 8), 1.8, np.float32))
    assert float(brighter.max()) <= 1.0
    assert np.all(np.diff(brighter[..., 0].ravel()) > 0)


def test_the_tone_of_a_neutral_photo_is_daylight() -> None:
    tone = toned_by(*wall(1.0, 1.0, 1.0))
    assert tone.kelvin == pytest.approx(6500, abs=150)
    assert tone.tint == pytest.approx(0.0, abs=0.01)
    assert tone.confidence["kelvin"] > 0.9


def test_colourful_surroundings_give_no_white_balance() -> None:
    photo, alpha = wall(1.0, 1.0, 1.0)
    photo[:120] = (230, 110, 25)
    tone = toned_by(photo, alpha)
    assert tone.confidence["kelvin"] < 0.5
    assert (tone.sure("kelvin"), tone.sure("tint")) == (None, None)
    assert tone.sure("contrast") is not None
