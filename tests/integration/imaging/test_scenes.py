"""Scenes on golden photos: candidates differ visibly, what lies flat stays flat, colours are protected."""

import itertools

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.plan import Backdrop, Plan, PlanPart, changed, roomier_for_scene
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import Render, Setting, render_picture
from stillroom.imaging.quality.judgement import delta_e_2000
from stillroom.imaging.scene.plates import scenes
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.selection import PLAIN
from stillroom.imaging.scene.variety import made_distinct
from tests.integration.imaging.test_turns_stay import cut_out

MUG, SOFA, PHONE, SHIRT = "mug_kitchen", "sofa_velvet", "phone_cafe", "tshirt_bed"


def on(scene: str) -> Plan:
    fields = {"color": "#f3c9cf"} if scene == "paper_tint" else {}
    plan = roomier_for_scene(changed(Plan(), "backdrop", kind="scene", scene=scene, **fields))
    return plan.model_copy(update={"asked": ("backdrop",)})


def thumbnail(shot: Render) -> NDArray[np.float32]:
    small = cv2.resize(shot.picture, (256, 256), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.asarray(lab, np.float32).reshape(-1, 3)


# Photographed from the side and from above, in turn.
@pytest.mark.parametrize(
    ("scene", "name"), list(zip(sorted(scenes()), itertools.cycle([MUG, PHONE]), strict=False))
)
def test_three_candidates_on_a_scene_never_look_alike(name: str, scene: str) -> None:
    product = cut_out(name)
    plans = made_distinct(candidate_plans(on(scene), 3, "bg_replace"), product, None)
    shown = [thumbnail(render_picture(product, plan)) for plan in plans]
    for one, other in itertools.combinations(shown, 2):
        assert float(delta_e_2000(one, other).mean()) >= 4.0


def test_three_candidates_on_white_differ_in_crop_or_shadow() -> None:
    product = cut_out(SOFA)
    plans = candidate_plans(Plan(asked=("backdrop",)), 3, "bg_replace")
    shown = [thumbnail(render_picture(product, plan)) for plan in plans]
    for one, other in itertools.combinations(shown, 2):
        assert float(delta_e_2000(one, other).mean()) >= 3.0


@pytest.mark.parametrize("name", [PHONE, SHIRT])
def test_product_photographed_from_above_lies_flat_in_every_scene(name: str) -> None:
    product = cut_out(name)
    for scene in scenes():
        backdrop = render_picture(product, on(scene)).plan.backdrop
        assert backdrop.view == "above" or backdrop.scene in PLAIN


@pytest.mark.parametrize("name", [MUG, SOFA, SHIRT])
@pytest.mark.parametrize("azimuth_deg", [None, -60.0, 60.0])
def test_tone_and_light_keep_the_colours_of_the_product(name: str, azimuth_deg: float | None) -> None:
    product = cut_out(name)
    for base in (Plan(), on("wood_oak")):
        shot = render_picture(product, changed(base, "light", azimuth_deg=azimuth_deg))
        difference = shot.measures.product_delta_e
        assert difference is not None
        assert difference <= 6.0


@pytest.mark.parametrize("name", ["sneaker_street", "wine_glass_window"])
def test_own_backdrop_in_coloured_light_keeps_the_colours_of_the_product(name: str) -> None:
    wall = np.full((700, 700, 3), (255, 180, 110), np.uint8)
    wall[:, :350] = (160, 90, 40)
    plan = Plan(backdrop=Backdrop(kind="picture", image_id="ast_wall"), asked=("backdrop",))
    difference = render_picture(cut_out(name), plan, Setting(picture=wall)).measures.product_delta_e
    assert difference is not None
    assert difference <= 6.0


def reduced(whole: Product, factor: float, *, cut: bool = False) -> Product:
    """The product on fewer pixels; `cut` takes off its top."""
    photo = cv2.resize(whole.photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    alpha = cv2.resize(whole.matte.alpha, photo.shape[1::-1], interpolation=cv2.INTER_AREA)
    if cut:
        top = int(np.flatnonzero((alpha > 127).any(1))[0]) + 8
        photo, alpha = photo[top:], alpha[top:]
    box = (0, 0, alpha.shape[1], alpha.shape[0])
    return Product(np.asarray(photo, np.uint8), Matte(np.asarray(alpha, np.uint8), box, "truth", 1.0, 0.0))


def seen_apart(one: Render, other: Render) -> float:
    """Mean CIEDE2000 of two thumbnails where either shows something on white paper."""
    first, second = thumbnail(one), thumbnail(other)
    shown = np.minimum(first[:, 0], second[:, 0]) < 98
    return float(delta_e_2000(first, second)[shown].mean())


@pytest.mark.parametrize("name", [MUG, PHONE])
@pytest.mark.parametrize("cut", [False, True])
def test_candidates_on_white_differ_if_the_product_cannot_be_enlarged(name: str, *, cut: bool) -> None:
    small = reduced(cut_out(name), 0.4, cut=cut)
    plans = made_distinct(candidate_plans(Plan(asked=("backdrop",)), 3, "bg_replace"), small, None)
    shown = [render_picture(small, plan) for plan in plans]
    for one, other in itertools.combinations(shown, 2):
        assert seen_apart(one, other) >= 2.0


def tilted(product: Product, degrees: float) -> Product:
    """The product as a camera that was held at an angle sees it."""
    photo, alpha = product.photo, product.matte.alpha
    turn = cv2.getRotationMatrix2D((photo.shape[1] / 2, photo.shape[0] / 2), degrees, 1.0)
    turned = cv2.warpAffine(photo, turn, photo.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
    matte = cv2.warpAffine(alpha, turn, photo.shape[1::-1])
    box = (0, 0, photo.shape[1], photo.shape[0])
    return Product(np.asarray(turned, np.uint8), Matte(np.asarray(matte, np.uint8), box, "truth", 1.0, 0.0))


@pytest.mark.parametrize(("degrees", "asked"), [(0.0, ("backdrop",)), (3.0, ("backdrop", "detail"))])
def test_a_tiny_product_on_white_is_shown_in_close_crops_too(
    degrees: float, asked: tuple[PlanPart, ...]
) -> None:
    whole = tilted(cut_out(MUG), degrees)
    left, top, right, bottom = whole.bounds
    tiny = reduced(whole, 230 / max(right - left, bottom - top))
    plans = made_distinct(candidate_plans(Plan(asked=asked), 3, "bg_replace"), tiny, None)
    shots = [render_picture(tiny, plan) for plan in plans]
    assert [max(shot.picture.shape) >= 1000 for shot in shots] == [True, False, False]
    for shot in shots:
        a, b, _, _, _, _ = shot.plan.product_transform or (9.0,) * 6
        assert float(np.hypot(a, b)) <= 1.31
    for one, other in itertools.combinations(map(thumbnail, shots), 2):
        assert float(delta_e_2000(one, other).mean()) >= 4.0
