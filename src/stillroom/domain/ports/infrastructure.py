"""Ports for blobs, clock, rate limits and the catalogue."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stillroom.domain.batches.recipes import RecipeCard
from stillroom.domain.exports.platforms import Platform
from stillroom.domain.exports.presets import ExportsConfig
from stillroom.domain.networks import NetworkCard
from stillroom.domain.prompts import PromptChip, PromptTemplate
from stillroom.domain.providers.capabilities import ProviderCard
from stillroom.domain.providers.readers import Readers

Clock = Callable[[], datetime]
"""Returns the current time, aware UTC."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A stored blob, its size in bytes, and when it was stored."""

    key: str
    stored_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class OpenBlob:
    """A blob that is read as a stream, with backpressure."""

    size: int
    pieces: AsyncIterator[bytes]


class Blobs(Protocol):
    """Immutable blobs by key."""

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        """Store bytes under a new key; an existing key keeps its content."""

    async def get(self, key: str) -> bytes:
        """Return a blob's bytes. Raises NotFound, StorageUnavailable."""

    async def open(self, key: str) -> OpenBlob:
        """Return a blob as a stream, for slow readers. Raises NotFound, StorageUnavailable, also later."""

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete blobs; missing keys are ignored."""

    def list(self, folder: str | None = None) -> AsyncIterator[Sequence[StoredBlob]]:
        """Yield all blobs in batches, or those with keys that begin with `folder/`, in no order."""

    async def check(self) -> None:
        """Write, read and delete a probe. Raises StorageUnavailable."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """State of a rate limit for one client.

    Attributes:
        is_granted: Whether one more request is allowed now.
        full_after_seconds: Time until the whole limit is available again without further requests.
        retry_after_seconds: Time until the next request is allowed; 0 if one is allowed now.
    """

    is_granted: bool
    limit: int
    window_seconds: int
    remaining: int
    full_after_seconds: float
    retry_after_seconds: float


class RateLimiter(Protocol):
    """Rate limit per key: an owner id for work, an IP address for sign-in."""

    async def consume(self, who: str) -> Allowance:
        """Use one request of the limit, if one is left."""

    async def peek(self, who: str) -> Allowance:
        """Return what `consume` would return, without using a request."""

    async def is_shared(self) -> bool:
        """Whether all processes share the counters, if that was configured."""


class Catalogue(Protocol):
    """Data that can change without a release; each call returns the data in force."""

    def exports(self) -> ExportsConfig:
        """Return export presets and marketplace rules."""

    def platforms(self) -> tuple[Platform, ...]:
        """Return marketplaces, in order."""

    def platform(self, platform_id: str | None) -> Platform | None:
        """Return the marketplace of that id, if there is one."""

    def templates(self) -> tuple[PromptTemplate, ...]:
        """Return prompt templates, in order."""

    def template(self, template_id: str | None) -> PromptTemplate | None:
        """Return the prompt template of that id, if there is one."""

    def chips(self) -> tuple[PromptChip, ...]:
        """Return phrases that a click inserts into the instruction box."""

    def recipes(self) -> tuple[RecipeCard, ...]:
        """Return the built-in recipes, in order."""

    def providers(self) -> tuple[ProviderCard, ...]:
        """Return providers and their models."""

    def provider(self, provider_id: str | None) -> ProviderCard | None:
        """Return the provider of that id, if there is one."""

    def readers(self) -> Readers:
        """Return instruction, default models and prices of reader models."""

    def networks(self) -> tuple[NetworkCard, ...]:
        """Return the networks of the local provider, in order."""

    def errors(self) -> Mapping[str, str]:
        """Return rejected files with the reasons; the last valid copy of each stays in force."""
