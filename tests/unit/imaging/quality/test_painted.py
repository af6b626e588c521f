"""Edits of a picture whose backdrop a model painted."""

import numpy as np
import pytest

from stillroom.domain.plans.plan import CarriedOutPlan, changed
from stillroom.imaging.quality.painted import continued
from tests.unit.imaging.scenes import orange_ball

PRODUCT = orange_ball(side=400, radius=120)
BEFORE = CarriedOutPlan(product_transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0))


@pytest.mark.parametrize(("aspect", "ratio"), [("3:4", 3 / 4), ("4:3", 4 / 3), ("9:16", 1.0)])
def test_another_ratio_crops_the_picture_unless_it_would_cut_the_product(aspect: str, ratio: float) -> None:
    plan = changed(BEFORE.as_start(), "framing", aspect=aspect).model_copy(update={"asked": ("framing",)})
    done = continued(PRODUCT, np.full((800, 800, 3), 90, np.uint8), BEFORE, plan)
    height, width = done.picture.shape[:2]
    assert width / height == pytest.approx(ratio, abs=0.01)
    assert done.matte is not None
    assert not any(
        (edge > 127).any() for edge in (done.matte[0], done.matte[-1], done.matte[:, 0], done.matte[:, -1])
    )
