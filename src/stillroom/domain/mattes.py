"""Matte: where the product is in a session's photo, as it was found and as a person corrected it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stillroom.domain.ids import MatteId, OwnerId, SessionId

MAX_STROKES = 64
MAX_POINTS = 400
"""Of one stroke; a pointer that reports more is thinned by the page."""
MAX_POINTS_IN_ALL = 6000
"""Of one correction: what fits into a request's body."""
KEPT_CORRECTIONS = 8
"""Of a session; older ones go with their files when another is stored."""

Surface = Literal["auto", "transparent", "solid"]
"""What a person knows of the product's matter, and the photo does not tell."""

_Coordinate = Annotated[float, Field(ge=-1.0, le=2.0, allow_inf_nan=False)]


class _Part(BaseModel):
    """Immutable, strict about its fields, the same JSON every time."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Stroke(_Part):
    """One stroke of the brush.

    Attributes:
        mode: Whether what lies under it belongs to the product or does not.
        radius: Of the brush, as a share of the photo's longer side.
        points: Where its middle went: x as a share of the photo's width, y of its height, and if the pen was
            not pressed all the way, the share of the radius.
    """

    mode: Literal["add", "remove"]
    radius: float = Field(ge=0.001, le=0.25, allow_inf_nan=False)
    points: list[Annotated[list[_Coordinate], Field(min_length=2, max_length=3)]] = Field(
        min_length=1, max_length=MAX_POINTS
    )


class MatteBox(_Part):
    """A part of the photo that holds the whole product, in shares of width and height."""

    x: float = Field(ge=0.0, le=1.0, allow_inf_nan=False)
    y: float = Field(ge=0.0, le=1.0, allow_inf_nan=False)
    w: float = Field(ge=0.02, le=1.0, allow_inf_nan=False)
    h: float = Field(ge=0.02, le=1.0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _lies_within(self) -> Self:
        if self.x + self.w > 1.0 + 1e-6 or self.y + self.h > 1.0 + 1e-6:
            raise ValueError("reaches beyond the photo")
        return self


class Correction(_Part):
    """What a person changed of the matte that was found; each field starts from that one, not from the last.

    Attributes:
        strokes: In the order in which they were painted; a later one overrides an earlier one.
        box: The product is looked for in there alone.
        grow: Photo pixels by which the outline moves outwards, or inwards if negative.
        softness: Photo pixels by which the edge is blurred.
        product: `solid` closes what is half there, `transparent` lets the new backdrop through.
    """

    strokes: list[Stroke] = Field(default_factory=list, max_length=MAX_STROKES)
    box: MatteBox | None = None
    grow: float = Field(default=0.0, ge=-6.0, le=6.0, allow_inf_nan=False)
    softness: float = Field(default=0.0, ge=0.0, le=4.0, allow_inf_nan=False)
    product: Surface = "auto"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(len(stroke.points) for stroke in self.strokes) > MAX_POINTS_IN_ALL:
            raise ValueError(f"has more than {MAX_POINTS_IN_ALL} points in all")
        return self


MatteNotice = Literal["NO_PRODUCT_FOUND"]
"""What a person should know of a matte before relying on it; the codes are those of a job's notices."""


def notices_on(edge_confidence: float) -> tuple[MatteNotice, ...]:
    """What has to be said of a matte that is so certain; a confidence of 0 means that nothing is solid."""
    return ("NO_PRODUCT_FOUND",) if edge_confidence == 0.0 else ()


@dataclass(frozen=True, slots=True)
class FoundMatte:
    """A matte as a network found it.

    Attributes:
        cover: Makes the file: 8-bit grey PNG of the photo's size, 255 is product.
        model: Such as `isnet-1024`.
        edge_confidence: 0..1; below .9 a person should look, and at 0 no product was found.
        see_through: Share of the product that was seen through.
    """

    cover: Callable[[], bytes]
    model: str
    edge_confidence: float
    see_through: float


@dataclass(frozen=True, slots=True)
class CorrectedMatte:
    """A matte that a person corrected, as a provider needs it.

    Attributes:
        id: Stands for it in caches.
        cover: 8-bit grey PNG of the photo's size.
        model: The network that found what was corrected.
        surface: What the person said of the product.
    """

    id: MatteId
    cover: bytes
    model: str
    surface: Surface


@dataclass(frozen=True, slots=True)
class StoredMatte:
    """A matte of a session's photo; its file never changes.

    Attributes:
        blob_key: 8-bit grey PNG of the photo's size.
        correction: What a person changed; None for one that was found.
        undone_at: Since when the person does not want the correction any more.
    """

    id: MatteId
    session_id: SessionId
    owner_id: OwnerId
    blob_key: str
    model: str
    edge_confidence: float
    see_through: float
    correction: Correction | None
    created_at: datetime
    undone_at: datetime | None = None


def found_among(mattes: Sequence[StoredMatte]) -> StoredMatte | None:
    """The latest that was found; `mattes` are newest first."""
    return next((matte for matte in mattes if matte.correction is None), None)


def correction_among(mattes: Sequence[StoredMatte]) -> StoredMatte | None:
    """The correction in force; `mattes` are newest first."""
    latest = next((matte for matte in mattes if matte.correction is not None), None)
    return latest if latest is not None and latest.undone_at is None else None
