"""Position and light of the product stay the same between turns, on golden photos."""

import json

import cv2
import numpy as np
import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.resizing import fitted
from stillroom.imaging.scene.product import Product
from tests.bench.five_turns import Shot, compared
from tests.integration.imaging.golden import GOLDEN, case

FACTS = json.loads((GOLDEN / "golden.json").read_text(encoding="utf-8"))
WISHES = [(facts["name"], facts["operation"], facts["prompt_zh"]) for facts in FACTS]
# One that turns the product; a few photos of different shapes are enough.
WISHES += [(name, operation, "拉直，锐利一点") for name, operation, _ in WISHES[::5]]


def cut_out(name: str) -> Product:
    """A golden photo, its longer side 1024, with its true matte."""
    golden = case(name)
    photo = fitted(golden.photo, 1024)
    size = (photo.shape[1], photo.shape[0])
    truth = np.rint(cv2.resize(golden.truth, size, interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)
    return Product(photo, Matte(truth, (0, 0, *size), "truth", 1.0, 0.0))


@pytest.mark.parametrize(("name", "operation", "wish"), WISHES)
def test_a_turn_that_asks_for_warmth_leaves_the_product_in_its_place(
    name: str, operation: str, wish: str
) -> None:
    product = cut_out(name)
    first = render_picture(product, understand(wish, starting_plan(operation)).plan)
    for later in ("暖一点", "锐利一点"):
        second = render_picture(product, understand(later, first.plan).plan)
        assert first.plan.product_transform is not None
        assert second.plan.product_transform is not None
        one, other = (np.array(plan.product_transform).reshape(2, 3) for plan in (first.plan, second.plan))
        left, top, right, bottom = product.bounds
        corners = np.array([[left, left, right, right], [top, bottom, top, bottom], [1, 1, 1, 1]])
        away = np.hypot(*((one - other) @ corners))
        assert float(away.max()) * 1024 / max(first.matte.shape) < 1.0


@pytest.mark.parametrize("name", ["camera_market", "headphones_desk", "sofa_velvet"])
@pytest.mark.parametrize("scene", ["木纹背景", "自然光窗边"])
def test_a_bright_backdrop_does_not_count_as_moved_light_on_a_dark_or_vivid_product(
    name: str, scene: str
) -> None:
    product = cut_out(name)
    first = render_picture(product, understand("白底软阴影，光从左边来", starting_plan("bg_replace")).plan)
    second = render_picture(product, understand(scene, first.plan).plan)
    before = Shot("", "", first.picture, first.matte, first.plan.model_dump(), first.measures.to_json())
    held = compared(before, second.picture, second.matte, second.plan.model_dump(), {"backdrop"})
    assert held.light_deg is not None
    assert abs(held.light_deg) < 1.0
    assert held.holds, held
