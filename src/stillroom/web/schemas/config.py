"""What the page needs to know of the server before anything is uploaded."""

from datetime import date, datetime
from typing import Literal

from stillroom.domain.exports.presets import ExportPreset
from stillroom.domain.platforms import Platform
from stillroom.domain.prompts import PromptChip
from stillroom.domain.providers.capabilities import ModelLimits
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words
from stillroom.web.schemas.base import Answer

ProviderStateName = Literal["ready", "cooling", "unavailable", "not_configured", "retired"]


class ProviderModel(Answer):
    """A model that a provider offers."""

    id: str
    status: str
    operations: list[Operation]
    cost_usd: float | None
    shuts_down_on: date | None


class ProviderState(Answer):
    """A provider, and whether it can be used now."""

    id: str
    name: Words
    state: ProviderStateName
    model_in_use: str | None
    reason: str | None
    until: datetime | None
    models: list[ProviderModel]


class Route(Answer):
    """One cell of the capability map."""

    provider: str
    model: str
    rank: int
    latency_seconds: float
    cost_usd: float | None
    limits: ModelLimits


class CapabilityMap(Answer):
    """Who can do which operation, configured or not, in the order in which they would be asked."""

    optimize: list[Route]
    bg_replace: list[Route]
    refine: list[Route]


class LimitsAnswer(Answer):
    """Bounds that the server enforces."""

    max_upload_bytes: int
    max_megapixels: int
    max_side: int
    max_prompt_characters: int
    max_candidates: int
    user_running: int
    user_queued: int
    export_ttl_hours: int
    upload_types: list[str]


class TemplateAnswer(Answer):
    """A prompt template that the user may pick."""

    id: str
    version: int
    operation: Operation
    name: Words
    wish: Words | None


class ErrorEntry(Answer):
    """One row of the error catalogue."""

    code: str
    status: int
    retryable: bool
    title: Words


class Budget(Answer):
    """What the owner may spend on models in a day (UTC), and has spent.

    Once `used_up`, what is left does not pay for a picture of any model, and this machine goes on.
    """

    limit_usd: float | None
    spent_usd: float
    resets_at: datetime
    used_up: bool


class Features(Answer):
    """Parts that this server offers beyond the basic ones."""

    matte_correction: bool
    votes: bool
    faults: bool


class Config(Answer):
    """Everything the page reads once."""

    version: str
    auth: Literal["local", "token"]
    strategy: Literal["prefer_quality", "prefer_latency"]
    providers: list[ProviderState]
    capability_map: CapabilityMap
    limits: LimitsAnswer
    budget: Budget
    templates: list[TemplateAnswer]
    platforms: list[Platform]
    export_presets: list[ExportPreset]
    prompt_chips: list[PromptChip]
    errors: list[ErrorEntry]
    features: Features


class UsageLine(Answer):
    """What one model did; `fallbacks` counts the jobs that went on to another provider after its calls."""

    provider: str
    model: str
    calls: int
    failed: int
    fallbacks: int
    cost_usd: float


class Usage(Answer):
    """What all models did between two days."""

    calls: int
    fallbacks: int
    cost_usd: float
    lines: list[UsageLine]


class Health(Answer):
    """Whether each part works; `down` names those that do not.

    `degraded` names what works with less than was set up, and leaves the answer at 200: `rate_limits` are
    counted in each process for itself while Valkey is away; `worker` says that jobs are taken in and wait,
    for they are worked on elsewhere and nobody there has begun one for a minute; `disk_space` says that less
    than 1 GB is free on a disk of the studio.
    """

    status: Literal["ok", "down"]
    database: bool
    storage: bool
    worker: bool
    down: list[str]
    degraded: list[Literal["worker", "rate_limits", "disk_space"]]
    config_faults: dict[str, str]


class Version(Answer):
    """Which build this is."""

    version: str
    api: str
