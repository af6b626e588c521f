"""Restoration of one property of a product in a painted picture."""

import cv2
import numpy as np
import pytest

from stillroom.domain.plans.plan import Plan
from stillroom.domain.providers.requests import Mark
from stillroom.imaging.light.color import adaptation
from stillroom.imaging.pipeline import Render, render_picture
from stillroom.imaging.pixels import Picture, to_linear, to_srgb
from stillroom.imaging.quality.integrity import Restored
from stillroom.imaging.quality.restoring import with_one_restored
from stillroom.imaging.scene.product import Product
from tests.unit.imaging.scenes import ball, matte_of_disc


@pytest.fixture(scope="module")
def product() -> Product:
    """A ball with lettering on it."""
    photo = ball(side=700, radius=240)
    cv2.putText(photo, "AUREL", (255, 380), cv2.FONT_HERSHEY_DUPLEX, 1.8, (30.0, 20.0, 10.0), 5)
    return Product(photo, matte_of_disc(side=700, radius=240))


@pytest.fixture(scope="module")
def own(product: Product) -> Render:
    """The picture as it should be."""
    return render_picture(product, Plan())


@pytest.fixture(scope="module")
def drifted(own: Render) -> Picture:
    """The same with everything wrong: lit from elsewhere, warmer, and the lettering moved."""
    light = to_linear(np.roll(own.picture, (0, 6), axis=(0, 1)))
    light = np.asarray(cv2.transform(light, adaptation(18.0).astype(np.float32)), np.float32)
    ramp = np.linspace(0.55, 1.5, light.shape[1], dtype=np.float32)[None, :, None]
    painted = to_srgb(np.clip(light * ramp, 0, 1))
    cover = own.matte[..., None] / 255
    return np.asarray(np.rint(painted * cover + own.picture * (1 - cover)), np.uint8)


def brought_back(product: Product, own: Render, drifted: Picture, mark: Mark) -> Restored:
    done = with_one_restored(product, drifted, own.plan, mark)
    outside = cv2.dilate(own.matte, np.ones((9, 9), np.uint8)) == 0
    assert np.array_equal(done.picture[outside], drifted[outside]), "the ground is not touched"
    assert done.plan.product_transform == pytest.approx(own.plan.product_transform)
    assert done.measures.to_json()["verified"] is True
    return done


def test_restoring_the_light_changes_nothing_else(product: Product, own: Render, drifted: Picture) -> None:
    measures = brought_back(product, own, drifted, Mark.LIGHT).measures.to_json()
    assert abs(measures["light_shift_deg"]) < 5
    assert measures["kelvin_shift"] < -300
    assert measures["logo_shift_px"] > 3


def test_restoring_the_tone_changes_nothing_else(product: Product, own: Render, drifted: Picture) -> None:
    measures = brought_back(product, own, drifted, Mark.TONE).measures.to_json()
    assert abs(measures["kelvin_shift"]) < 160
    assert abs(measures["light_shift_deg"]) > 10
    assert measures["logo_shift_px"] > 3


@pytest.mark.parametrize("mark", [Mark.LOGO, Mark.PERSPECTIVE])
def test_restoring_the_lettering_changes_nothing_else(
    product: Product, own: Render, drifted: Picture, mark: Mark
) -> None:
    measures = brought_back(product, own, drifted, mark).measures.to_json()
    assert measures["logo_shift_px"] < 1
    assert measures["kelvin_shift"] < -300
    assert abs(measures["light_shift_deg"]) > 10


def test_restoring_the_product_restores_everything(product: Product, own: Render, drifted: Picture) -> None:
    measures = brought_back(product, own, drifted, Mark.PRODUCT).measures.to_json()
    assert measures["protected_delta_e"] < 0.5
    assert measures["logo_shift_px"] < 0.3
    assert abs(measures["light_shift_deg"]) < 1
    assert abs(measures["kelvin_shift"]) < 30
