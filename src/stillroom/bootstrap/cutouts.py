"""Cut photos out as a job does, for commands that open no studio."""

import hashlib
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from stillroom.application.exports.checking import Checking
from stillroom.bootstrap.checking import bounds, checking_with, cut_out_of
from stillroom.bootstrap.foundation import VERSION
from stillroom.bootstrap.networks import open_local
from stillroom.bootstrap.stores import make_data_folder
from stillroom.domain.mattes import Correction, MattePoint
from stillroom.evaluation.cutout_results import PointScores
from stillroom.evaluation.cutout_run import CutOut, CutOutPhoto, SetPoints
from stillroom.evaluation.point_protocol import point_scores
from stillroom.imaging.cutout.matting import PARAMETERS
from stillroom.imaging.cutout.photo_masks import cover_in, cover_of_photo
from stillroom.imaging.cutout.presence import is_found
from stillroom.imaging.io.decoding import Limits
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.corrections import MatteFinder
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts photos out as a job does, with the networks of the data folder and without its cache.

    Attributes:
        set_points: Corrects it with up to a number of points, as the API does.
        model: The network in use, such as `isnet-1024`.
        conditions: What the results depend on.
    """

    cut_out: CutOutPhoto
    set_points: Callable[[int], SetPoints]
    limits: Limits
    model: str
    conditions: Mapping[str, str]


@asynccontextmanager
async def cutter(settings: Settings, report: Callable[[object], None]) -> AsyncIterator[Cutter]:
    """Load the networks for cutting photos out, without downloads; each cut-out reports its events."""
    make_data_folder(settings)
    with tempfile.TemporaryDirectory() as scratch:
        catalogue = FileCatalogue(settings.data_dir / "config")
        local = open_local(settings, catalogue, cutouts=Path(scratch), fetch=False)
        cut_out = partial(_cut_out, local, report)
        set_points = partial(_point_setter, MatteFinder(local, report))
        await local.warm_up(report)
        # Load the scout as well, so that the first photo takes no longer than the others.
        await cut_out(png_of(np.full((256, 256, 3), 128, np.uint8)))
        model = local.model_in_use.removeprefix("local/")
        limits = bounds(settings.limits)
        sizes = {"max_side": str(limits.max_side), "max_megapixels": f"{limits.max_megapixels:g}"}
        conditions = {"version": VERSION, "model": model, "parameters": PARAMETERS, **sizes}
        yield Cutter(cut_out, set_points, limits, model, conditions)


async def _cut_out(local: LocalProvider, report: Callable[[object], None], photo: bytes) -> CutOut:
    found = await cut_out_of(local, photo, report)
    matte, shape = found.product.matte, found.product.photo.shape
    return CutOut(
        cover=cover_of_photo(matte, shape),
        confidence=found.matte.edge_confidence,
        certain=is_found(matte, shape) and matte.subjects.certain,
        subjects=len(matte.subjects.items),
        model=matte.model,
        signals=asdict(matte.signals) if matte.signals else {},
    )


def _point_setter(finder: MatteFinder, most: int) -> SetPoints:
    """Return a function that corrects a cut-out with up to `most` points and scores each step."""

    async def scores(photo: bytes, found: CutOut, truth: Bytes) -> PointScores:
        name, base = hashlib.sha256(photo).hexdigest(), png_of(found.cover)
        size = (found.cover.shape[1], found.cover.shape[0])
        wanted = np.asarray(cv2.resize(truth, size, interpolation=cv2.INTER_AREA), np.uint8)

        async def correct(points: Sequence[MattePoint]) -> Bytes:
            correction = Correction(points=list(points))
            return cover_in((await finder.correct(photo, name, base, (), correction, threading.Event())).file)

        return await point_scores(correct, found.cover, wanted, most)

    return scores


def checking(settings: Settings) -> Checking:
    """Compose the compliance check of foreign pictures, without database and blob store."""
    make_data_folder(settings)
    catalogue = FileCatalogue(settings.data_dir / "config")
    local = open_local(settings, catalogue)
    return checking_with(local, catalogue, settings.limits)
