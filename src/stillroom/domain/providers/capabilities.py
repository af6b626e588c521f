"""Model cards: operations, limits, latency, price and shutdown date of each provider's models."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from stillroom.domain.frozen import Frozen
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words


class ModelStatus(StrEnum):
    """Lifecycle status of a model; `unclear` means that sources disagree."""

    ACTIVE = "active"
    LEAVING = "leaving"
    UNCLEAR = "unclear"
    RETIRED = "retired"


class Offer(Frozen):
    """Latency of a model for one operation.

    Attributes:
        latency_seconds: Expected seconds per picture, used until a latency was observed.
        long_wait: Whether it takes minutes; the next provider is then asked only after its end or timeout.
        rank: Ignored, because `AI_PROVIDER_ORDER` decides; accepted for files of earlier releases.
    """

    latency_seconds: Annotated[float, Field(gt=0)]
    long_wait: bool = False
    rank: Annotated[int, Field(ge=1)] | None = None


SHUTDOWN_WARNING_DAYS = 30
"""Days before a model's last day from which on it is announced."""

LOCAL = "local"
"""Name of the local provider."""


class ModelLimits(Frozen):
    """Input and output limits of a model.

    Attributes:
        pictures_in: Maximum number of input pictures per call.
        candidates_per_call: Maximum number of output pictures per call.
        max_width: Maximum output width, in pixels.
        max_height: Maximum output height, in pixels.
        min_pixels: Minimum area of an output, for models that take any width and height.
        max_pixels: Maximum area of an output to ask for; the price is that of this area.
        prompt_characters: Maximum prompt length; None if unknown.
        mask: Whether it accepts a mask.
        transparent: Whether it can output a transparent background.
    """

    pictures_in: Annotated[int, Field(ge=1)]
    candidates_per_call: Annotated[int, Field(ge=1)]
    max_width: Annotated[int, Field(ge=1)]
    max_height: Annotated[int, Field(ge=1)]
    min_pixels: Annotated[int, Field(ge=1)] | None = None
    max_pixels: Annotated[int, Field(ge=1)] | None = None
    prompt_characters: Annotated[int, Field(ge=1)] | None = None
    mask: bool = False
    transparent: bool = False


class TokenPrice(Frozen):
    """Millionths of a US dollar per token, which equals US dollars per million tokens."""

    text_in: Annotated[float, Field(ge=0)] = 0.0
    image_in: Annotated[float, Field(ge=0)] = 0.0
    image_out: Annotated[float, Field(ge=0)] = 0.0


class ModelCard(Frozen):
    """One model.

    Attributes:
        id: The vendor's model id.
        default: Whether it is used if the operator names none; at most one per provider.
        picture_cost_micro_usd: Price per picture by size or quality, in millionths of a US dollar; the first
            entry is the one requested. Empty if unknown.
        token_price: Price per token, for vendors that bill by token.
        ceiling_seconds: Timeout of a call.
        shuts_down_on: Announced last day.
        checked_on: Date on which these figures were checked.
        note: Remarks, in English.
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
        """Price of one picture at the requested size or quality; None if unknown."""
        return next(iter(self.picture_cost_micro_usd.values()), None)

    def shutting_down(self, last_day: date | None) -> Self:
        """Return the card with the last day that the vendor's own list states; None changes nothing."""
        return self if last_day is None else self.model_copy(update={"shuts_down_on": last_day})

    def is_gone(self, today: date) -> bool:
        """Whether the vendor has shut the model down."""
        return self.status is ModelStatus.RETIRED or (
            self.shuts_down_on is not None and today >= self.shuts_down_on
        )

    def days_left(self, today: date) -> int | None:
        """Return the days until the model's last day, negative after it; None without such a day."""
        return None if self.shuts_down_on is None else (self.shuts_down_on - today).days

    def ends_soon(self, today: date) -> bool:
        """Whether the model still works and its last day is so near that it must be announced."""
        days = self.days_left(today)
        return days is not None and not self.is_gone(today) and days <= SHUTDOWN_WARNING_DAYS

    def status_on(self, today: date) -> ModelStatus:
        """Return the card's status, or that of a retired model after the announced last day."""
        return ModelStatus.RETIRED if self.is_gone(today) else self.status


def model_id_of(model_in_use: str) -> str:
    """Return the id of a model that is named with its provider, such as `local/isnet-1024`."""
    return model_in_use.partition("/")[2]


class ProviderCard(Frozen):
    """One provider and its models.

    Attributes:
        id: Such as `gemini`; also the name of its file.
        any_model: Card of models that are not listed, since the operator may set any id.
    """

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
        """The model to use if the operator names none; None if they must name one."""
        return next((model for model in self.models if model.default), None)

    def model(self, model_id: str) -> ModelCard:
        """Return the card of a model; an unlisted one gets the card `any_model`."""
        listed = next((model for model in self.models if model.id == model_id), None)
        return listed or self.any_model.model_copy(update={"id": model_id})
