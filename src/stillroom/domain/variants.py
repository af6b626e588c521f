"""Variant: a picture made by a job, its adoption and its parent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stillroom.domain.descriptions import NOTHING, Description
from stillroom.domain.ids import JobId, SessionId, VariantId
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan


class VariantRole(StrEnum):
    """Role of a picture in its job."""

    CANDIDATE = "candidate"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Variant:
    """One resulting picture, stored losslessly.

    Attributes:
        parent_id: The variant it was refined from; None if made from the photo.
        blob_key: Blob key of the master, PNG.
        matte_key: Blob key of the product's alpha in the master's pixels, 8-bit grey PNG; None if unknown.
        description: Words for its listing; empty until they are written.
    """

    id: VariantId
    session_id: SessionId
    job_id: JobId
    ordinal: int
    role: VariantRole
    parent_id: VariantId | None
    blob_key: str
    thumb_key: str
    matte_key: str | None
    width: int
    height: int
    bytes: int
    provider: str
    model: str
    plan: CarriedOutPlan
    measures: Measures
    created_at: datetime
    adopted_at: datetime | None = None
    description: Description = NOTHING


def chosen_among(variants: Sequence[Variant]) -> Variant:
    """Return a job's representative picture: the adopted one, else the first candidate, else the preview."""
    return min(
        variants,
        key=lambda one: (one.adopted_at is None, one.role is VariantRole.PREVIEW, one.ordinal),
    )
