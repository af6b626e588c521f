"""Protection of the product's colours: automatic tone and relighting change them by a bounded difference."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Plan, Tone
from stillroom.imaging.light import color, key_light
from stillroom.imaging.pixels import Light, Picture, Plane, to_srgb
from stillroom.imaging.quality.judgement import delta_e_from
from stillroom.imaging.resizing import fitted, shrunk, size_of
from stillroom.imaging.scene.product import Product

_SIDE = 256  # pixels of the longer side at which differences are measured
_USUAL_COVER, _LEAST_COVER = 0.5, 0.22  # shares of the box that a product takes, of a solid and a thin one
_MAX_BY_GRADE, _MAX_BY_LIGHT, _MAX_BY_SPILL = 4.5, 5.3, 5.6
"""CIEDE2000, 95th percentile inside the product, for the automatic tone, for tone and light, and for both
with the spill light of an own backdrop. The rest up to 6 is left to that of a scene and to resampling.
"""

_STEPS = 3  # of the false position method; a difference grows nearly linearly with the share
_AIM = 0.97  # of the limit, so that most steps end below it
_SURE = 0.8  # of the last share, if every step ended above the limit


@dataclass(frozen=True)
class Grading:
    """Tone and light of a product as a plan wants them, within the limits of its protected colours.

    A tone that the user's words ask for is applied in full and counts as the product's own colour.

    Attributes:
        backdrop_mired: Shift of colour temperature towards the light of an own backdrop.
        backdrop_ev: Stops by which an own backdrop darkens the product.
    """

    product: Product
    plan: Plan
    backdrop_mired: float = 0.0
    backdrop_ev: float = 0.0

    @cached_property
    def _tone(self) -> Tone:
        tone = self.plan.tone
        return tone.model_copy(
            update={
                "mired": tone.mired + self.backdrop_mired,
                "exposure_ev": tone.exposure_ev + self.backdrop_ev,
            }
        )

    def graded(self, picture: Picture) -> Light:
        """Apply the tone to a picture of the product or of its surroundings; uint8 (H, W, 3), sRGB."""
        return self._graded(picture, self._share_of_tone)

    @cached_property
    def gain(self) -> Plane | None:
        """Gain that relights the product, float32 (h, w) at `key_light.SIDE`; None if nothing changes."""
        gain = key_light.gain_of(self.plan.light, self.product.key_light, *self.product.shading)
        if gain is None:
            return None
        level = self._graded(self._small, self._share_of_tone)
        wide = self._wide(gain)

        def lit(share: float) -> Light:
            return color.lit(level, np.asarray(wide**share, np.float32))

        return np.asarray(gain ** self._share_within(_MAX_BY_LIGHT, lit), np.float32)

    def spilled(self, spill: Light) -> Light:
        """Reduce the gain of a spill light, float32 (h, w, 3), to what the product's colours allow."""
        level = self._graded(self._small, self._share_of_tone)
        if self.gain is not None:
            level = color.lit(level, self._wide(self.gain))
        wide = self._wide(spill)

        def tinted(share: float) -> Light:
            return color.tinted(level, 1 + np.float32(share) * (wide - 1))

        share = self._share_within(_MAX_BY_SPILL, tinted, self._difference(to_srgb(level)))
        return np.asarray(1 + np.float32(share) * (spill - 1), np.float32)

    def _wide(self, gain: NDArray[np.float32]) -> NDArray[np.float32]:
        """A gain at the size at which differences are measured."""
        wide = cv2.resize(gain, size_of(self._small), interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.maximum(wide, 1e-3), np.float32)

    def _graded(self, picture: Picture, share: float) -> Light:
        full = color.graded(picture, self._tone, self.product.grade)
        if share == 1.0:
            return full
        plain = color.graded(picture, _asked_alone(self.plan.tone), self.product.grade)
        return np.asarray(cv2.addWeighted(full, share, plain, 1 - share, 0), np.float32)

    @cached_property
    def _share_of_tone(self) -> float:
        if _asked_alone(self.plan.tone) == self._tone:
            return 1.0
        return self._share_within(_MAX_BY_GRADE, lambda share: self._graded(self._small, share))

    @cached_property
    def _small(self) -> Picture:
        # Of a thin product, more of few pixels would be at the edge and not count.
        cover = max(float(self.product.opaque.mean()) / 255, _LEAST_COVER)
        side = round(_SIDE * max(1.0, (_USUAL_COVER / cover) ** 0.5))
        return fitted(self.product.foreground, side)

    @cached_property
    def _difference(self) -> Callable[[Picture], float]:
        """Difference of an edited small picture from the product's own colours."""
        size = size_of(self._small)
        crop, inside = shrunk(self.product.crop, size), shrunk(self.product.opaque, size)
        own = to_srgb(color.graded(crop, _asked_alone(self.plan.tone), self.product.grade))
        return delta_e_from(own, inside)

    def _share_within(self, limit: float, edited: Callable[[float], Light], least: float = 0.0) -> float:
        """Largest share of an edit, 0..1, that changes the product's colours by at most a limit.

        Args:
            least: Difference without the edit.
        """
        most = self._difference(to_srgb(edited(1.0)))
        if most <= limit:
            return 1.0
        if least >= _AIM * limit:
            return 0.0
        low, high = 0.0, 1.0
        for _ in range(_STEPS):
            middle = low + (high - low) * max(_AIM * limit - least, 0.0) / (most - least)
            found = self._difference(to_srgb(edited(middle)))
            if found <= limit:
                low, least = middle, found
            else:
                high, most = middle, found
        return low or _SURE * high * limit / most


def _asked_alone(tone: Tone) -> Tone:
    """The tone without its automatic corrections."""
    balance = tone.white_balance if tone.white_balance > 0.5 else 0.0
    return tone.model_copy(update={"auto_exposure": False, "white_balance": balance})
