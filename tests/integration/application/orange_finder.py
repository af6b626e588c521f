"""A matting provider that finds orange pixels without a network, and a session with a photo of it."""

import asyncio
import threading
from collections.abc import Sequence

import anyio.to_thread
import numpy as np

from stillroom.domain.mattes import (
    NO_HINTS,
    CorrectedCover,
    Correction,
    FoundMatte,
    MatteBox,
    PhotoHints,
    Stroke,
    Subject,
)
from stillroom.domain.sessions import Session
from stillroom.imaging.cutout.correction import corrected
from stillroom.imaging.cutout.matting import matte_from_cover
from stillroom.imaging.cutout.photo_masks import cover_in, photo_in
from stillroom.imaging.io.encoding import png_of
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import WatchedBlobs
from tests.integration.storage.rows import stored_session
from tests.unit.imaging.scenes import ball

SIDE = 120
PHOTO = png_of(ball(SIDE, 30, light=(0.0, 0.2, 1.0)))
DOT = Correction(strokes=[Stroke(mode="add", radius=0.05, points=[[0.1, 0.1]])])


class OrangeFinder:
    """Finds whatever is more red than blue, and counts how often it is asked."""

    def __init__(self, model: str = "orange") -> None:
        self.model = model
        self.asked: list[MatteBox | None] = []
        self.named: list[list[str]] = []
        self.hints: list[PhotoHints] = []
        self.expected: list[str] = []
        self.waits_until_given_up = False
        self.is_waiting = asyncio.Event()

    async def find(self, photo: bytes, sha256: str, hints: PhotoHints = NO_HINTS) -> FoundMatte:
        del sha256
        self.asked.append(None)
        self.hints.append(hints)
        return found_in(photo, self.model)

    async def find_eagerly(
        self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
    ) -> FoundMatte | None:
        found = await self.find(photo, sha256, hints)
        return None if cancelled.is_set() else found

    async def expect_points(self, photo: bytes, sha256: str) -> None:
        photo_in(photo)
        self.expected.append(sha256)

    async def correct(
        self,
        photo: bytes,
        sha256: str,
        found: bytes,
        subjects: Sequence[Subject],
        correction: Correction,
        cancelled: threading.Event,
    ) -> CorrectedCover:
        if self.waits_until_given_up:
            self.waits_until_given_up = False
            self.is_waiting.set()
            await anyio.to_thread.run_sync(cancelled.wait)
        self.named.append([subject.id for subject in subjects])
        if correction.box is not None:
            found = (await self.find(photo, sha256)).cover()
            self.asked[-1] = correction.box
        new = corrected(photo_in(photo), cover_in(found), correction)
        edges = matte_from_cover(new, "corrected").confidence
        return CorrectedCover(png_of(new), edges, changed=1.0, support=1.0)


def found_in(photo: bytes, model: str) -> FoundMatte:
    pixels = photo_in(photo).astype(np.int16)
    cover = np.where(pixels[..., 0] - pixels[..., 2] > 30, 255, 0).astype(np.uint8)
    return FoundMatte(lambda: png_of(cover), model, 0.97, 0.0)


async def session_with_photo(transactions: SqlTransactions, blobs: WatchedBlobs) -> Session:
    """Store a session of Anna's with its photo."""
    session = await stored_session(transactions)
    async with transactions(read_only=True) as tx:
        asset = await tx.assets.get(session.asset_id, session.owner_id)
    await blobs.put(asset.blob_key, PHOTO, "image/png")
    return session
