"""A seller's own picture as the backdrop."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.domain.plans.changes import with_changes
from stillroom.domain.plans.plan import Plan, changed
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import Setting, render_picture
from stillroom.imaging.pixels import to_srgb
from stillroom.imaging.scene.own_backdrop import OwnBackdrop, hung
from stillroom.imaging.scene.product import Product
from tests.unit.imaging.scenes import orange_ball

WARM = (1.0, 0.8, 0.55)


def room(
    brighter_by: float = 0.0, light: tuple[float, float, float] = (1.0, 1.0, 1.0), edge: float = 0.6
) -> NDArray[np.uint8]:
    """A wall above a darker floor; the light rises to the right by that many stops."""
    level = 2.0 ** (brighter_by * np.linspace(-0.5, 0.5, 640))[None, :, None]
    wall = np.full((400, 640, 3), 0.4)
    wall[round(400 * edge) :] *= 0.4
    texture = np.random.default_rng(3).normal(1.0, 0.03, (400, 640, 1))
    return to_srgb(np.asarray(wall * texture * level * np.array(light), np.float32))


ON_FLOOR = Setting(picture=room(edge=0.7))


def on(fit: str = "cover", **fields: object) -> Plan:
    return changed(Plan(), "backdrop", kind="picture", image_id="ast_1", fit=fit, **fields)


@pytest.mark.parametrize("side", [-1, 1])
def test_the_light_comes_from_the_brighter_side(side: int) -> None:
    azimuth = OwnBackdrop(room(1.5 * side)).azimuth_deg
    assert azimuth is not None
    assert 30 < azimuth * side < 61
    assert OwnBackdrop(room(0.0)).azimuth_deg is None


@pytest.mark.parametrize("side", [-1, 1])
def test_faint_light_from_one_side_is_followed_but_a_dark_thing_at_one_side_is_none(side: int) -> None:
    azimuth = OwnBackdrop(room(0.3 * side)).azimuth_deg
    assert azimuth is not None
    assert azimuth * side > 25
    beside = room()
    beside[250:, :120] = 20
    assert OwnBackdrop(beside).azimuth_deg is None


def test_product_on_dark_ground_stands_on_a_deep_shadow_and_a_faint_reflection() -> None:
    product, dark = orange_ball(side=600, radius=200), room(light=(0.12, 0.12, 0.12))
    shot = render_picture(product, on(), Setting(picture=dark))
    side = shot.picture.shape[0]
    x, y, width, height = shot.measures.subject_box or (0, 0, 0, 0)
    bare = hung(OwnBackdrop(dark), on().backdrop, (side, side)).picture.astype(int)
    middle = slice(x + width // 3, x + 2 * width // 3)
    touched = slice(y + height + 1, y + height + 6)
    assert shot.picture[touched, middle].mean() < 0.6 * bare[touched, middle].mean()
    mirrored = slice(y + height + 12, y + height + 40)
    red, _, blue = (shot.picture[mirrored, middle].astype(int) - bare[mirrored, middle]).mean((0, 1))
    assert red > blue + 1


def test_asked_reflection_is_shown_on_an_own_backdrop() -> None:
    product, setting = orange_ball(side=600, radius=200), Setting(picture=room())
    plain = render_picture(product, on(), setting)
    asked = render_picture(product, changed(on(), "shadow", reflection=0.8), setting)
    x, y, width, height = plain.measures.subject_box or (0, 0, 0, 0)
    below = np.s_[y + height + 12 : y + height + 40, x + width // 3 : x + 2 * width // 3]
    red, _, blue = (asked.picture[below].astype(int) - plain.picture[below]).mean((0, 1))
    assert red > blue + 5


def test_the_colour_temperature_and_the_edge_of_the_ground_are_seen() -> None:
    assert OwnBackdrop(room(light=WARM)).mired > 10
    assert abs(OwnBackdrop(room()).mired) < 5
    assert OwnBackdrop(room(edge=0.5)).horizon_y == pytest.approx(0.5, abs=0.03)


def test_a_picture_covers_the_canvas_or_is_shown_whole() -> None:
    own = OwnBackdrop(room())
    covering = hung(own, on().backdrop, (400, 400))
    whole = hung(own, on("contain").backdrop, (400, 400))
    assert covering.picture.shape == whole.picture.shape == (400, 400, 3)
    assert covering.horizon == pytest.approx(240, abs=8)
    assert whole.horizon == pytest.approx(75 + 150, abs=8)


@pytest.mark.parametrize("fit", ["cover", "contain"])
@pytest.mark.parametrize("size", [(1, 1), (1, 640), (2, 640), (640, 1)])
def test_backdrop_of_a_row_or_a_column_is_shown(size: tuple[int, int], fit: str) -> None:
    shot = render_picture(
        orange_ball(side=300, radius=100), on(fit), Setting(picture=np.full((*size, 3), 120, np.uint8))
    )
    assert np.abs(shot.picture[:5].astype(int) - 120).max() <= 3


def test_the_product_stands_on_the_ground_with_a_shadow_there_and_keeps_its_colours() -> None:
    product = orange_ball(side=600, radius=200)
    shot = render_picture(product, on(), Setting(picture=room(1.5, WARM)))
    side = shot.picture.shape[0]
    box, difference = shot.measures.subject_box, shot.measures.product_delta_e
    assert box is not None
    assert difference is not None
    x, y, width, height = box
    assert y + height > 0.65 * side
    bare = hung(OwnBackdrop(room(1.5, WARM)), on().backdrop, (side, side)).picture
    below = (slice(y + height + 2, y + height + 10), slice(x + width // 3, x + 2 * width // 3))
    assert shot.picture[below].mean() < 0.9 * bare[below].mean()
    assert (shot.picture[: side // 8] == bare[: side // 8]).all()
    assert difference <= 6.0


def test_an_own_backdrop_stays_in_later_turns() -> None:
    product = orange_ball(side=600, radius=200)
    setting = Setting(picture=room(1.5))
    first = render_picture(product, on(horizon_y=0.5), setting)
    again = render_picture(product, changed(first.plan, "shadow", strength=1.5), setting)
    assert again.plan.backdrop == first.plan.backdrop
    assert again.measures.subject_box == first.measures.subject_box


@pytest.mark.parametrize(
    ("fields", "picture"),
    [
        ({"horizon_y": 0.2}, room(edge=0.8)),
        ({"image_id": "ast_2", "horizon_y": None}, room(edge=0.3)),
        ({"fit": "contain"}, room(edge=0.8)),
    ],
    ids=["horizon", "picture", "fit"],
)
def test_product_moves_to_the_ground_of_a_changed_backdrop(
    fields: dict[str, object], picture: NDArray[np.uint8]
) -> None:
    product = orange_ball(side=600, radius=200)
    plan = on(horizon_y=0.8)
    first = render_picture(product, plan, Setting(picture=room(edge=0.8)))
    again = render_picture(product, changed(first.plan, "backdrop", **fields), Setting(picture=picture))
    anew = render_picture(product, changed(plan, "backdrop", **fields), Setting(picture=picture))
    assert again.measures.subject_box == pytest.approx(anew.measures.subject_box, abs=1)
    assert again.measures.subject_box != first.measures.subject_box


def test_product_on_white_moves_to_the_ground_of_an_own_backdrop() -> None:
    product = orange_ball(side=600, radius=200)
    white = render_picture(product, changed(Plan(), "framing", fill=0.5))
    shot = render_picture(product, with_changes(white.plan, {"backdrop": {"image_id": "ast_1"}}), ON_FLOOR)
    _, y, _, height = shot.measures.subject_box or (0, 0, 0, 0)
    assert (y + height) / shot.matte.shape[0] > 0.8


def lying_pen() -> Product:
    pen = np.zeros((400, 400), np.uint8)
    cv2.line(pen, (60, 60), (340, 340), (255.0,), 30)
    return Product(np.full((400, 400, 3), 128, np.uint8), Matte(pen, (0, 0, 400, 400), "drawn", 1.0, 0.02))


def test_flat_product_lies_on_the_ground_of_a_level_backdrop() -> None:
    flat = lying_pen()
    level = render_picture(flat, on(), Setting(picture=room(edge=0.6)))
    _, y, _, height = level.measures.subject_box or (0, 0, 0, 0)
    side = level.matte.shape[0]
    assert y > 0.6 * side
    assert y + height < side
    from_above = render_picture(flat, on(horizon_y=0.0), Setting(picture=room()))
    assert from_above.plan.framing.fill > 1.2 * level.plan.framing.fill


@pytest.mark.parametrize("horizon", [0.9, 0.99, 1.0])
@pytest.mark.parametrize("fit", ["cover", "contain"])
@pytest.mark.parametrize("make", [lying_pen, orange_ball], ids=["lying", "standing"])
def test_backdrop_with_hardly_any_ground_shows_the_product_with_its_shadow(
    make: Callable[[], Product], fit: str, horizon: float
) -> None:
    setting = Setting(picture=np.full((800, 600, 3), 180, np.uint8))
    product, plan = make(), on(fit, horizon_y=horizon)
    shot = render_picture(product, plan, setting)
    bare = render_picture(product, changed(plan, "shadow", kind="none"), setting)
    assert shot.plan.framing.fill > 0.1
    darker = bare.picture.astype(int) - shot.picture
    assert int(darker[shot.matte == 0].max()) > 20
