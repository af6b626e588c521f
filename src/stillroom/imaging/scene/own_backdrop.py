"""A seller's own picture as the backdrop: its light, its ground, and its place on the canvas."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Backdrop, Framing, Plan, Shadow
from stillroom.imaging.light import color
from stillroom.imaging.pixels import LUMINANCE_WEIGHTS, Light, Picture, Plane, blur, luminance, to_linear
from stillroom.imaging.resizing import area_resized, bilinear, fitted, size_of
from stillroom.imaging.scene import composite, plates

_SIDE = 256  # pixels of the longer side at which a picture is measured
_MIN_SLOPE = 0.15  # stops across the picture's width; a smaller difference says nothing about the light
_FULL_SLOPE = 0.5  # stops at which the light comes from the side; lamps at 60 degrees give .2 to .5
_AGREEING = 0.6  # share of the rows that become brighter to that side
_WIDEST_DEG = 60.0  # azimuth of such a light
_MAX_MIRED = 40.0  # shift of the product's light towards the picture's
_FOLLOWED, _USUAL_LEVEL = 0.1, 0.2  # share of the stops below a linear level by which the product is darkened
_MAX_DARKER = -0.25  # stops
_SURE_CAST = 0.3  # agreement of the estimates from which a colour temperature is followed
_EDGES = (0.25, 0.85)  # shares of the height between which the far edge of the ground is looked for
_USUAL_HORIZON = 0.55  # without a visible edge
_CLEAR_EDGE = 2.5  # times the median change from row to row
_LOWEST_HORIZON = 0.8  # share of the canvas; with less ground, a product lying on it is too small to be seen
_FOOT = 0.6  # of the ground's depth: where the product stands
_LYING_SHARE = 0.84  # of the ground's depth that a product lying on it takes at most
_AROUND_FOOT = 0.04  # of the height: rows above and below the foot whose light is measured
_DIM, _BLACK = 0.06, 0.015  # linear levels between which ground becomes dark
_DEEPER, _SHEEN = 1.0, 0.13  # on black ground: added strength of the shadow, and strength of the reflection
_SOFT_BARS = 0.05  # of the canvas: sigma of the blur of what a whole picture leaves free


@dataclass(frozen=True)
class OwnBackdrop:
    """A picture with what is measured of it."""

    picture: Picture

    @cached_property
    def _light(self) -> Light:
        return to_linear(fitted(self.picture, _SIDE))

    @cached_property
    def azimuth_deg(self) -> float | None:
        """Azimuth of the light, -90 left to 90 right; None if both sides are equally bright.

        A light is nearer to one side, so a line fitted to the logarithm of the luminance rises to it.
        """
        level = luminance(self._light)
        stops = np.log2(blur(level, _SIDE / 24) + np.float32(0.01))
        x = np.linspace(-0.5, 0.5, stops.shape[1], dtype=np.float32)
        slopes = stops @ x / float(x @ x)
        slope = float(slopes.mean())
        # An object at one side changes some rows, a light all of them.
        if abs(slope) < _MIN_SLOPE or float((slopes * np.sign(slope) > _MIN_SLOPE / 3).mean()) < _AGREEING:
            return None
        return round(float(np.clip(slope / _FULL_SLOPE, -1.0, 1.0)) * _WIDEST_DEG, 1)

    @cached_property
    def mired(self) -> float:
        """Shift of colour temperature from daylight to the picture's light; positive is warmer, 0 unsure."""
        nothing = np.zeros(self._light.shape[:2], np.uint8)
        cast = color.cast_of(fitted(self.picture, _SIDE), nothing)
        if cast.agreement < _SURE_CAST or (cast.red == 0 and cast.blue == 0):
            return 0.0
        kelvin = color.kelvin_of(np.array([np.exp(cast.red), 1.0, np.exp(cast.blue)]))
        return float(np.clip(1e6 / kelvin - color.DAYLIGHT_MIRED, -_MAX_MIRED, _MAX_MIRED))

    @cached_property
    def mean_light(self) -> NDArray[np.float32]:
        """Mean linear light, float32 (3,)."""
        return np.asarray(self._light.mean((0, 1)), np.float32)

    @cached_property
    def exposure_ev(self) -> float:
        """Stops by which the product is darkened in a dark picture; 0 or negative."""
        level = float(self.mean_light @ np.array(LUMINANCE_WEIGHTS, np.float32))
        return float(np.clip(_FOLLOWED * np.log2((level + 0.01) / _USUAL_LEVEL), _MAX_DARKER, 0.0))

    @property
    def horizon_y(self) -> float:
        """Far edge of the ground as a share of the height; the usual one if none is visible."""
        return _USUAL_HORIZON if self.edge_y is None else self.edge_y

    @cached_property
    def edge_y(self) -> float | None:
        """The strongest change between rows as a share of the height; None if none stands out."""
        rows = np.log2(blur(self._light, 2.0, 2.0).mean(1) + np.float32(0.02))
        change = np.abs(np.diff(rows, axis=0)).sum(1)
        height = len(rows)
        low, high = (round(share * height) for share in _EDGES)
        between = change[low:high]
        best = low + int(between.argmax()) if between.size else 0
        if between.size == 0 or change[best] < _CLEAR_EDGE * float(np.median(change)) + 1e-3:
            return None
        return (best + 1) / height


@dataclass(frozen=True)
class Hung:
    """A backdrop on a canvas.

    Attributes:
        picture: Of the canvas's size.
        horizon: Row of the far edge of the ground.
    """

    picture: Picture
    horizon: float


def hung(own: OwnBackdrop, backdrop: Backdrop, canvas: tuple[int, int]) -> Hung:
    """Scale the picture to the canvas and crop what does not fit, or show it whole over a blurred copy."""
    height, width = own.picture.shape[:2]
    cover = max(canvas[0] / width, canvas[1] / height)
    horizon = _horizon_on(own, backdrop, canvas) * canvas[1]
    filled = _scaled(own.picture, cover, canvas)
    if backdrop.fit == "cover" or (width * cover, height * cover) == canvas:
        return Hung(filled, horizon)
    whole = min(canvas[0] / width, canvas[1] / height)
    shown = _scaled(own.picture, whole, (round(width * whole), round(height * whole)))
    soft = blur(filled.astype(np.float32), _SOFT_BARS * max(canvas))
    picture = np.clip(np.rint(soft), 0, 255).astype(np.uint8)
    x, y = (canvas[0] - shown.shape[1]) // 2, (canvas[1] - shown.shape[0]) // 2
    inner, outer = composite.overlap(shown.shape, picture.shape, x, y)
    picture[outer] = shown[inner]
    return Hung(picture, horizon)


def _scaled(picture: Picture, scale: float, size: tuple[int, int]) -> Picture:
    """Scale a picture and crop its middle to a size."""
    left = (size[0] - picture.shape[1] * scale) / 2
    top = (size[1] - picture.shape[0] * scale) / 2
    if scale < 1:
        small = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        picture = area_resized(picture, small)
        scale = 1.0
    to_canvas = np.array([[scale, 0.0, left], [0.0, scale, top]])
    shown = cv2.warpAffine(picture, to_canvas, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, np.uint8)


def base_line(own: OwnBackdrop, backdrop: Backdrop, canvas: tuple[int, int]) -> float:
    """Share of the canvas's height on which the product stands: on the ground, not at its far edge."""
    horizon = _horizon_on(own, backdrop, canvas)
    return float(np.clip(horizon + _FOOT * (1 - horizon), 0.55, 0.88))


def laid(own: OwnBackdrop, plan: Plan, framing: Framing, size: tuple[float, float]) -> Framing:
    """Framing of a product that lies flat: all of it is on the ground, so that it does not lean on the wall.

    Args:
        own: The backdrop; one without a visible far edge is taken for ground seen from above.
        plan: A framing that was asked for is kept.
        size: Width and height of the product.
    """
    edge = own.edge_y if plan.backdrop.horizon_y is None else plan.backdrop.horizon_y
    if edge is None or "framing" in plan.asked:
        return framing
    canvas = framing.canvas or (1, 1)
    horizon = max(0.0, _horizon_on(own, plan.backdrop, canvas))
    ground = 1 - horizon
    fits = _LYING_SHARE * ground * canvas[1] / size[1] * max(size[0] / canvas[0], size[1] / canvas[1])
    where = {"fill": min(framing.fill, fits), "y": min(0.9, horizon + 0.5 * ground)}
    return framing.model_copy(update=where)


def _horizon_on(own: OwnBackdrop, backdrop: Backdrop, canvas: tuple[int, int]) -> float:
    """Far edge of the ground as a share of the canvas's height, which leaves ground for the product."""
    height, width = own.picture.shape[:2]
    scale = (max if backdrop.fit == "cover" else min)(canvas[0] / width, canvas[1] / height)
    edge = own.horizon_y if backdrop.horizon_y is None else backdrop.horizon_y
    return min(_LOWEST_HORIZON, float(((edge - 0.5) * height * scale + canvas[1] / 2) / canvas[1]))


@dataclass(frozen=True, slots=True)
class Ground:
    """Light of the ground around the product's foot.

    Attributes:
        light: float32 (3,), linear, mean colour.
        darkness: 0..1; on dark ground a shadow alone can hardly be seen.
    """

    light: NDArray[np.float32]
    darkness: float


def ground_of(hung: Hung, alpha: Plane) -> Ground:
    """Measure the ground around the foot of a product.

    Args:
        alpha: The product on the canvas, at a fraction of its size.
    """
    rows, columns = np.flatnonzero((alpha > 0.5).any(1)), np.flatnonzero((alpha > 0.5).any(0))
    if rows.size == 0:
        return Ground(np.ones(3, np.float32), 0.0)
    step = hung.picture.shape[0] / alpha.shape[0]
    foot, near = rows[-1] * step, max(2.0, _AROUND_FOOT * hung.picture.shape[0])
    top, bottom = max(0, round(foot - near)), round(foot + near)
    left, right = round(columns[0] * step), round((columns[-1] + 1) * step)
    part = hung.picture[top:bottom:2, left:right:2]
    light = np.asarray(to_linear(np.ascontiguousarray(part)).mean((0, 1)), np.float32)
    level = float(light @ np.array(LUMINANCE_WEIGHTS, np.float32))
    return Ground(light, float(np.clip((_DIM - level) / (_DIM - _BLACK), 0.0, 1.0)))


def ambient_of(own: OwnBackdrop, ground: Ground) -> plates.Ambient:
    """Colours that spill on the product."""
    red, green, blue = (float(value) for value in own.mean_light)
    low = float(ground.light[0]), float(ground.light[1]), float(ground.light[2])
    return plates.Ambient(ground_rgb_linear=low, scene_rgb_linear=(red, green, blue), spill=plates.SPILL)


def grounded(shadow: Shadow, ground: Ground) -> Shadow:
    """The shadow on such ground: deeper on dark ground, with a faint reflection, so that nothing floats."""
    if shadow.kind == "none" or ground.darkness == 0:
        return shadow
    strength = min(2.0, shadow.strength * (1 + _DEEPER * ground.darkness))
    reflection = max(shadow.reflection, _SHEEN * ground.darkness)
    return shadow.model_copy(update={"strength": strength, "reflection": reflection})


def shaded(hung: Hung, density: Plane, exposure_ev: float, gained: Light | None = None) -> Picture:
    """Apply a shadow and a reflection to the ground of a backdrop, and its exposure.

    Args:
        density: Density of the shadow, smaller than the canvas.
        gained: Light of a reflection; None without one.
    """
    size = size_of(hung.picture)
    rows = np.arange(density.shape[0], dtype=np.float32)
    horizon = hung.horizon * density.shape[0] / size[1]
    # A wall behind the product is too far away for its shadow.
    on_ground = np.clip((rows - horizon) / max(1.0, 0.04 * density.shape[0]) + 1.0, 0.0, 1.0)[:, None]
    left = (1 - density * on_ground) * np.float32(2.0**exposure_ev)
    large = bilinear(left, size)
    picture = composite.dimmed(hung.picture, large)
    if gained is not None:
        # Next to the ground the product's own underside, which is dark, is mirrored.
        lit = gained * (left * on_ground)[..., None]
        composite.brighten(picture, np.asarray(lit, np.float32))
    return picture
