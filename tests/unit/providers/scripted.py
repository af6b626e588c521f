"""Providers whose behaviour a test scripts, an in-memory journal and a small catalogue."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast

from stillroom.domain.errors import StillroomError
from stillroom.domain.mattes import FoundMatte
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import Backdrop, CarriedOutPlan, Context, Plan
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ModelCard, ModelLimits, ModelStatus, Offer, ProviderCard
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.requests import (
    Bill,
    CallEnd,
    GeneratedPicture,
    GenerationRequest,
    Operation,
    ProviderEvent,
    RegistryEntry,
    Stage,
    StageReached,
    Wanted,
    WhyNot,
)
from stillroom.domain.words import Words
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.availability import FirstCheck
from stillroom.providers.capability_map import CapabilityMap
from stillroom.providers.circuit_breaker import CircuitBreakers
from stillroom.providers.clouds import CloudProvider
from stillroom.providers.cutouts.cut_out import CutOutEvent, ProductCutOut
from stillroom.providers.image_requests import ImageRequest, ImageResult
from stillroom.providers.outcomes import TIMEOUTS, CallTimeouts
from stillroom.providers.router import Router
from stillroom.providers.views import Views
from tests.fakes.decoding import open_here
from tests.fakes.provider_states import HandClock, MemoryStates
from tests.unit.imaging.scenes import orange_ball

PRICE = 1000


class BallFinder:
    """A local provider that finds the orange ball in every photo."""

    async def cut_out(self, request: GenerationRequest) -> AsyncGenerator[CutOutEvent]:
        del request
        ball = orange_ball()
        yield ProductCutOut(FoundMatte(bytes, ball.matte.model, 1.0, 0.0), ball)


class Painter:
    """A cloud model that keeps what it is sent, and gives the same files for every request."""

    name, model, configuration = "painter", "painter-1", "here"
    cost_micro_usd, provider_request_id = 42_000, "painter-42"

    def __init__(self, *files: bytes) -> None:
        self.sent: list[ImageRequest] = []
        self._files = files

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        del card
        self.sent.append(image_request)
        return ImageResult(self._files, self.cost_micro_usd, self.provider_request_id)

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""


class _OneCard:
    """A catalogue with one model."""

    def __init__(self, card: ModelCard) -> None:
        self._card = card

    def provider(self, name: str) -> ProviderCard:
        words = Words(zh=name, en=name)
        return ProviderCard(id=name, name=words, models=(self._card,), any_model=self._card)


def cloud_of(painter: Painter, card: ModelCard) -> CloudProvider:
    """Return the cloud provider of a painter, which finds the orange ball in every photo."""
    local, catalogue = cast(LocalProvider, BallFinder()), cast(Catalogue, _OneCard(card))
    return CloudProvider(painter, local, catalogue, Views(), open_file=open_here, hurry=False)


Behaviour = StillroomError | Exception | int | Literal["unverified", "never"]
"""Behaviour of a provider on a call: raise, give so many of the pictures, give a wrong product, or hang."""


class ScriptedProvider:
    """A provider with a scripted result per call; the last one repeats."""

    def __init__(
        self, name: str, *behaviours: Behaviour, seconds: float = 0.0, busy_seconds: float = 0.0
    ) -> None:
        """Script successive calls; without behaviours every call gives all that is wanted.

        Args:
            seconds: Time that the vendor takes for each call.
            busy_seconds: Time that this machine takes for each call.
        """
        self.name = name
        self.behaviours = list(behaviours)
        self.seconds = seconds
        self.busy_seconds = busy_seconds
        self.batches: list[tuple[int, ...]] = []

    @property
    def model_in_use(self) -> str:
        """Always the same."""
        return f"{self.name}/{self.name}-1"

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
        """Behave as scripted."""
        yield StageReached(Stage.PROVIDER, 0.1)
        self.batches.append(tuple(one.ordinal for one in request.wanted))
        behaviour: Behaviour = len(request.wanted)
        if self.behaviours:
            behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if behaviour == "never":
            await asyncio.Event().wait()
        if isinstance(behaviour, Exception):
            raise behaviour
        given = len(request.wanted) if isinstance(behaviour, str) else behaviour
        bill = None if self.name == "local" else Bill(PRICE * given, None)
        yield StageReached(Stage.REGISTER, 0.8, bill)
        if self.busy_seconds:
            await asyncio.sleep(self.busy_seconds)
        for wanted in request.wanted[:given]:
            yield picture(self.name, wanted, verified=behaviour != "unverified")


def picture(name: str, wanted: Wanted, *, verified: bool = True) -> GeneratedPicture:
    """A finished candidate."""
    return GeneratedPicture(
        ordinal=wanted.ordinal,
        picture=f"{name}{wanted.ordinal}".encode(),
        matte=None,
        width=10,
        height=10,
        plan=CarriedOutPlan.of(wanted.plan),
        measures=Measures(),
        model=f"{name}/{name}-1",
        verified=verified,
    )


@dataclass
class MemoryJournal:
    """A journal in memory.

    Attributes:
        budget: What all calls together may cost; None allows everything.
    """

    budget: int | None = None
    skipped: list[tuple[str, str]] = field(default_factory=list)
    begun: dict[str, str] = field(default_factory=dict)
    ended: dict[str, CallEnd] = field(default_factory=dict)
    fallbacks: list[tuple[str, str, str]] = field(default_factory=list)
    spent: int = 0
    waits: list[bool] = field(default_factory=list)

    async def skip(self, provider: str, reason: str) -> None:
        """A provider is left out."""
        self.skipped.append((provider, reason))

    async def begin(self, provider: str, model: str, expected_micro_usd: int | None) -> str | None:
        """A call is about to be sent."""
        del model
        if expected_micro_usd is None:
            if self.budget is not None:
                return None
            expected_micro_usd = 0
        if self.budget is not None and expected_micro_usd and self.spent + expected_micro_usd > self.budget:
            return None
        self.spent += expected_micro_usd
        call_id = f"call-{len(self.begun)}"
        self.begun[call_id] = provider
        return call_id

    async def end(self, call_id: str, end: CallEnd) -> None:
        """A call ended."""
        assert call_id in self.begun
        assert call_id not in self.ended
        self.ended[call_id] = end

    async def fall_back(self, source: str, target: str, reason: str) -> None:
        """One provider was passed over for the next."""
        self.fallbacks.append((source, target, reason))

    def wait(self, *, is_waiting: bool) -> None:
        """All that is under way is with vendors, or not any more."""
        if self.waits[-1:] != [is_waiting]:
            self.waits.append(is_waiting)

    def outcomes(self, provider: str) -> list[tuple[str, str | None]]:
        """Outcomes of one provider's calls."""
        return [(end.outcome, end.reason) for call, end in self.ended.items() if self.begun[call] == provider]


class Cards:
    """A catalogue that knows providers alone."""

    def __init__(
        self,
        per_call: Mapping[str, int],
        long_waits: Sequence[str] = (),
        gone: Sequence[str] = (),
        unpriced: Sequence[str] = (),
    ) -> None:
        self._cards = tuple(
            provider_card(name, count, name in long_waits, name in gone, name not in unpriced)
            for name, count in per_call.items()
        )

    def providers(self) -> tuple[ProviderCard, ...]:
        """All of them."""
        return self._cards


def provider_card(name: str, per_call: int, long_wait: bool, gone: bool, priced: bool) -> ProviderCard:
    """One provider with one model."""
    operations = {
        operation: Offer(latency_seconds=1, long_wait=long_wait)
        for operation in (Operation.OPTIMIZE, Operation.BG_REPLACE)
    }
    card = ModelCard(
        id=f"{name}-1",
        default=True,
        status=ModelStatus.RETIRED if gone else ModelStatus.ACTIVE,
        operations=operations,
        limits=ModelLimits(pictures_in=4, candidates_per_call=per_call, max_width=2048, max_height=2048),
        picture_cost_micro_usd={"any": 0 if name == "local" else PRICE} if priced else {},
        checked_on=date(2026, 11, 24),
    )
    return ProviderCard(id=name, name=Words(zh=name, en=name), models=(card,), any_model=card)


def request(candidates: int = 3, **more: Any) -> GenerationRequest:
    """Request for this many candidates on a new background."""
    plans = [Plan(backdrop=Backdrop(kind="white")) for _ in range(candidates)]
    wanted = tuple(Wanted(ordinal, plan) for ordinal, plan in enumerate(plans, start=1))
    return GenerationRequest(
        **{
            "operation": Operation.BG_REPLACE,
            "photo": b"photo",
            "photo_sha256": "0" * 64,
            "prompt": "white",
            "context": Context(),
            "wanted": wanted,
            "spare_ordinal": candidates + 1,
            **more,
        }
    )


class ModelList:
    """The list of a vendor that states its one model with its last day, once it is released."""

    configuration = "k"
    card = None

    def __init__(self, name: str, last_day: date) -> None:
        self.name, self.model = name, f"{name}-1"
        self.released = asyncio.Event()
        self.reads = 0
        self._last_day = last_day

    async def listed(self) -> Mapping[str, date | None]:
        """Return the list."""
        self.reads += 1
        await self.released.wait()
        return {self.model: self._last_day}


class Studio:
    """A router among providers, and everything that it leaves behind."""

    def __init__(
        self,
        *providers: ScriptedProvider,
        per_call: Mapping[str, int] | None = None,
        strategy: Literal["prefer_quality", "prefer_latency"] = "prefer_quality",
        refusal_fallback: Literal["local", "next"] = "local",
        long_waits: Sequence[str] = (),
        gone: Sequence[str] = (),
        budget: int | None = None,
        unpriced: Sequence[str] = (),
        timeouts: CallTimeouts = TIMEOUTS,
        why_not: Mapping[str, WhyNot] | None = None,
        lists: Sequence["ModelList"] = (),
    ) -> None:
        """Register the providers in their order.

        Args:
            why_not: Reasons of providers that cannot be called.
            lists: Model lists of vendors, read by the first availability check.
        """
        self.clock, self.states = HandClock(), MemoryStates()
        self.breakers = CircuitBreakers(self.states, self.clock)
        self.providers = {provider.name: provider for provider in providers}
        self.journal = MemoryJournal(budget)
        counts = {name: (per_call or {}).get(name, 4 if name == "local" else 1) for name in self.providers}
        registry = {name: RegistryEntry(provider, "k") for name, provider in self.providers.items()}
        registry |= {name: RegistryEntry(None, why_not=why) for name, why in (why_not or {}).items()}
        order = ProviderOrder([*self.providers, "sora"], strategy)
        catalogue = cast(Catalogue, Cards(counts, long_waits, gone, unpriced))
        capabilities = CapabilityMap(registry, order, catalogue, self.clock)
        clouds = cast(Sequence[CloudProvider], lists)
        check = FirstCheck(clouds, self.breakers, ceiling_seconds=0.5)
        self.router = Router(capabilities, self.breakers, refusal_fallback, timeouts, check)

    async def make(
        self, asked: GenerationRequest | None = None, on_picture: Callable[[], None] = lambda: None
    ) -> dict[int, str]:
        """Have a request made, and give back who made each place."""
        made: dict[int, str] = {}
        async for one in self.router.generate(asked or request(), self.journal):
            if not isinstance(one, GeneratedPicture):
                continue
            assert one.ordinal not in made, "a place is given once"
            made[one.ordinal] = one.model.partition("/")[0]
            on_picture()
        return made
