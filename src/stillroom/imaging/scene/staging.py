"""Staging: align a rendered scene with the product, and add shadows, reflection and spill light."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Shadow
from stillroom.imaging.pixels import LUMINANCE_WEIGHTS, Light, Mask, Picture, Plane, blur, strips
from stillroom.imaging.resizing import bilinear, size_of
from stillroom.imaging.scene import plates, reflection
from stillroom.imaging.scene.plates import Ambient, Lamp, Mix, Scene
from stillroom.imaging.scene.shadows import contact, lamps, soft
from stillroom.imaging.scene.shadows.parts import parts_of
from stillroom.imaging.thread_pool import in_background

_UMBRA = 0.92  # of a lamp's light that is blocked where the product hides all of the lamp
_TOUCH = 0.66  # of the light that is blocked at the contact line
_AROUND, _NEAR = 0.72, 0.45  # of the ambient light, and of all light, that is blocked around it
_SHEET = 0.6  # of the light at most that a sheet on the ground reflects, so that the ground shows through
_AROUND_FOOT = 0.04  # of the height: rows above and below the foot whose ground a reflection replaces
_HARDLY = 0.998  # of the light; above it a shadow is invisible
_MIDTONE = 0.25  # linear; at 0.15, a watch, which is nearly all rim, would become 150 K warmer on oak
_SMALL_PLATE = 1024  # pixels of a side, as many as a preview shows
_OUT_OF_FOCUS = 0.014  # of the picture's side: sigma of the blur of the far wall


@dataclass(frozen=True)
class Stage:
    """A scene on a canvas, aligned with the product.

    Attributes:
        mirrored: Whether it is mirrored horizontally.
        canvas: Width and height.
        to_canvas: 2x3, from pixels of the plate to pixels of the canvas.
        to_pixels: 3x3, from metres on the ground as shown (x right, y away) to pixels of the canvas.
    """

    scene: Scene
    mirrored: bool
    canvas: tuple[int, int]
    to_canvas: NDArray[np.float64]
    to_pixels: NDArray[np.float64]

    @property
    def plate_side(self) -> int:
        """Pixels of a side of the plate that this canvas needs; those of a preview are fewer."""
        shown = abs(self.to_canvas[1, 1]) * self.scene.size
        return min(_SMALL_PLATE, self.scene.size) if shown <= _SMALL_PLATE else self.scene.size

    @property
    def far_edge(self) -> float:
        """Row of the canvas at the far edge of the ground."""
        return float(self.to_canvas[1, 1] * self.scene.ground.horizon_y + self.to_canvas[1, 2])


def stage_for(scene: Scene, mirrored: bool, canvas: tuple[int, int], foot: tuple[float, float]) -> Stage:
    """Scale and move the plate so that its standing point is under the product.

    Args:
        foot: Centre of the product's foot on the canvas.
    """
    ground = scene.ground
    scale = max(canvas) / scene.size
    stand_x, stand_y = ground.standing_px
    if mirrored:
        stand_x = scene.size - stand_x
    left, top = (canvas[0] - scale * scene.size) / 2, (canvas[1] - scale * scene.size) / 2
    far = scale * ground.horizon_y + top
    must_move = ground.podium_radius_m is not None or foot[1] < far + 0.3 * (canvas[1] - far)
    if must_move:
        # Scale up so that the plate covers the whole canvas.
        needed = [foot[1] / stand_y, (canvas[1] - foot[1]) / (scene.size - stand_y)]
        needed += [foot[0] / stand_x, (canvas[0] - foot[0]) / (scene.size - stand_x)]
        scale = max(scale, *needed)
        left, top = foot[0] - scale * stand_x, foot[1] - scale * stand_y
    to_canvas = np.array([[scale, 0.0, left], [0.0, scale, top]])
    homography = np.array(ground.homography_m_to_px)
    if mirrored:
        to_canvas = np.array([[-scale, 0.0, left + scale * scene.size], [0.0, scale, top]])
        homography = homography @ np.diag([-1.0, 1.0, 1.0])
    return Stage(scene, mirrored, canvas, to_canvas, np.vstack([to_canvas, [0.0, 0.0, 1.0]]) @ homography)


def finished(
    stage: Stage,
    mix: Mix,
    tint: str | None,
    alpha: Plane,
    product: Light,
    shadow: Shadow,
    *,
    defocus: float,
    grain: float,
    is_flat: bool = False,
    seen_from_deg: float = contact.USUAL_VIEW_DEG,
) -> Picture:
    """Render the scene with the product's shadows and reflection, before the product is composited.

    Args:
        tint: Colour of the paper in a tintable scene.
        alpha: The product on the canvas, at a quarter of its size.
        product: Its linear light there.
        defocus: Defocus of the far wall, 0..1.
        grain: Grain of the photo, standard deviation in sRGB steps.
        is_flat: Whether the product lies on the ground and is seen from above.
        seen_from_deg: Elevation from which the product was photographed.

    Returns:
        uint8 (H, W, 3), sRGB.
    """
    shares = plates.shares_of_lamps(stage.scene.id, mix)
    left_begun = in_background(_light_left, stage, shares, alpha, shadow, seen_from_deg, is_flat=is_flat)
    ground = stage.scene.ground
    gained_begun = None
    if ground.reflectivity > 0 and shadow.reflection <= ground.reflectivity and not is_flat:
        wall = _wall_light(stage.scene, mix)
        gained_begun = in_background(
            reflection.gained_by, alpha, product, wall, ground.reflectivity, ground.roughness
        )
    light = _lit_scene(stage, mix, tint)
    if shadow.reflection > ground.reflectivity and not is_flat:
        # A sheet of acrylic on the ground: it shows the product instead of the ground, not of the wall.
        covered = _light_around(light, _foot_row(alpha) * soft.STEP)
        gained_begun = in_background(
            reflection.gained_by, alpha, product, covered, _SHEET * shadow.reflection, reflection.ACRYLIC
        )
    if defocus > 0:
        light = _defocused(light, stage, _foot_row(alpha) * soft.STEP, defocus)
    left = left_begun.result()
    _shade(light, left, stage.canvas)
    if gained_begun is not None:
        # Light that a shadow has taken already cannot be taken again by a dark reflection.
        gained = gained_begun.result()
        _reflect(light, np.where(gained < 0, gained * left[..., None], gained), stage.canvas)
    return plates.photographed(light, grain)


def _lit_scene(stage: Stage, mix: Mix, tint: str | None) -> Light:
    """The scene on its canvas, lit by a mix of its lamps; float32 (H, W, 3), linear."""
    side = stage.plate_side
    plate = plates.lit(stage.scene.id, mix, tint, side)
    reduced = stage.to_canvas @ np.diag([stage.scene.size / side, stage.scene.size / side, 1.0])
    return np.asarray(
        cv2.warpAffine(plate, reduced, stage.canvas, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def _shade(light: Light, left: Plane, canvas: tuple[int, int]) -> None:
    """Multiply the scene's light by the share that shadows leave, in place."""
    for small, full in _regions(left < _HARDLY, canvas):
        part = np.ascontiguousarray(light[full])
        large = bilinear(left[small], size_of(part))
        light[full] = cv2.multiply(part, cv2.merge([large, large, large]))


def _reflect(light: Light, gained: Light, canvas: tuple[int, int]) -> None:
    """Add the light that a reflection gains or takes, in place."""
    for small, full in _regions(np.abs(gained).max(2) > 1 - _HARDLY, canvas):
        part = light[full]
        part += bilinear(gained[small], size_of(part))
        np.maximum(part, np.float32(0.0), out=part)


def _wall_light(scene: Scene, mix: Mix) -> NDArray[np.float32]:
    """Mean linear light of the scene under a mix, float32 (3,); polished ground reflects it."""
    level = sum(0.2126 * r + 0.7152 * g + 0.0722 * b for _, (r, g, b) in mix)
    return np.array(scene.ambient.scene_rgb_linear, np.float32) * np.float32(min(level, 1.5))


def _light_around(light: Light, row: int) -> NDArray[np.float32]:
    """Mean linear light of the ground around a row, float32 (3,)."""
    near = max(1, round(_AROUND_FOOT * light.shape[0]))
    return np.asarray(light[max(0, row - near) : row + near].mean((0, 1)), np.float32)


def _azimuth_in(stage: Stage, lamp: Lamp, shadow: Shadow) -> float:
    """Azimuth from which a lamp casts the shadow.

    If a direction was asked for, the shadows of all lamps fall there: apart, each would be faint.
    """
    if shadow.direction_deg is not None:
        return soft.opposite(shadow.direction_deg)
    return lamp.azimuth_deg * (-1 if stage.mirrored else 1)


_Slices = tuple[slice, slice]


def _regions(changed: Mask, canvas: tuple[int, int]) -> list[tuple[_Slices, _Slices]]:
    """Bounding box of the changed pixels in a small plane and on the canvas; empty if nothing changes."""
    x, y, width, height = cv2.boundingRect(changed.astype(np.uint8))
    if width == 0:
        return []
    step = soft.STEP
    # The last row and column extend to the edge of a canvas that is not a multiple of the step.
    bottom = canvas[1] if y + height >= changed.shape[0] else (y + height) * step
    right = canvas[0] if x + width >= changed.shape[1] else (x + width) * step
    return [(np.s_[y : y + height, x : x + width], np.s_[y * step : bottom, x * step : right])]


def _foot_row(alpha: Plane) -> int:
    rows = np.flatnonzero((alpha > 0.5).any(1))
    return int(rows[-1]) if rows.size else alpha.shape[0] - 1


def _defocused(light: Light, stage: Stage, foot: float, defocus: float) -> Light:
    """Blur the scene behind the product, increasing with distance."""
    blurred = blur(light, _OUT_OF_FOCUS * defocus * max(stage.canvas))
    rows = np.arange(light.shape[0], dtype=np.float32)
    far = np.clip((foot - rows) / max(foot - stage.far_edge, 1.0), 0.0, 1.0) ** 1.5
    for part in strips(light.shape):
        light[part] += (blurred[part] - light[part]) * far[part, None, None]
    return light


def _light_left(
    stage: Stage,
    shares: Mapping[str, Plane],
    alpha: Plane,
    shadow: Shadow,
    seen_from_deg: float,
    *,
    is_flat: bool,
) -> Plane:
    """Share of the scene's light that reaches each pixel; float32 (h, w) like `alpha`, 1 is unshadowed."""
    solid = None if shadow.kind == "none" or shadow.strength == 0 else soft.on_ground(alpha, is_flat=is_flat)
    if solid is None:
        return np.ones_like(alpha)
    softness, parts = soft.softness_of(shadow), parts_of(solid)
    if is_flat:
        tight, wide, _ = soft.lying(solid, shadow, 0.0, 60.0, softness)
    else:
        tight, wide = contact.contact_of(parts, softness, seen_from_deg)
    size = size_of(alpha)
    # The lamp shares have a quarter of the plate's resolution, the matte a quarter of the canvas's.
    there = stage.to_canvas.copy()
    there[:, 2] /= soft.STEP
    left = np.zeros_like(alpha)
    for name, share in shares.items():
        lamp = stage.scene.passes[name]
        part = cv2.warpAffine(share, there, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if not plates.is_directed(lamp):
            hidden = _AROUND * wide
        elif is_flat:
            azimuth = _azimuth_in(stage, lamp, shadow)
            hidden = _UMBRA * soft.lying(solid, shadow, azimuth, lamp.elevation_deg, softness)[2]
        else:
            azimuth = _azimuth_in(stage, lamp, shadow)
            shade = partial(
                lamps.cast, stage.to_pixels, lamp, azimuth, softness=softness, length=shadow.length
            )
            hidden = _UMBRA * contact.darkest(map(shade, parts.standing))
        left += np.asarray(part, np.float32) * (1 - hidden)
    left = left * (1 - _TOUCH * tight) * (1 - _NEAR * wide)
    return np.asarray(np.clip(left, 0.02, 1.0) ** shadow.strength, np.float32)


def spill_of(rim: Plane, foot: Plane, ambient: Ambient) -> Light:
    """Gain that tints the product by the scene's colour, near the ground and at its rim.

    Only the hue is applied, because added light on the dark side would seem to move the key light. The tint
    is that of the spill light on a mid-tone, so that bright ground tints more than dark ground.

    Args:
        rim: How much the product faces away from the camera, 0..1.
        foot: How close it is to the ground, 0..1.

    Returns:
        Factor on the product's linear light, (h, w, 3); the luminance of grey is kept.
    """
    gain = np.ones((*rim.shape, 3), np.float32)
    parts = ((foot, ambient.ground_rgb_linear), (rim, ambient.scene_rgb_linear))
    for part, color in parts:
        light = np.array(color, np.float32)
        hue = (light - light @ np.array(LUMINANCE_WEIGHTS, np.float32)) / np.float32(_MIDTONE)
        gain += np.float32(ambient.spill) * part[..., None] * hue
    return gain
