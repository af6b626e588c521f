"""Measures of a product against the truth: each sees its own kind of damage and no other."""

import cv2
import numpy as np
import pytest

from stillroom.domain.plans.plan import Plan
from stillroom.evaluation.golden import measurement
from stillroom.evaluation.golden.measurement import Truth
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import Bytes, Picture, cover_of
from stillroom.imaging.scene.product import Product
from tests.unit.imaging.scenes import ball, disc, matte_of_disc

LABEL = (150.0, 185.0, 100.0, 30.0)


def lettered() -> Picture:
    """The ball with lettering on it."""
    photo = ball()
    cv2.putText(photo, "MUG", (158, 212), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (240, 240, 230), 2, cv2.LINE_AA)
    return photo


TRUTH = Truth(lettered(), disc(), LABEL)


def packshot(plan: Plan | None = None) -> tuple[Picture, Bytes, Plan]:
    made = render_picture(Product(lettered(), matte_of_disc()), plan or Plan())
    return made.picture, made.matte, made.plan


def scores(picture: Picture, plan: Plan) -> measurement.ProductScores:
    place = measurement.place_of(plan)
    assert place is not None
    found = measurement.product_scores(picture, TRUTH, plan, place)
    assert found is not None
    return found


def matte_scores(matte: Bytes, plan: Plan) -> measurement.MatteScores:
    place = measurement.place_of(plan)
    assert place is not None
    truth = measurement.true_cover(TRUTH, place, (matte.shape[1], matte.shape[0]))
    return measurement.matte_scores(cover_of(matte), cover_of(truth))


def test_the_true_mask_follows_the_place_of_the_product_in_the_plan() -> None:
    for plan in (
        Plan(),
        Plan().model_copy(update={"framing": Plan().framing.model_copy(update={"fill": 0.5})}),
    ):
        _, matte, done = packshot(plan)
        found = matte_scores(matte, done)
        assert found.iou > 0.985
        assert found.mae < 0.003
        assert found.boundary_f > 0.99


@pytest.mark.parametrize("pixels", [-6, 6])
def test_a_shifted_threshold_shows_in_the_matte_measures(pixels: int) -> None:
    _, matte, plan = packshot()
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(pixels) + 1,) * 2)
    damaged = cv2.dilate(matte, kernel) if pixels > 0 else cv2.erode(matte, kernel)
    before, after = matte_scores(matte, plan), matte_scores(np.asarray(damaged, np.uint8), plan)
    assert after.iou < before.iou - 0.02
    assert after.mae > before.mae + 0.005
    assert after.boundary_f < 0.5


def test_a_product_toned_by_its_plan_counts_as_unchanged() -> None:
    picture, _, plan = packshot()
    found = scores(picture, plan)
    assert found.delta_e < 0.5
    assert found.ssim > 0.97
    assert found.label_ssim is not None
    assert found.label_ssim > 0.95


def test_a_repainted_label_shows_in_the_labels_measure_and_in_the_products_worst_colours() -> None:
    picture, _, plan = packshot()
    place = measurement.place_of(plan)
    assert place is not None
    x0, y0, _ = place @ (LABEL[0], LABEL[1], 1.0)
    x1, y1, _ = place @ (LABEL[0] + LABEL[2], LABEL[1] + LABEL[3], 1.0)
    repainted = picture.copy()
    part = repainted[round(y0) : round(y1), round(x0) : round(x1)]
    part[:] = part[:, ::-1]
    before, after = scores(picture, plan), scores(repainted, plan)
    assert before.label_ssim is not None
    assert after.label_ssim is not None
    assert after.label_ssim < before.label_ssim - 0.2
    assert after.delta_e > before.delta_e + 2.0


def test_a_product_of_another_colour_shows_in_its_colour_and_not_in_its_structure() -> None:
    picture, matte, plan = packshot()
    turned = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    turned[..., 0][matte > 127] = (turned[..., 0][matte > 127] + 12) % 180
    after = scores(np.asarray(cv2.cvtColor(turned, cv2.COLOR_HSV2RGB), np.uint8), plan)
    assert after.delta_e > 4
    assert after.ssim > 0.95


def test_transparent_areas_are_excluded_from_the_fidelity_measure() -> None:
    picture, matte, plan = packshot()
    glass, seen = picture.copy(), matte.copy()
    half = picture.shape[1] // 2
    glass[:, half:] = 200
    seen[:, half:] //= 2
    place = measurement.place_of(plan)
    assert place is not None
    blamed = measurement.product_scores(glass, TRUTH, plan, place)
    excused = measurement.product_scores(glass, TRUTH, plan, place, seen)
    assert blamed is not None
    assert excused is not None
    assert excused.delta_e < 2 < blamed.delta_e


def test_a_photo_scaled_at_intake_is_compared_at_its_new_size() -> None:
    done, photo = cv2.imencode(".png", cv2.cvtColor(lettered(), cv2.COLOR_RGB2BGR))
    assert done
    _, mask = cv2.imencode(".png", disc())
    _, stored = cv2.imencode(".png", np.zeros((200, 200, 3), np.uint8))
    truth = measurement.truth_of(photo.tobytes(), mask.tobytes(), stored.tobytes(), LABEL)
    assert truth.photo.shape == (200, 200, 3)
    assert truth.cover.shape == (200, 200)
    assert truth.label == (75.0, 92.5, 50.0, 15.0)


def test_a_moved_product_shows_as_drift_and_an_unchanged_one_does_not() -> None:
    picture, _, plan = packshot()
    place = measurement.place_of(plan)
    assert place is not None
    other, _, other_plan = packshot(
        plan.model_copy(update={"shadow": plan.shadow.model_copy(update={"kind": "none"})})
    )
    there = measurement.place_of(other_plan)
    assert there is not None
    still = measurement.drift_between(picture, other, TRUTH, (place, there))
    assert still is not None
    assert still < 0.3
    moved = np.roll(picture, 6, axis=1)
    nudged = measurement.drift_between(picture, moved, TRUTH, (place, place))
    assert nudged is not None
    assert nudged > 1.5


def test_a_picture_of_other_proportions_cannot_be_compared() -> None:
    picture, _, plan = packshot()
    place = measurement.place_of(plan)
    assert place is not None
    assert measurement.drift_between(picture, picture[: picture.shape[0] // 2], TRUTH, (place, place)) is None


def test_invalid_picture_is_refused() -> None:
    for read in (measurement.decoded, measurement.decoded_grey):
        with pytest.raises(ValueError, match="picture"):
            read(b"not a picture")
