"""Steps of the rendering pipeline: each reads and writes the state of one picture."""

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Framing, Plan, changed, roomier_for_scene
from stillroom.imaging.light import color, detail
from stillroom.imaging.pixels import Bytes, Light, Picture, Plane, blur, cover_of, srgb_float, to_srgb
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


@dataclass
class Bench:
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
    size_cm: float | None = None
    side: int | None = None
    zoom: float = 1.0

    def place(self, placement: framing.Placement) -> None:
        """Set the place of the product, reduced to the longest side of the picture, and its resolution."""
        self.placement = placement if self.side is None else placement.within(self.side)
        self.product = self.product.for_size(self.placement.size)
        self.zoom = max(self.placement.canvas) / max(placement.canvas)

    def fit(self, plane: NDArray[fitting.Kind]) -> NDArray[fitting.Kind]:
        """Scale and rotate a plane of the crop as the product is placed."""
        return fitting.fitted_to(plane, self.placed)

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


def place_product(bench: Bench) -> None:
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
        wanted = selection.framing_in(scene, plan, product, bench.size_cm)
        base = selection.base_line(scene, product)
        if bench.own is not None:
            wanted, base = _on_own_ground(bench.own, plan, product)
        rotated = framing.rotated_extent(product.matte.alpha, plan.framing.rotation_deg)
        placement = framing.placed(
            wanted,
            product.extent,
            bench.box,
            base,
            photo=product.size,
            rotated=rotated,
            cut=() if rotated else product.cut_sides,
        )
    bench.place(placement)
    bench.foreground = bench.fit(bench.product.foreground)
    bench.alpha = bench.fit(bench.product.matte.alpha)


def _on_own_ground(own: OwnBackdrop, plan: Plan, product: Product) -> tuple[Framing, float | None]:
    """Framing on the seller's own backdrop, and the line on which the product stands; None if it lies."""
    wanted = roomier_for_scene(plan).framing
    if not selection.is_flat(product):
        return wanted, own_backdrop.base_line(own, plan.backdrop, wanted.canvas or (1, 1))
    left, top, right, bottom = product.bounds
    return own_backdrop.laid(own, plan, wanted, (right - left, bottom - top)), None


def crop_scene(bench: Bench) -> None:
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
    bench.alpha = bench.fit(bench.product.matte.alpha)
    bench.foreground = bench.fit(bench.product.foreground)


def denoise(bench: Bench) -> None:
    bench.foreground = detail.smoothed(bench.foreground, bench.plan.detail, bench.noise)


def denoise_scene(bench: Bench) -> None:
    bench.canvas = detail.smoothed(bench.canvas, bench.plan.detail, bench.noise)


def sharpen(bench: Bench) -> None:
    bench.foreground = detail.sharpened(bench.foreground, bench.plan.detail, bench.noise, bench.zoom)


def sharpen_scene(bench: Bench) -> None:
    bench.canvas = detail.sharpened(bench.canvas, bench.plan.detail, bench.noise, bench.zoom)


def grade(bench: Bench) -> None:
    """Exposure, white balance, warmth, contrast, saturation."""
    bench.light = bench.grading.graded(bench.foreground)


def grade_scene(bench: Bench) -> None:
    """Apply the same grade to the scene as to the product in it."""
    bench.canvas = to_srgb(bench.grading.graded(bench.canvas))


def relight(bench: Bench) -> None:
    """Move the key light, fill the dark side and light the rim."""
    gain = bench.grading.gain
    if gain is not None:
        bench.light = color.lit(bench.light, bench.fit(gain))


def blur_scene(bench: Bench) -> None:
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


def hang_backdrop(bench: Bench) -> None:
    """Paint the backdrop and apply the product's shadow to it."""
    place, plan = bench.placed, bench.plan
    small = shadows.placed_small(bench.alpha, place.x, place.y, place.canvas)
    plate = backdrops.plate_of(plan.backdrop, (small.shape[1], small.shape[0]))
    white = plan.backdrop.kind == "white"
    density = shadows.density_of(
        small, plan.shadow, *_shadow_light(bench), on_white=white, is_flat=bench.lies
    )
    bench.canvas = backdrops.finished(plate, density, place.canvas, _reflection(bench, small, plate))


def hang_picture(bench: Bench) -> None:
    """Hang the seller's own backdrop and apply the product's shadow to its ground."""
    place, plan, own = bench.placed, bench.plan, bench.own
    assert own is not None, "the recipe of own backdrops is cooked for them"
    hung = own_backdrop.hung(own, plan.backdrop, place.canvas)
    small = shadows.placed_small(bench.alpha, place.x, place.y, place.canvas)
    density = shadows.density_of(
        small, plan.shadow, *_shadow_light(bench), on_white=False, is_flat=bench.lies
    )
    bench.canvas = own_backdrop.shaded(hung, density, plan.backdrop.exposure_ev)


def _lit_like(own: OwnBackdrop, plan: Plan) -> Plan:
    """The plan with the light of its own backdrop, unless another one was asked for."""
    if plan.light.azimuth_deg is not None or own.azimuth_deg is None:
        return plan
    return changed(plan, "light", azimuth_deg=own.azimuth_deg)


def _reflection(bench: Bench, small: Plane, plate: Light) -> Light | None:
    """Light gained by the product's mirror image on paper; None without one. What lies flat has none."""
    strength = bench.plan.shadow.reflection
    if strength == 0 or bench.lies:
        return None
    place = bench.placed
    product = composite.placed_small(bench.light, place.x, place.y, place.canvas, shadows.STEP)
    behind = np.asarray(plate[plate.shape[0] // 2].mean(0), np.float32)
    return reflection.gained_by(small, product, behind, strength, reflection.ACRYLIC)


def set_stage(bench: Bench) -> None:
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
        is_flat=bench.lies,
    )


def _foot_of(bench: Bench) -> tuple[float, float]:
    """Column and row on the canvas of the centre of the product's foot."""
    place, product = bench.placed, bench.product
    turned = framing.rotated_extent(product.matte.alpha, place.degrees)
    left, top, right, bottom = turned or product.extent
    width, height = (right - left) * place.outer[0], (bottom - top) * place.outer[1]
    depth = 0.5 * staging.FRONT * min(width, height)
    return place.x + (left + right) / 2 * place.outer[0], place.y + bottom * place.outer[1] - depth


def _shadow_light(bench: Bench) -> tuple[float, float]:
    """Azimuth and elevation of the light that casts the shadow: as planned, else as measured in the photo."""
    light = bench.grading.plan.light
    if light.azimuth_deg is not None:
        return light.azimuth_deg, light.elevation_deg
    key = bench.product.key_light
    return key.azimuth_deg, max(key.elevation_deg, 40.0)


def see_through(bench: Bench) -> None:
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


def compose(bench: Bench) -> None:
    place = bench.placed
    solid = cover_of(bench.alpha) if bench.solid is None else bench.solid
    composite.lay_over(bench.canvas, bench.light, solid, place.x, place.y)
    bench.cover = composite.on_canvas(bench.alpha, place.canvas, place.x, place.y)


def cut_out(bench: Bench) -> None:
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
            small, plan.shadow, *_shadow_light(bench), on_white=True, is_flat=bench.lies
        )
        # Viewers blend in sRGB, but density is a share of linear light.
        shade = np.float32(1) - srgb_float(1 - density) / np.float32(255)
        shade = np.asarray(cv2.resize(shade, place.canvas, interpolation=cv2.INTER_LINEAR), np.float32)
        cover = cover_of(bench.cover)
        total = cover + shade * (1 - cover)
        colors = np.rint(colors * (cover / np.maximum(total, 1e-4))[..., None]).astype(np.uint8)
        opacity = np.rint(total * 255).astype(np.uint8)
    bench.canvas = np.dstack([np.where(opacity[..., None] > 0, colors, 0).astype(np.uint8), opacity])
