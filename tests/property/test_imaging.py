"""Properties of imaging that hold for every picture and every plan."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.plan import (
    Backdrop,
    CarriedOutPlan,
    Detail,
    Framing,
    Light,
    Plan,
    Shadow,
    Tone,
    starting_plan,
)
from stillroom.imaging.light.color import adaptation
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import to_linear, to_srgb
from stillroom.imaging.scene.backdrops import finished, plate_of
from stillroom.imaging.scene.composite import composite_over
from stillroom.imaging.scene.framing import placed, shown_size, window_of
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.shadows.soft import density_of
from tests.unit.imaging.scenes import orange_ball

SHARE = st.floats(0, 1)
COLOR = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
BACKDROP = st.builds(
    Backdrop,
    kind=st.sampled_from(["keep", "white", "color", "gradient", "transparent"]),
    color=COLOR,
    edge_color=COLOR,
    shape=st.sampled_from(["sweep", "spot"]),
    blur=SHARE,
)
SHADOW = st.builds(
    Shadow,
    kind=st.sampled_from(["soft", "hard", "none"]),
    strength=st.floats(0, 2),
    softness=st.floats(0.25, 4),
)
LIGHT = st.builds(
    Light,
    azimuth_deg=st.none() | st.floats(-90, 90),
    elevation_deg=st.floats(5, 85),
    strength=st.floats(0, 0.9),
    fill=SHARE,
    rim=SHARE,
)
TONE = st.builds(
    Tone,
    white_balance=SHARE,
    auto_exposure=st.booleans(),
    mired=st.floats(-150, 150),
    exposure_ev=st.floats(-2, 2),
    contrast=st.floats(-1, 1),
    saturation=st.floats(0, 2),
)
FRAMING = st.builds(
    Framing,
    fill=st.floats(0.01, 0.95),
    x=st.floats(0.1, 0.9),
    y=st.none() | st.floats(0.1, 0.9),
    aspect=st.sampled_from(["1:1", "3:4", "16:9", "photo"]),
    rotation_deg=st.floats(-45, 45),
)
DETAIL = st.builds(Detail, denoise=st.none() | SHARE, sharpen=SHARE, clarity=SHARE, straighten=st.booleans())
PLAN = st.builds(
    Plan, backdrop=BACKDROP, shadow=SHADOW, light=LIGHT, tone=TONE, framing=FRAMING, detail=DETAIL
)
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


@given(PLAN)
def test_every_plan_survives_json(plan: Plan) -> None:
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@given(PLAN, st.integers(1, 4), st.sampled_from(["optimize", "bg_replace", "refine"]))
def test_candidates_are_as_many_as_wanted_and_all_different(plan: Plan, count: int, operation: str) -> None:
    plans = candidate_plans(plan, count, operation)
    assert plans[0] == plan
    assert len({candidate.model_dump_json() for candidate in plans}) == len(plans) == count


# The first text waits for the rules to be compiled; test_reading.py bounds the time of reading.
@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_crashes_the_reader(text: str) -> None:
    understood = understand(text, starting_plan("bg_replace"))
    assert understood.plan.asked == understood.asked
    assert all(words and words in text for words in understood.not_understood)


@settings(deadline=None)
@given(
    st.text(
        alphabet="暖冷亮暗大小一点再更阴影柔和白底背景光从左边来, warmer larger shadow left%0123456789",
        max_size=80,
    ),
    PLAN,
)
def test_wishes_stay_within_the_limits_of_a_plan(text: str, plan: Plan) -> None:
    changed = understand(text, plan).plan
    assert Plan.model_validate(changed.model_dump()) == changed


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
    assert (x0 - 1 <= left, y0 - 1 <= top) == (True, True), "the product is not cut"
    assert (min(right, photo[0]) <= x1 + 1, min(bottom, photo[1]) <= y1 + 1) == (True, True)
    assert max(shown_size(window)) <= 4096
