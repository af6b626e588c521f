"""Ports for the mattes of photos and for the cut-out cache."""

import threading
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from stillroom.domain.ids import MatteId, OwnerId, SessionId
from stillroom.domain.mattes import (
    NO_HINTS,
    CorrectedCover,
    Correction,
    FoundMatte,
    PhotoHints,
    StoredMatte,
    Subject,
)


class MatteRepository(Protocol):
    """Found and corrected mattes, a few per session."""

    async def add(self, matte: StoredMatte) -> None:
        """Insert a matte as the newest of its session, whatever the clock says."""

    async def get(self, matte_id: MatteId, owner_id: OwnerId) -> StoredMatte:
        """Return a matte. Raises NotFound."""

    async def of_session(self, session_id: SessionId) -> tuple[StoredMatte, ...]:
        """Return all mattes of a session, newest first."""

    async def undo(self, session_id: SessionId, at: datetime) -> None:
        """Mark a session's corrections as undone."""

    async def remove(self, matte_ids: Sequence[MatteId]) -> None:
        """Delete the rows."""


class ProductFinder(Protocol):
    """Cuts products out of photos, which are given with their SHA-256."""

    async def find(self, photo: bytes, sha256: str, hints: PhotoHints = NO_HINTS) -> FoundMatte:
        """Return the matte of the photo. Raises InputCorrupt."""

    async def find_eagerly(
        self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
    ) -> FoundMatte | None:
        """Return the matte of a photo before it is requested.

        Args:
            cancelled: Set when the matte is no longer wanted.
            hints: Facts about the photo beyond its pixels.

        Returns:
            None if it was given up, or if the network was needed for another photo meanwhile.

        Raises:
            InputCorrupt: The photo cannot be decoded.
        """

    async def expect_points(self, photo: bytes, sha256: str) -> None:
        """Prepare for points on a photo, unless a network is busy. Raises InputCorrupt."""

    async def correct(
        self,
        photo: bytes,
        sha256: str,
        found: bytes,
        subjects: Sequence[Subject],
        correction: Correction,
        cancelled: threading.Event,
    ) -> CorrectedCover:
        """Apply a correction.

        Args:
            found: The found matte's file: 8-bit grey PNG of the photo's size.
            subjects: Those that the correction names; none keeps the found matte.
            cancelled: Set when it is no longer wanted; the result then lacks the points that are left.

        Raises:
            InputCorrupt: One of the files cannot be decoded.
        """


class CutoutCache(Protocol):
    """Local cache of cut-outs by SHA-256 of the photo; entries can be recomputed. Thread-safe."""

    def photos(self) -> frozenset[str]:
        """Return the hashes of all photos in the cache."""

    def forget(self, photos: Collection[str]) -> None:
        """Remove all entries of these photos."""
