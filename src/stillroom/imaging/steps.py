"""Steps of the rendering pipeline: each reads and writes the state of one picture."""

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Framing, Plan, Shadow, changed, roomier_for_scene
from stillroom.imaging.cutout import glass
from stillroom.imaging.light import color, detail
from stillroom.imaging.pixels import Box, Bytes, Light, Picture, Plane, blur, cover_of, srgb_float, to_srgb
from stillroom.imaging.quality.protection import Grading
from stillroom.imaging.resizing import Number, bilinear, cubic_resized, size_of
from stillroom.imaging.scene import (
    backdrops,
    composite,
    framing,
    own_backdrop,
    plates,
    reflection,
    selection,
    staging,
)
from stillroom.imaging.scene.own_backdrop import OwnBackdrop
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.shadows import contact, lamps, soft


@dataclass
class RenderState:
    """State of one picture, which the steps of a recipe read and write."""

    product: Product
    plan: Plan
    own: OwnBackdrop | None = None
    size_cm: float | None = None
    side: int | None = None
    zoom: float = 1.0
    with_product: bool = True
    solid: Plane | None = None
    # Unset until a step computes them, so that a step that runs too early fails.
    placement: framing.Placement = field(init=False)
    box: Box = field(init=False)
    foreground: Picture = field(init=False)
    alpha: Bytes = field(init=False)
    light: Light = field(init=False)
    canvas: Picture = field(init=False)
    cover: Bytes = field(init=False)

    def place(self, placement: framing.Placement) -> None:
        """Set the placement, reduced to the longest side of the picture, and the product's resolution."""
        self.placement = placement if self.side is None else placement.within(self.side)
        self.product = self.product.for_size(self.placement.size)
        self.zoom = max(self.placement.canvas) / max(placement.canvas)

    def fit(self, plane: NDArray[Number]) -> NDArray[Number]:
        return self.placement.fit(plane)

    @property
    def scene(self) -> plates.Scene | None:
        """The rendered scene, if the plan names one."""
        return selection.shown(self.plan)

    @property
    def lies(self) -> bool:
        """Whether the product is shaded as lying on the ground."""
        return selection.lies_in(self.scene, self.product)

    @cached_property
    def grading(self) -> Grading:
        """Tone and light of the product."""
        if self.own is None:
            return Grading(self.product, self.plan)
        own = self.own
        return Grading(self.product, _lit_like(own, self.plan), own.mired, own.exposure_ev)

    @property
    def noise(self) -> float:
        """Noise of the photo, scaled to the size at which it is shown."""
        shrunk = min(1.0, self.placement.size[0] / self.product.matte.alpha.shape[1])
        return float(self.product.noise * shrunk)


def place_product(state: RenderState) -> None:
    product = state.product
    state.box = product.matte.box
    plan = state.plan
    rotated = framing.rotated_extent(product.matte.alpha, plan.framing.rotation_deg)
    placement = None
    if plan.product_transform is not None:
        before, shown = plan.product_transform, rotated or product.extent
        placement = framing.placed_as_before(before, plan.framing, state.box, product.turn, shown)
    if placement is None:
        scene = state.scene
        wanted = selection.framing_in(scene, plan, product, state.size_cm)
        base = selection.base_line(scene, product)
        if state.own is not None:
            wanted, base = _on_own_ground(state.own, plan, product)
        placement = framing.placed(
            wanted,
            product.extent,
            state.box,
            base,
            photo=product.size,
            rotated=rotated,
            cut=() if rotated else product.cut_sides,
        )
    state.place(placement)
    state.foreground = state.fit(state.product.foreground)
    alpha = state.fit(state.product.matte.alpha)
    state.alpha = alpha if state.with_product else np.zeros_like(alpha)


def _on_own_ground(own: OwnBackdrop, plan: Plan, product: Product) -> tuple[Framing, float | None]:
    """Framing on the seller's own backdrop, and the line on which the product stands; None if it lies."""
    wanted = roomier_for_scene(plan).framing
    if not selection.is_flat(product):
        return wanted, own_backdrop.base_line(own, plan.backdrop, wanted.canvas or (1, 1))
    left, top, right, bottom = product.bounds
    return own_backdrop.laid(own, plan, wanted, (right - left, bottom - top)), None


def crop_scene(state: RenderState) -> None:
    """Crop the photo around the product, without leaving its frame."""
    product, plan = state.product, state.plan
    x0, y0, x1, y1 = framing.window_of(plan.framing, product.bounds, product.size, product.margin)
    canvas = framing.shown_size((x0, y0, x1, y1))
    scale_x, scale_y = canvas[0] / (x1 - x0), canvas[1] / (y1 - y0)
    state.box = product.matte.box
    size = (
        max(1, round((state.box[2] - state.box[0]) * scale_x)),
        max(1, round((state.box[3] - state.box[1]) * scale_y)),
    )
    x, y = round((state.box[0] - x0) * scale_x), round((state.box[1] - y0) * scale_y)
    state.place(framing.Placement(canvas, size, x, y, plan.framing.fill))
    state.canvas = cubic_resized(product.part_of_photo(x0, y0, x1, y1), state.placement.canvas)
    state.alpha = state.fit(state.product.matte.alpha)
    state.foreground = state.fit(state.product.foreground)


def denoise(state: RenderState) -> None:
    state.foreground = detail.smoothed(state.foreground, state.plan.detail, state.noise)


def denoise_scene(state: RenderState) -> None:
    state.canvas = detail.smoothed(state.canvas, state.plan.detail, state.noise)


def sharpen(state: RenderState) -> None:
    state.foreground = detail.sharpened(state.foreground, state.plan.detail, state.noise, state.zoom)


def sharpen_scene(state: RenderState) -> None:
    state.canvas = detail.sharpened(state.canvas, state.plan.detail, state.noise, state.zoom)


def grade(state: RenderState) -> None:
    """Exposure, white balance, warmth, contrast, saturation."""
    state.light = state.grading.graded(state.foreground)


def grade_scene(state: RenderState) -> None:
    """Apply the same grade to the scene as to the product in it."""
    state.canvas = to_srgb(state.grading.graded(state.canvas))


def relight(state: RenderState) -> None:
    """Move the key light, fill the dark side and light the rim."""
    gain = state.grading.gain
    if gain is not None:
        state.light = color.lit(state.light, state.fit(gain))


def blur_scene(state: RenderState) -> None:
    """Defocus the photo behind the product, weighted so that product colours do not bleed into it."""
    share = state.plan.backdrop.blur
    if share == 0:
        return
    placement = state.placement
    cover = composite.on_canvas(state.alpha, placement.canvas, placement.x, placement.y)
    cover = np.asarray(cv2.dilate(cover, np.ones((9, 9), np.uint8)), np.uint8)
    behind = np.float32(1) - cover_of(cover)[..., None]
    sigma = 0.022 * share * max(placement.canvas)
    weight = blur(np.ascontiguousarray(behind), sigma)
    scene = blur(state.canvas * behind, sigma) / (weight.reshape(*behind.shape) + 1e-3)
    state.canvas = np.clip(np.rint(scene), 0, 255).astype(np.uint8)


def paint_backdrop(state: RenderState) -> None:
    """Paint the backdrop and apply the product's shadow to it."""
    placement, plan = state.placement, state.plan
    small = soft.placed_small(state.alpha, placement.x, placement.y, placement.canvas)
    plate = backdrops.plate_of(plan.backdrop, size_of(small))
    white = plan.backdrop.kind == "white"
    density = _shadow_on_paper(state, small, plan.shadow, on_white=white)
    behind = np.asarray(plate[plate.shape[0] // 2].mean(0), np.float32)
    gained = _reflection(state, small, behind, plan.shadow.reflection)
    state.canvas = backdrops.finished(plate, density, placement.canvas, gained)


def paint_own_backdrop(state: RenderState) -> None:
    """Paint the seller's own backdrop and apply the product's shadow to its ground."""
    placement, plan, own = state.placement, state.plan, state.own
    assert own is not None, "this step belongs to the recipe of own backdrops"
    hung = own_backdrop.hung(own, plan.backdrop, placement.canvas)
    small = soft.placed_small(state.alpha, placement.x, placement.y, placement.canvas)
    ground = own_backdrop.ground_of(hung, small)
    shadow = own_backdrop.grounded(plan.shadow, ground)
    density = _shadow_on_paper(state, small, shadow, on_white=False)
    spill = state.grading.spilled(_spill_of(state.product, own_backdrop.ambient_of(own, ground)))
    state.light = color.tinted(state.light, state.fit(spill))
    gained = _reflection(state, small, ground.light, shadow.reflection)
    state.canvas = own_backdrop.shaded(hung, density, plan.backdrop.exposure_ev, gained)


def _lit_like(own: OwnBackdrop, plan: Plan) -> Plan:
    """The plan with the light of its own backdrop, unless another one was asked for."""
    if plan.light.azimuth_deg is not None or own.azimuth_deg is None:
        return plan
    return changed(plan, "light", azimuth_deg=own.azimuth_deg)


def _reflection(
    state: RenderState, small: Plane, behind: NDArray[np.float32], strength: float
) -> Light | None:
    """Light gained by the product's mirror image; None without one. What lies flat has none."""
    if strength == 0 or state.lies:
        return None
    placement = state.placement
    product = composite.placed_small(state.light, placement.x, placement.y, placement.canvas, soft.STEP)
    return reflection.gained_by(small, product, behind, strength, reflection.ACRYLIC)


def _spill_of(product: Product, ambient: plates.Ambient) -> Light:
    """Gain that tints the product's foot and rim by the colours around it."""
    return staging.spill_of(*selection.exposed_parts(product.shading[1], product.shading[2]), ambient)


def render_scene(state: RenderState) -> None:
    """Render the scene under its lamps, with the product's spill light, shadows and reflection."""
    placement, plan, product = state.placement, state.plan, state.product
    scene = state.scene
    assert scene is not None, "this step belongs to the recipe of scenes"
    mirrored = bool(plan.backdrop.mirrored)
    small = soft.placed_small(state.alpha, placement.x, placement.y, placement.canvas)
    stage = staging.stage_for(scene, mirrored, placement.canvas, _foot_of(state))
    tone = plan.tone
    mix = plates.mix_of(
        scene,
        plan.light,
        mired=tone.mired,
        exposure_ev=tone.exposure_ev + plan.backdrop.exposure_ev,
        mirrored=mirrored,
    )
    state.light = color.tinted(state.light, state.fit(_spill_of(product, scene.ambient)))
    state.canvas = staging.finished(
        stage,
        mix,
        plan.backdrop.color if scene.tintable else None,
        small,
        composite.placed_small(state.light, placement.x, placement.y, placement.canvas, soft.STEP),
        plan.shadow,
        defocus=max(plan.backdrop.blur, product.defocus),
        grain=detail.grain_left(plan.detail, state.noise),
        is_flat=state.lies,
        seen_from_deg=_seen_from_deg(product),
    )


def _foot_of(state: RenderState) -> tuple[float, float]:
    """Column and row on the canvas of the centre of the product's foot."""
    placement, product = state.placement, state.product
    turned = framing.rotated_extent(product.matte.alpha, placement.degrees)
    left, top, right, bottom = turned or product.extent
    width, height = (right - left) * placement.outer[0], (bottom - top) * placement.outer[1]
    depth = 0.5 * lamps.FRONT * min(width, height)
    column = placement.x + (left + right) / 2 * placement.outer[0]
    return column, placement.y + bottom * placement.outer[1] - depth


def _shadow_on_paper(state: RenderState, small: Plane, shadow: Shadow, *, on_white: bool) -> Plane:
    """Density of a shadow of the product, placed at a quarter of the size, on ground without a scene."""
    seen, light = _seen_from_deg(state.product), _shadow_light(state)
    return soft.density_of(small, shadow, *light, on_white=on_white, is_flat=state.lies, seen_from_deg=seen)


def _seen_from_deg(product: Product) -> float:
    known = product.elevation_deg
    return contact.USUAL_VIEW_DEG if known is None else known


def _shadow_light(state: RenderState) -> tuple[float, float]:
    """Azimuth and elevation of the light that casts the shadow: as planned, else as measured in the photo."""
    light = state.grading.plan.light
    if light.azimuth_deg is not None:
        return light.azimuth_deg, light.elevation_deg
    key = state.product.key_light
    return key.azimuth_deg, max(key.elevation_deg, 40.0)


def composite_glass(state: RenderState) -> None:
    """Composite the new backdrop through colourless glass."""
    if state.product.glass is not None and state.with_product:
        state.solid = _shone_through(state, state.product.glass, state.canvas)


def _shone_through(state: RenderState, found: glass.Glass, canvas: Picture) -> Plane:
    """Composite a canvas through glass, in place; return the cover of the product's opaque part."""
    solid = cover_of(state.fit(state.product.opaque))
    passed, shine = state.fit(found.passed), state.fit(found.shine)
    # The opaque part is composited on top later, so only the share of glass in the remainder counts here.
    rest = np.maximum(1 - solid, np.float32(1e-3))
    share = np.clip((cover_of(state.alpha) - solid) / rest, 0.0, 1.0).astype(np.float32)
    composite.shine_through(canvas, share, passed, shine, state.placement.x, state.placement.y)
    return solid


def on_white(state: RenderState) -> Picture | None:
    """The product of a finished picture on white without a shadow; None unless it has colourless glass."""
    if state.product.glass is None:
        return None
    white, placement = np.full((*state.canvas.shape[:2], 3), 255, np.uint8), state.placement
    solid = _shone_through(state, state.product.glass, white)
    composite.composite_over(white, state.light, solid, placement.x, placement.y)
    return white


def compose(state: RenderState) -> None:
    placement = state.placement
    solid = cover_of(state.alpha) if state.solid is None else state.solid
    composite.composite_over(state.canvas, state.light, solid, placement.x, placement.y)
    state.cover = composite.on_canvas(state.alpha, placement.canvas, placement.x, placement.y)


def cut_out(state: RenderState) -> None:
    """Make everything but the product transparent; keep a shadow only if it was asked for."""
    placement, plan = state.placement, state.plan
    state.cover = composite.on_canvas(state.alpha, placement.canvas, placement.x, placement.y)
    colors = np.zeros((placement.canvas[1], placement.canvas[0], 3), np.uint8)
    inner, outer = composite.overlap(state.light.shape, colors.shape, placement.x, placement.y)
    colors[outer] = to_srgb(state.light[inner])
    opacity = state.cover
    if "shadow" in plan.asked and plan.shadow.kind != "none":
        small = soft.placed_small(state.alpha, placement.x, placement.y, placement.canvas)
        density = _shadow_on_paper(state, small, plan.shadow, on_white=True)
        # Viewers blend in sRGB, but density is a share of linear light.
        shade = np.float32(1) - srgb_float(1 - density) / np.float32(255)
        shade = bilinear(shade, placement.canvas)
        cover = cover_of(state.cover)
        total = cover + shade * (1 - cover)
        colors = np.rint(colors * (cover / np.maximum(total, 1e-4))[..., None]).astype(np.uint8)
        opacity = np.rint(total * 255).astype(np.uint8)
    state.canvas = np.dstack([np.where(opacity[..., None] > 0, colors, 0).astype(np.uint8), opacity])
