"""What each provider's models can do, how fast, at what price, and until when."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words


class ModelStatus(StrEnum):
    """How a model stands with its vendor; `unclear` is what sources disagree about."""

    ACTIVE = "active"
    LEAVING = "leaving"
    UNCLEAR = "unclear"
    RETIRED = "retired"


class _Shape(BaseModel):
    """Immutable and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Offer(_Shape):
    """How a model does one operation.

    Attributes:
        rank: Its place under `prefer_quality`, 1 first.
        latency_seconds: What one picture takes, until it has been observed.
        long_wait: Takes minutes: only for jobs that allow a long wait.
    """

    rank: Annotated[int, Field(ge=1)]
    latency_seconds: Annotated[float, Field(gt=0)]
    long_wait: bool = False


LOCAL = "local"
"""The provider that is this machine."""


class ModelLimits(_Shape):
    """What a model takes and gives.

    Attributes:
        pictures_in: How many pictures one call may carry.
        candidates_per_call: How many pictures one call may give.
        max_width: Largest picture it gives, in pixels.
        max_height: Largest picture it gives, in pixels.
        prompt_characters: Longest prompt; None if not known.
        mask: Whether it takes a mask of what to change.
        transparent: Whether it can give a transparent ground.
    """

    pictures_in: Annotated[int, Field(ge=1)]
    candidates_per_call: Annotated[int, Field(ge=1)]
    max_width: Annotated[int, Field(ge=1)]
    max_height: Annotated[int, Field(ge=1)]
    prompt_characters: Annotated[int, Field(ge=1)] | None = None
    mask: bool = False
    transparent: bool = False


class TokenPrice(_Shape):
    """Millionths of a US dollar per token, which is the same number as US dollars per million tokens."""

    text_in: Annotated[float, Field(ge=0)] = 0.0
    image_in: Annotated[float, Field(ge=0)] = 0.0
    image_out: Annotated[float, Field(ge=0)] = 0.0


class ModelCard(_Shape):
    """One model.

    Attributes:
        id: As its vendor spells it.
        default: Used when the operator names none; one per provider at most.
        picture_cost_micro_usd: Price of one picture by size or quality, in millionths of a US dollar; the
            first is what we ask for. Empty when it is not known.
        token_price: For vendors that bill by token.
        ceiling_seconds: When a call is given up.
        shuts_down_on: Announced last day.
        checked_on: When all this was looked up.
        note: What is worth knowing, in English.
    """

    id: Annotated[str, Field(min_length=1, max_length=100)]
    default: bool = False
    status: ModelStatus
    operations: dict[Operation, Offer]
    limits: ModelLimits
    picture_cost_micro_usd: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    token_price: TokenPrice | None = None
    ceiling_seconds: Annotated[float, Field(gt=0, le=3600)] = 90.0
    shuts_down_on: date | None = None
    checked_on: date
    note: str = ""

    @property
    def cost_micro_usd(self) -> int | None:
        """What one picture costs as we ask for it; None when that is not known."""
        return next(iter(self.picture_cost_micro_usd.values()), None)

    def is_gone(self, today: date) -> bool:
        """Whether the vendor has shut it down."""
        return self.status is ModelStatus.RETIRED or (
            self.shuts_down_on is not None and today >= self.shuts_down_on
        )

    def status_on(self, today: date) -> ModelStatus:
        """What the card says, or that the announced last day has come."""
        return ModelStatus.RETIRED if self.is_gone(today) else self.status


class ProviderCard(BaseModel):
    """One provider and its models.

    Attributes:
        id: Such as `gemini`; the file has the same name.
        any_model: Stands for models that are not listed; the operator may set any id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    name: Words
    models: tuple[ModelCard, ...]
    any_model: ModelCard

    @model_validator(mode="after")
    def _is_unambiguous(self) -> Self:
        ids = [model.id for model in self.models]
        if len(set(ids)) != len(ids):
            raise ValueError("a model is listed twice")
        if sum(model.default for model in self.models) > 1:
            raise ValueError("more than one default model")
        return self

    @property
    def default_model(self) -> ModelCard | None:
        """The model to use when the operator names none; None if they must."""
        return next((model for model in self.models if model.default), None)

    def model(self, model_id: str) -> ModelCard:
        """What is known of a model; for an unlisted one, what may be assumed of it."""
        listed = next((model for model in self.models if model.id == model_id), None)
        return listed or self.any_model.model_copy(update={"id": model_id})
