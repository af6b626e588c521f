"""Cut-outs of photos for measurements, composed without a studio."""

import hashlib
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from stillroom.bootstrap.checking import bounds
from stillroom.bootstrap.foundation import VERSION
from stillroom.bootstrap.networks import open_local
from stillroom.bootstrap.stores import make_data_folder
from stillroom.domain.mattes import Correction, MattePoint
from stillroom.domain.providers.capabilities import model_id_of
from stillroom.evaluation.cutouts.point_protocol import CorrectPhoto
from stillroom.evaluation.cutouts.run import CutOut, CutOutPhoto
from stillroom.imaging.cutout.matting import PARAMETERS
from stillroom.imaging.io.decoding import Limits
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.corrections import MatteFinder
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts photos out as a job does, with the networks of the data folder and without its cache.

    Attributes:
        correct: Corrects it with points, as the API does.
        model: The network in use, such as `isnet-1024`.
        conditions: What the results depend on.
    """

    cut_out: CutOutPhoto
    correct: CorrectPhoto
    limits: Limits
    model: str
    conditions: Mapping[str, str]


@asynccontextmanager
async def cutter(settings: Settings, report: Callable[[object], None]) -> AsyncIterator[Cutter]:
    """Load the networks for cutting photos out, without downloads; each cut-out reports its events."""
    make_data_folder(settings)
    with tempfile.TemporaryDirectory() as scratch:
        catalogue = FileCatalogue(settings.data_dir / "config")
        local = open_local(settings, catalogue, cutouts=Path(scratch), fetch=False, report=report)
        cut_out = partial(_cut_out, local)
        correct = partial(_correct, MatteFinder(local))
        await local.warm_up()
        # Load the scout as well, so that the first photo takes no longer than the others.
        await cut_out(png_of(np.full((256, 256, 3), 128, np.uint8)))
        model = model_id_of(local.model_in_use)
        limits = bounds(settings.limits)
        sizes = {"max_side": str(limits.max_side), "max_megapixels": f"{limits.max_megapixels:g}"}
        conditions = {"version": VERSION, "model": model, "parameters": PARAMETERS, **sizes}
        yield Cutter(cut_out, correct, limits, model, conditions)


async def _cut_out(local: LocalProvider, photo: bytes) -> CutOut:
    found = await local.cut_out_photo(photo)
    return CutOut.of(found.product, found.matte.edge_confidence)


async def _correct(finder: MatteFinder, photo: bytes, found: bytes, points: Sequence[MattePoint]) -> bytes:
    name, correction = hashlib.sha256(photo).hexdigest(), Correction(points=list(points))
    return (await finder.correct(photo, name, found, (), correction, threading.Event())).file
