"""Options, waits and results of export requests."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from stillroom.domain.exports.presets import Export, FixId, LabelLanguage


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Options for the files of one request.

    Attributes:
        fixes: Fixes to apply to the files; the variants stay unchanged.
        label: Language of a visible "AI-generated" label; None adds none.
        names: File name by preset, as returned by `usable_name`.
    """

    fixes: frozenset[FixId] = frozenset()
    label: LabelLanguage | None = None
    names: Mapping[str, str] = field(default_factory=dict)


NO_OPTIONS = ExportOptions()

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ExportWaits:
    """Longest waits of callers for deferred exports, in seconds.

    Attributes:
        request: Of a request that asks for them; most are done by then.
        poll: Between two queries.
    """

    request: float = 1.0
    download: float = 10.0
    poll: float = 0.1


async def wait_until(check: Callable[[], Awaitable[_T | None]], seconds: float, poll: float) -> _T | None:
    """Poll until the check returns a value; None when the time is up. The first check is at once."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        found = await check()
        if found is not None or loop.time() >= until:
            return found
        await asyncio.sleep(poll)


@dataclass(frozen=True, slots=True)
class Made:
    """Exports of one request; `replayed` is true when an earlier request with the same key made them."""

    exports: tuple[Export, ...]
    replayed: bool


@dataclass(frozen=True, slots=True)
class ExportFile:
    """Downloadable file, complete in memory."""

    name: str
    data: bytes
