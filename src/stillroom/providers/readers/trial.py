"""Trial of a reader model: tiny questions with the usual deadlines."""

import time
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from stillroom.domain.errors import StillroomError
from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import PhotoQuestion, Question, Reader, ReaderQuestion
from stillroom.domain.providers.readers import ReaderTrial
from stillroom.domain.providers.requests import Operation
from stillroom.imaging.io.encoding import png_of, small_jpeg

_CLAUSE = "a little warmer"
_SIDE = 256


async def trials(reader: Reader, *, sees_photos: bool) -> tuple[ReaderTrial, ...]:
    """Ask about a clause, and about a picture if the reader is to see some; the calls are charged for."""
    # Importing an SDK takes as long as the deadline.
    await reader.open()
    return tuple([await _tried(reader, *asked) for asked in _questions(sees_photos=sees_photos)])


def _questions(*, sees_photos: bool) -> Iterator[tuple[Literal["text", "picture"], Question[Any]]]:
    yield "text", ReaderQuestion(Operation.OPTIMIZE, _CLAUSE, (_CLAUSE,), Plan(), {})
    if sees_photos:
        pixels = np.full((_SIDE, _SIDE, 3), 240, np.uint8)
        pixels[_SIDE // 4 : -_SIDE // 4, _SIDE // 4 : -_SIDE // 4] = (200, 40, 40)
        picture, size = small_jpeg(png_of(pixels), _SIDE)
        yield "picture", PhotoQuestion("trial", picture, size)


async def _tried(reader: Reader, kind: Literal["text", "picture"], question: Question[Any]) -> ReaderTrial:
    begun = time.monotonic()
    try:
        answer = await reader.ask(question)
    except StillroomError as error:
        return ReaderTrial(kind, time.monotonic() - begun, error.cost_micro_usd, error)
    return ReaderTrial(kind, time.monotonic() - begun, answer.cost_micro_usd)
