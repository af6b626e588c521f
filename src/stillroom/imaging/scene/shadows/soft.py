"""Shadows of a product on the ground: contact shadow, ambient occlusion and cast shadow."""

import cv2
import numpy as np

from stillroom.domain.plans.plan import Shadow
from stillroom.imaging.pixels import Bytes, Plane, blur, smoothstep
from stillroom.imaging.resizing import area_resized, size_of
from stillroom.imaging.scene.shadows.contact import (
    FOOT_REACH,
    ROUNDING,
    USUAL_VIEW_DEG,
    contact_of,
    darkest,
    underside,
    wider_than,
)
from stillroom.imaging.scene.shadows.parts import parts_of

STEP = 4  # shadows are computed at a quarter of the picture's size, since they have no finer detail
CONTACT = 0.6
AMBIENT = 0.45
CAST_ON_WHITE, CAST_ON_SCENE = 0.25, 0.45
CUT_LEGS = 0.2  # of the width: the most that legs take which the photo's edge cuts
THICKNESS = 0.03  # of its diagonal: height of a flat object above the table
FOOTPRINT_ASIDE = 0.45  # of its height: offset of the shade around a flat object from its outline
EDGE_FADE = 0.09  # of the canvas; the shadow fades out over it
LONGEST_CAST, FLATTEST_CAST = 0.7, 0.2  # of the height: largest sideways shear, and least depth
SHORTEST_CAST = 0.05  # of the natural length; a shorter shadow is hidden by the product
_BOTTOM = 2  # rows: the matte of a product that leaves the picture may fade out above its edge
_FAINTEST = 0.004  # density below which paper is white again


def density_of(
    alpha: Plane,
    shadow: Shadow,
    azimuth_deg: float,
    elevation_deg: float,
    *,
    on_white: bool,
    is_flat: bool = False,
    seen_from_deg: float = USUAL_VIEW_DEG,
) -> Plane:
    """Density of the product's shadow on the ground.

    Args:
        alpha: The product placed on the canvas, at a quarter of its size.
        shadow: As requested; without a direction it falls away from the light.
        azimuth_deg: Of the key light.
        elevation_deg: Of the key light; a low one casts far.
        on_white: Whether the backdrop is white, which needs a weaker cast shadow.
        is_flat: Whether the product lies on a table and is seen from above.
        seen_from_deg: Elevation from which the product was photographed.

    Returns:
        float32 (h, w); 0 is no shadow, 1 is black.
    """
    if shadow.kind == "none" or shadow.strength == 0:
        return np.zeros_like(alpha)
    solid = on_ground(alpha, is_flat=is_flat)
    if solid is None:
        return np.zeros_like(alpha)
    softness = softness_of(shadow)
    if is_flat:
        tight, wide, cast = lying(solid, shadow, azimuth_deg, elevation_deg, softness)
        wide = wide * 0.6
    else:
        parts = parts_of(solid)
        tight, wide = contact_of(parts, softness, seen_from_deg)
        azimuth_deg = azimuth_deg if shadow.direction_deg is None else opposite(shadow.direction_deg)
        cast = darkest(
            _cast_on_ground(thing, azimuth_deg, elevation_deg, softness, shadow.length)
            for thing in parts.standing
        )
    reach = CAST_ON_WHITE if on_white else CAST_ON_SCENE
    reach *= 1.0 if shadow.kind == "soft" else 1.8
    strength = shadow.strength
    light = (1 - CONTACT * tight) * (1 - AMBIENT * wide) * (1 - min(reach, 0.8) * cast)
    density = 1 - light**strength
    for edge in _fades(*alpha.shape):
        density *= edge
    return np.asarray(np.clip((density - _FAINTEST) / (1 - _FAINTEST), 0.0, 0.95), np.float32)


def on_ground(alpha: Plane, *, is_flat: bool = False) -> Plane | None:
    """The part of a product that the ground of the picture carries; None if there is none.

    Where the product leaves the picture at its bottom, its shadow is unknown. If only thin legs leave it, the
    rest stands on its other legs.
    """
    solid = without_thin_parts(alpha)
    inside = solid > 0.5
    if is_flat or not inside[-_BOTTOM:].any():
        return solid if inside.any() else None
    columns = np.flatnonzero(inside.any(0))
    if inside[-_BOTTOM:].any(0).sum() > CUT_LEGS * columns.size:
        return None
    narrow = inside & ~wider_than(inside, CUT_LEGS * columns.size)
    _, legs = cv2.connectedComponents(narrow.astype(np.uint8))
    rest = np.where(np.isin(legs, legs[-_BOTTOM:][narrow[-_BOTTOM:]]), np.float32(0), solid)
    rows = np.flatnonzero((rest > 0.5).any(1))
    beside = rows.size and solid.shape[0] - rows[-1] <= FOOT_REACH * (rows[-1] - rows[0] + 1)
    return rest if beside else None


def _fades(height: int, width: int) -> tuple[Plane, Plane]:
    """Fade-out weights that keep edges of white paper white; (h, 1) from the bottom, (w,) from the sides."""
    across = smoothstep(np.minimum(np.arange(width), np.arange(width)[::-1]) / (EDGE_FADE * width))
    down = smoothstep(np.arange(height)[::-1] / (EDGE_FADE * height))
    return down[:, None], across


def softness_of(shadow: Shadow) -> float:
    """Factor on the blur of a shadow; 1 is a large softbox."""
    return shadow.softness * (1.0 if shadow.kind == "soft" else 0.35)


def opposite(direction_deg: float) -> float:
    """Azimuth of the light whose shadow falls in a direction; 0 is towards the viewer for both."""
    return direction_deg - 180.0 if direction_deg > 0 else direction_deg + 180.0


def lying(
    solid: Plane, shadow: Shadow, azimuth_deg: float, elevation_deg: float, softness: float
) -> tuple[Plane, Plane, Plane]:
    """Shadows of a flat object on a table seen from above: all around, and offset to one side.

    Args:
        solid: The product placed on the canvas, not empty.
        softness: Factor on the blur.

    Returns:
        The dark contact line, the wide shade around it, and the cast shadow; float32 (h, w) each, 0..1.
    """
    _, _, width, height = cv2.boundingRect((solid > 0.5).astype(np.uint8))
    size = float(np.hypot(width, height))
    thick = THICKNESS * size / float(np.tan(np.radians(max(elevation_deg, 25.0))))
    thick *= shadow.length
    if shadow.direction_deg is None:
        azimuth = np.radians(azimuth_deg)
        # Lights in front of and behind the product are both above it: the shadow falls down.
        across, down = -np.sin(azimuth), 0.4 + 0.3 * np.cos(azimuth)
    else:
        falls = np.radians(shadow.direction_deg)
        across, down = np.sin(falls), np.cos(falls)
    shift = np.array([[1, 0, across * thick], [0, 1, down * thick]])
    moved = cv2.warpAffine(solid, shift, size_of(solid))
    cast = blur(np.asarray(moved, np.float32), max(0.5, 0.008 * size * softness))
    # The thing hides the ground behind it, and more light reaches the ground on its lit side.
    aside = FOOTPRINT_ASIDE * THICKNESS * size
    under = np.array([[1, 0, across * aside], [0, 1, down * aside]])
    footprint = np.asarray(cv2.warpAffine(solid, under, size_of(solid)), np.float32)
    tight = blur(footprint, max(0.7, 0.004 * size * softness))
    wide = blur(footprint, max(1.0, 0.022 * size * softness))
    return tight * 0.8, wide, cast


def without_thin_parts(alpha: Plane) -> Plane:
    """Drop flat slivers under the base by opening, which would make it float; thin and splayed legs stay."""
    side = max(3, round(min(alpha.shape) / 170) | 1)
    mask, aslant = (alpha > 0.5).astype(np.uint8), np.eye(side, dtype=np.uint8)
    upright = (np.ones((side, 1), np.uint8), aslant, np.ascontiguousarray(aslant[::-1]))
    opened = np.max([cv2.morphologyEx(mask, cv2.MORPH_OPEN, line) for line in upright], axis=0)
    return np.asarray(alpha * opened, np.float32) if int(opened.sum()) > 0 else alpha


def _cast_on_ground(
    solid: Plane, azimuth_deg: float, elevation_deg: float, softness: float, length: float
) -> Plane:
    """Cast shadow by a sheared silhouette, blurred more the farther it is from the foot."""
    if length < SHORTEST_CAST:
        return np.zeros_like(solid)
    rows = np.flatnonzero((solid > 0.5).any(1))
    base, tall = int(rows[-1]), float(rows[-1] - rows[0] + 1)
    azimuth, elevation = np.radians(azimuth_deg), np.radians(max(elevation_deg, 25.0))
    shear = float(np.clip(-np.sin(azimuth) / np.tan(elevation), -LONGEST_CAST, LONGEST_CAST))
    ahead = float(np.cos(azimuth))
    # Light from behind casts the shadow towards the viewer, which is down in the picture.
    flat = max(FLATTEST_CAST, 0.32 * abs(ahead) / float(np.tan(elevation))) * (1 if ahead > -0.1 else -1)
    shear, flat = shear * length, flat * length
    under = _under_rounded_foot(solid, base, tall) if flat < 0 else None
    if under is not None:
        solid = np.maximum(solid, under)
    # A point at height h is mapped to x + h * shear and h * flat above the base; up is behind the product.
    matrix = np.array([[1.0, -shear, shear * base], [0.0, flat, base - flat * base]], np.float64)
    size = size_of(solid)
    laid = np.asarray(cv2.warpAffine(solid, matrix, size, flags=cv2.INTER_AREA), np.float32)
    if under is not None:
        laid = np.maximum(laid, under)
    reach = np.copysign(max(abs(flat) * tall, 1.0), flat)
    rise = (base - np.arange(solid.shape[0], dtype=np.float32)) / np.float32(reach)
    away = np.clip(rise, 0.0, 1.0)[:, None]
    near, far = np.clip(1 - away * 2.5, 0, 1), np.clip(away * 1.6 - 0.5, 0, 1)
    levels = [blur(laid, max(0.5, share * tall * softness)) for share in (0.012, 0.035, 0.07)]
    soft = levels[0] * near + levels[1] * (1 - near) * (1 - far) + levels[2] * far * (1 - near)
    return np.asarray(soft * (1 - 0.75 * away), np.float32)


def _under_rounded_foot(solid: Plane, base: int, tall: float) -> Plane:
    """Ground between a rounded foot and its front, which lies in a shadow that falls to the front; 0..1."""
    first, lowest = underside(solid)
    closeness = np.clip(1 - (base - lowest) / (ROUNDING * max(tall, lowest.size) + 1), 0, 1)
    rows = np.arange(solid.shape[0], dtype=np.float32)[:, None]
    under = np.zeros_like(solid)
    part = under[:, first : first + lowest.size]
    np.copyto(part, np.sqrt(closeness)[None], where=(rows > lowest) & (rows <= base))
    return under


def placed_small(alpha: Bytes, x: int, y: int, canvas: tuple[int, int]) -> Plane:
    """Place the product's matte on an empty canvas at a quarter of the size.

    A leg that is thinner than a pixel there would be lost, and with it its shadow; it becomes one pixel wide.

    Args:
        alpha: At the size it has on the canvas.
        x: Left edge on the canvas, and `y` its top edge; may be negative.
        canvas: Width and height.
    """
    width, height = canvas[0] // STEP, canvas[1] // STEP
    size = max(1, alpha.shape[1] // STEP), max(1, alpha.shape[0] // STEP)
    half = area_resized(alpha, (2 * size[0], 2 * size[1]))
    thin = cv2.morphologyEx(half, cv2.MORPH_TOPHAT, np.ones((3, 3), np.uint8))
    widened = cv2.resize(cv2.dilate(thin, np.ones((2, 2), np.uint8)), size, interpolation=cv2.INTER_AREA)
    small = np.maximum(area_resized(half, size), widened)
    matrix = np.array([[1, 0, x / STEP], [0, 1, y / STEP]], np.float64)
    return np.asarray(cv2.warpAffine(small.astype(np.float32) / 255, matrix, (width, height)), np.float32)
