"""What a session remembers of its photo, as measured: each figure with how sure it is."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

SURE = 0.5
"""The confidence from which on anybody may go by a measured figure."""

Confidence = dict[str, Annotated[float, Field(ge=0.0, le=1.0)]]
"""How sure each figure of a measurement is."""


class _Measured(BaseModel):
    """Immutable, the same JSON every time; what a later release notes beside a figure is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Figures(_Measured):
    """Figures with how sure each is.

    Attributes:
        confidence: 0 to 1 by a figure's name; one whose confidence was not noted counts as sure.
    """

    confidence: Confidence = Field(default_factory=dict)

    def sure(self, name: str) -> float | None:
        """A figure, if it is known and sure enough that somebody may go by it."""
        figure: float | None = getattr(self, name)
        return figure if self.confidence.get(name, 1.0) >= SURE else None


class Lighting(_Figures):
    """The key light as measured; azimuth -90 left, 0 camera, 90 right, softness 0 (hard) to 1 (overcast)."""

    azimuth_deg: float | None = None
    elevation_deg: float | None = None
    softness: float | None = None
    kelvin: float | None = None


class Perspective(_Figures):
    """The camera as measured.

    Attributes:
        pitch_deg: How steeply it looks down on the product.
        horizon_y: Share of the photo's height.
        scale: Longer side of the product as a share of the photo's.
        center: Of the product, shares of the photo's width and height.
    """

    pitch_deg: float | None = None
    horizon_y: float | None = None
    scale: float | None = None
    center: tuple[float, float] | None = None


class ColorTone(_Figures):
    """The colours as measured; tint is positive towards magenta, exposure in stops from a normal one."""

    kelvin: float | None = None
    tint: float | None = None
    exposure_ev: float | None = None
    contrast: float | None = None
    saturation: float | None = None


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
