"""Review: reasons for a person to look at a picture, and its scaled quality."""

from dataclasses import replace

import numpy as np
import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.marks import LEAST_QUALITY
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import Plan
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import matte_from_cover
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.quality.review import reviewed
from stillroom.imaging.scene.product import Product
from tests.unit.imaging.scenes import disc, orange_ball

BALL = orange_ball(side=300, radius=100)


def with_matte(**facts: object) -> Product:
    return Product(BALL.photo, replace(BALL.matte, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "doubt"),
    [
        ({"agreement": 0.9}, "looks_differ"),
        ({"undecided": 0.12}, "soft"),
        ({"edge_share": 0.12}, "soft"),
        ({"leaves_crop": True}, "leaves_crop"),
        ({"model": "grabcut"}, "no_network"),
        ({"alpha": np.zeros((10, 10), np.uint8)}, "not_found"),
    ],
)
def test_doubtful_cut_out_needs_a_review_with_a_reason(facts: dict[str, object], doubt: str) -> None:
    product = with_matte(**facts)
    measures = reviewed(Measures(quality=0.99, edge_confidence=product.matte.confidence), product).to_json()
    assert measures["matte_doubts"] == [doubt]
    assert measures["needs_review"] is True
    assert measures["quality"] < LEAST_QUALITY
    assert measures["edge_confidence"] < 0.9


def test_cut_out_without_doubts_keeps_its_quality() -> None:
    shot = render_picture(BALL, understand("白底", Plan()).plan)
    measures = reviewed(shot.measures, BALL).to_json()
    assert (measures["needs_review"], measures["matte_doubts"], measures["cut_sides"]) == (False, [], [])
    assert measures["quality"] == shot.measures.to_json()["quality"] > LEAST_QUALITY


def test_cropped_product_needs_a_review_even_with_a_confident_outline() -> None:
    whole = BALL.matte
    x0, y0, x1, _ = whole.box
    cut = Product(BALL.photo[: y0 + 180], replace(whole, alpha=whole.alpha[:180], box=(x0, y0, x1, y0 + 180)))
    measures = reviewed(Measures(quality=0.98), cut).to_json()
    assert (measures["needs_review"], measures["matte_doubts"]) == (True, [])
    assert measures["cut_sides"] == ["bottom"]
    assert measures["quality"] < LEAST_QUALITY


def test_candidates_that_need_a_review_keep_their_order() -> None:
    product = with_matte(agreement=0.8)
    rated = (reviewed(Measures(quality=quality), product) for quality in (0.97, 0.9))
    better, worse = (measures.to_json()["quality"] for measures in rated)
    assert better > worse


def test_corrected_cut_out_is_doubted_as_far_as_its_confidence_says() -> None:
    soft = np.minimum(disc(300, 100), np.uint8(200))
    settled, doubtful = (matte_from_cover(soft, "isnet-1024", confidence) for confidence in (0.9, 0.4))
    assert settled.edge_share > 0.1
    assert (settled.doubts, settled.confidence) == ((), 0.9)
    assert not reviewed(Measures(), Product(BALL.photo, settled)).needs_review
    assert (doubtful.doubts, doubtful.confidence) == (("soft",), 0.4)
    assert reviewed(Measures(), Product(BALL.photo, doubtful)).needs_review


def test_picture_without_a_quality_score_is_marked() -> None:
    assert reviewed(Measures(verified=True), with_matte(agreement=0.5)).to_json() == {
        "verified": True,
        "cut_sides": [],
        "matte_doubts": ["looks_differ"],
        "needs_review": True,
    }


def test_a_doubtful_matte_survives_being_set_upright() -> None:
    product = with_matte(agreement=0.8, undecided=0.2, leaves_crop=True)
    assert isinstance(product.upright.matte, Matte)
    assert product.upright.matte.doubts == product.matte.doubts
