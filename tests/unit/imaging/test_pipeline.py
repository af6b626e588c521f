"""Recipes of the pipeline, rendered with a drawn ball."""

from functools import cache

import cv2
import numpy as np
import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import CarriedOutPlan, Plan, changed, starting_plan
from stillroom.imaging import steps
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import RECIPES, Render, Setting, render_picture, render_preview
from stillroom.imaging.scene.product import Product
from stillroom.imaging.steps import RenderState
from tests.unit.imaging.scenes import Pixels, orange_ball


@pytest.fixture(scope="module")
def product() -> Product:
    return orange_ball(side=900, radius=330)


def said(product: Product, words: str, base: Plan | None = None) -> Render:
    return render_picture(product, understand(words, base or Plan()).plan)


def test_a_white_packshot_is_white_to_the_rim_and_has_a_shadow_under_the_product(product: Product) -> None:
    packshot = render_picture(product, starting_plan("optimize"))
    picture = packshot.picture
    assert picture.shape == (packshot.matte.shape[0], packshot.matte.shape[1], 3)
    assert int(np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]).min()) == 255
    x, y, width, height = packshot.measures.subject_box or (0, 0, 0, 0)
    under = picture[y + height : y + height + 12, x + width // 2]
    assert int(under.min()) < 225


def test_without_a_shadow_everything_beside_the_product_is_white(product: Product) -> None:
    packshot = said(product, "白底，不要阴影")
    assert int(packshot.picture[packshot.matte == 0].min()) == 255


def test_a_transparent_picture_has_alpha_and_no_shadow_unless_it_is_asked_for(product: Product) -> None:
    plain, shadowed = said(product, "透明背景"), said(product, "透明背景，加阴影")
    assert plain.picture.shape[2] == 4
    assert np.array_equal(plain.picture[..., 3], plain.matte)
    assert int((shadowed.picture[..., 3] > shadowed.matte).sum()) > 1000


def test_transparent_picture_on_white_equals_one_rendered_on_white(product: Product) -> None:
    shadowed, white = said(product, "透明背景，加阴影"), said(product, "白底，加阴影")
    cover = shadowed.picture[..., 3:].astype(np.float32) / 255
    laid = np.rint(shadowed.picture[..., :3] * cover + 255 * (1 - cover)).astype(int)
    # In the soft edge itself the one mixes in sRGB, and the other in linear light.
    plain = (shadowed.matte == 0) | (shadowed.matte == 255)
    assert np.array_equal(shadowed.matte, white.matte)
    assert int(white.picture[shadowed.matte == 0].min()) < 200
    assert int(np.abs(laid - white.picture)[plain].max()) <= 3


def test_a_kept_scene_is_the_photo_and_never_enlarged_beyond_the_limit(product: Product) -> None:
    packshot = said(product, "保留背景")
    assert packshot.picture.shape[2] == 3
    assert max(packshot.picture.shape) <= 1.3 * 900
    assert packshot.measures.to_json()["white_share"] == 0.0


def test_colour_wish_changes_the_paper_and_not_the_product(product: Product) -> None:
    packshot, white = said(product, "浅蓝色背景"), said(product, "白底")
    corner = packshot.picture[3, 3]
    assert corner[2] > corner[0] + 10
    solid = packshot.matte == 255
    assert np.array_equal(packshot.picture[solid], white.picture[solid])


@pytest.mark.parametrize("kind", sorted(RECIPES))
def test_the_same_plan_gives_the_same_picture(product: Product, kind: str) -> None:
    plan = changed(Plan(), "backdrop", kind=kind)
    one, other = (render_picture(product, plan, Setting(picture=product.photo)) for _ in range(2))
    assert np.array_equal(one.picture, other.picture)
    assert one.plan == other.plan


@pytest.mark.parametrize("kind", sorted(RECIPES))
def test_a_picture_without_a_product_is_ranked_last(product: Product, kind: str) -> None:
    nothing = Matte(np.zeros((900, 900), np.uint8), (0, 0, 900, 900), "drawn", 1.0, 0.0)
    plan, setting = changed(Plan(), "backdrop", kind=kind), Setting(picture=product.photo)
    packshot = render_picture(Product(product.photo, nothing), plan, setting)
    assert (packshot.measures.edge_confidence, packshot.measures.quality) == (
        0.0,
        0.0,
    )


@pytest.mark.parametrize("words", ["暖一点", "光从左边来", "阴影深一点", "深灰背景", "锐化"])
def test_unrelated_wish_keeps_the_position_of_the_product(product: Product, words: str) -> None:
    first = render_picture(product, starting_plan("bg_replace"))
    second = said(product, words, first.plan)
    assert second.plan.product_transform == first.plan.product_transform
    assert np.array_equal(second.matte, first.matte)


def test_unrelated_wish_keeps_the_position_of_a_small_product() -> None:
    product = orange_ball(side=400, radius=100)
    first = render_picture(product, starting_plan("bg_replace"))
    assert first.plan.framing.fill < 0.3
    second = said(product, "暖一点", first.plan)
    assert second.plan.product_transform == first.plan.product_transform


@pytest.mark.parametrize("radius", [2, 12, 60])
def test_a_product_of_few_pixels_has_a_plan_that_can_be_read_again(radius: int) -> None:
    made = render_picture(orange_ball(side=300, radius=radius), starting_plan("bg_replace"))
    assert CarriedOutPlan.model_validate(made.plan.model_dump()) == made.plan
    assert made.plan.framing.fill < 0.2


def test_refined_matte_keeps_the_position_of_the_product(product: Product) -> None:
    first = render_picture(product, starting_plan("bg_replace"))
    x0, y0, x1, y1 = product.matte.box
    wider = Matte(np.pad(product.matte.alpha, 30), (x0 - 30, y0 - 30, x1 + 30, y1 + 30), "drawn", 1.0, 0.02)
    second = said(Product(product.photo, wider), "暖一点", first.plan)
    assert second.measures.subject_box == pytest.approx(first.measures.subject_box, abs=1)


def part_of(photo: Pixels, x0: int, y0: int, x1: int, y1: int) -> Product:
    """A block of the photo as the product."""
    alpha = np.pad(np.full((y1 - y0, x1 - x0), 255, np.uint8), 20)
    return Product(photo, Matte(alpha, (x0 - 20, y0 - 20, x1 + 20, y1 + 20), "drawn", 1.0, 0.02))


@pytest.mark.parametrize("kind", ["white", "scene", "picture", "transparent"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((100, 200, 500, 800), (1240, 440, 1360, 560)),
        ((1240, 440, 1360, 560), (100, 200, 500, 800)),
        ((100, 200, 500, 800), (100, 200, 1300, 800)),
    ],
    ids=["beside", "far away", "much wider"],
)
def test_correction_that_would_leave_a_refined_picture_is_placed_anew(
    kind: str, before: tuple[int, int, int, int], after: tuple[int, int, int, int]
) -> None:
    photo = np.full((1000, 1600, 3), 180, np.uint8)
    setting = Setting(picture=photo)
    plan = changed(starting_plan("bg_replace"), "backdrop", kind=kind)
    first = render_picture(part_of(photo, *before), plan, setting)
    again = render_picture(part_of(photo, *after), changed(first.plan, "tone", mired=25.0), setting)
    rim = np.concatenate([again.matte[[0, -1]].ravel(), again.matte[:, [0, -1]].ravel()])
    assert not rim.any()
    _, _, width, height = again.measures.subject_box or (0, 0, 0, 0)
    assert width / height == pytest.approx((after[2] - after[0]) / (after[3] - after[1]), abs=0.02)


def test_larger_enlarges_the_product_on_the_same_canvas(product: Product) -> None:
    first = render_picture(product, starting_plan("bg_replace"))
    second = said(product, "larger", first.plan)
    assert second.picture.shape == first.picture.shape
    ratio = second.measures.to_json()["subject_box"][2] / first.measures.to_json()["subject_box"][2]
    assert ratio == pytest.approx(1.12, abs=0.01)


def test_transform_maps_the_photo_to_the_picture(product: Product) -> None:
    packshot = render_picture(product, starting_plan("bg_replace"))
    assert packshot.plan.product_transform is not None
    a, b, c, d, e, f = packshot.plan.product_transform
    x, y, width, height = packshot.measures.subject_box or (0, 0, 0, 0)
    assert a * 450 + b * 450 + c == pytest.approx(x + width / 2, abs=1.5)
    assert d * 450 + e * 450 + f == pytest.approx(y + height / 2, abs=1.5)


def test_only_requested_properties_change_over_five_turns(product: Product) -> None:
    plan = render_picture(product, starting_plan("bg_replace")).plan
    start = render_picture(product, plan)
    for words in ("暖一点", "阴影淡一点", "冷一点", "浅灰色背景", "白底"):
        plan = said(product, words, plan).plan
    end = render_picture(product, plan)
    assert end.plan.product_transform == start.plan.product_transform
    solid = start.matte == 255
    assert np.array_equal(end.picture[solid], start.picture[solid])


def test_light_from_the_left_brightens_the_left_of_a_ball_lit_from_the_right() -> None:
    product = orange_ball(side=600, radius=200, light=(0.7, 0.3, 0.6))
    plain = render_picture(product, Plan())
    moved = said(product, "光从左边来")
    x, y, width, height = plain.measures.subject_box or (0, 0, 0, 0)
    row = slice(y + height // 3, y + 2 * height // 3)

    def sides(packshot: Render) -> float:
        left = packshot.picture[row, x + width // 6 : x + width // 3].mean()
        return float(left - packshot.picture[row, x + 2 * width // 3 : x + 5 * width // 6].mean())

    assert sides(moved) > sides(plain) + 5


def test_warmer_makes_the_product_redder_against_blue(product: Product) -> None:
    plain, warm = render_picture(product, Plan()), said(product, "much warmer")
    solid = plain.matte > 250
    ratio = [shot.picture[solid][:, 0].mean() / shot.picture[solid][:, 2].mean() for shot in (plain, warm)]
    assert ratio[1] > ratio[0] * 1.03


def test_the_context_holds_light_place_and_tone(product: Product) -> None:
    context = product.context
    assert context.perspective.center == pytest.approx((0.5, 0.5), abs=0.01)
    assert context.perspective.scale == pytest.approx(660 / 900, abs=0.01)
    assert context.lighting.azimuth_deg is not None
    assert context.lighting.azimuth_deg < 0
    assert context.color_tone.exposure_ev is not None


def test_every_measurement_has_a_confidence(product: Product) -> None:
    flat = Product(np.full_like(product.photo, 150), product.matte)
    for one in (product, flat):
        for part in (one.context.lighting, one.context.perspective, one.context.color_tone):
            figures = part.model_dump(exclude={"confidence"})
            assert set(part.confidence) == set(figures)
            assert None not in figures.values()
    lighting = flat.context.lighting
    assert lighting.azimuth_deg is not None
    assert lighting.sure("azimuth_deg") is None, "nothing shows where its light comes from"


def test_only_a_levelling_wish_changes_the_levelling(product: Product) -> None:
    first = render_picture(product, starting_plan("optimize")).plan
    assert understand("锐利一点", first).plan.product_transform == first.product_transform
    assert understand("拉直", first).plan.product_transform is None


@cache
def large_ball() -> Product:
    return orange_ball(side=1400, radius=560)


@pytest.mark.parametrize("kind", sorted(RECIPES))
def test_preview_matches_the_final_picture(kind: str) -> None:
    ball = large_ball()
    setting = Setting(None, np.full((900, 900, 3), 180, np.uint8))
    plan = changed(changed(Plan(), "backdrop", kind=kind), "framing", x=0.45, aspect="4:5", fill=0.6)
    picture = render_picture(ball, plan, setting).picture
    shown = render_preview(ball.proxy, plan, 512, setting)
    assert max(shown.shape[:2]) == 512 < max(picture.shape[:2])
    small = cv2.resize(picture, shown.shape[1::-1], interpolation=cv2.INTER_AREA)
    lab = [cv2.cvtColor(each[..., :3].astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for each in (small, shown)]
    apart = np.linalg.norm(lab[0] - lab[1], axis=-1)
    assert float(apart.mean()) < 1.0
    assert float(np.percentile(apart, 95)) < 3.0


@pytest.mark.parametrize("kind", ["white", "gradient", "scene", "picture"])
def test_preview_without_the_product_shows_nothing_of_it(kind: str) -> None:
    ball, disc = orange_ball(side=1000, radius=400).proxy, orange_ball(side=1000, radius=300).proxy
    setting = Setting(None, np.full((900, 900, 3), 180, np.uint8))
    plan = changed(changed(Plan(), "backdrop", kind=kind), "framing", x=0.45, y=0.5, fill=0.6)
    shown = render_preview(ball, plan, 512, setting).astype(int)
    empty, other = (
        render_preview(one, plan, 512, setting, with_product=False).astype(int) for one in (ball, disc)
    )
    assert np.abs(shown - empty).max(2)[256, 230] > 40, "the product was there"
    assert np.abs(empty - other).mean() < 1, "another product leaves the same surroundings"
    assert (empty[..., 0] - empty[..., 2]).max() < (shown[..., 0] - shown[..., 2]).max() / 2, "nothing orange"


@pytest.mark.parametrize("aspect", ["1:1", "3:4", "4:5", "2:3", "16:9", "9:16", "4:3"])
def test_the_picture_has_the_wanted_ratio_and_holds_the_whole_product(product: Product, aspect: str) -> None:
    packshot = render_picture(product, changed(Plan(), "framing", aspect=aspect))
    height, width = packshot.matte.shape
    across, down = map(int, aspect.split(":"))
    assert width * down == height * across
    assert packshot.plan.framing.canvas == (width, height)
    rim = np.concatenate([packshot.matte[[0, -1]].ravel(), packshot.matte[:, [0, -1]].ravel()])
    assert not rim.any()


def test_a_picture_in_the_ratio_of_the_photo_has_it() -> None:
    photo = np.full((600, 900, 3), 200, np.uint8)
    alpha = np.zeros((300, 300), np.uint8)
    alpha[20:280, 60:240] = 255
    wide = Product(photo, Matte(alpha, (300, 150, 600, 450), "made", None, 0.0))
    height, width = render_picture(wide, changed(Plan(), "framing", aspect="photo")).matte.shape
    assert width / height == pytest.approx(1.5, abs=0.01)


def test_a_product_rotated_by_hand_turns_about_its_centre_stays_whole_and_is_no_drift(
    product: Product,
) -> None:
    upright = render_picture(product, changed(Plan(), "framing", fill=0.6))
    plan = changed(upright.plan, "framing", rotation_deg=20.0).model_copy(update={"asked": ("framing",)})
    turned = render_picture(product, plan)
    assert turned.plan.framing.rotation_deg == 20.0
    assert turned.matte.shape == upright.matte.shape
    a, b, _, d, e, _ = turned.plan.product_transform or (0.0,) * 6
    assert np.degrees(np.arctan2(d, a)) == pytest.approx(20.0, abs=0.01)
    assert np.hypot(a, d) == pytest.approx(np.hypot(b, e), rel=0.01)
    assert int((turned.matte > 127).sum()) == pytest.approx(int((upright.matte > 127).sum()), rel=0.01)
    assert (turned.measures.perspective_deg or 0.0) < 0.5
    assert (turned.measures.protected_delta_e or 0.0) < 1.5
    again = render_picture(product, changed(turned.plan, "shadow", strength=0.5))
    assert again.plan.product_transform == pytest.approx(turned.plan.product_transform, abs=1e-3)
    assert np.array_equal(again.matte, turned.matte)


def test_in_the_photos_own_scene_nothing_is_rotated(product: Product) -> None:
    plan = changed(changed(Plan(), "backdrop", kind="keep"), "framing", rotation_deg=10.0)
    assert render_picture(product, plan).plan.framing.rotation_deg == 0.0


def test_a_product_grows_beyond_its_pixels_on_a_smaller_canvas_only(product: Product) -> None:
    first = render_picture(product, Plan())
    most = render_picture(product, changed(first.plan, "framing", fill=0.95))
    a, _, _, d, _, _ = most.plan.product_transform or (9.0,) * 6
    assert np.hypot(a, d) <= 1.301


def test_a_step_that_runs_before_the_one_it_needs_fails(product: Product) -> None:
    with pytest.raises(AttributeError, match="placement"):
        steps.paint_backdrop(RenderState(product, Plan()))
