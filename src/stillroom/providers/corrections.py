"""Corrections of mattes: apply subjects, box, points and strokes with the local networks."""

import functools
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import anyio.to_thread
import cv2
import numpy as np

from stillroom.domain.mattes import (
    NO_HINTS,
    CorrectedCover,
    Correction,
    FoundMatte,
    MatteBox,
    PhotoHints,
    Subject,
)
from stillroom.imaging.cutout.correction import corrected
from stillroom.imaging.cutout.matting import matte_from_cover
from stillroom.imaging.cutout.parts import disk, overlap
from stillroom.imaging.cutout.photo_masks import cover_in
from stillroom.imaging.cutout.points.applying import PointedPhotos, pointed
from stillroom.imaging.cutout.points.regions import PointNetworks
from stillroom.imaging.cutout.points.support import support_of
from stillroom.imaging.cutout.subjects import BOX_PADDING, outline_in
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import HALF_COVER, Bytes
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.threads import in_thread


class MatteFinder:
    """Finds and corrects mattes with the networks of the local provider."""

    def __init__(self, local: LocalProvider) -> None:
        self._local = local
        self._photos = PointedPhotos()

    async def find(self, photo: bytes, sha256: str, hints: PhotoHints = NO_HINTS) -> FoundMatte:
        return await self._local.find(photo, sha256, hints=hints)

    async def find_eagerly(
        self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
    ) -> FoundMatte | None:
        return await self._local.find_eagerly(photo, sha256, cancelled, hints)

    async def expect_points(self, photo: bytes, sha256: str) -> None:
        limiter = self._local.network_limiter
        if limiter.borrowed_tokens == 0:
            await in_thread(functools.partial(self._warm_up_points, photo, sha256), limiter)

    def _warm_up_points(self, file: bytes, sha256: str) -> None:
        """Run the networks over the whole photo, so that the first point finds their outputs cached."""
        networks, view = self._local.point_networks(), self._photos.view(file, sha256)
        for one in (networks.scout, networks.segments):
            if one is not None:
                view.output_of(one)
        if networks.prompted is not None:
            # Without memory for it now, the first point tries again.
            with suppress(RuntimeError):
                networks.prompted.encoded(view.photo)

    async def correct(
        self,
        photo: bytes,
        sha256: str,
        found: bytes,
        subjects: Sequence[Subject],
        correction: Correction,
        cancelled: threading.Event,
    ) -> CorrectedCover:
        before = await anyio.to_thread.run_sync(cover_in, found)
        base, start = await self._base(photo, sha256, before, subjects, correction.box)
        changes = bool(correction.points or correction.strokes or correction.grow)
        networks = self._local.point_networks if changes else PointNetworks
        work = functools.partial(self._correct, photo, sha256, base, start, correction, networks, cancelled)
        if not changes:
            return await anyio.to_thread.run_sync(work)
        # Changes run a network, and one inference at a time is enough for the machine.
        return await in_thread(work, self._local.network_limiter, on_cancel=cancelled.set)

    async def _base(
        self,
        photo: bytes,
        sha256: str,
        found: Bytes,
        subjects: Sequence[Subject],
        box: MatteBox | None,
    ) -> tuple[Bytes, float | None]:
        """The matte that points and strokes apply to, uint8 (H, W); its confidence if it is not `found`."""
        if box is not None:
            return await self._within(photo, sha256, box)
        if not subjects:
            return found, None
        covers, confidences = [], []
        for subject in subjects:
            cover, confidence = await self._within(photo, sha256, _padded(subject.box))
            covers.append(await anyio.to_thread.run_sync(_of_subject, cover, subject))
            confidences.append(confidence)
        return np.asarray(np.maximum.reduce(covers), np.uint8), min(confidences)

    async def _within(self, photo: bytes, sha256: str, box: MatteBox) -> tuple[Bytes, float]:
        found = await self._local.find(photo, sha256, box=box)
        return cover_in(await anyio.to_thread.run_sync(found.cover)), found.edge_confidence

    def _correct(
        self,
        file: bytes,
        sha256: str,
        base: Bytes,
        start: float | None,
        correction: Correction,
        loaded: Callable[[], PointNetworks],
        cancelled: threading.Event,
    ) -> CorrectedCover:
        view, networks = self._photos.view(file, sha256), loaded()
        part = pointed(view, base, correction.points, networks, cancelled.is_set)
        new = corrected(view.photo, part, correction)
        support = support_of(view, base, new, networks)
        edges = matte_from_cover(new, "corrected").confidence
        changed = 1.0 - overlap(base > HALF_COVER, new > HALF_COVER)
        return CorrectedCover(png_of(new), edges, changed, support, start)


def _padded(box: MatteBox) -> MatteBox:
    """The box with room for the edge of the subject."""
    x, y = max(0.0, box.x - BOX_PADDING * box.w), max(0.0, box.y - BOX_PADDING * box.h)
    return MatteBox(
        x=x,
        y=y,
        w=min(1.0 - x, box.w * (1 + 2 * BOX_PADDING)),
        h=min(1.0 - y, box.h * (1 + 2 * BOX_PADDING)),
    )


def _of_subject(cover: Bytes, subject: Subject) -> Bytes:
    """Keep the components that lie on the subject, or its outline if the network missed it in the box."""
    outline = outline_in(subject, cover.shape)
    _, labels = cv2.connectedComponents((cover > 12).astype(np.uint8), connectivity=8)
    on_subject = np.unique(np.asarray(labels)[(outline > 0) & (cover > 127)])
    kept = np.where(np.isin(labels, on_subject[on_subject > 0]), cover, np.uint8(0))
    seen = np.count_nonzero((kept > 127) & (outline > 0))
    if seen < 0.5 * np.count_nonzero(outline):
        return np.asarray(cv2.morphologyEx(outline, cv2.MORPH_OPEN, disk(2)), np.uint8)
    return kept
