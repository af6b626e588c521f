"""Matte: the product's alpha mask in a session's photo, as found or as corrected by a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.field_errors import UnusableValue, body_error
from stillroom.domain.ids import MatteId, OwnerId, SessionId
from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE

MAX_STROKES = 64
MAX_POINTS = 400
"""Points per stroke; the page simplifies longer strokes."""
MAX_POINTS_IN_ALL = 6000
"""Points of all strokes of a correction; bounded by the size limit of a request body."""
MAX_TAPS = 32
"""Points that select or exclude a part, per correction; each takes the network up to a second."""
MAX_SUBJECTS = 8
"""Subjects proposed for a photo."""
MAX_CORRECTIONS = 8
"""Corrections kept per session; storing another one deletes the oldest with its file."""

HARDLY_ANY, SETTLING = 0.005, 0.03
"""Changed shares of a matte up to which a correction settles nothing, and from which it settles all doubt."""
MOST_APART = 0.1
"""Changed share of a matte above which it and the changed one cannot both have an IoU of .9 or more."""
EVEN_ODDS = 0.5

Surface = Literal["auto", "transparent", "solid"]
"""Material of the product as stated by a person, which the photo cannot show."""

_Coordinate = Annotated[float, Field(ge=-1.0, le=2.0, allow_inf_nan=False)]


class _Part(BaseModel):
    """Base of immutable models that reject unknown fields and serialise to identical JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Stroke(_Part):
    """One brush stroke.

    Attributes:
        mode: Whether the painted area belongs to the product.
        radius: Brush radius as a share of the photo's longer side.
        points: Centre of the brush: x as a share of the photo's width, y as a share of its height, and
            optionally the pen pressure as a share of the radius.
    """

    mode: Literal["add", "remove"]
    radius: float = Field(ge=0.001, le=0.25, allow_inf_nan=False)
    points: list[Annotated[list[_Coordinate], Field(min_length=2, max_length=3)]] = Field(
        min_length=1, max_length=MAX_POINTS
    )


class MatteBox(_Part):
    """Box around the whole product, in shares of the photo's width and height."""

    x: float = Field(ge=0.0, le=1.0, allow_inf_nan=False)
    y: float = Field(ge=0.0, le=1.0, allow_inf_nan=False)
    w: float = Field(ge=0.02, le=1.0, allow_inf_nan=False)
    h: float = Field(ge=0.02, le=1.0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _lies_within(self) -> Self:
        if self.x + self.w > 1.0 + 1e-6 or self.y + self.h > 1.0 + 1e-6:
            raise UnusableValue("reaches_beyond_the_photo")
        return self


class MattePoint(_Part):
    """A point on the photo that says whether the object or part under it belongs to the product.

    Attributes:
        x: Share of the photo's width.
        y: Share of its height.
        mode: `add` selects the object or part under the point, `remove` excludes it.
    """

    x: float = Field(ge=0.0, le=1.0, allow_inf_nan=False)
    y: float = Field(ge=0.0, le=1.0, allow_inf_nan=False)
    mode: Literal["add", "remove"]


SubjectId = Annotated[str, Field(pattern=r"^s[1-9]$")]
"""Number of a subject within its matte, such as `s1`; the most probable subject comes first."""


class Correction(_Part):
    """A person's correction; every field applies to the found matte, not to the previous correction.

    Attributes:
        subjects: The objects that are the product, of those that were found in the photo; none keeps the
            automatic choice.
        points: In their order, applied before the strokes; a later point overrides an earlier one.
        strokes: In the order of painting; a later stroke overrides an earlier one.
        box: Limits the search for the product to this box.
        grow: Photo pixels by which the outline is dilated, or eroded if negative.
        softness: Photo pixels by which the edge is blurred.
        product: `solid` makes partly transparent areas opaque, `transparent` shows the new backdrop in them.
    """

    subjects: list[SubjectId] = Field(default_factory=list, max_length=MAX_SUBJECTS)
    points: list[MattePoint] = Field(default_factory=list, max_length=MAX_TAPS)
    strokes: list[Stroke] = Field(default_factory=list, max_length=MAX_STROKES)
    box: MatteBox | None = None
    grow: float = Field(default=0.0, ge=-6.0, le=6.0, allow_inf_nan=False)
    softness: float = Field(default=0.0, ge=0.0, le=4.0, allow_inf_nan=False)
    product: Surface = "auto"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(len(stroke.points) for stroke in self.strokes) > MAX_POINTS_IN_ALL:
            raise UnusableValue("has_too_many_points", MAX_POINTS_IN_ALL)
        if self.subjects and self.box:
            raise UnusableValue("names_subjects_or_a")
        return self

    @property
    def names_product(self) -> bool:
        """Whether the person said what the product is, and not only how its edge should look."""
        return bool(self.subjects or self.points or self.strokes or self.box)


class Subject(_Part):
    """An object in the photo that may be the product.

    Attributes:
        id: Number within the matte.
        box: Where it is, in shares of the photo.
        share: Share of the photo that it covers, 0..1.
        score: Probability that it is the product, 0..1.
        chosen: Whether it belongs to the matte.
        outline: 8-bit grey PNG of the whole photo on a small scale, 255 on the object.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    id: SubjectId
    box: MatteBox
    share: float
    score: float
    chosen: bool
    outline: bytes


class Subjects(_Part):
    """The objects of a photo that may be the product.

    Attributes:
        items: The most probable first.
        certain: Whether the first one leads clearly; otherwise a person should choose.
    """

    items: tuple[Subject, ...] = ()
    certain: bool = True

    @property
    def are_asked_about(self) -> bool:
        """Whether a person is asked which of several objects is the product."""
        return not self.certain and len(self.items) > 1

    def corrected(self, correction: Correction) -> "Subjects":
        """Return the subjects with the choice of a correction. Raises ValidationFailed for unknown ones."""
        wanted = set(correction.subjects)
        if wanted - {one.id for one in self.items}:
            raise ValidationFailed("Check: subjects.", fields=[body_error("subjects", "unknown_subject")])
        certain = self.certain or correction.names_product
        if not wanted:
            return self.model_copy(update={"certain": certain})
        items = tuple(one.model_copy(update={"chosen": one.id in wanted}) for one in self.items)
        return Subjects(items=items, certain=certain)


NO_SUBJECTS = Subjects()

BOX_WEIGHT = 0.5
"""Score that a box of the product adds to a subject that fills it exactly."""

BOX_LEAD = 0.25
"""Lead, with that weight, from which the box replaces the subject that was cut out."""

MIN_OVERLAP = 0.5
"""Intersection over union from which a subject and a box may be the same object."""


@dataclass(frozen=True, slots=True)
class PhotoHints:
    """Hints about the product of a photo, beyond its pixels.

    Attributes:
        is_glass: Whether possible glass in it is glass.
    """

    box: MatteBox | None = None
    is_glass: bool = False


NO_HINTS = PhotoHints()


def subject_within(subjects: Subjects, box: MatteBox) -> Subject | None:
    """Return the subject to cut out instead of the chosen ones, because a box says so; None keeps them.

    A box that fits no subject is tried with its axes swapped, because models confuse their order.
    """
    chosen = [one for one in subjects.items if one.chosen]
    swapped = MatteBox.model_construct(x=box.y, y=box.x, w=box.h, h=box.w)
    for tried in (box, swapped):
        overlaps = {one.id: _overlap(one.box, tried) for one in subjects.items}
        if max(overlaps.values(), default=0.0) < MIN_OVERLAP:
            continue
        best = max(subjects.items, key=lambda one: one.score + BOX_WEIGHT * overlaps[one.id])
        lead = best.score + BOX_WEIGHT * overlaps[best.id]
        if chosen:
            held = max(one.score for one in chosen)
            lead -= held + BOX_WEIGHT * _overlap(_around([one.box for one in chosen]), tried)
        return best if chosen != [best] and lead >= BOX_LEAD else None
    return None


def _around(boxes: Sequence[MatteBox]) -> MatteBox:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.w for box in boxes), max(box.y + box.h for box in boxes)
    return MatteBox.model_construct(x=x, y=y, w=right - x, h=bottom - y)


def _overlap(one: MatteBox, other: MatteBox) -> float:
    """Return the intersection over union of two boxes."""
    wide = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    tall = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    both = max(0.0, wide) * max(0.0, tall)
    return both / (one.w * one.h + other.w * other.h - both)


MatteNotice = Literal["NO_PRODUCT_FOUND"]
"""Warnings about a matte; the same codes as in a job's notices."""


def notices_on(edge_confidence: float) -> tuple[MatteNotice, ...]:
    """Return the notices for an edge confidence; 0 means that no product was found."""
    return ("NO_PRODUCT_FOUND",) if edge_confidence == 0.0 else ()


@dataclass(frozen=True, slots=True)
class FoundMatte:
    """A matte as found by a network.

    Attributes:
        cover: Returns the file: 8-bit grey PNG of the photo's size, 255 is product.
        model: Such as `isnet-1024`.
        edge_confidence: 0..1; below .9 a person should check the edges, 0 means that no product was found.
        see_through: Share of the product that is partly transparent, 0..1.
        subjects: The objects that may be the product.
    """

    cover: Callable[[], bytes]
    model: str
    edge_confidence: float
    see_through: float
    subjects: Subjects = NO_SUBJECTS


@dataclass(frozen=True, slots=True)
class CorrectedCover:
    """A corrected matte.

    Attributes:
        file: 8-bit grey PNG of the photo's size.
        edge_confidence: Rating of its edges alone, 0..1; 0 means that it holds no product.
        changed: Difference from the matte that it starts from, as a share of both together, 0..1.
        support: How far the networks agree with what points, strokes and outline offset change, 0..1; None if
            nothing can judge that.
        start: Confidence of the matte that it starts from, if a subject or box replaced the found one.
    """

    file: bytes
    edge_confidence: float
    changed: float
    support: float | None = None
    start: float | None = None

    def confidence_after(self, found: float) -> float:
        """Return the confidence of the corrected matte.

        From HARDLY_ANY to SETTLING of the matte, a change moves it to the rating of the edges, as far as the
        networks agree. If they contradict a change of more than MOST_APART, one of both mattes is wrong, and
        the confidence falls to EVEN_ODDS at most. A chosen subject has the confidence of its own cut-out.
        """
        if self.edge_confidence == 0.0:
            return 0.0
        start = found if self.start is None else self.start
        if self.support is None:
            return start
        settled = min(1.0, max(0.0, (self.changed - HARDLY_ANY) / (SETTLING - HARDLY_ANY)))
        good = max(self.edge_confidence, LEAST_EDGE_CONFIDENCE)
        contested = min(start, EVEN_ODDS) if self.changed > MOST_APART else start
        target = self.support * good + (1 - self.support) * contested
        return round(start + settled * (target - start), 3)


@dataclass(frozen=True, slots=True)
class CorrectedMatte:
    """A corrected matte, as passed to a provider.

    Attributes:
        id: Cache key.
        cover: 8-bit grey PNG of the photo's size.
        confidence: As `CorrectedCover.confidence_after`.
        surface: Material of the product as stated by the person.
    """

    id: MatteId
    cover: bytes
    model: str
    confidence: float
    surface: Surface


@dataclass(frozen=True, slots=True)
class StoredMatte:
    """A matte of a session's photo; its file is immutable.

    Attributes:
        blob_key: Blob key of an 8-bit grey PNG of the photo's size.
        correction: The correction; None for a found matte.
        subjects: The objects that may be the product; `chosen` follows the correction.
        undone_at: When the person undid the correction; None while it is in force.
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
    subjects: Subjects = NO_SUBJECTS
    undone_at: datetime | None = None

    def corrected(self, cover: bytes) -> CorrectedMatte | None:
        """Return the matte with the content of its file, for a provider; None for a found matte."""
        if self.correction is None:
            return None
        return CorrectedMatte(self.id, cover, self.model, self.edge_confidence, self.correction.product)


def found_among(mattes: Sequence[StoredMatte]) -> StoredMatte | None:
    """Return the latest found matte; `mattes` are newest first."""
    return next((matte for matte in mattes if matte.correction is None), None)


def correction_among(mattes: Sequence[StoredMatte]) -> StoredMatte | None:
    """Return the correction in force; `mattes` are newest first."""
    latest = next((matte for matte in mattes if matte.correction is not None), None)
    return latest if latest is not None and latest.undone_at is None else None
