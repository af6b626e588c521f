"""Golden-set runner: sends each case through a studio and records the measures."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

import anyio.to_thread

from stillroom.domain.errors import StillroomError
from stillroom.domain.ids import SessionId, VariantId
from stillroom.domain.jobs.job import Job
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import Variant
from stillroom.evaluation.golden import measurement
from stillroom.evaluation.golden.golden_set import GoldenSet
from stillroom.evaluation.golden.judging import Shot, judged
from stillroom.evaluation.golden.measurement import Truth
from stillroom.evaluation.golden.run_folder import RunLog
from stillroom.evaluation.golden.runs import CaseResult, GoldenEntry, RunHeader
from stillroom.imaging.pixels import Bytes

Pass = Literal["plain", "faults"]

TURNS = {
    "zh": ("阴影再柔和一点", "背景换成浅灰色", "去掉阴影", "背景换成纯白", "加一点柔和的阴影"),
    "en": (
        "softer shadow",
        "light grey background",
        "no shadow",
        "pure white background",
        "add a soft shadow",
    ),
}
"""Five turns that do not concern the product, so that any change of it is drift."""

_SHOWN_SIDE = 1600  # pixels of the longer side of stored pictures


@dataclass(frozen=True)
class Opened:
    """Session opened on an uploaded photo."""

    session_id: SessionId
    stored: bytes


@dataclass(frozen=True)
class Ended:
    """A job that has ended, with its candidates.

    Attributes:
        error: Error code; None when the job succeeded.
    """

    job: Job
    candidates: tuple[Variant, ...]
    error: str | None


class StudioUnderTest(Protocol):
    """Studio as used by a seller; each method may raise StillroomError."""

    async def upload(self, name: str, photo: bytes) -> Opened:
        """Upload a photo and open a session on it."""

    async def edit(self, session_id: SessionId, operation: Operation, prompt: str, candidates: int) -> Ended:
        """Request pictures and wait for the end of the job."""

    async def refine(self, session_id: SessionId, variant_id: VariantId, prompt: str) -> Ended:
        """Request a change and wait for the end of the job."""

    async def picture(self, variant_id: VariantId) -> bytes:
        """Return the master."""

    async def matte(self, variant_id: VariantId) -> bytes | None:
        """Return the matte, if the studio has one."""

    async def web_jpeg(self, variant_id: VariantId) -> bytes:
        """Return the picture exported for the web."""


OpenStudio = Callable[[Pass], AbstractAsyncContextManager[StudioUnderTest]]
"""Opens a fresh studio, with or without injected faults. Raises StillroomError."""


@dataclass(frozen=True)
class Step:
    """Progress of a run."""

    which: Pass
    repeat: int
    entry: GoldenEntry
    done: int
    total: int


Watch = Callable[[Step, CaseResult | None], None]
"""Called before every case, and again with its result."""


class Evaluation:
    """Run over the golden set."""

    def __init__(
        self, header: RunHeader, entries: Sequence[GoldenEntry], photos: GoldenSet, open_studio: OpenStudio
    ) -> None:
        """`entries` are the cases of the header, in its order."""
        self._header = header
        self._entries = entries
        self._photos = photos
        self._open_studio = open_studio

    async def run(self, log: RunLog, watch: Watch) -> None:
        """Run every case.

        Raises:
            StillroomError: The studio cannot be opened; the failure of a case is recorded as its result.
        """
        rounds: list[tuple[Pass, int]] = [("plain", repeat + 1) for repeat in range(self._header.repeats)]
        if self._header.faults is not None:
            rounds.append(("faults", 1))
        total = len(rounds) * len(self._entries)
        for which, repeat in rounds:
            # Each round opens a fresh studio, because cached photos would make it faster than a seller's.
            async with self._open_studio(which) as studio:
                for entry in self._entries:
                    step = Step(which, repeat, entry, len(log.results), total)
                    watch(step, None)
                    result = await self._case(studio, entry, which, repeat, log)
                    log.results.append(result)
                    watch(step, result)

    async def _case(
        self, studio: StudioUnderTest, entry: GoldenEntry, which: Pass, repeat: int, log: RunLog
    ) -> CaseResult:
        result = CaseResult(
            case=entry.name, category=entry.category, operation=entry.operation, pass_=which, repeat=repeat
        )
        photo = self._photos.photo(entry)
        prompt = entry.prompt_zh if self._header.language == "zh" else entry.prompt_en
        try:
            opened = await studio.upload(f"{entry.name}.jpg", photo)
            ended = await studio.edit(opened.session_id, entry.operation, prompt, self._header.candidates)
        except StillroomError as error:
            return result.model_copy(update={"error": error.code})
        result = result.model_copy(update=_facts(ended, self._header.candidates))
        if not ended.candidates:
            return result
        first = ended.candidates[0]
        is_white = entry.expect.backdrop == "white"
        try:
            shot = Shot(
                picture=measurement.decoded(await studio.picture(first.id)),
                matte=_decoded(await studio.matte(first.id)),
                jpeg=measurement.decoded(await studio.web_jpeg(first.id)) if is_white else None,
                plan=first.plan,
            )
            truth = await anyio.to_thread.run_sync(
                measurement.truth_of, photo, self._photos.mask(entry), opened.stored, entry.logo_box
            )
            if self._header.consistency and which == "plain" and not entry.expect.see_through:
                drift = await self._drift(studio, opened.session_id, first, shot, truth)
                result = result.model_copy(update={"consistency_drift": drift})
        except StillroomError as error:
            return result.model_copy(update={"ok": False, "error": error.code})
        if which == "plain" and repeat == 1:
            await anyio.to_thread.run_sync(_store_pictures, log, entry.name, shot, truth)
        return await anyio.to_thread.run_sync(judged, result, entry.expect, truth, shot)

    async def _drift(
        self, studio: StudioUnderTest, session_id: SessionId, first: Variant, shot: Shot, truth: Truth
    ) -> float | None:
        """Return the largest drift over five turns, as a multiple of the tolerated drift."""
        place = measurement.place_of(first.plan)
        if place is None:
            return None
        last, drifts = first, []
        for prompt in TURNS[self._header.language]:
            ended = await studio.refine(session_id, last.id, prompt)
            if not ended.candidates:
                return None
            last = ended.candidates[0]
            there = measurement.place_of(last.plan)
            if there is None:
                return None
            later = measurement.decoded(await studio.picture(last.id))
            mattes = (shot.matte, _decoded(await studio.matte(last.id)))
            places = (place, there)
            drifts.append(
                await anyio.to_thread.run_sync(
                    measurement.drift_between, shot.picture, later, truth, places, mattes
                )
            )
        known = [drift for drift in drifts if drift is not None]
        return round(max(known), 3) if len(known) == len(drifts) else None


def _decoded(matte: bytes | None) -> Bytes | None:
    return None if matte is None else measurement.decoded_grey(matte)


def _facts(ended: Ended, wanted: int) -> dict[str, object]:
    job = ended.job
    model = ended.candidates[0].model if ended.candidates else None
    return {
        "ok": ended.error is None and len(ended.candidates) >= wanted,
        "error": ended.error,
        "fallback": bool(job.fallbacks),
        "fallbacks": tuple(f"{one.source}>{one.target}: {one.reason}" for one in job.fallbacks),
        "latency_ms": job.latency_ms,
        "first_image_ms": job.first_image_ms,
        "cost_usd": job.cost_micro_usd / 1_000_000,
        "provider": None if model is None else model.partition("/")[0],
        "model": model,
    }


def _store_pictures(log: RunLog, name: str, shot: Shot, truth: Truth) -> None:
    log.store_picture(name, measurement.webp_of(shot.picture, _SHOWN_SIDE))
    log.store_picture(f"{name}.source", measurement.webp_of(truth.photo, _SHOWN_SIDE))
    log.store_picture(f"{name}.mask", measurement.webp_of(truth.cover, _SHOWN_SIDE))
