"""What can be asked of a provider, and what it gives back."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from stillroom.domain.mattes import CorrectedMatte, FoundMatte
from stillroom.domain.plans.plan import Context, Plan


class Operation(StrEnum):
    """What a job does to a photo."""

    OPTIMIZE = "optimize"
    BG_REPLACE = "bg_replace"
    REFINE = "refine"


class Stage(StrEnum):
    """Where a job stands; the page has words for each."""

    PREPARE = "prepare"
    MATTE = "matte"
    COMPOSE = "compose"
    PROVIDER = "provider"
    REGISTER = "register"
    MEASURE = "measure"
    STORE = "store"


class Mark(StrEnum):
    """What is measured of a picture against what should be, and can be brought back by itself."""

    LIGHT = "light"
    TONE = "tone"
    PERSPECTIVE = "perspective"
    LOGO = "logo"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class StageReached:
    """Provider event: a stage of the work begins.

    Attributes:
        stage: The stage that begins now.
        share: How much of the provider's whole work is done, 0..1.
    """

    stage: Stage
    share: float


@dataclass(frozen=True, slots=True)
class SubjectFound:
    """Provider event: the product was cut out."""

    matte: FoundMatte


@dataclass(frozen=True, slots=True)
class Notice:
    """Provider event: something the user should know, as a code with facts that the page puts into words.

    Attributes:
        level: `info` or `warning`.
        code: Constant upper-case code, such as `MATTE_MODEL`.
        message: English sentence for pages that do not know the code.
        params: Facts that the sentence names.
    """

    level: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


PREVIEW_ORDINAL = 0
"""Place of the picture that is made here at once while a cloud still works."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One candidate that is still to be made.

    Attributes:
        ordinal: Its place in the job, from 1.
        plan: The edit it shall show.
    """

    ordinal: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class BasePicture:
    """The picture that a refinement starts from.

    Attributes:
        picture: The variant's master, PNG.
        plan: As it was carried out, `product_transform` filled in where it is known.
        is_painted: Whether its ground came from a model, so that no plan describes it.
    """

    picture: bytes
    plan: Plan
    is_painted: bool = False


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One operation on one photo, in words and as plans.

    Attributes:
        operation: What is asked.
        photo: The sanitised asset, encoded (JPEG or PNG), sRGB, upright.
        photo_sha256: Hex digest of `photo`; keys the cache of cutouts.
        prompt: What the user said; empty when they said nothing.
        context: What the session remembers.
        wanted: The candidates to make, one plan each.
        instruction: The finished words for a model that reads.
        base: The picture to change; None starts from the photo.
        provider: The only cloud that may be asked; None leaves the choice to the router.
        restore: The one thing to bring back in the picture; None where words say what to change.
        spare_ordinal: From here on, places of candidates that come beyond those wanted.
        has_preview: Whether an earlier attempt has already made one.
        matte: What a person corrected; None leaves it to the network to find the product.
        request_id: Sent on to providers.
        traceparent: Sent on to providers.
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
    restore: Mark | None = None
    spare_ordinal: int = 1
    has_preview: bool = False
    matte: CorrectedMatte | None = None
    request_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class GeneratedPicture:
    """Provider event: one candidate, finished and lossless.

    Attributes:
        ordinal: Which of the wanted it is; PREVIEW_ORDINAL for a preview.
        picture: PNG, 8 bit sRGB; RGBA when the plan's backdrop is transparent, else RGB.
        matte: 8-bit grey PNG of the same size, the product's cover per pixel; None if unknown.
        plan: The plan as carried out, `product_transform` filled in.
        measures: Quality and consistency figures, JSON-ready.
        model: Such as `local/isnet-1024`.
        context: What was measured of the photo, where the provider measures; None otherwise.
        cost_micro_usd: What the call cost, in millionths of a US dollar.
        verified: Whether it is certain to show the seller's own product.
        upstream_id: What the provider calls its answer.
    """

    ordinal: int
    picture: bytes
    matte: bytes | None
    width: int
    height: int
    plan: Plan
    measures: Mapping[str, Any]
    model: str
    context: Context | None = None
    cost_micro_usd: int = 0
    verified: bool = True
    upstream_id: str | None = None


ProviderEvent = StageReached | Notice | SubjectFound | GeneratedPicture
"""What a provider yields while it works, in the order in which it happens."""


@dataclass(frozen=True, slots=True)
class CallEnd:
    """How a provider call ended.

    Attributes:
        outcome: `ok`, `failed` or `refused`; `unknown` when we stopped listening.
        reason: Why it did not end well, an error code or a finer word; None when it did.
        cost_micro_usd: What it cost, in millionths of a US dollar; a guess where that is not known.
        latency_ms: Until the last picture was there, without the time to store it.
        upstream_id: What the provider calls its answer.
    """

    outcome: str
    reason: str | None = None
    cost_micro_usd: int = 0
    latency_ms: int = 0
    upstream_id: str | None = None


class ImageProvider(Protocol):
    """Somebody who can perform operations."""

    @property
    def name(self) -> str:
        """Such as `local` or `gemini`; never changes."""
        ...

    def model_for(self, operation: Operation) -> str:
        """The model that would do it now, such as `local/isnet-1024`."""
        ...

    def generate(self, request: GenerationRequest) -> AsyncIterator[ProviderEvent]:
        """Make the wanted candidates; yields each as soon as it is finished, and progress before it.

        Raises:
            ProviderError: One of the four failures the router knows.
            InputCorrupt: The photo cannot be decoded.
        """
        ...


class Journal(Protocol):
    """Where the router writes down what it does, before and after it does it."""

    async def skip(self, provider: str, reason: str) -> None:
        """A provider is left out from the start, such as for `not_configured`."""
        ...

    async def begin(self, provider: str, model: str, expected_micro_usd: int) -> str | None:
        """A call is about to be sent; gives back its id, or None if the day's budget does not allow it."""
        ...

    async def end(self, call_id: str, end: CallEnd) -> None:
        """A call ended, and what it gave is stored."""
        ...

    async def fall_back(self, source: str, target: str, reason: str) -> None:
        """One provider was passed over for the next."""
        ...

    def wait(self, *, is_waiting: bool) -> None:
        """From now on everything waits for vendors alone, or there is something to do here again."""
        ...


class PictureMaker(Protocol):
    """Gets the wanted candidates made by whoever can."""

    def generate(self, request: GenerationRequest, journal: Journal) -> AsyncGenerator[ProviderEvent]:
        """Make the wanted candidates; yields the events of every provider asked.

        A picture counts as stored once the caller asks for the next event.

        Raises:
            ProviderError: Nobody could make them all.
            InputCorrupt: The photo cannot be decoded.
        """
        ...
