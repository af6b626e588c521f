"""Measurements of a product, which its copies at other resolutions share."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.glass import Glass
from stillroom.imaging.light.color import Grade
from stillroom.imaging.light.key_light import KeyLight
from stillroom.imaging.light.leveling import Tilt
from stillroom.imaging.pixels import Picture, Plane
from stillroom.imaging.scene.scale import Wheels
from stillroom.imaging.scene.viewpoint import Viewpoint

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Measurements:
    """Measurements of a product; its properties of the same names say what they are.

    The last four depend on the resolution of the matte, the others do not.
    """

    tilt: Tilt
    wheels: Wheels | None
    cut_sides: tuple[str, ...]
    extent: tuple[float, float, float, float]
    grade: Grade
    defocus: float
    viewpoint: Viewpoint
    is_lying: bool
    hangs: bool
    is_furniture: bool
    shading: tuple[Plane, Plane, NDArray[np.float32]]
    key_light: KeyLight
    crop: Picture
    foreground: Picture
    noise: float
    glass_like: Glass | None


def measured(measure: Callable[[Any], _Value]) -> cached_property[_Value]:
    """A cached property that takes its value from the `known` measurements of its object, if it has them."""

    @wraps(measure)
    def known_or_measured(product: Any) -> Any:
        return measure(product) if product.known is None else getattr(product.known, measure.__name__)

    return cached_property(known_or_measured)
