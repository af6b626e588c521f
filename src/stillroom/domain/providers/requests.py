"""Requests to image providers, and the events they yield."""

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol, Self

from stillroom.domain.mattes import NO_HINTS, CorrectedMatte, FoundMatte, PhotoHints
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan, Context, Plan
from stillroom.domain.providers.usage import CallOutcome
from stillroom.domain.words import text_file


class Operation(StrEnum):
    """Operation of a job on a photo."""

    OPTIMIZE = "optimize"
    BG_REPLACE = "bg_replace"
    REFINE = "refine"


class Stage(StrEnum):
    """Stage of a job; the page has a text for each."""

    PREPARE = "prepare"
    MATTE = "matte"
    COMPOSE = "compose"
    PROVIDER = "provider"
    REGISTER = "register"
    MEASURE = "measure"
    STORE = "store"


class Mark(StrEnum):
    """A measure that can be restored by itself if a picture deviates from its target."""

    LIGHT = "light"
    TONE = "tone"
    PERSPECTIVE = "perspective"
    LOGO = "logo"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Bill:
    """Cost of an answered call, in millionths of a US dollar, and the vendor's id of the request."""

    cost_micro_usd: int
    provider_request_id: str | None


@dataclass(frozen=True, slots=True)
class StageReached:
    """Provider event: a stage begins.

    Attributes:
        share: Progress of the provider's whole work, 0..1.
        bill: Sent once, before the vendor's pictures are used, so that no later error loses the cost.
    """

    stage: Stage
    share: float
    bill: Bill | None = None


@dataclass(frozen=True, slots=True)
class SubjectFound:
    """Provider event: the product was cut out."""

    matte: FoundMatte


NoticeLevel = Literal["info", "warning"]
"""Level of a notice for the user."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Provider event: a notice for the user, as a code with facts.

    Attributes:
        code: Constant upper-case code, such as `MATTE_MODEL`.
        message: English sentence for clients that do not know the code.
    """

    level: NoticeLevel
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, **params: Any) -> Self:
        """Return the notice of a code that has a level and a sentence in `catalog/texts/notices.json`."""
        level, sentence = _NOTICES[code]
        return cls(level, code, sentence.format(**params), params)


_NOTICES = {
    code: (level, sentence)
    for level, sentences in json.loads(text_file("notices")).items()
    for code, sentence in sentences.items()
}

PREVIEW_ORDINAL = 0
"""Ordinal of the preview: made locally while a cloud model still works, or from a provisional cut-out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    ordinal: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class BasePicture:
    """The picture that a refinement starts from.

    Attributes:
        picture: The variant's master, PNG.
        plan: The plan as carried out, with `product_transform` where known.
        is_painted: Whether a model painted the backdrop, so that no plan describes it.
    """

    picture: bytes
    plan: CarriedOutPlan
    is_painted: bool = False


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One operation on one photo, as text and as plans.

    Attributes:
        photo: The sanitised asset, encoded (JPEG or PNG), sRGB, upright.
        photo_sha256: Hex SHA-256 of `photo`; key of the cut-out cache.
        prompt: What is asked for, in the user's words and the look's; may be empty.
        base: The picture to refine; None starts from the photo.
        provider: The only cloud that may be called; None leaves the choice to the router.
        interrupted: Provider of an earlier call for this job whose end is unknown; no cloud is called again.
        restore: The single measure to restore in the base; None if the prompt says what to change.
        spare_ordinal: First ordinal for extra candidates beyond the wanted ones.
        is_exact: Whether only fields of the plan are set, which no model carries out exactly.
        wants_preview: Whether somebody is waiting for a first picture, and no earlier attempt has made one.
        matte: The person's correction; None uses the matte found by the network.
        size_cm: Longest side of the product; None if unknown.
        backdrop: The owner's own backdrop that the plans name, encoded; None if they name none.
        hints: Facts about the photo beyond its pixels.
    """

    operation: Operation
    photo: bytes
    photo_sha256: str
    prompt: str
    context: Context
    wanted: tuple[Wanted, ...]
    instruction: str = ""
    base: BasePicture | None = None
    provider: str | None = None
    interrupted: str | None = None
    restore: Mark | None = None
    spare_ordinal: int = 1
    is_exact: bool = False
    wants_preview: bool = True
    matte: CorrectedMatte | None = None
    request_id: str | None = None
    traceparent: str | None = None
    size_cm: float | None = None
    backdrop: bytes | None = None
    hints: PhotoHints = NO_HINTS


@dataclass(frozen=True, slots=True)
class GeneratedPicture:
    """Provider event: one finished candidate, lossless.

    Attributes:
        ordinal: Ordinal of the wanted candidate; PREVIEW_ORDINAL for a preview.
        picture: PNG, 8-bit sRGB; RGBA if the plan's backdrop is transparent, else RGB.
        matte: 8-bit grey PNG of the same size, the product's alpha; None if unknown.
        model: Such as `local/isnet-1024`.
        context: Measurements of the photo, if the provider makes them; else None.
        verified: Whether the picture is verified to show the seller's own product.
        thumbnail: WebP of the picture, if the provider had its pixels at hand; else None.
        on_white: RGB PNG of the same size, the product on white without a shadow, if it has glass through
            which another background would show; else None.
    """

    ordinal: int
    picture: bytes
    matte: bytes | None
    width: int
    height: int
    plan: CarriedOutPlan
    measures: Measures
    model: str
    context: Context | None = None
    verified: bool = True
    thumbnail: bytes | None = None
    on_white: bytes | None = None


ProviderEvent = StageReached | Notice | SubjectFound | GeneratedPicture
"""Events of a provider, in the order in which they occur."""


@dataclass(frozen=True, slots=True)
class CallEnd:
    """Result of a provider call.

    Attributes:
        outcome: `ok`, `failed` or `refused`; `unknown` if the call was abandoned.
        reason: Error code or a finer reason; None on success.
        cost_micro_usd: Cost in millionths of a US dollar; an estimate if the actual cost is unknown.
        latency_ms: Time until the last picture, without the time to store it.
    """

    outcome: CallOutcome
    reason: str | None = None
    cost_micro_usd: int = 0
    latency_ms: int = 0
    provider_request_id: str | None = None


class ImageProvider(Protocol):
    """Port of an image provider."""

    @property
    def name(self) -> str:
        """Constant name, such as `local` or `gemini`."""

    @property
    def model_in_use(self) -> str:
        """The model that is used now, such as `local/isnet-1024`."""

    def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
        """Generate the wanted candidates; yield progress, then each candidate as it is finished.

        Raises:
            ProviderError: A failure that the router can handle.
            InputCorrupt: The photo cannot be decoded.
        """


WhyNot = Literal["not_configured", "retired", "not_chosen"]
"""Why a provider cannot be called."""


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """A configured provider, or the reason why it is not available.

    Attributes:
        configuration: Fingerprint of key and address; the circuit breaker resets when it changes.
        why_not: Why there is no provider.
    """

    provider: ImageProvider | None
    configuration: str = ""
    why_not: WhyNot = "not_configured"


class Journal(Protocol):
    """Record of the router's actions; each call is recorded before and after it is made."""

    async def skip(self, provider: str, reason: str) -> None:
        """Record a provider that is skipped, with a reason such as `not_configured`."""

    async def begin(self, provider: str, model: str, expected_micro_usd: int | None) -> str | None:
        """Record a call about to be sent; return its id, or None if a budget does not allow it.

        Args:
            expected_micro_usd: The list price; None if it is not known, which no budget allows.
        """

    async def end(self, call_id: str, end: CallEnd) -> None:
        """Record the end of a call, after its pictures are stored."""

    async def fall_back(self, source: str, target: str, reason: str) -> None:
        """Record a fallback from one provider to the next."""

    def wait(self, *, is_waiting: bool) -> None:
        """Report whether the job now waits for vendors only, without local work."""


class PictureMaker(Protocol):
    """Port of the router: makes candidates with any available provider."""

    def generate(self, request: GenerationRequest, journal: Journal) -> AsyncGenerator[ProviderEvent]:
        """Generate the wanted candidates; yield the events of every provider called.

        A picture counts as stored once the caller requests the next event.

        Raises:
            ProviderError: Some candidates could not be made.
            InputCorrupt: The photo cannot be decoded.
        """
