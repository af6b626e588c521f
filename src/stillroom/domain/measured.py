"""What a session remembers of its photo, as measured: each figure with how sure it is."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

SURE = 0.5
"""The confidence from which on a measured figure is told; what is less sure is None and binds nobody."""

Confidence = dict[str, Annotated[float, Field(ge=0.0, le=1.0)]]
"""How sure each figure of a measurement is, by the figure's name; below `SURE` it is None."""


Figure = TypeVar("Figure")


def told(figure: Figure, confidence: float) -> Figure | None:
    """A figure, if it is sure enough that somebody may go by it."""
    return figure if confidence >= SURE else None


class _Measured(BaseModel):
    """Immutable, the same JSON every time; what a later release notes beside a figure is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Lighting(_Measured):
    """The key light as measured; azimuth -90 left, 0 camera, 90 right, softness 0 (hard) to 1 (overcast).

    Attributes:
        confidence: How sure each figure is, 0 to 1; below .5 it is None.
    """

    azimuth_deg: float | None = None
    elevation_deg: float | None = None
    softness: float | None = None
    kelvin: float | None = None
    confidence: Confidence = Field(default_factory=dict)


class Perspective(_Measured):
    """The camera as measured.

    Attributes:
        pitch_deg: How steeply it looks down on the product.
        horizon_y: Share of the photo's height.
        scale: Longer side of the product as a share of the photo's.
        center: Of the product, shares of the photo's width and height.
        confidence: How sure each figure is, 0 to 1; below .5 it is None.
    """

    pitch_deg: float | None = None
    horizon_y: float | None = None
    scale: float | None = None
    center: tuple[float, float] | None = None
    confidence: Confidence = Field(default_factory=dict)


class ColorTone(_Measured):
    """The colours as measured; tint is positive towards magenta, exposure in stops from a normal one.

    Attributes:
        confidence: How sure each figure is, 0 to 1; below .5 it is None.
    """

    kelvin: float | None = None
    tint: float | None = None
    exposure_ev: float | None = None
    contrast: float | None = None
    saturation: float | None = None
    confidence: Confidence = Field(default_factory=dict)


class LogoAnchor(_Measured):
    """Where the lettering is, in photo pixels.

    Attributes:
        confidence: How sure it is that this is lettering, 0 to 1; None where that was not noted.
    """

    x: float
    y: float
    w: float
    h: float
    confidence: float | None = Field(default=None, ge=0.0, le=1.0)
