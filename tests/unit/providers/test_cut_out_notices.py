"""Notices of the local provider about a cut-out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stillroom.domain.mattes import MatteBox, Subject, Subjects
from stillroom.domain.plans.changes import PartialPlan, with_changes
from stillroom.domain.plans.plan import Plan, changed
from stillroom.domain.providers.requests import Notice
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.scene.plates import scenes
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.selection import FURNITURE_CM, resolved
from stillroom.imaging.scene.viewpoint import Viewpoint
from stillroom.providers.cutouts.notices import (
    cut_out_notices,
    fixed_shadow_notices,
    framing_notices,
    scene_notices,
)
from tests.unit.imaging.cutout.test_glass import tumbler
from tests.unit.imaging.scene.test_selection import (
    bench_on_legs,
    hanging_ball,
    in_scene,
    jacket,
    on_cloth,
    on_two_discs,
)
from tests.unit.imaging.scenes import orange_ball


def notices_of(product: Product) -> dict[str, Notice]:
    return {notice.code: notice for notice in cut_out_notices(product)}


def cut_out(alpha: int, confidence: float = 1.0) -> Product:
    """The ball, covered so much and so certainly."""
    found = orange_ball(side=300, radius=100)
    cover = np.minimum(found.matte.alpha, np.uint8(alpha))
    return Product(found.photo, Matte(cover, found.matte.box, "isnet-1024", confidence, 0.0))


def test_doubtful_edges_produce_a_notice_to_check_them() -> None:
    assert "EDGE_CONFIDENCE_LOW" not in notices_of(cut_out(255))
    notice = notices_of(cut_out(255, 0.7))["EDGE_CONFIDENCE_LOW"]
    assert notice.level == "warning"
    assert notice.params == {"edge_confidence": 0.74}


@pytest.mark.parametrize("alpha", [0, 93, 127])
def test_missing_product_produces_a_notice_to_draw_a_box(alpha: int) -> None:
    said = notices_of(cut_out(alpha))
    assert said["NO_PRODUCT_FOUND"].level == "warning"
    assert "EDGE_CONFIDENCE_LOW" not in said
    assert "NO_PRODUCT_FOUND" not in notices_of(cut_out(128))


def test_cropped_product_produces_a_notice_to_take_a_new_photo() -> None:
    whole = orange_ball(side=300, radius=100)
    x0, y0, x1, _ = whole.matte.box
    most = Matte(whole.matte.alpha[:180], (x0, y0, x1, y0 + 180), "isnet-1024", 1.0, 0.0)
    cut = Product(whole.photo[: y0 + 180], most)
    notice = notices_of(cut)["PRODUCT_CUT"]
    assert (notice.level, notice.params) == ("warning", {"sides": ["bottom"]})
    assert "PRODUCT_CUT" not in notices_of(whole)


def test_very_low_confidence_is_reported_as_wrong_instead_of_uncertain() -> None:
    said = notices_of(cut_out(255, 0.14))
    assert said["CUT_OUT_POOR"].level == "warning"
    assert said["CUT_OUT_POOR"].params == {"edge_confidence": 0.18}
    assert "EDGE_CONFIDENCE_LOW" not in said
    assert "CUT_OUT_POOR" not in notices_of(cut_out(255, 0.17))


def test_possible_glass_produces_a_question() -> None:
    photo, alpha = tumbler(rim=90)
    photo[100:480, 215:385] = 120
    said = notices_of(Product(photo, Matte(alpha, (0, 0, *alpha.shape), "isnet-1024", 1.0, 0.02)))
    assert said["GLASS_UNSURE"].level == "warning"
    assert "MATTE_GLASS" not in said


@pytest.mark.parametrize(("offered", "is_asked"), [(1, False), (2, True)])
def test_uncertain_subject_is_asked_for_only_if_there_is_a_choice(offered: int, is_asked: bool) -> None:
    ball = cut_out(255)
    box = MatteBox(x=0.2, y=0.2, w=0.6, h=0.6)
    items = tuple(
        Subject(id=f"s{number}", box=box, share=0.3, score=0.2, chosen=number == 1, outline=b"")
        for number in range(1, offered + 1)
    )
    uncertain = replace(ball.matte, subjects=Subjects(items=items, certain=False))
    said = notices_of(Product(ball.photo, uncertain))
    assert ("SUBJECT_UNCERTAIN" in said) == is_asked


@pytest.mark.parametrize(
    ("product", "code", "scene"),
    [
        (bench_on_legs(14), "SCENE_FLOOR", "room_oak"),
        (on_two_discs(32), "SCENE_ANY_SIZE", "paper_grey"),
        (hanging_ball(), "SCENE_HANGS", "paper_grey"),
    ],
)
def test_another_scene_than_the_table_that_was_asked_for_is_explained(
    product: Product, code: str, scene: str
) -> None:
    asked = in_scene("wood_oak")
    used = in_scene(**resolved(asked, product))
    (notice,) = [one for one in scene_notices(product, asked, used, None) if one.code != "SCENE_PERSPECTIVE"]
    assert (notice.code, notice.level, notice.params["scene"]) == (code, "info", scene)


@pytest.mark.parametrize(("x", "is_told"), [(0.2, True), (0.3, False)])
def test_product_that_is_not_exactly_where_it_was_asked_for_is_told(x: float, is_told: bool) -> None:
    product = orange_ball(side=1400, radius=500)
    plan = with_changes(Plan(), {"framing": {"x": x, "y": 0.3, "fill": 0.4}})
    made = render_picture(product, plan).plan
    assert made.framing.canvas
    told = framing_notices(product, plan.framing, made, made.framing.canvas)
    assert [notice.code for notice in told] == ["FRAMING_KEPT_INSIDE"] * is_told


@pytest.mark.parametrize("seen_deg", [4.0, 8.5])
@pytest.mark.parametrize("make", [lambda: bench_on_legs(14), lambda: on_two_discs(32)])
def test_possibly_large_product_is_offered_neither_a_table_nor_the_same_scene(
    make: Callable[[], Product], seen_deg: float
) -> None:
    product = make()
    vars(product)["viewpoint"] = Viewpoint(seen_deg, 0.5, seen_deg, 10.0, 0.9)
    asked = in_scene("wood_oak")
    used = in_scene(**resolved(asked, product))
    for notice in scene_notices(product, asked, used, None):
        better = notice.params.get("better")
        assert better is None or (better != used.backdrop.scene and scenes()[better].suits(FURNITURE_CM))


@pytest.mark.parametrize(("changes", "is_told"), [({"shadow": {"kind": "none"}}, True), ({}, False)])
def test_shadow_that_belongs_to_the_background_is_told_if_another_was_asked_for(
    changes: PartialPlan, is_told: bool
) -> None:
    plan = with_changes(changed(Plan(), "backdrop", kind="keep"), changes)
    assert [one.code for one in fixed_shadow_notices(plan)] == ["SHADOW_NEEDS_BACKGROUND"] * is_told


@pytest.mark.parametrize(
    ("framing", "codes"),
    [
        ({"fill": 0.6}, []),
        ({"fill": 0.95}, ["FRAMING_SMALLER"]),
        ({"fill": 0.2}, ["PLACE_NEEDS_BACKGROUND"]),
        ({"x": 0.15}, ["PLACE_NEEDS_BACKGROUND"]),
        ({"aspect": "3:4"}, []),
    ],
)
def test_size_or_place_that_the_photos_own_background_rules_out_is_told(
    framing: dict[str, Any], codes: list[str]
) -> None:
    product = orange_ball(side=900, radius=250)
    plan = with_changes(changed(Plan(), "backdrop", kind="keep"), {"framing": framing})
    made = render_picture(product, plan)
    shown = made.picture.shape[1], made.picture.shape[0]
    assert [one.code for one in framing_notices(product, plan.framing, made.plan, shown)] == codes


@pytest.mark.parametrize(
    ("product", "backdrop", "is_told"),
    [
        (on_cloth(jacket()), {"kind": "white"}, True),
        (on_cloth(jacket()), {"kind": "keep"}, False),
        (orange_ball(side=300, radius=100), {"kind": "white"}, False),
    ],
)
def test_flat_product_is_told_to_have_no_reflection(
    product: Product, backdrop: dict[str, Any], is_told: bool
) -> None:
    plan = with_changes(changed(Plan(), "backdrop", **backdrop), {"shadow": {"reflection": 0.5}})
    told = [one.code for one in scene_notices(product, plan, plan, None)]
    assert told == ["REFLECTION_FLAT"] * is_told
