"""Where mattes of photos are kept."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from stillroom.domain.ids import MatteId, OwnerId, SessionId
from stillroom.domain.mattes import StoredMatte


class MatteRepository(Protocol):
    """Mattes that were found or corrected, a few for each session."""

    async def add(self, matte: StoredMatte) -> None:
        """Store a new one."""
        ...

    async def get(self, matte_id: MatteId, owner_id: OwnerId) -> StoredMatte:
        """Raises NotFound."""
        ...

    async def of_session(self, session_id: SessionId) -> tuple[StoredMatte, ...]:
        """All of them, newest first."""
        ...

    async def undo(self, session_id: SessionId, at: datetime) -> None:
        """Take a session's corrections out of force."""
        ...

    async def remove(self, matte_ids: Sequence[MatteId]) -> None:
        """Delete the rows."""
        ...


class CutoutCache(Protocol):
    """Cut-outs that this machine can make again, by the SHA-256 of their photo; safe to use from threads."""

    def photos(self) -> frozenset[str]:
        """The photos that something is kept of."""
        ...

    def forget(self, photos: Collection[str]) -> None:
        """Remove everything that is kept of these photos."""
        ...
