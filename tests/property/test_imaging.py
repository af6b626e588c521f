"""Properties of imaging that hold for every picture and every plan."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.plans.plan import Backdrop, CarriedOutPlan, Framing, Plan, Shadow
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.light.color import adaptation
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import to_linear, to_srgb
from stillroom.imaging.resizing import size_within
from stillroom.imaging.scene.backdrops import finished, plate_of
from stillroom.imaging.scene.composite import composite_over
from stillroom.imaging.scene.framing import placed, shown_size, window_of
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.shadows.soft import density_of
from tests.property.plans import BACKDROP, FRAMING, PLAN, SHADOW, SHARE
from tests.unit.imaging.scenes import orange_ball

PRODUCT: Product = orange_ball(side=300, radius=90)


@given(PLAN)
@settings(max_examples=25, deadline=None)
def test_every_plan_makes_a_picture_with_its_matte_and_says_where_the_product_is(plan: Plan) -> None:
    packshot = render_picture(PRODUCT, plan)
    assert packshot.picture.shape[:2] == packshot.matte.shape
    assert packshot.picture.dtype == np.uint8
    assert packshot.picture.shape[2] == (4 if plan.backdrop.kind == "transparent" else 3)
    assert packshot.plan.product_transform is not None
    stored = packshot.plan.model_dump()
    assert CarriedOutPlan.model_validate(stored) == packshot.plan, "it is kept, and read again"
    # The share of a product that fills less than 2 % of the frame rounds to 0.
    assert packshot.measures.to_json()["coverage"] > 0 or plan.framing.fill < 0.02
    assert max(packshot.picture.shape) <= 4096


def filled(width: int, height: int, margins: tuple[int, int, int, int], kept: int) -> Product:
    """A product that fills a photo up to four margins, from the left clockwise; `kept` is its mask's side."""
    left, top, right, bottom = margins
    x0, y0 = min(left, width - 1), min(top, height - 1)
    box = (x0, y0, max(x0 + 1, width - right), max(y0 + 1, height - bottom))
    photo = np.full((height, width, 3), 200, np.uint8)
    photo[box[1] : box[3], box[0] : box[2]] = (150, 60, 40)
    alpha = np.full(size_within((box[3] - box[1], box[2] - box[0]), kept)[::-1], 255, np.uint8)
    return Product(photo, Matte(alpha, box, "drawn", 1.0, 0.0))


MARGIN = st.sampled_from([0, 0, 1, 40])


@given(
    st.integers(100, 1000),
    st.integers(100, 1000),
    st.tuples(MARGIN, MARGIN, MARGIN, MARGIN),
    st.integers(20, 1000),
    PLAN,
)
@settings(max_examples=25, deadline=None)
def test_a_photo_of_any_size_is_measured_and_rendered_wherever_the_product_ends(
    width: int, height: int, margins: tuple[int, int, int, int], kept: int, plan: Plan
) -> None:
    product = filled(width, height, margins, kept)
    product.measure()
    assert product.context.perspective.scale is not None
    assert render_picture(product, plan).picture.size


@pytest.mark.parametrize(("width", "height"), [(575, 709), (307, 328)])
def test_a_product_that_ends_at_the_foot_of_a_tall_photo_is_measured(width: int, height: int) -> None:
    """The side in proportion is rounded, so that the other side's scale reaches beyond it."""
    filled(width, height, (40, 40, 40, 0), 1000).measure()


@given(st.binary(min_size=48, max_size=48))
def test_bytes_survive_linear_light(data: bytes) -> None:
    picture = np.frombuffer(data, np.uint8).reshape(4, 4, 3)
    assert np.array_equal(to_srgb(to_linear(picture)), picture)


@given(st.binary(min_size=48, max_size=48), st.binary(min_size=48, max_size=48), SHARE)
def test_a_composite_lies_between_its_parts(front: bytes, back: bytes, share: float) -> None:
    above, below = (np.frombuffer(data, np.uint8).reshape(4, 4, 3) for data in (front, back))
    canvas = below.copy()
    composite_over(canvas, to_linear(above), np.full((4, 4), share, np.float32), 0, 0)
    low, high = np.minimum(above, below).astype(int) - 1, np.maximum(above, below).astype(int) + 1
    assert np.all((canvas >= low) & (canvas <= high))


@given(st.floats(-60, 60))
def test_warming_and_cooling_by_the_same_amount_cancel(mired: float) -> None:
    there_and_back = adaptation(-mired) @ adaptation(mired)
    assert np.abs(there_and_back - np.eye(3)).max() < 0.12


@given(SHADOW, st.floats(-90, 90), st.floats(5, 85), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_shadow_never_lightens_and_never_reaches_the_sides(
    shadow: Shadow, azimuth: float, elevation: float, on_white: bool
) -> None:
    alpha = np.zeros((128, 128), np.float32)
    alpha[40:100, 44:84] = 1
    density = density_of(alpha, shadow, azimuth, elevation, on_white=on_white)
    assert float(density.min()) >= 0.0
    assert float(density.max()) < 1.0
    assert not density[:, 0].any()
    assert not density[:, -1].any()
    assert not density[-1].any()


@given(BACKDROP.filter(lambda backdrop: backdrop.kind in ("white", "color", "gradient")))
@settings(max_examples=40, deadline=None)
def test_a_backdrop_stays_between_its_colours(backdrop: Backdrop) -> None:
    picture = finished(plate_of(backdrop, (32, 32)), np.zeros((32, 32), np.float32), (128, 128))
    colors = [backdrop.color, backdrop.edge_color] if backdrop.kind == "gradient" else [backdrop.color]
    values = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors])
    if backdrop.kind == "white":
        values = np.full((1, 3), 255)
    assert np.all(picture >= values.min(0) - 1)
    assert np.all(picture <= values.max(0) + 1)


@given(FRAMING, st.tuples(st.integers(20, 5000), st.integers(20, 5000)))
def test_a_placed_product_lies_inside_its_canvas(framing: Framing, size: tuple[int, int]) -> None:
    whole = (0.0, 0.0, 1.0, 1.0)
    place = placed(framing, whole, (0, 0, *size), rotated=whole if framing.rotation_deg else None)
    assert 1000 <= max(place.canvas) <= 4096
    assert place.x >= -1
    assert place.y >= -1
    assert place.x + place.outer[0] <= place.canvas[0] + 1
    assert place.y + place.outer[1] <= place.canvas[1] + 1


@given(
    FRAMING,
    st.tuples(st.integers(300, 5000), st.integers(300, 5000)),
    st.tuples(SHARE, SHARE, SHARE, SHARE),
)
def test_a_window_lies_inside_the_photo_and_is_shown_within_the_limits(
    framing: Framing, photo: tuple[int, int], corners: tuple[float, float, float, float]
) -> None:
    left, right = sorted((corners[0] * photo[0], corners[2] * photo[0]))
    top, bottom = sorted((corners[1] * photo[1], corners[3] * photo[1]))
    x0, y0, x1, y1 = window = window_of(framing, (left, top, right + 1, bottom + 1), photo)
    assert 0 <= x0 < x1 <= photo[0]
    assert 0 <= y0 < y1 <= photo[1]
    assert x0 - 1 <= left, "the product is not cut"
    assert y0 - 1 <= top
    assert x1 + 1 >= min(right, photo[0])
    assert y1 + 1 >= min(bottom, photo[1])
    assert max(shown_size(window)) <= 4096
