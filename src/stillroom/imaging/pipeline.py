"""Rendering pipeline from product and plan to a finished picture; each recipe is a list of named steps."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import Plan, changed, roomier_for_scene
from stillroom.imaging.background import in_background
from stillroom.imaging.light import color, detail, leveling
from stillroom.imaging.pixels import Bytes, Light, Picture, Plane, blur, cover_of, srgb_float, to_srgb
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.quality.protection import Grading
from stillroom.imaging.scene import (
    backdrops,
    composite,
    fitting,
    framing,
    own_backdrop,
    plates,
    reflection,
    selection,
    shadows,
    staging,
)
from stillroom.imaging.scene.own_backdrop import OwnBackdrop
from stillroom.imaging.scene.product import Product

_TURNED = 1e-3  # radians; a transform with less beyond the rotation by hand was not levelled


@dataclass
class _Bench:
    """State that the steps of a recipe read and write."""

    product: Product
    plan: Plan
    placement: framing.Placement | None = None
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    foreground: Picture = field(default_factory=lambda: np.zeros((1, 1, 3), np.uint8))
    alpha: Bytes = field(default_factory=lambda: np.zeros((1, 1), np.uint8))
    light: Light = field(default_factory=lambda: np.zeros((1, 1, 3), np.float32))
    canvas: Picture = field(default_factory=lambda: np.zeros((1, 1, 3), np.uint8))
    solid: Plane | None = None
    cover: Bytes = field(default_factory=lambda: np.zeros((1, 1), np.uint8))
    own: OwnBackdrop | None = None
    side: int | None = None
    zoom: float = 1.0

    def place(self, placement: framing.Placement) -> None:
        """Set the place of the product, reduced to the longest side of the picture."""
        self.placement = placement if self.side is None else placement.within(self.side)
        self.zoom = max(self.placement.canvas) / max(placement.canvas)

    def fit(self, plane: NDArray[fitting.Kind]) -> NDArray[fitting.Kind]:
        """Scale and rotate a plane of the crop as the product is placed."""
        return fitting.fitted_to(plane, self.placed)

    @property
    def scene(self) -> plates.Scene | None:
        """The rendered scene, if the plan names one."""
        return selection.shown(self.plan)

    @cached_property
    def grading(self) -> Grading:
        """Tone and light of the product."""
        if self.own is None:
            return Grading(self.product, self.plan)
        return Grading(self.product, _lit_like(self.own, self.plan), self.own.mired)

    @property
    def placed(self) -> framing.Placement:
        assert self.placement is not None, "the first step of every recipe places the product"
        return self.placement

    @property
    def noise(self) -> float:
        """Noise of the photo, scaled to the size at which it is shown."""
        shrunk = min(1.0, self.placed.size[0] / self.product.matte.alpha.shape[1])
        return float(self.product.noise * shrunk)


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
    plan: Plan
    _bench: _Bench

    @cached_property
    def measures(self) -> Measures:
        """Measures of the picture, computed on first access; see `measures_of` and `fidelity_of`."""
        return _measured(self._bench)


@dataclass(frozen=True)
class Setting:
    """What a picture needs beside the photo and the plan.

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


def _cooked(product: Product, plan: Plan, setting: Setting, side: int | None = None) -> _Bench:
    product = _leveled(product, plan)
    if plan.backdrop.kind == "scene":
        plan = changed(plan, "backdrop", **selection.resolved(plan, product, setting.size_cm))
    bench = _Bench(product, plan, side=side)
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


def _place(bench: _Bench) -> None:
    """Place the product on a new canvas."""
    product = bench.product
    bench.box = product.matte.box
    plan = bench.plan
    placement = None
    if plan.product_transform is not None:
        before = plan.product_transform
        placement = framing.placed_as_before(before, plan.framing, bench.box, product.turn)
    if placement is None:
        scene = bench.scene
        wanted = selection.framing_in(scene, plan, product)
        base = selection.base_line(scene, product)
        if bench.own is not None:
            wanted = roomier_for_scene(plan).framing
            flat = selection.is_flat(product)
            base = None if flat else own_backdrop.base_line(bench.own, plan.backdrop, wanted.canvas or (1, 1))
        rotated = framing.rotated_extent(product.matte.alpha, plan.framing.rotation_deg)
        placement = framing.placed(
            wanted, product.extent, bench.box, base, photo=product.size, rotated=rotated
        )
    bench.place(placement)
    bench.foreground = bench.fit(product.foreground)
    bench.alpha = bench.fit(product.matte.alpha)


def _crop_scene(bench: _Bench) -> None:
    """Crop the photo around the product, without leaving its frame."""
    product, plan = bench.product, bench.plan
    x0, y0, x1, y1 = framing.window_of(plan.framing, product.bounds, product.size, product.margin)
    canvas = framing.shown_size((x0, y0, x1, y1))
    scale_x, scale_y = canvas[0] / (x1 - x0), canvas[1] / (y1 - y0)
    bench.box = product.matte.box
    size = (
        max(1, round((bench.box[2] - bench.box[0]) * scale_x)),
        max(1, round((bench.box[3] - bench.box[1]) * scale_y)),
    )
    x, y = round((bench.box[0] - x0) * scale_x), round((bench.box[1] - y0) * scale_y)
    bench.place(framing.Placement(canvas, size, x, y, plan.framing.fill))
    bench.canvas = fitting.scaled(product.part_of_photo(x0, y0, x1, y1), bench.placed.canvas)
    bench.alpha = bench.fit(product.matte.alpha)
    bench.foreground = bench.fit(product.foreground)


def _denoise(bench: _Bench) -> None:
    bench.foreground = detail.smoothed(bench.foreground, bench.plan.detail, bench.noise)


def _denoise_scene(bench: _Bench) -> None:
    bench.canvas = detail.smoothed(bench.canvas, bench.plan.detail, bench.noise)


def _sharpen(bench: _Bench) -> None:
    bench.foreground = detail.sharpened(bench.foreground, bench.plan.detail, bench.noise, bench.zoom)


def _sharpen_scene(bench: _Bench) -> None:
    bench.canvas = detail.sharpened(bench.canvas, bench.plan.detail, bench.noise, bench.zoom)


def _grade(bench: _Bench) -> None:
    """Exposure, white balance, warmth, contrast, saturation."""
    bench.light = bench.grading.graded(bench.foreground)


def _grade_scene(bench: _Bench) -> None:
    """Apply the same grade to the scene as to the product in it."""
    bench.canvas = to_srgb(bench.grading.graded(bench.canvas))


def _relight(bench: _Bench) -> None:
    """Move the key light, fill the dark side and light the rim."""
    gain = bench.grading.gain
    if gain is not None:
        bench.light = color.lit(bench.light, bench.fit(gain))


def _blur_scene(bench: _Bench) -> None:
    """Defocus the photo behind the product, weighted so that product colours do not bleed into it."""
    share = bench.plan.backdrop.blur
    if share == 0:
        return
    place = bench.placed
    cover = composite.on_canvas(bench.alpha, place.canvas, place.x, place.y)
    cover = np.asarray(cv2.dilate(cover, np.ones((9, 9), np.uint8)), np.uint8)
    behind = np.float32(1) - cover_of(cover)[..., None]
    sigma = 0.022 * share * max(place.canvas)
    weight = blur(np.ascontiguousarray(behind), sigma)
    scene = blur(bench.canvas * behind, sigma) / (weight.reshape(*behind.shape) + 1e-3)
    bench.canvas = np.clip(np.rint(scene), 0, 255).astype(np.uint8)


def _hang_backdrop(bench: _Bench) -> None:
    """Paint the backdrop and apply the product's shadow to it."""
    place, plan = bench.placed, bench.plan
    small = shadows.placed_small(bench.alpha, place.x, place.y, place.canvas)
    plate = backdrops.plate_of(plan.backdrop, (small.shape[1], small.shape[0]))
    white = plan.backdrop.kind == "white"
    density = shadows.density_of(
        small, plan.shadow, *_shadow_light(bench), on_white=white, is_flat=bench.product.is_lying
    )
    bench.canvas = backdrops.finished(plate, density, place.canvas, _reflection(bench, small, plate))


def _hang_picture(bench: _Bench) -> None:
    """Hang the seller's own backdrop and apply the product's shadow to its ground."""
    place, plan, own = bench.placed, bench.plan, bench.own
    assert own is not None, "the recipe of own backdrops is cooked for them"
    hung = own_backdrop.hung(own, plan.backdrop, place.canvas)
    small = shadows.placed_small(bench.alpha, place.x, place.y, place.canvas)
    density = shadows.density_of(
        small, plan.shadow, *_shadow_light(bench), on_white=False, is_flat=bench.product.is_lying
    )
    bench.canvas = own_backdrop.shaded(hung, density, plan.backdrop.exposure_ev)


def _lit_like(own: OwnBackdrop, plan: Plan) -> Plan:
    """The plan with the light of its own backdrop, unless another one was asked for."""
    if plan.light.azimuth_deg is not None or own.azimuth_deg is None:
        return plan
    return changed(plan, "light", azimuth_deg=own.azimuth_deg)


def _reflection(bench: _Bench, small: Plane, plate: Light) -> Light | None:
    """Light gained by the product's mirror image on paper; None without one. What lies flat has none."""
    strength = bench.plan.shadow.reflection
    if strength == 0 or bench.product.is_lying:
        return None
    place = bench.placed
    product = composite.placed_small(bench.light, place.x, place.y, place.canvas, shadows.STEP)
    behind = np.asarray(plate[plate.shape[0] // 2].mean(0), np.float32)
    return reflection.gained_by(small, product, behind, strength, reflection.ACRYLIC)


def _set_stage(bench: _Bench) -> None:
    """Render the scene under its lamps, with the product's spill light, shadows and reflection."""
    place, plan, product = bench.placed, bench.plan, bench.product
    scene = bench.scene
    assert scene is not None, "the recipe of scenes is cooked for scenes"
    mirrored = bool(plan.backdrop.mirrored)
    small = shadows.placed_small(bench.alpha, place.x, place.y, place.canvas)
    stage = staging.stage_for(scene, mirrored, place.canvas, _foot_of(bench))
    tone = plan.tone
    mix = plates.mix_of(
        scene,
        plan.light,
        mired=tone.mired,
        exposure_ev=tone.exposure_ev + plan.backdrop.exposure_ev,
        mirrored=mirrored,
    )
    rim, foot = selection.exposed_parts(product.shading[1], product.shading[2])
    bench.light = color.tinted(bench.light, bench.fit(staging.spill_of(rim, foot, scene)))
    bench.canvas = staging.finished(
        stage,
        mix,
        plan.backdrop.color if scene.tintable else None,
        small,
        composite.placed_small(bench.light, place.x, place.y, place.canvas, shadows.STEP),
        plan.shadow,
        defocus=max(plan.backdrop.blur, product.defocus),
        grain=detail.grain_left(plan.detail, bench.noise),
        is_flat=product.is_lying,
    )


def _foot_of(bench: _Bench) -> tuple[float, float]:
    """Column and row on the canvas of the centre of the product's foot."""
    place, product = bench.placed, bench.product
    turned = framing.rotated_extent(product.matte.alpha, place.degrees)
    left, top, right, bottom = turned or product.extent
    width, height = (right - left) * place.outer[0], (bottom - top) * place.outer[1]
    depth = 0.5 * staging.FRONT * min(width, height)
    return place.x + (left + right) / 2 * place.outer[0], place.y + bottom * place.outer[1] - depth


def _shadow_light(bench: _Bench) -> tuple[float, float]:
    """Azimuth and elevation of the light that casts the shadow: as planned, else as measured in the photo."""
    light = bench.grading.plan.light
    if light.azimuth_deg is not None:
        return light.azimuth_deg, light.elevation_deg
    key = bench.product.key_light
    return key.azimuth_deg, max(key.elevation_deg, 40.0)


def _see_through(bench: _Bench) -> None:
    """Composite the new backdrop through colourless glass."""
    found, place = bench.product.glass, bench.placed
    if found is None:
        return
    bench.solid = cover_of(bench.fit(bench.product.opaque))
    passed, shine = bench.fit(found.passed), bench.fit(found.shine)
    # The opaque part is composited on top later, so only the share of glass in the remainder counts here.
    rest = np.maximum(1 - bench.solid, np.float32(1e-3))
    share = np.clip((cover_of(bench.alpha) - bench.solid) / rest, 0.0, 1.0).astype(np.float32)
    composite.shine_through(bench.canvas, share, passed, shine, place.x, place.y)


def _compose(bench: _Bench) -> None:
    place = bench.placed
    solid = cover_of(bench.alpha) if bench.solid is None else bench.solid
    composite.lay_over(bench.canvas, bench.light, solid, place.x, place.y)
    bench.cover = composite.on_canvas(bench.alpha, place.canvas, place.x, place.y)


def _cut_out(bench: _Bench) -> None:
    """Make everything but the product transparent; keep a shadow only if it was asked for."""
    place, plan = bench.placed, bench.plan
    bench.cover = composite.on_canvas(bench.alpha, place.canvas, place.x, place.y)
    colors = np.zeros((place.canvas[1], place.canvas[0], 3), np.uint8)
    inner, outer = composite.overlap(bench.light.shape, colors.shape, place.x, place.y)
    colors[outer] = to_srgb(bench.light[inner])
    opacity = bench.cover
    if "shadow" in plan.asked and plan.shadow.kind != "none":
        small = shadows.placed_small(bench.alpha, place.x, place.y, place.canvas)
        density = shadows.density_of(
            small, plan.shadow, *_shadow_light(bench), on_white=True, is_flat=bench.product.is_lying
        )
        # Viewers blend in sRGB, but density is a share of linear light.
        shade = np.float32(1) - srgb_float(1 - density) / np.float32(255)
        shade = np.asarray(cv2.resize(shade, place.canvas, interpolation=cv2.INTER_LINEAR), np.float32)
        cover = cover_of(bench.cover)
        total = cover + shade * (1 - cover)
        colors = np.rint(colors * (cover / np.maximum(total, 1e-4))[..., None]).astype(np.uint8)
        opacity = np.rint(total * 255).astype(np.uint8)
    bench.canvas = np.dstack([np.where(opacity[..., None] > 0, colors, 0).astype(np.uint8), opacity])


_Step = Callable[[_Bench], None]
_ON_STAGE: tuple[_Step, ...] = (
    _place,
    _denoise,
    _sharpen,
    _grade,
    _relight,
    _set_stage,
    _see_through,
    _compose,
)
_ON_PAPER: tuple[_Step, ...] = (
    _place,
    _denoise,
    _sharpen,
    _grade,
    _relight,
    _hang_backdrop,
    _see_through,
    _compose,
)
_BEFORE_PICTURE: tuple[_Step, ...] = (
    _place,
    _denoise,
    _sharpen,
    _grade,
    _relight,
    _hang_picture,
    _blur_scene,
    _see_through,
    _compose,
)
_IN_SCENE: tuple[_Step, ...] = (
    _crop_scene,
    _denoise_scene,
    _sharpen_scene,
    _grade_scene,
    _blur_scene,
    _denoise,
    _sharpen,
    _grade,
    _relight,
    _compose,
)
_SEE_THROUGH: tuple[_Step, ...] = (_place, _denoise, _sharpen, _grade, _relight, _cut_out)
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


def _packed(bench: _Bench) -> Packshot:
    place = bench.placed
    own_canvas = bench.plan.backdrop.kind != "keep"
    placing = {
        "canvas": place.canvas if own_canvas else None,
        "fill": place.fill,
        "rotation_deg": place.degrees,
    }
    transform = place.transform(bench.box, bench.product.turn)
    plan = bench.plan.model_copy(
        update={
            "framing": changed(bench.plan, "framing", **placing).framing,
            "product_transform": tuple(round(value, 6) for value in transform),
        }
    )
    return Packshot(bench.canvas, bench.cover, plan, bench)


def _measured(bench: _Bench) -> Measures:
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
