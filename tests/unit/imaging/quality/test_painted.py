"""Edits of a picture whose backdrop a model painted."""

import numpy as np
import pytest

from stillroom.domain.plans.plan import CarriedOutPlan, changed
from stillroom.imaging.quality.painted import continued
from stillroom.providers.cutouts.notices import background_notices, fixed_place_notices
from tests.unit.imaging.scenes import orange_ball

PRODUCT = orange_ball(side=400, radius=120)
BEFORE = CarriedOutPlan(product_transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0))


@pytest.mark.parametrize(("aspect", "ratio"), [("3:4", 3 / 4), ("4:3", 4 / 3), ("9:16", 1.0)])
def test_another_ratio_crops_the_picture_unless_it_would_cut_the_product(aspect: str, ratio: float) -> None:
    plan = changed(BEFORE.as_start(), "framing", aspect=aspect).model_copy(update={"asked": ("framing",)})
    done = continued(PRODUCT, np.full((800, 800, 3), 90, np.uint8), BEFORE, plan)
    height, width = done.picture.shape[:2]
    assert width / height == pytest.approx(ratio, abs=0.01)
    assert done.plan.framing.aspect == (aspect if ratio != 1.0 else "1:1")
    assert done.matte is not None
    assert not any(
        (edge > 127).any() for edge in (done.matte[0], done.matte[-1], done.matte[:, 0], done.matte[:, -1])
    )


def test_product_that_is_moved_to_an_edge_of_a_generated_picture_is_not_cut() -> None:
    sought = {"x": 0.1, "y": 0.9, "fill": 0.9}
    plan = changed(BEFORE.as_start(), "framing", **sought).model_copy(update={"asked": ("framing",)})
    done = continued(PRODUCT, np.full((800, 800, 3), 90, np.uint8), BEFORE, plan)
    assert done.matte is not None
    assert not any(
        (edge > 127).any() for edge in (done.matte[0], done.matte[-1], done.matte[:, 0], done.matte[:, -1])
    )
    shown = done.picture.shape[1], done.picture.shape[0]
    told = [
        notice.code for notice in fixed_place_notices(PRODUCT, plan.framing, done.plan, shown, BEFORE.framing)
    ]
    assert told == ["PLACE_NEEDS_BACKGROUND"]


@pytest.mark.parametrize("aspect", ["1:1", "4:5"])
def test_product_that_a_model_painted_large_is_not_cut_when_it_is_enlarged(aspect: str) -> None:
    before = BEFORE.model_copy(update={"product_transform": (2.9, 0.0, -180.0, 0.0, 2.9, -180.0)})
    plan = changed(before.as_start(), "framing", fill=0.9, aspect=aspect).model_copy(
        update={"asked": ("framing",)}
    )
    done = continued(PRODUCT, np.full((800, 800, 3), 90, np.uint8), before, plan)
    assert done.matte is not None
    assert not any(
        (edge > 127).any() for edge in (done.matte[0], done.matte[-1], done.matte[:, 0], done.matte[:, -1])
    )
    assert 0.9 < (done.matte.max(0) > 127).mean() < 1.0


def test_product_in_a_generated_picture_is_not_rotated_and_a_notice_says_so() -> None:
    plan = changed(BEFORE.as_start(), "framing", rotation_deg=12.0).model_copy(update={"asked": ("framing",)})
    done = continued(PRODUCT, np.full((800, 800, 3), 90, np.uint8), BEFORE, plan)
    assert done.plan.framing.rotation_deg == 0.0
    told = [notice.code for notice in background_notices(PRODUCT, plan.framing, done.plan, (800, 800))]
    assert told == ["ROTATION_NEEDS_BACKGROUND"]
    narrow = changed(plan, "framing", rotation_deg=0.0, aspect="9:16")
    told = [notice.code for notice in background_notices(PRODUCT, narrow.framing, done.plan, (800, 800))]
    assert told == ["RATIO_NEEDS_BACKGROUND"]


@pytest.mark.parametrize("shift", [-640.0, 700.0, 5000.0])
def test_other_product_beside_a_generated_picture_leaves_it_unverified(shift: float) -> None:
    before = BEFORE.model_copy(update={"product_transform": (2.0, 0.0, shift, 0.0, 2.0, 0.0)})
    picture = np.full((800, 800, 3), 90, np.uint8)
    done = continued(PRODUCT, picture, before, changed(before.as_start(), "shadow", strength=0.5))
    assert (done.matte, done.plan.product_transform, done.measures.verified) == (None, None, False)
    assert (done.picture == picture).all()
