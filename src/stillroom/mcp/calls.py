"""One call of a tool: its caller, its progress reports and its result."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pydantic import BaseModel

from stillroom.application.limits.quotas import Kind
from stillroom.bootstrap import Studio
from stillroom.domain.ids import OwnerId
from stillroom.domain.traces import NO_TRACE, RequestTrace
from stillroom.mcp.delivery import Delivery

MAX_PREVIEW_BYTES = 100_000
"""Larger previews are left out; a WebP of 512 pixels has about 30 KB."""

Report = Callable[[float, str], Awaitable[None]]
"""Reports progress: percent, and what is being done."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its caller.

    Attributes:
        is_local: Whether the client shares machine and user with this process; only then files are read and
            written.
        trace: Ids of the HTTP request; without them over stdio.
    """

    studio: Studio
    owner_id: OwnerId
    delivery: Delivery
    report: Report
    is_local: bool
    trace: RequestTrace = NO_TRACE

    async def count(self, kind: Kind) -> None:
        """Count work on pixels against the owner's rate limit, as the API does. Raises RateLimited."""
        if not self.is_local:
            await self.studio.access.rates.consume(kind, self.owner_id)


@dataclass(frozen=True, slots=True)
class Link:
    """Link to a result."""

    url: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Result:
    """Result of a tool.

    Attributes:
        previews: Small WebP or PNG pictures.
    """

    answer: BaseModel
    previews: list[bytes] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
