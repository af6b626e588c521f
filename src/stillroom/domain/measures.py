"""Figures that were measured on a finished picture."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

PAINTED = "painted"
"""Value of `Measures.scene` for a background that a model painted; later edits start from its pixels."""

_LISTS = frozenset({"subject_box", "cut_sides", "matte_doubts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Quality and consistency of a picture; None where a figure was not or could not be measured.

    Pixels of drift are those of a picture with a longer side of 1024; colour differences are CIEDE2000.

    Attributes:
        subject_box: x, y, width and height of the product, in pixels of the picture.
        coverage: Share of the picture that shows the product.
        white_share: Share of pure white pixels.
        clipped_share: Share of the product whose every channel is clipped.
        edge_halo: Difference in lightness between the product's rim and the ring inside it, L* units.
        outline: Share of the rim that contrasts with the adjacent background.
        product_delta_e: Colour of the product against the photo, 95th percentile.
        protected_delta_e: The same against the photo toned and lit as planned.
        light_shift_deg: Apparent shift of the key light on the product.
        kelvin_shift: Shift of the product's mean colour, as colour temperature.
        perspective_deg: Rotation of the product.
        logo_shift_px: Shift of the lettering, or of other details if there is none.
        registration_px: Residual of the registration of a painted product.
        changed_share: Share of the product that a model repainted.
        drift_px: Distance between the painted and the expected product.
        drift_scale: Ratio of their sizes.
        edge_confidence: Probability that the matte is right, 0..1.
        quality: Score by which candidates are ranked, 0..1.
        cut_sides: Sides at which the photo crops the product.
        matte_doubts: Reasons to doubt the cut-out.
        needs_review: Whether a person should look at the picture before it is used.
        verified: Whether a model's picture is known to show the seller's own product.
        scene: PAINTED if a model painted the background.
    """

    subject_box: tuple[int, int, int, int] | None = None
    coverage: float | None = None
    white_share: float | None = None
    clipped_share: float | None = None
    edge_halo: float | None = None
    outline: float | None = None
    product_delta_e: float | None = None
    protected_delta_e: float | None = None
    light_shift_deg: float | None = None
    kelvin_shift: float | None = None
    perspective_deg: float | None = None
    logo_shift_px: float | None = None
    registration_px: float | None = None
    changed_share: float | None = None
    drift_px: float | None = None
    drift_scale: float | None = None
    edge_confidence: float | None = None
    quality: float | None = None
    cut_sides: tuple[str, ...] = ()
    matte_doubts: tuple[str, ...] = ()
    needs_review: bool | None = None
    verified: bool | None = None
    scene: str | None = None

    def updated(self, other: "Measures") -> "Measures":
        """Return these figures with those of `other` where it has measured one."""
        return replace(self, **{name: value for name, value in other._figures() if value not in (None, ())})

    def to_json(self) -> dict[str, Any]:
        """Return the measured figures by name, JSON-ready."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self._figures()
            if value is not None
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Build from stored figures; names that this release does not know are ignored."""
        known = {field.name for field in fields(cls)} & document.keys()
        values: dict[str, Any] = {name: document[name] for name in known}
        return cls(**(values | {name: tuple(values[name]) for name in known & _LISTS}))

    def _figures(self) -> Iterator[tuple[str, Any]]:
        return ((field.name, getattr(self, field.name)) for field in fields(self))
