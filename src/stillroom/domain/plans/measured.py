"""Measurements of a session's photo, each value with a confidence."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

SURE = 0.5
"""Confidence from which a measured value may be used."""

Confidence = dict[str, Annotated[float, Field(ge=0.0, le=1.0)]]
"""Confidence of each value, 0..1."""


class _Measured(BaseModel):
    """Base of immutable models with stable JSON; unknown fields of later releases are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Figures(_Measured):
    """Values with a confidence each.

    Attributes:
        confidence: Confidence by field name, 0..1; a value without one counts as certain.
    """

    confidence: Confidence = Field(default_factory=dict)

    def sure(self, name: str) -> float | None:
        """Return a value if it is known and its confidence is sufficient, else None."""
        figure: float | None = getattr(self, name)
        return figure if self.confidence.get(name, 1.0) >= SURE else None


class Lighting(_Figures):
    """Key light: azimuth in degrees, -90 left, 0 camera, 90 right; softness 0 (hard) to 1 (overcast)."""

    azimuth_deg: float | None = None
    elevation_deg: float | None = None
    softness: float | None = None
    kelvin: float | None = None


class Perspective(_Figures):
    """Camera position.

    Attributes:
        pitch_deg: Downward pitch of the camera, in degrees.
        horizon_y: Height of the horizon as a share of the photo's height.
        scale: Longer side of the product as a share of the photo's longer side.
        center: Centre of the product in shares of the photo's width and height.
    """

    pitch_deg: float | None = None
    horizon_y: float | None = None
    scale: float | None = None
    center: tuple[float, float] | None = None


class ColorTone(_Figures):
    """Colours: tint is positive towards magenta, exposure is in stops relative to a normal one."""

    kelvin: float | None = None
    tint: float | None = None
    exposure_ev: float | None = None
    contrast: float | None = None
    saturation: float | None = None


class LogoAnchor(_Measured):
    """Position of the lettering in photo pixels.

    Attributes:
        confidence: Confidence that it is lettering, 0..1; None if not recorded.
    """

    x: float
    y: float
    w: float
    h: float
    confidence: float | None = Field(default=None, ge=0.0, le=1.0)
