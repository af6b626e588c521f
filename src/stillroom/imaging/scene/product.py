"""A photo with its matte, and its cached measurements for all candidates and edits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.mattes import Surface
from stillroom.domain.plans.measured import Perspective
from stillroom.domain.plans.plan import Context
from stillroom.imaging.cutout import glass, presence
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import CROP_SIDE
from stillroom.imaging.light import color, detail, key_light, leveling
from stillroom.imaging.pixels import Bytes, Picture, Plane, cover_of, luminance, to_linear
from stillroom.imaging.resizing import area_resized, fitted, shrunk, size_of, size_within
from stillroom.imaging.scene import (
    composite,
    framing,
    hanging,
    perspective,
    resolution,
    scale,
    surface,
    viewpoint,
)
from stillroom.imaging.thread_pool import in_background

PROXY_SIDE, PROXY_PHOTO_SIDE = 1024, 2048  # pixels; longer sides of the crop and the photo of a proxy
_ITS_OWN = 40  # of 255 of cover; a line where the matte exceeds it belongs to the product
_STEEP_DEG = 45.0  # a product without a visible foot, seen from higher than this, lies flat
_HIGH_DEG = 60.0  # so far from the usual view, even uncertain lines are evidence enough of a view from above
_MEASURE_SIDE = 320  # pixels of the longer side; colour casts and exposure need no detail

_SHARED = (
    *("tilt", "wheels", "cut_sides", "extent", "grade", "defocus", "viewpoint", "is_lying", "hangs"),
    *("is_furniture", "shading", "key_light", "crop", "foreground", "noise", "glass_like"),
)
"""Measurements that copies of a product share; only the last four depend on the matte's resolution."""


@dataclass(frozen=True)
class Product:
    """A photo with its matte and cached measurements.

    Attributes:
        photo: Upright.
        turn: 2x3 rotation from the original photo to `photo`; None if it was not levelled.
        margin: Pixels at each side, and at top and bottom, that levelling left without content.
        surface: Surface type set by a person.
        reduction: Pixels of the photo per pixel of `photo`, across and down; above 1 in a proxy. Positions
            are in pixels of the photo.
        is_said_glass: Whether a reader model saw glass, which makes possible glass certain.
        leveled: In a proxy, the proxies of the turned photo, by degrees.
    """

    photo: Picture
    matte: Matte
    turn: NDArray[np.float64] | None = None
    margin: tuple[int, int] = (0, 0)
    surface: Surface = "auto"
    reduction: tuple[float, float] = (1.0, 1.0)
    is_said_glass: bool = False
    leveled: "Mapping[float, Product]" = field(default_factory=dict)

    def seen_as(self, shows_through: bool | None) -> "Product":
        """The same product, as glass or not if an instruction says so; a surface set for the matte stays."""
        if shows_through is None or self.surface != "auto":
            return self
        if shows_through not in self._said:
            said: Surface = "transparent" if shows_through else "solid"
            found = _glass_in(self.crop, self.matte.alpha, said)
            self._said[shows_through] = self._shared_with(replace(self, surface=said), glass_like=found)
        return self._said[shows_through]

    @cached_property
    def _said(self) -> dict[bool, "Product"]:
        return {}

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the photo."""
        height, width = self.photo.shape[:2]
        return round(width * self.reduction[0]), round(height * self.reduction[1])

    def part_of_photo(self, x0: int, y0: int, x1: int, y1: int) -> Picture:
        """Pixels of a box of the photo, at the resolution of `photo`."""
        across, down = self.reduction
        left, right = round(x0 / across), max(round(x0 / across) + 1, round(x1 / across))
        top, bottom = round(y0 / down), max(round(y0 / down) + 1, round(y1 / down))
        return np.ascontiguousarray(self.photo[top:bottom, left:right])

    @cached_property
    def proxy(self) -> "Product":
        """The same product at the resolution of a preview, with everything already measured.

        It holds no part of this product's photo, so that this one can be freed.
        """
        photo, alpha = fitted(self.photo, PROXY_PHOTO_SIDE), fitted(self.matte.alpha, PROXY_SIDE)
        size = size_of(alpha)
        ways = (self.tilt.degrees, self.upright), (self._slope_deg, self.on_level_ground)
        copy = replace(
            self,
            photo=photo.copy(),
            matte=replace(self.matte, alpha=alpha),
            reduction=(self.photo.shape[1] / photo.shape[1], self.photo.shape[0] / photo.shape[0]),
            leveled={degrees: turned.proxy for degrees, turned in ways if turned is not self},
        )
        return self._shared_with(
            copy,
            crop=shrunk(self.crop, size),
            foreground=shrunk(self.foreground, size),
            noise=self.noise * size[0] / self.matte.alpha.shape[1],
            glass_like=_shrunk_glass(self.glass_like, size),
        )

    def _shared_with(self, copy: "Product", **own: object) -> "Product":
        """Give a copy the measurements, but for its own; cached properties keep them in its dictionary."""
        copy.__dict__.update({name: getattr(self, name) for name in _SHARED} | own)
        return copy

    def for_size(self, size: tuple[int, int]) -> "Product":
        """The same product with enough pixels for a width and height, if the photo has them."""
        shown = max(size) > max(self.matte.alpha.shape) and self.reduction == (1.0, 1.0)
        return self.detailed if shown else self

    @cached_property
    def detailed(self) -> "Product":
        """The same product at the photo's own resolution, with everything already measured."""
        x0, y0, x1, y1 = self.matte.box
        if size_within((y1 - y0, x1 - x0), framing.MAX_SIDE)[0] <= self.matte.alpha.shape[1]:
            return self
        crop = fitted(self.photo[y0:y1, x0:x1], framing.MAX_SIDE)
        alpha = resolution.enlarged(self.matte.alpha, crop)
        return self._shared_with(
            replace(self, matte=replace(self.matte, alpha=alpha)),
            crop=crop,
            foreground=composite.foreground_of(crop, alpha),
            noise=detail.noise_of(crop, alpha),
        )

    @cached_property
    def tilt(self) -> leveling.Tilt:
        side = max(self.photo.shape)
        return leveling.confirmed(leveling.tilt_of(self.segments, side), self.segments, self.matte, side)

    @cached_property
    def segments(self) -> NDArray[np.float64]:
        """Straight lines of the photo; see `leveling.segments_of`."""
        return leveling.segments_of(self.photo)

    @cached_property
    def upright(self) -> "Product":
        """The same product with the photo levelled; itself if that is level."""
        return self._turned(self.tilt.degrees)

    @cached_property
    def on_level_ground(self) -> "Product":
        """The same product with its two wheels at one height; itself if they are, or if it has none."""
        return self._turned(self._slope_deg)

    @property
    def _slope_deg(self) -> float:
        return (self.wheels.slope_deg if self.wheels else None) or 0.0

    def _turned(self, degrees: float) -> "Product":
        if degrees in self.leveled:
            return self.leveled[degrees]
        if abs(degrees) < leveling.MIN_TILT or self.turn is not None:
            return self
        level = leveling.turned(self.photo, self.matte, degrees)
        if level is None:
            return self
        photo, matte, turn = level
        height, width = photo.shape[:2]
        margin = leveling.inner_margin(width, height, degrees)
        return Product(photo, matte, turn, margin, self.surface, is_said_glass=self.is_said_glass)

    @cached_property
    def cut_sides(self) -> tuple[str, ...]:
        """Sides of the original photo that cut the product."""
        return presence.cut_sides(self.matte, self.photo.shape)

    @property
    def without_matte(self) -> "Product":
        """The same photo with an empty matte."""
        if not self.matte.alpha.any():
            return self
        nothing = np.zeros_like(fitted(self.photo, CROP_SIDE)[..., 0])
        box = (0, 0, self.photo.shape[1], self.photo.shape[0])
        return Product(self.photo, Matte(nothing, box, self.matte.model, None, 0.0))

    @cached_property
    def crop(self) -> Picture:
        """The photo inside the matte's box, at the matte's scale."""
        x0, y0, x1, y1 = self.matte.box
        part = self.photo[y0:y1, x0:x1]
        return area_resized(part, size_of(self.matte.alpha))

    @cached_property
    def foreground(self) -> Picture:
        """Foreground colours of the product at the matte's scale."""
        return composite.foreground_of(self.crop, self.matte.alpha)

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the product as shares of the box."""
        return framing.extent_of(self.matte.alpha)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the product in photo pixels."""
        x0, y0, x1, y1 = self.matte.box
        left, top, right, bottom = self.extent
        width, height = x1 - x0, y1 - y0
        return x0 + left * width, y0 + top * height, x0 + right * width, y0 + bottom * height

    @cached_property
    def grade(self) -> color.Grade:
        """White balance and exposure corrections that the photo needs."""
        return color.grade_of(*self._small, self._cast)

    @cached_property
    def _cast(self) -> color.Cast:
        return color.cast_of(*self._small)

    @cached_property
    def noise(self) -> float:
        """Standard deviation of the noise in sRGB steps, at the matte's scale."""
        return detail.noise_of(self.crop, self.matte.alpha)

    @cached_property
    def defocus(self) -> float:
        """Defocus of the background relative to the product, 0..1."""
        return surface.defocus_of(*self._small)

    @cached_property
    def viewpoint(self) -> viewpoint.Viewpoint:
        """Camera viewpoint, estimated from the lines around the product and from its foot."""
        middle = (self.segments[:, :2] + self.segments[:, 2:]) / 2
        x0, y0, x1, y1 = self.matte.box
        height, width = self.matte.alpha.shape
        column = np.floor((middle[:, 0] - x0) / (x1 - x0) * width).astype(int)
        row = np.floor((middle[:, 1] - y0) / (y1 - y0) * height).astype(int)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        cover = self.matte.alpha[row.clip(0, height - 1), column.clip(0, width - 1)]
        around = self.segments[~(inside & (cover > _ITS_OWN))]
        size = self.photo.shape[1], self.photo.shape[0]
        has_foot = "bottom" not in self.cut_sides
        foot = perspective.elevation_of(self.matte.alpha) if has_foot else None
        return viewpoint.viewpoint_of(around, size, self.bounds, foot)

    @property
    def elevation_deg(self) -> float | None:
        """Elevation from which the camera saw the product; None if it is uncertain."""
        view = self.viewpoint
        return view.elevation_deg if view.is_sure or view.elevation_deg >= _HIGH_DEG else None

    @cached_property
    def glass_like(self) -> glass.Glass | None:
        """Colourless glass in the product, certain or possible."""
        return _glass_in(self.crop, self.matte.alpha, self.surface)

    @property
    def glass(self) -> glass.Glass | None:
        """Colourless glass in the product, if certain; possible glass stays opaque."""
        found = self.glass_like
        return found if found is not None and (found.is_sure or self.is_said_glass) else None

    @property
    def may_be_glass(self) -> bool:
        """Whether possible glass was found that is too uncertain to show a new backdrop through it."""
        return self.glass_like is not None and self.glass is None

    @cached_property
    def opaque(self) -> Bytes:
        """The matte without colourless glass, uint8; its pixels must keep their colours."""
        if self.glass is None:
            return self.matte.alpha
        height, width = self.matte.alpha.shape
        cover = np.clip(cv2.resize(self.glass.cover, (width, height)), 0, 1)
        return np.asarray(np.rint(self.matte.alpha * (1 - cover)), np.uint8)

    @cached_property
    def is_lying(self) -> bool:
        """Whether the product lies on a table and was photographed from above."""
        if perspective.is_lying(fitted(self.matte.alpha, _MEASURE_SIDE)):
            return True
        # From less high above, a standing product shows a round foot.
        has_foot = perspective.elevation_of(self.matte.alpha) is not None
        if self.elevation_deg is None:
            # A body that stands is shaded like something round; what lies flat is lit alike all over.
            is_body = self.key_light.confidence >= key_light.MIN_CONFIDENCE
            return not has_foot and not is_body and surface.fills_photo(*self._small)
        return self.elevation_deg >= (_HIGH_DEG if has_foot else _STEEP_DEG)

    @cached_property
    def hangs(self) -> bool:
        """Whether the product hangs from a string."""
        return hanging.hangs(self.photo, self.matte.alpha, self.matte.box)

    @cached_property
    def is_furniture(self) -> bool:
        """Whether the product evidently is furniture, by its legs."""
        return scale.stands_on_legs(self.matte.alpha)

    @cached_property
    def wheels(self) -> scale.Wheels | None:
        """The wheels of a vehicle, or of a toy of one."""
        return scale.wheels_of(self.matte.alpha)

    @cached_property
    def _small(self) -> tuple[Picture, Bytes]:
        small = fitted(self.photo, _MEASURE_SIDE)
        # Each side by its own scale: the smaller photo has whole pixels, so that the two differ a little.
        x0, x1 = (round(x * small.shape[1] / self.photo.shape[1]) for x in self.matte.box[::2])
        y0, y1 = (round(y * small.shape[0] / self.photo.shape[0]) for y in self.matte.box[1::2])
        alpha = np.zeros(small.shape[:2], np.uint8)
        if x1 > x0 and y1 > y0:
            alpha[y0:y1, x0:x1] = shrunk(self.matte.alpha, (x1 - x0, y1 - y0))
        return small, alpha

    @cached_property
    def shading(self) -> tuple[Plane, Plane, NDArray[np.float32]]:
        """Luminance, matte and normals of the crop, at `key_light.SIDE`."""
        level = luminance(to_linear(fitted(self.foreground, key_light.SIDE)))
        size = size_of(level)
        cover = cover_of(shrunk(self.matte.alpha, size))
        return level, cover, key_light.normals_of(cover)

    @cached_property
    def key_light(self) -> key_light.KeyLight:
        return key_light.key_light_of(*self.shading)

    def measure(self) -> None:
        """Compute what every picture needs, on two threads; the rest is computed on first access."""
        camera = in_background(lambda: (self.tilt, self.viewpoint))
        colors = in_background(lambda: (self.grade, self.glass))
        _ = self.key_light, self.noise
        camera.result()
        colors.result()

    @cached_property
    def context(self) -> Context:
        """Photo context that a session stores: lighting, perspective and colour tone."""
        height, width = self.photo.shape[:2]
        left, top, right, bottom = self.bounds
        outline, view = round(self.matte.confidence, 2), self.viewpoint
        tone = color.tone_of(*self._small, self._cast, outline)
        return Context(
            lighting=key_light.lighting_of(self.key_light, tone),
            perspective=Perspective(
                pitch_deg=view.pitch_deg,
                horizon_y=view.horizon_y,
                scale=round(max((right - left) / width, (bottom - top) / height), 4),
                center=(round((left + right) / 2 / width, 4), round((top + bottom) / 2 / height, 4)),
                confidence={
                    "pitch_deg": view.confidence,
                    "horizon_y": view.confidence,
                    "scale": outline,
                    "center": outline,
                },
            ),
            color_tone=tone,
        )


def _glass_in(crop: Picture, alpha: Bytes, surface: Surface) -> glass.Glass | None:
    return None if surface == "solid" else glass.glass_of(crop, alpha, is_certain=surface == "transparent")


def _shrunk_glass(found: glass.Glass | None, size: tuple[int, int]) -> glass.Glass | None:
    if found is None:
        return None
    planes = (found.cover, found.passed, found.shine)
    cover, passed, shine = (area_resized(plane, size) for plane in planes)
    return replace(found, cover=cover, passed=passed, shine=shine)
