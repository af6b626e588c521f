"""A photo with its matte, and all that is measured of it once for every candidate and every turn."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.mattes import Surface
from stillroom.domain.plans.measured import Perspective
from stillroom.domain.plans.plan import Context
from stillroom.imaging.background import in_background
from stillroom.imaging.cutout import glass, presence
from stillroom.imaging.cutout.matting import CROP_SIDE, Matte
from stillroom.imaging.light import color, detail, key_light, leveling
from stillroom.imaging.pixels import Bytes, Picture, Plane, cover_of, fitted, luminance, shrunk, to_linear
from stillroom.imaging.scene import composite, framing, perspective, viewpoint

_ITS_OWN = 40  # of 255 of cover; a line there belongs to the product
_STEEP_DEG = 45.0  # what has no foot and is seen from higher lies flat
_MEASURE_SIDE = 320  # pixels; casts and exposure are properties of areas


@dataclass(frozen=True)
class Product:
    """A photo with its matte, and what was measured of it.

    Attributes:
        photo: uint8 (H, W, 3), sRGB, upright.
        matte: Where the product is.
        turn: The 2x3 map from the photo as it was taken to `photo`, if it was set upright.
        margin: Pixels at each side, and at the top and bottom, that setting it upright left without content.
        surface: What a person said of its matter.
    """

    photo: Picture
    matte: Matte
    turn: NDArray[np.float64] | None = None
    margin: tuple[int, int] = (0, 0)
    surface: Surface = "auto"

    @cached_property
    def tilt(self) -> leveling.Tilt:
        """How far the camera was turned."""
        return leveling.tilt_of(self.segments, max(self.photo.shape))

    @cached_property
    def segments(self) -> NDArray[np.float64]:
        """The photo's straight lines; see `leveling.segments_of`."""
        return leveling.segments_of(self.photo)

    @cached_property
    def upright(self) -> "Product":
        """The same product, the photo turned back."""
        photo, matte, turn = leveling.turned(self.photo, self.matte, self.tilt.degrees)
        height, width = photo.shape[:2]
        margin = leveling.inner_margin(width, height, self.tilt.degrees)
        return Product(photo, matte, turn, margin, self.surface)

    @cached_property
    def cut_sides(self) -> tuple[str, ...]:
        """The sides of the photo, as it was taken, that cut through the product."""
        return presence.cut_sides(self.matte, self.photo.shape)

    @property
    def without_matte(self) -> "Product":
        """The photo as one in which there is no product."""
        nothing = np.zeros_like(fitted(self.photo, CROP_SIDE)[..., 0])
        box = (0, 0, self.photo.shape[1], self.photo.shape[0])
        return Product(self.photo, Matte(nothing, box, self.matte.model, None, 0.0))

    @cached_property
    def crop(self) -> Picture:
        """The photo inside the matte's box, at the matte's scale."""
        x0, y0, x1, y1 = self.matte.box
        height, width = self.matte.alpha.shape
        part = self.photo[y0:y1, x0:x1]
        return np.ascontiguousarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA))

    @cached_property
    def foreground(self) -> Picture:
        """The product's own colours at the matte's scale."""
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
        """What the photo lacks."""
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
        """How far what lies around the product is out of focus, 0..1."""
        return _defocus_of(*self._small)

    @cached_property
    def viewpoint(self) -> viewpoint.Viewpoint:
        """Where the camera stood, by the lines around the product and by its foot."""
        middle = (self.segments[:, :2] + self.segments[:, 2:]) / 2
        x0, y0, x1, y1 = self.matte.box
        height, width = self.matte.alpha.shape
        column = np.floor((middle[:, 0] - x0) / (x1 - x0) * width).astype(int)
        row = np.floor((middle[:, 1] - y0) / (y1 - y0) * height).astype(int)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        cover = self.matte.alpha[row.clip(0, height - 1), column.clip(0, width - 1)]
        around = self.segments[~(inside & (cover > _ITS_OWN))]
        size = self.photo.shape[1], self.photo.shape[0]
        foot = perspective.elevation_of(self.matte.alpha)
        return viewpoint.viewpoint_of(around, size, self.bounds, foot)

    @property
    def elevation_deg(self) -> float | None:
        """From how high the camera looked down on it; None if the photo does not tell."""
        return self.viewpoint.elevation_deg if self.viewpoint.is_sure else None

    @cached_property
    def _glass_like(self) -> glass.Glass | None:
        if self.surface == "solid":
            return None
        return glass.glass_of(self.crop, self.matte.alpha, is_certain=self.surface == "transparent")

    @property
    def glass(self) -> glass.Glass | None:
        """What of it is colourless glass; what only may be glass stays opaque."""
        found = self._glass_like
        return found if found is not None and found.is_sure else None

    @property
    def may_be_glass(self) -> bool:
        """Whether something looks like glass, and not surely enough to show a new backdrop through it."""
        return self._glass_like is not None and self.glass is None

    @cached_property
    def opaque(self) -> Bytes:
        """The matte without colourless glass, uint8; what must keep its colours."""
        if self.glass is None:
            return self.matte.alpha
        kept = self.matte.alpha * (1 - np.clip(self.glass.cover, 0, 1))
        return np.asarray(np.rint(kept), np.uint8)

    @cached_property
    def is_lying(self) -> bool:
        """Whether it lies on a table and was photographed from above."""
        if perspective.is_lying(fitted(self.matte.alpha, _MEASURE_SIDE), 127):
            return True
        # What stands there shows a round foot even from above, or is seen from the side a little.
        steep = (self.elevation_deg or 0.0) >= _STEEP_DEG
        return steep and perspective.elevation_of(self.matte.alpha) is None

    @cached_property
    def _small(self) -> tuple[Picture, Bytes]:
        small = fitted(self.photo, _MEASURE_SIDE)
        scale = small.shape[1] / self.photo.shape[1]
        x0, y0, x1, y1 = (round(edge * scale) for edge in self.matte.box)
        alpha = np.zeros(small.shape[:2], np.uint8)
        if x1 > x0 and y1 > y0:
            alpha[y0:y1, x0:x1] = shrunk(self.matte.alpha, (x1 - x0, y1 - y0))
        return small, alpha

    @cached_property
    def shading(self) -> tuple[Plane, Plane, NDArray[np.float32]]:
        """Luminance, matte and normals of the crop, small."""
        level = luminance(to_linear(fitted(self.foreground, key_light.SIDE)))
        size = (level.shape[1], level.shape[0])
        cover = cover_of(shrunk(self.matte.alpha, size))
        return level, cover, key_light.normals_of(cover)

    @cached_property
    def key_light(self) -> key_light.KeyLight:
        """The main light in the photo."""
        return key_light.key_light_of(*self.shading)

    def measure(self) -> None:
        """Measure now, on both cores, what every picture needs; the rest is measured when it is asked for."""
        camera = in_background(lambda: (self.tilt, self.viewpoint))
        colors = in_background(lambda: (self.grade, self.glass))
        _ = self.key_light, self.noise
        camera.result()
        colors.result()

    @cached_property
    def context(self) -> Context:
        """What a session should remember of this photo."""
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


def _defocus_of(photo: Picture, alpha: Bytes) -> float:
    """Compare how much of the detail is fine, around the product and on it."""
    grey = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.float32)
    steps = [grey, *(np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32) for sigma in (1.0, 3.0))]
    fine, coarse = (np.abs(steps[0] - steps[1]), np.abs(steps[1] - steps[2]))
    inside, outside = alpha > 250, np.asarray(cv2.dilate(alpha, np.ones((9, 9), np.uint8))) < 3
    if int(inside.sum()) < 400 or int(outside.sum()) < 400:
        return 0.0
    shares = [float(fine[where].mean() / (coarse[where].mean() + 0.3)) for where in (inside, outside)]
    return float(np.clip(1.4 * (0.75 - shares[1] / max(shares[0], 1e-3)), 0.0, 0.8))
