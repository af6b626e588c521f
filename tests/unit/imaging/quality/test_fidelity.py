"""Fidelity measures: drift of light, colour, position and perspective."""

import cv2
import numpy as np
import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, starting_plan
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.light.color import adaptation
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import to_linear
from stillroom.imaging.quality.fidelity import detail_shift, followed, kelvin_shift, light_shift_deg, tilt_deg
from stillroom.imaging.scene.product import Product
from tests.unit.imaging.scenes import ball, disc, matte_of_disc, orange_ball


@pytest.mark.parametrize(
    "words", ["白底软阴影", "光从右边来，much warmer", "深色渐变背景，亮一点", "保留背景"]
)
def test_unchanged_product_pixels_have_no_drift(words: str) -> None:
    plan = understand(words, starting_plan("bg_replace")).plan
    measures = render_picture(orange_ball(side=900, radius=330), plan).measures.to_json()
    assert measures["protected_delta_e"] < 1.0
    assert abs(measures["light_shift_deg"]) < 3.0
    assert abs(measures["kelvin_shift"]) < 60.0


def test_a_scene_moves_no_light_on_a_product_however_dark_it_is() -> None:
    dark = np.rint(ball(900, 330) * 0.35).astype(np.uint8)
    plan = understand("木纹背景", starting_plan("bg_replace")).plan
    measures = render_picture(Product(dark, matte_of_disc(900, 330)), plan).measures.to_json()
    assert abs(measures["light_shift_deg"]) < 1.0


def test_a_product_is_measured_where_the_margin_around_it_leaves_the_picture() -> None:
    wide = Product(ball(900, 330), Matte(disc(900, 330), (0, 0, 900, 900), "drawn", 1.0, 0.02))
    plan = understand("白底，光从右边来，产品占90%", starting_plan("bg_replace")).plan
    packshot = render_picture(wide, plan)
    assert max(packshot.measures.to_json()["subject_box"][2:]) * 900 / 660 > max(packshot.picture.shape)
    assert packshot.measures.to_json()["protected_delta_e"] < 1.0
    assert abs(packshot.measures.to_json()["light_shift_deg"]) < 1.0
    assert abs(packshot.measures.to_json()["kelvin_shift"]) < 60.0


def test_a_moved_light_is_measured_with_its_direction() -> None:
    left, right = (to_linear(ball(light=(side, 0.4, 0.6))) for side in (-0.6, 0.6))
    shift = light_shift_deg(left, right, disc())
    assert shift is not None
    assert shift > 40
    assert light_shift_deg(left, left, disc()) == 0.0


def test_flat_shading_gives_no_light_measurement() -> None:
    flat = np.full((200, 200, 3), 0.4, np.float32)
    assert light_shift_deg(flat, flat, disc(200, 60)) is None


def test_a_warmer_product_has_fewer_kelvin() -> None:
    light = to_linear(ball())
    warm = np.asarray(cv2.transform(light, adaptation(25.0).astype(np.float32)), np.float32)
    assert kelvin_shift(light, warm, disc()) < -400
    assert kelvin_shift(light, light, disc()) == 0.0
    assert kelvin_shift(light, warm, np.zeros((400, 400), np.uint8)) == 0.0


def test_lettering_that_slipped_is_measured_in_pixels() -> None:
    label = np.full((200, 200, 3), 230, np.uint8)
    cv2.putText(label, "AUREL", (20, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20.0, 20.0, 20.0), 3)
    slipped = np.roll(label, (0, 3), axis=(0, 1))
    everywhere = np.full((200, 200), 255, np.uint8)
    assert detail_shift(followed(label, slipped, everywhere)) == pytest.approx(3.0, abs=0.2)
    assert detail_shift(followed(label, label, everywhere)) == pytest.approx(0.0, abs=0.05)
    assert detail_shift(followed(np.full_like(label, 200), label, everywhere)) is None


def test_a_turned_product_is_measured_in_degrees() -> None:
    label = np.full((240, 240, 3), 230, np.uint8)
    cv2.putText(label, "AUREL", (30, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20.0, 20.0, 20.0), 3)
    turn = cv2.getRotationMatrix2D((120, 120), 2.0, 1.0)
    turned = np.asarray(cv2.warpAffine(label, turn, (240, 240), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    everywhere = np.full((240, 240), 255, np.uint8)
    assert tilt_deg(followed(label, turned, everywhere)) == pytest.approx(2.0, abs=0.3)
    assert tilt_deg(followed(label, label, everywhere)) == pytest.approx(0.0, abs=0.05)
    assert tilt_deg(followed(np.full_like(label, 200), turned, everywhere)) is None


def test_requested_changes_are_no_drift() -> None:
    product = orange_ball(side=600, radius=200)
    plain, warm = (
        render_picture(product, understand(words, Plan()).plan) for words in ("白底", "much warmer")
    )
    assert warm.measures.to_json()["product_delta_e"] > plain.measures.to_json()["product_delta_e"]
    assert warm.measures.to_json()["protected_delta_e"] < 1.0
