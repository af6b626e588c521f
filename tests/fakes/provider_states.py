"""Provider states in memory, behind the port that the database keeps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

from stillroom.domain.ports import ProviderState, UnitOfWork


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        """Begin on an ordinary day."""
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The present moment."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Advance the clock."""
        self.now += timedelta(seconds=seconds)


class MemoryStates:
    """A unit of work that knows provider states alone."""

    def __init__(self) -> None:
        """Know nothing."""
        self.kept: dict[tuple[str, str], ProviderState] = {}
        self.provider_states = self

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        """Everything at once; nothing is ever rolled back."""
        del read_only, uses_reserve
        yield cast(UnitOfWork, self)

    async def all(self) -> tuple[ProviderState, ...]:
        """Every model that was ever asked."""
        return tuple(self.kept.values())

    async def get(self, provider: str, model: str) -> ProviderState | None:
        """One of them."""
        return self.kept.get((provider, model))

    async def save(self, state: ProviderState) -> None:
        """Write it."""
        self.kept[state.provider, state.model] = state
