"""What the local provider says of a cut-out."""

import numpy as np

from stillroom.domain.generation import Remark
from stillroom.imaging.matting import Matte
from stillroom.imaging.product import Product
from stillroom.providers.adapters.cut_out_remarks import remark_on
from tests.unit.imaging.scenes import orange_ball


def remarks_on(product: Product) -> dict[str, Remark]:
    said: list[object] = []
    remark_on(product, said.append)
    return {remark.code: remark for remark in said if isinstance(remark, Remark)}


def test_whoever_gets_an_empty_cut_out_is_asked_to_look_at_the_outline() -> None:
    found = orange_ball(side=300, radius=100)
    assert "EDGE_CONFIDENCE_LOW" not in remarks_on(found)
    nothing = Matte(np.zeros((300, 300), np.uint8), (0, 0, 300, 300), "isnet-1024", 1.0, 0.0)
    remark = remarks_on(Product(found.photo, nothing))["EDGE_CONFIDENCE_LOW"]
    assert remark.level == "warning"
    assert remark.params == {"edge_confidence": 0.0}
