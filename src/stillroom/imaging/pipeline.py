"""Rendering pipeline from product and plan to a finished picture; each recipe is a list of named steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan, Plan, changed
from stillroom.imaging import steps
from stillroom.imaging.background import in_background
from stillroom.imaging.light import leveling
from stillroom.imaging.pixels import Bytes, Picture
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.scene import (
    composite,
    fitting,
    selection,
)
from stillroom.imaging.scene.own_backdrop import OwnBackdrop
from stillroom.imaging.scene.product import Product

_TURNED = 1e-3  # radians; a transform with less beyond the rotation by hand was not levelled


@dataclass(frozen=True)
class Packshot:
    """A finished picture.

    Attributes:
        picture: uint8 (H, W, 3), or (H, W, 4) with straight alpha if transparent; sRGB.
        matte: uint8 (H, W), the product in the picture.
        plan: The plan as carried out.
    """

    picture: NDArray[np.uint8]
    matte: Bytes
    plan: CarriedOutPlan
    _bench: steps.Bench

    @cached_property
    def measures(self) -> Measures:
        """Measures of the picture, computed on first access; see `measures_of` and `fidelity_of`."""
        return _measured(self._bench)


@dataclass(frozen=True)
class Setting:
    """Inputs of a picture beside the photo and the plan.

    Attributes:
        size_cm: Longest side of the product, which the scene must suit; None if unknown.
        picture: The seller's own backdrop, uint8 (H, W, 3), sRGB; plans of that kind need it.
    """

    size_cm: float | None = None
    picture: Picture | None = None


def carried_out(product: Product, plan: Plan, setting: Setting = Setting()) -> Packshot:
    """Render the picture that a plan describes, always from the pixels of the original photo.

    Args:
        product: The photo and its matte.
        plan: The edit.
        setting: What it needs beside them.
    """
    return _packed(_cooked(product, plan, setting))


def previewed(product: Product, plan: Plan, side: int, setting: Setting = Setting()) -> NDArray[np.uint8]:
    """Render a picture with a longer side of at most `side` pixels, by the steps of the finished one.

    Returns:
        uint8 (H, W, 3), or (H, W, 4) with straight alpha if transparent; sRGB.
    """
    return _cooked(product, plan, setting, side).canvas


def _cooked(product: Product, plan: Plan, setting: Setting, side: int | None = None) -> steps.Bench:
    product = _leveled(product, plan)
    if plan.backdrop.kind == "scene":
        plan = changed(plan, "backdrop", **selection.resolved(plan, product, setting.size_cm))
    bench = steps.Bench(product, plan, size_cm=setting.size_cm, side=side)
    if plan.backdrop.kind == "picture":
        assert setting.picture is not None, "plans with an own backdrop come with its picture"
        bench.own = OwnBackdrop(setting.picture)
    for step in RECIPES[plan.backdrop.kind]:
        step(bench)
    return bench


def _leveled(product: Product, plan: Plan) -> Product:
    """Rotate unasked only if all lines of the photo agree; later renders repeat what the first one did."""
    if plan.product_transform is not None:
        across, down = plan.product_transform[0], plan.product_transform[3]
        by_hand = 0.0 if plan.backdrop.kind == "keep" else plan.framing.rotation_deg
        was_turned = abs(np.arctan2(down, across) - np.radians(by_hand)) > _TURNED
        return product.upright if was_turned and plan.detail.straighten else product
    tilt = product.tilt if plan.detail.straighten else None
    if tilt is None or abs(tilt.degrees) < leveling.MIN_TILT:
        return product
    return product.upright if tilt.is_sure or "detail" in plan.asked else product


_Step = Callable[[steps.Bench], None]
_ON_STAGE: tuple[_Step, ...] = (
    steps.place_product,
    steps.denoise,
    steps.sharpen,
    steps.grade,
    steps.relight,
    steps.set_stage,
    steps.see_through,
    steps.compose,
)
_ON_PAPER: tuple[_Step, ...] = (
    steps.place_product,
    steps.denoise,
    steps.sharpen,
    steps.grade,
    steps.relight,
    steps.hang_backdrop,
    steps.see_through,
    steps.compose,
)
_BEFORE_PICTURE: tuple[_Step, ...] = (
    steps.place_product,
    steps.denoise,
    steps.sharpen,
    steps.grade,
    steps.relight,
    steps.hang_picture,
    steps.blur_scene,
    steps.see_through,
    steps.compose,
)
_IN_SCENE: tuple[_Step, ...] = (
    steps.crop_scene,
    steps.denoise_scene,
    steps.sharpen_scene,
    steps.grade_scene,
    steps.blur_scene,
    steps.denoise,
    steps.sharpen,
    steps.grade,
    steps.relight,
    steps.compose,
)
_SEE_THROUGH: tuple[_Step, ...] = (
    steps.place_product,
    steps.denoise,
    steps.sharpen,
    steps.grade,
    steps.relight,
    steps.cut_out,
)
RECIPES: dict[str, tuple[_Step, ...]] = {
    "white": _ON_PAPER,
    "color": _ON_PAPER,
    "gradient": _ON_PAPER,
    "scene": _ON_STAGE,
    "picture": _BEFORE_PICTURE,
    "keep": _IN_SCENE,
    "transparent": _SEE_THROUGH,
}
"""Steps to render a picture, by kind of backdrop."""


def _packed(bench: steps.Bench) -> Packshot:
    place = bench.placed
    own_canvas = bench.plan.backdrop.kind != "keep"
    placing = {
        "canvas": place.canvas if own_canvas else None,
        "fill": place.fill,
        "rotation_deg": place.degrees,
    }
    transform = place.transform(bench.box, bench.product.turn)
    plan = CarriedOutPlan.of(
        bench.plan,
        framing=changed(bench.plan, "framing", **placing).framing,
        product_transform=tuple(round(value, 6) for value in transform),
    )
    return Packshot(bench.canvas, bench.cover, plan, bench)


def _measured(bench: steps.Bench) -> Measures:
    product, place = bench.product, bench.placed
    shown = bench.canvas[..., :3]
    judged = in_background(judgement.measures_of, shown, bench.cover)
    inner, outer = composite.overlap(bench.alpha.shape, shown.shape, place.x, place.y)
    reference, opaque = bench.fit(product.crop), bench.fit(product.opaque)
    apart = in_background(judgement.product_delta_e, shown[outer], reference[inner], opaque[inner])
    # The box includes a margin, so it may extend beyond the canvas even if the product does not.
    part, seen = reference.copy(), np.zeros_like(opaque)
    part[inner], seen[inner] = shown[outer], opaque[inner]
    # A rotation by hand is no drift.
    part, seen = fitting.upright(part, place), fitting.upright(seen, place)
    drift = fidelity.fidelity_of(bench.grading, part, seen, max(shown.shape) / 1024)
    measures = replace(
        judged.result().updated(drift),
        product_delta_e=apart.result(),
        edge_confidence=product.matte.confidence,
    )
    misfit = selection.misfit_deg(product, bench.scene) if bench.scene else 0.0
    return replace(measures, quality=judgement.quality_of(measures, misfit))
