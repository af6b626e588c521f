"""Schemas of jobs and variants, and of the bodies that create jobs."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from stillroom.application.instructions.phrases import direct_changes
from stillroom.application.jobs.views import JobView
from stillroom.application.previews import PREVIEW_SIDE
from stillroom.domain.descriptions import Description
from stillroom.domain.exports.presets import DigitalSource
from stillroom.domain.field_errors import UnusableValue
from stillroom.domain.ids import SessionId, VariantId
from stillroom.domain.jobs.job import MAX_CANDIDATES, JobStatus
from stillroom.domain.plans.plan import Plan, PlanPart
from stillroom.domain.providers.requests import Mark, Operation
from stillroom.domain.variants import Variant as VariantEntity
from stillroom.domain.variants import VariantRole
from stillroom.web.problems import Problem, problem_of_stored
from stillroom.web.schemas.base import Answer, Body, FromText, GivenId, PageAnswer, usd
from stillroom.web.schemas.images import Image, image_of

Candidates = Annotated[int, Field(ge=1, le=MAX_CANDIDATES, description="How many pictures to offer.")]

ChosenProvider = Annotated[
    str | None,
    Field(
        max_length=40,
        description="The only cloud to ask, such as `gemini`; `local` asks none; null leaves the choice.",
    ),
]

RequestedOperation = Annotated[
    FromText[Operation] | None,
    Field(description="Without it, `refine` with a `variant_id` and `bg_replace` else."),
]

DirectChanges = Annotated[
    dict[str, dict[str, Any]] | None,
    Field(
        max_length=10,
        description="Fields of the plan to set, by part. They take precedence over the prompt.",
        examples=[{"framing": {"x": 0.4, "fill": 0.8}}],
    ),
]


class EditRequest(Body):
    """Process the photo: optimise it, or replace its background."""

    session_id: GivenId[SessionId]
    operation: Literal["optimize", "bg_replace"]
    prompt: str | None = None
    changes: DirectChanges = None
    template: str | None = None
    candidates: Candidates = 3
    variant_id: GivenId[VariantId] | None = None
    provider: ChosenProvider = None


class RefineRequest(Body):
    """Change an existing picture by an instruction, by fields of its plan or both, or restore one object.

    A restored object is made once by the local provider, regardless of `candidates` and `provider`.
    """

    session_id: GivenId[SessionId]
    variant_id: GivenId[VariantId]
    prompt: str | None = None
    changes: DirectChanges = None
    restore: Annotated[
        FromText[Mark] | None,
        Field(description="What alone to bring back to how it should be in this picture."),
    ] = None
    candidates: Candidates = 1
    provider: ChosenProvider = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        changes = any((self.changes or {}).values())
        if (self.restore is None) == (self.prompt is None and not changes):
            raise UnusableValue("needs_prompt_changes_or")
        return self


class PreviewRequest(Body):
    """A turn to preview.

    Without `variant_id`, a refinement starts from the newest picture of the session.
    """

    session_id: GivenId[SessionId]
    variant_id: GivenId[VariantId] | None = None
    operation: RequestedOperation = None
    prompt: str | None = None
    changes: DirectChanges = None
    size: Annotated[int, Field(ge=64, le=PREVIEW_SIDE, description="Longest side in pixels.")] = PREVIEW_SIDE
    with_product: Annotated[
        bool,
        Field(
            description="False leaves out the product with its shadow and reflection. It has no effect on a "
            "picture that keeps the photo's background or was painted by a model."
        ),
    ] = True


class Variant(Answer):
    """One picture made by a job."""

    id: str
    session_id: str
    job_id: str
    parent_id: str | None
    ordinal: int
    role: VariantRole
    image: Image
    model_used: str
    digital_source: Annotated[
        DigitalSource,
        Field(
            description="IPTC digital source type, which the exported files declare unless a preset puts the"
            " product of a retouched photo on a new background."
        ),
    ]
    plan: Plan
    measures: dict[str, Any]
    adopted: bool
    description: Description
    created_at: datetime


class Fallback(Answer):
    """A fallback from one provider to another."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    reason: str


class PlanChange(Answer):
    """A field of the plan that changes.

    Attributes:
        label: A short phrase; fields that describe the same thing have equal labels.
    """

    part: PlanPart
    field: str
    from_: Annotated[Any, Field(alias="from")]
    to: Any
    label: str


class Job(Answer):
    """One request for one operation."""

    id: str
    session_id: str
    type: Literal["optimize", "bg_replace", "refine"]
    status: JobStatus
    prompt: str
    changes: Annotated[list[PlanChange], Field(description="What the request set directly.")]
    template: str | None
    variant_id: str | None
    provider: str | None
    restore: Mark | None
    attempts: int
    max_attempts: int
    last_error: Problem | None
    candidates: int
    variants: list[Variant]
    model_used: str | None
    fallbacks: list[Fallback]
    queue_position: int | None
    cost_usd: float
    stream_url: str
    retry_of: str | None
    last_seq: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    latency_ms: int | None
    first_image_ms: int | None


class JobPage(PageAnswer[Job]):
    """A page of jobs."""


def variant_answer(variant: VariantEntity) -> Variant:
    return Variant.of(
        variant,
        image=image_of(variant),
        model_used=variant.model,
        digital_source=variant.digital_source,
        measures=variant.measures.to_json(),
        adopted=variant.adopted_at is not None,
    )


def job_answer(view: JobView, language: str) -> Job:
    """Convert a job to its response schema, with its error in the client's language."""
    job = view.job
    return Job.of(
        job,
        changes=[
            PlanChange(part=one.part, field=one.field, from_=one.old, to=one.new, label=label.to(language))
            for label, one in direct_changes(job).items()
        ],
        variant_id=job.base_variant_id,
        last_error=problem_of_stored(job.last_error, language) if job.last_error else None,
        variants=[variant_answer(variant) for variant in view.variants],
        fallbacks=[Fallback(from_=one.source, to=one.target, reason=one.reason) for one in job.fallbacks],
        queue_position=view.position,
        cost_usd=usd(job.cost_micro_usd),
        stream_url=f"/stream/{job.id}",
    )
