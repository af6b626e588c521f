"""Server configuration, usage, health and version."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from stillroom.application.limits.budget import BudgetStatus
from stillroom.application.status import Availability, ProviderStatus
from stillroom.application.status import Route as RouteFacts
from stillroom.domain import marks
from stillroom.domain.exports.platforms import Platform
from stillroom.domain.exports.presets import ExportPreset
from stillroom.domain.networks import Device
from stillroom.domain.plans.measured import SURE
from stillroom.domain.prompts import PromptChip
from stillroom.domain.providers.capabilities import ModelLimits
from stillroom.domain.providers.order import Strategy
from stillroom.domain.providers.readers import ReaderVendor
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words
from stillroom.web.schemas.base import Answer, usd


class ProviderModel(Answer):
    """A model that a provider offers; `ends_soon` announces the last day of one that still works."""

    id: str
    status: str
    operations: list[Operation]
    cost_usd: float | None
    shuts_down_on: date | None
    ends_soon: bool


class ProviderState(Answer):
    """A provider and its availability."""

    id: str
    name: Words
    state: Availability
    model_in_use: str | None
    reason: str | None
    until: datetime | None
    models: list[ProviderModel]


class Route(Answer):
    """One cell of the capability map; `rank` is its place in the order, 1 first."""

    provider: str
    model: str
    rank: int
    latency_seconds: float
    cost_usd: float | None
    limits: ModelLimits


class CapabilityMap(Answer):
    """The providers for each operation, configured or not, in the order in which they are tried."""

    optimize: list[Route]
    bg_replace: list[Route]
    refine: list[Route]


class LimitsAnswer(Answer):
    """Limits that the server enforces."""

    max_upload_bytes: int
    max_megapixels: int
    max_side: int
    max_prompt_characters: int
    max_candidates: int
    user_running: int
    user_queued: int
    export_ttl_hours: int
    upload_types: list[str]


class Marks(Answer):
    """Limits from which the page marks a figure of a picture as doubtful.

    Attributes:
        most: Largest acceptable magnitude of each of a variant's `measures`, by name.
        least: Smallest acceptable value, by name.
        see_through: Largest transparent share of a product that still counts as opaque.
        sure: Least confidence of a measured figure of a photo that the page shows.
    """

    most: dict[str, float]
    least: dict[str, float]
    see_through: float
    sure: float


MARKS = Marks(
    most={
        "protected_delta_e": marks.MOST_DELTA_E,
        "light_shift_deg": marks.MOST_LIGHT_DEG,
        "kelvin_shift": marks.MOST_KELVIN,
        "perspective_deg": marks.MOST_PERSPECTIVE_DEG,
        "logo_shift_px": marks.MOST_LOGO_PX,
    },
    least={"edge_confidence": marks.LEAST_EDGE_CONFIDENCE, "quality": marks.LEAST_QUALITY},
    see_through=marks.MOST_SEE_THROUGH,
    sure=SURE,
)


class TemplateAnswer(Answer):
    """A prompt template offered to the user."""

    id: str
    version: int
    operation: Operation
    name: Words
    wish: Words | None


class ErrorEntry(Answer):
    """One entry of the error catalogue."""

    code: str
    status: int
    retryable: bool
    title: Words


class Budget(Answer):
    """The owner's daily budget (UTC) for model calls, and what has been spent of it.

    Once `used_up`, the rest does not pay for a picture of any ready cloud, and only the local provider makes
    pictures. Calls of the reader model cost far less and go on while they fit.
    """

    limit_usd: float | None
    spent_usd: float
    resets_at: datetime
    used_up: bool


class ReaderState(Answer):
    """The reader model: it is sent the clauses of instructions that the rules do not understand.

    If it sees photos, it also describes pictures on request.

    Attributes:
        vendor: `gemini`, `openai` or `compatible`.
        host: Where texts, and photos if it sees them, are sent.
        sees_photos: Whether it is sent photos, and pictures that it describes.
        description_usd: At most what describing a picture costs; null if the price is not known.
    """

    vendor: ReaderVendor
    model: str
    host: str
    sees_photos: bool
    description_usd: float | None


class Networks(Answer):
    """The networks that find the product on this server.

    Attributes:
        in_use: The one that cuts out; `grabcut` without a network.
        licence: Its licence; empty for `grabcut`.
        precise: The one that cuts doubtful photos out again, if one is installed.
        precise_offered: The one that `stillroom models fetch` would install for that, if none is.
    """

    in_use: str
    licence: str
    precise: str | None
    precise_licence: str | None
    precise_offered: str | None
    device: Device


class Features(Answer):
    """Optional features of this server."""

    matte_correction: bool
    votes: bool
    faults: bool


class Config(Answer):
    """Everything that the page reads once at start."""

    version: str
    auth: Literal["local", "token"]
    strategy: Strategy
    providers: list[ProviderState]
    capability_map: CapabilityMap
    limits: LimitsAnswer
    marks: Marks
    budget: Budget
    networks: Networks
    templates: list[TemplateAnswer]
    platforms: list[Platform]
    export_presets: list[ExportPreset]
    prompt_chips: list[PromptChip]
    errors: list[ErrorEntry]
    reader: ReaderState | None
    features: Features


class UsageLine(Answer):
    """Usage of one model; `fallbacks` counts the jobs that went on to another provider after its calls."""

    provider: str
    model: str
    calls: int
    failed: int
    fallbacks: int
    cost_usd: float


class Usage(Answer):
    """Usage of all models between two days."""

    calls: int
    fallbacks: int
    cost_usd: float
    lines: list[UsageLine]


class ProviderCheck(Answer):
    """Whether a provider's key, address and model work; `words` say what to do."""

    provider: str
    model: str
    verdict: Literal["ok", "warn", "fail"]
    code: str
    words: Words


class ProviderChecks(Answer):
    """One check for each cloud that is set up; empty without one."""

    checks: list[ProviderCheck]


class ModelShutdown(Answer):
    """Last day of a model in use; `days` is negative after it."""

    model: str
    last_day: date
    days: int


class Health(Answer):
    """Health of each part; `down` names the parts that do not work.

    `degraded` names parts with reduced function, with status 200: `rate_limits` are counted per process while
    Valkey is unreachable; `worker` means that jobs are accepted but no external worker has begun one for a
    minute; `disk_space` means that less than 1 GB is free on a disk of the studio; `model_shutdown` means
    that a model in use, named in `shutdowns`, ends within 30 days or has ended.
    """

    status: Literal["ok", "down"]
    database: bool
    storage: bool
    worker: bool
    down: list[str]
    degraded: list[Literal["worker", "rate_limits", "disk_space", "model_shutdown"]]
    shutdowns: list[ModelShutdown]
    config_faults: dict[str, str]


class Version(Answer):
    """The version of this build."""

    version: str
    api: str


def provider_answer(status: ProviderStatus, today: date) -> ProviderState:
    """Convert a provider to its response schema; the state of its models depends on the day."""
    return ProviderState.of(
        status,
        id=status.card.id,
        name=status.card.name,
        models=[
            ProviderModel.of(
                model,
                status=model.status_on(today).value,
                operations=list(model.operations),
                cost_usd=usd(model.cost_micro_usd),
                ends_soon=model.ends_soon(today),
            )
            for model in status.card.models
        ],
    )


def route_answers(routes: Sequence[RouteFacts]) -> list[Route]:
    return [
        Route.of(
            route,
            model=route.model.id,
            rank=rank,
            cost_usd=usd(route.model.cost_micro_usd),
            limits=route.model.limits,
        )
        for rank, route in enumerate(routes, start=1)
    ]


def budget_answer(budget: BudgetStatus, *, used_up: bool) -> Budget:
    return Budget.of(
        budget,
        limit_usd=usd(budget.limit_micro_usd),
        spent_usd=usd(budget.spent_micro_usd),
        used_up=used_up,
    )
