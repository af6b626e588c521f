"""Rendering pipeline from product and plan to a finished picture; each recipe is a list of named steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan, Plan, changed
from stillroom.imaging import steps
from stillroom.imaging.pixels import Bytes, Picture
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.scene import composite, selection
from stillroom.imaging.scene.own_backdrop import OwnBackdrop
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.straightening import leveled
from stillroom.imaging.thread_pool import in_background


@dataclass(frozen=True)
class Render:
    """A finished picture.

    Attributes:
        picture: uint8 (H, W, 3), or (H, W, 4) with straight alpha if transparent; sRGB.
        matte: The product in the picture.
        plan: The plan as carried out.
    """

    picture: NDArray[np.uint8]
    matte: Bytes
    plan: CarriedOutPlan
    _state: steps.RenderState

    @property
    def on_white(self) -> Picture | None:
        """The product on white without a shadow; None unless it has colourless glass."""
        return steps.on_white(self._state)

    @cached_property
    def measures(self) -> Measures:
        """Measures of the picture, computed on first access; see `measures_of` and `fidelity_of`."""
        return _measured(self._state)


@dataclass(frozen=True)
class Setting:
    """Inputs of a picture beside the photo and the plan.

    Attributes:
        size_cm: Longest side of the product, which the scene must suit; None if unknown.
        picture: The seller's own backdrop, uint8 (H, W, 3), sRGB; plans of that kind need it.
    """

    size_cm: float | None = None
    picture: Picture | None = None


def render_picture(product: Product, plan: Plan, setting: Setting = Setting()) -> Render:
    """Render the picture that a plan describes, always from the pixels of the original photo."""
    return _finished(_rendered(product, plan, setting))


def render_preview(
    product: Product, plan: Plan, side: int, setting: Setting = Setting(), *, with_product: bool = True
) -> NDArray[np.uint8]:
    """Render a picture with a longer side of at most `side` pixels, by the steps of the finished one.

    Without the product, its shadow and reflection are missing too; the photo's own background keeps it.

    Returns:
        uint8 (H, W, 3), or (H, W, 4) with straight alpha if transparent; sRGB.
    """
    return _rendered(product, plan, setting, side, with_product=with_product).canvas


def _rendered(
    product: Product, plan: Plan, setting: Setting, side: int | None = None, *, with_product: bool = True
) -> steps.RenderState:
    product = leveled(product, plan).seen_as(plan.backdrop.shows_through)
    if plan.backdrop.kind == "scene":
        plan = changed(plan, "backdrop", **selection.resolved(plan, product, setting.size_cm))
    state = steps.RenderState(product, plan, size_cm=setting.size_cm, side=side, with_product=with_product)
    if plan.backdrop.kind == "picture":
        assert setting.picture is not None, "plans with an own backdrop come with its picture"
        state.own = OwnBackdrop(setting.picture)
    for step in RECIPES[plan.backdrop.kind]:
        step(state)
    return state


_Step = Callable[[steps.RenderState], None]
_PRODUCT: tuple[_Step, ...] = (steps.denoise, steps.sharpen, steps.grade, steps.relight)
_COMPOSITE: tuple[_Step, ...] = (steps.composite_glass, steps.compose)
_PLAIN: tuple[_Step, ...] = (steps.place_product, *_PRODUCT, steps.paint_backdrop, *_COMPOSITE)
_SCENE: tuple[_Step, ...] = (steps.place_product, *_PRODUCT, steps.render_scene, *_COMPOSITE)
_OWN_BACKDROP: tuple[_Step, ...] = (
    steps.place_product,
    *_PRODUCT,
    steps.paint_own_backdrop,
    steps.blur_scene,
    *_COMPOSITE,
)
_ORIGINAL_SCENE: tuple[_Step, ...] = (
    steps.crop_scene,
    steps.denoise_scene,
    steps.sharpen_scene,
    steps.grade_scene,
    steps.blur_scene,
    *_PRODUCT,
    steps.compose,
)
_TRANSPARENT: tuple[_Step, ...] = (steps.place_product, *_PRODUCT, steps.cut_out)
RECIPES: dict[str, tuple[_Step, ...]] = {
    "white": _PLAIN,
    "color": _PLAIN,
    "gradient": _PLAIN,
    "scene": _SCENE,
    "picture": _OWN_BACKDROP,
    "keep": _ORIGINAL_SCENE,
    "transparent": _TRANSPARENT,
}
"""Steps to render a picture, by kind of backdrop."""


def _finished(state: steps.RenderState) -> Render:
    placement = state.placement
    own_canvas = state.plan.backdrop.kind != "keep"
    placing = {
        "canvas": placement.canvas if own_canvas else None,
        "fill": placement.fill,
        "rotation_deg": placement.degrees,
    }
    transform = placement.transform(state.box, state.product.turn)
    plan = CarriedOutPlan.of(
        state.plan,
        framing=changed(state.plan, "framing", **placing).framing,
        product_transform=tuple(round(value, 6) for value in transform),
    )
    return Render(state.canvas, state.cover, plan, state)


def _measured(state: steps.RenderState) -> Measures:
    product, placement = state.product, state.placement
    shown = state.canvas[..., :3]
    judged = in_background(judgement.measures_of, shown, state.cover)
    inner, outer = composite.overlap(state.alpha.shape, shown.shape, placement.x, placement.y)
    reference, opaque = state.fit(product.crop), state.fit(product.opaque)
    apart = in_background(judgement.product_delta_e, shown[outer], reference[inner], opaque[inner])
    # The box includes a margin, so it may extend beyond the canvas even if the product does not.
    part, seen = reference.copy(), np.zeros_like(opaque)
    part[inner], seen[inner] = shown[outer], opaque[inner]
    # A rotation by hand is no drift.
    part, seen = placement.upright(part), placement.upright(seen)
    drift = fidelity.fidelity_of(state.grading, part, seen, max(shown.shape) / 1024)
    measures = replace(
        judged.result().updated(drift),
        product_delta_e=apart.result(),
        edge_confidence=product.matte.confidence,
    )
    misfit = selection.misfit_deg(product, state.scene) if state.scene else 0.0
    return replace(measures, quality=judgement.quality_of(measures, misfit))
