"""Infrastructure besides rows: blobs, the clock, rate limits, the catalogue."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stillroom.domain.exports.presets import ExportsConfig
from stillroom.domain.platforms import Platform
from stillroom.domain.prompts import PromptChip, PromptTemplate
from stillroom.domain.providers.capabilities import ProviderCard

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A blob that is there, and since when."""

    key: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class OpenBlob:
    """A blob whose bytes are read piece by piece, as fast as they are taken."""

    size: int
    pieces: AsyncIterator[bytes]


class Blobs(Protocol):
    """Bytes by key; never overwritten."""

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        """Store bytes under a new key; a key that is there already keeps what it has."""
        ...

    async def get(self, key: str) -> bytes:
        """Raises NotFound, StorageUnavailable."""
        ...

    async def open(self, key: str) -> OpenBlob:
        """The same in pieces, for readers that may be slow. Raises NotFound, StorageUnavailable."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete; keys that are not there are not an error."""
        ...

    def list(self, folder: str | None = None) -> AsyncIterator[Sequence[StoredBlob]]:
        """Everything there is, or what has keys that begin with `folder/`, some at a time, in no order."""
        ...

    async def check(self) -> None:
        """Write, read and delete a probe. Raises StorageUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """How someone stands with a rate limit.

    Attributes:
        is_granted: Whether one more is allowed now.
        limit: How many are allowed in a window when none were used before.
        window_seconds: Length of the window.
        remaining: How many are left now.
        full_after_seconds: When all are there again, if none are used until then.
        retry_after_seconds: When one will be allowed; 0 if one is.
    """

    is_granted: bool
    limit: int
    window_seconds: int
    remaining: int
    full_after_seconds: float
    retry_after_seconds: float


class RateLimiter(Protocol):
    """How often someone may ask: an owner by id for work, an address for entry."""

    async def take(self, who: str) -> Allowance:
        """Use one of the chances, if there is one."""
        ...

    async def look(self, who: str) -> Allowance:
        """What `take` would find, without using one."""
        ...

    async def is_shared(self) -> bool:
        """Whether all processes count together, as far as that was asked for."""
        ...


class Catalogue(Protocol):
    """The data that can be changed without a release; each call gives what is in force now."""

    def exports(self) -> ExportsConfig:
        """Export presets and the rules of marketplaces."""
        ...

    def platforms(self) -> tuple[Platform, ...]:
        """Places of sale, in their order."""
        ...

    def templates(self) -> tuple[PromptTemplate, ...]:
        """Prompt templates, in their order."""
        ...

    def chips(self) -> tuple[PromptChip, ...]:
        """Words that a click puts into the instruction box."""
        ...

    def providers(self) -> tuple[ProviderCard, ...]:
        """Providers and their models."""
        ...

    def faults(self) -> Mapping[str, str]:
        """Files that were refused, and why; the last good copy of each is in force."""
        ...
