"""Protection of the product's colours: automatic tone and relighting change them by a bounded difference."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from stillroom.domain.plans.plan import Plan, Tone
from stillroom.imaging.light import color, key_light
from stillroom.imaging.pixels import Light, Picture, Plane, to_srgb
from stillroom.imaging.quality.judgement import delta_e_from
from stillroom.imaging.resizing import fitted, shrunk, size_of
from stillroom.imaging.scene.product import Product

_SIDE = 256  # pixels of the longer side at which differences are measured
_MAX_BY_GRADE, _MAX_BY_LIGHT = 4.5, 5.3
"""CIEDE2000, 95th percentile inside the product, for the automatic tone, and for tone and light together.

The rest up to 6 is left to the spill light of a scene and to resampling.
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
        size = size_of(level)
        wide = np.maximum(cv2.resize(gain, size, interpolation=cv2.INTER_CUBIC), 1e-3)

        def lit(share: float) -> Light:
            return color.lit(level, np.asarray(wide**share, np.float32))

        return np.asarray(gain ** self._share_within(_MAX_BY_LIGHT, lit), np.float32)

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
        return fitted(self.product.foreground, _SIDE)

    @cached_property
    def _difference(self) -> Callable[[Picture], float]:
        """Difference of an edited small picture from the product's own colours."""
        own = to_srgb(color.graded(self._small, _asked_alone(self.plan.tone), self.product.grade))
        inside = shrunk(self.product.opaque, size_of(self._small))
        return delta_e_from(own, inside)

    def _share_within(self, limit: float, edited: Callable[[float], Light]) -> float:
        """Largest share of an edit, 0..1, that changes the product's colours by at most a limit."""
        most = self._difference(to_srgb(edited(1.0)))
        if most <= limit:
            return 1.0
        low, least, high = 0.0, 0.0, 1.0
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
