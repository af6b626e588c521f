"""Measures of what lies around the product: each sees its own kind of damage."""

import cv2
import numpy as np

from stillroom.domain.plans.plan import Backdrop, Plan, Shadow
from stillroom.evaluation.golden import backdrop_measures, measurement
from stillroom.evaluation.golden.measurement import Truth
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import Bytes, Picture, blur
from tests.unit.imaging.scenes import ball, disc, orange_ball

TRUTH = Truth(ball(), disc())


def packshot(plan: Plan) -> tuple[Picture, Bytes, Picture]:
    """A picture, the true cover in it, and the photo in the same place."""
    made = render_picture(orange_ball(), plan)
    place = measurement.place_of(made.plan)
    assert place is not None
    size = (made.picture.shape[1], made.picture.shape[0])
    cover = measurement.true_cover(TRUTH, place, size)
    return made.picture, cover, measurement.planned_product(TRUTH, made.plan, place, size)


def edges(picture: Picture, reference: Picture, cover: Bytes) -> backdrop_measures.EdgeScores:
    found = backdrop_measures.edge_scores(picture, reference, cover)
    assert found is not None
    return found


def test_a_shadow_that_was_switched_off_is_missed() -> None:
    with_shadow, cover, _ = packshot(Plan())
    without, bare_cover, _ = packshot(Plan(shadow=Shadow(kind="none")))
    assert backdrop_measures.shadow_depth(with_shadow, cover) > 5
    assert abs(backdrop_measures.shadow_depth(without, bare_cover)) < 0.5


def test_a_picture_without_a_product_has_no_shadow() -> None:
    white = np.full((200, 200, 3), 255, np.uint8)
    assert backdrop_measures.shadow_depth(white, np.zeros((200, 200), np.uint8)) == 0.0


def test_a_rim_of_old_background_is_a_halo() -> None:
    picture, cover, reference = packshot(Plan(shadow=Shadow(kind="none")))
    clean = edges(picture, reference, cover)
    wide = np.asarray(cv2.dilate(cover, np.ones((7, 7), np.uint8)), np.float32)[..., None] / 255
    share = np.clip(wide - cover[..., None] / 255, 0, 1)
    rimmed = np.rint(picture * (1 - share) + 150 * share).astype(np.uint8)
    damaged = edges(rimmed, reference, cover)
    assert clean.halo < 2
    assert damaged.halo > clean.halo + 5


def test_a_shadow_all_around_is_no_halo_and_hides_none() -> None:
    picture, cover, reference = packshot(Plan(shadow=Shadow(kind="none")))
    shade = 1 - 0.6 * blur(np.asarray(cover / 255, np.float32), 4.0)[..., None] * (cover[..., None] < 1)
    shaded = np.rint(picture * shade).astype(np.uint8)
    wide = np.asarray(cv2.dilate(cover, np.ones((7, 7), np.uint8)), np.float32)[..., None] / 255
    share = np.clip(wide - cover[..., None] / 255, 0, 1)
    rimmed = np.rint(shaded * (1 - share) + 110 * share).astype(np.uint8)
    assert edges(shaded, reference, cover).halo < 2
    assert edges(rimmed, reference, cover).halo > 5


def test_sharpening_past_measure_is_ringing() -> None:
    picture, cover, reference = packshot(
        Plan(backdrop=Backdrop(kind="color", color="#c0c0c0"), shadow=Shadow(kind="none"))
    )
    clean = edges(picture, reference, cover)
    soft = blur(picture.astype(np.float32), 2.5)
    sharpened = np.clip(np.rint(picture + 2.0 * (picture - soft)), 0, 255).astype(np.uint8)
    assert clean.ringing < 1
    assert edges(sharpened, reference, cover).ringing > clean.ringing + 1.5


def test_too_little_of_an_outline_is_not_judged() -> None:
    picture = np.full((200, 200, 3), 255, np.uint8)
    assert backdrop_measures.edge_scores(picture, picture, np.zeros((200, 200), np.uint8)) is None


def test_a_white_ground_is_exactly_white_and_plain() -> None:
    ground = backdrop_measures.ground_of(packshot(Plan(shadow=Shadow(kind="none")))[0])
    assert ground.white_share == 1.0
    assert ground.spread == 0.0


def test_a_ground_that_is_only_nearly_white_is_not_white() -> None:
    picture = np.full((200, 200, 3), 254, np.uint8)
    assert backdrop_measures.ground_of(picture).white_share == 0.0


def test_scene_is_distinguished_from_a_plain_ground_by_its_spread() -> None:
    rng = np.random.default_rng(1)
    place = np.asarray(cv2.resize(rng.integers(40, 220, (8, 8, 3), np.uint8), (400, 400)), np.uint8)
    assert backdrop_measures.ground_of(place).spread > 8
    lit = packshot(Plan(backdrop=Backdrop(kind="gradient", color="#fafafa", edge_color="#d9dadc")))[0]
    assert backdrop_measures.ground_of(lit).spread < 6
