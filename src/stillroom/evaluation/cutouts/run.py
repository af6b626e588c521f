"""Run over a cut-out set: cut every photo out, write its alpha and measure it."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import anyio.to_thread
import cv2
import numpy as np
import pyvips

from stillroom.domain.errors import Conflict, NotFound, StillroomError, ValidationFailed
from stillroom.evaluation.cutouts.masked_photos import CutoutSet, MaskedPhoto, Skipped
from stillroom.evaluation.cutouts.metrics import CutoutScores, cutout_scores, openings_of, thin_parts_of
from stillroom.evaluation.cutouts.results import CutoutRow, PointScores, csv_of, rows_in
from stillroom.evaluation.files import write_atomically
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.presence import is_found
from stillroom.imaging.io import decoding
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes
from stillroom.imaging.resizing import bilinear, size_of
from stillroom.imaging.scene.product import Product

TABLE, SIGNALS, CONDITIONS, ALPHA = "results.csv", "signals.json", "conditions.json", "alpha"
"""Files of a run: rows, signals of the confidence, what the run depends on; and the folder of mattes."""


@dataclass(frozen=True, slots=True)
class CutOut:
    """The studio's figures for one photo.

    Attributes:
        cover: At the size at which the studio stores the photo; 255 is product.
        signals: What the confidence is computed from, by name.
    """

    cover: Bytes
    confidence: float
    certain: bool
    subjects: int
    model: str
    signals: Mapping[str, float]

    @classmethod
    def of(cls, product: Product, confidence: float) -> Self:
        """Return the figures of a product that was cut out, with the confidence of its edges."""
        matte, shape = product.matte, product.photo.shape
        return cls(
            cover=cover_of_photo(matte, shape),
            confidence=confidence,
            certain=is_found(matte, shape) and matte.subjects.certain,
            subjects=len(matte.subjects.items),
            model=matte.model,
            signals=asdict(matte.signals) if matte.signals else {},
        )


CutOutPhoto = Callable[[bytes], Awaitable[CutOut]]
"""Cuts a stored photo out, as a job does."""

SetPoints = Callable[[bytes, Bytes, Bytes], Awaitable[PointScores]]
"""Corrects a cut-out with points on its errors, given the stored photo, the cut-out and the true mask."""

Watch = Callable[[int, int, CutoutRow | Skipped], None]
"""Called after each photo with its number, the number of photos, and its result."""


class CutoutRunFolder:
    """Folder of one run; rows are written as they are measured, so that a run can be continued."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, conditions: Mapping[str, Any], *, resume: bool) -> list[CutoutRow]:
        """Make the folder ready; return the rows of the interrupted run that is continued.

        Raises:
            Conflict: The interrupted run had other conditions.
        """
        (self._folder / ALPHA).mkdir(parents=True, exist_ok=True)
        table, facts = self._folder / TABLE, self._folder / CONDITIONS
        if resume and table.is_file():
            if not facts.is_file() or json.loads(facts.read_text("utf-8")) != conditions:
                raise Conflict(f"The run in {self._folder} had other conditions; start without --resume.")
            return [row for row in rows_in(table.read_text("utf-8")) if self._alpha(row.name).is_file()]
        for file in (*(self._folder / ALPHA).glob("*.png"), table, self._folder / SIGNALS):
            file.unlink(missing_ok=True)
        facts.write_text(json.dumps(conditions, indent=1) + "\n", "utf-8")
        return []

    def write(self, rows: list[CutoutRow], alpha: Bytes | None, signals: Mapping[str, float]) -> None:
        """Write the table, and the newest row's alpha and signals."""
        if alpha is not None:
            self._alpha(rows[-1].name).write_bytes(png_of(alpha))
            known = self.signals()
            known[rows[-1].name] = dict(signals)
            write_atomically(self._folder / SIGNALS, json.dumps(known, indent=1) + "\n")
        write_atomically(self._folder / TABLE, csv_of(sorted(rows, key=lambda row: row.name)))

    def rows(self) -> list[CutoutRow]:
        """Return the measured rows. Raises NotFound, ValidationFailed."""
        try:
            return rows_in((self._folder / TABLE).read_text("utf-8"))
        except FileNotFoundError as error:
            raise NotFound(f"There is no {TABLE} in {self._folder}.") from error

    def signals(self) -> dict[str, dict[str, float]]:
        file = self._folder / SIGNALS
        return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}

    def scores(self, photos: CutoutSet) -> dict[str, CutoutScores]:
        """Measure the mattes of the folder; photos without one, or whose mask cannot be read, are left out.

        Raises:
            NotFound: The folder has no mattes.
        """
        if not (self._folder / ALPHA).is_dir():
            raise NotFound(f"There is no folder {self._folder / ALPHA} with mattes to compare with.")
        found = {}
        for one in photos.photos:
            with suppress(ValidationFailed):
                if self._alpha(one.name).is_file():
                    alpha, truth = _grey(self._alpha(one.name)), _grey(one.mask)
                    if alpha.shape == truth.shape:
                        found[one.name] = cutout_scores(alpha, truth)
        return found

    def _alpha(self, name: str) -> Path:
        return self._folder / ALPHA / f"{name}.png"


async def run(
    photos: CutoutSet,
    folder: CutoutRunFolder,
    done: list[CutoutRow],
    cut_out: CutOutPhoto,
    limits: decoding.Limits,
    watch: Watch,
    set_points: SetPoints | None = None,
) -> tuple[list[CutoutRow], list[Skipped]]:
    """Measure the photos that are not done; return all rows, and the photos that cannot be measured."""
    rows, skipped = list(done), list(photos.skipped)
    known = {row.name for row in done}
    for number, one in enumerate(photos.photos, 1):
        if one.name in known:
            continue
        try:
            row, alpha, signals = await _measured(one, cut_out, limits, set_points)
        except (StillroomError, OSError) as error:
            reason = error.detail if isinstance(error, StillroomError) else str(error)
            skipped.append(Skipped(one.photo.name, reason))
            watch(number, len(photos.photos), skipped[-1])
            continue
        rows.append(row)
        folder.write(rows, alpha, signals)
        watch(number, len(photos.photos), row)
    rows.sort(key=lambda row: row.name)
    folder.write(rows, None, {})
    return rows, skipped


async def _measured(
    one: MaskedPhoto, cut_out: CutOutPhoto, limits: decoding.Limits, set_points: SetPoints | None
) -> tuple[CutoutRow, Bytes, Mapping[str, float]]:
    stored, size, truth = await anyio.to_thread.run_sync(_read, one, limits)
    began = time.perf_counter()
    found = await cut_out(stored)
    took = round((time.perf_counter() - began) * 1000)
    alpha = bilinear(found.cover, size)
    points = await set_points(stored, found.cover, truth) if set_points else None
    row = CutoutRow(
        one.name,
        cutout_scores(alpha, truth),
        found.confidence,
        found.certain,
        found.subjects,
        found.model,
        took,
        points,
        openings_of(alpha, truth),
        thin_parts_of(alpha, truth),
    )
    return row, alpha, found.signals


def _read(one: MaskedPhoto, limits: decoding.Limits) -> tuple[bytes, tuple[int, int], Bytes]:
    """Return the photo as an upload would store it, its upright width and height, and its true mask."""
    data = one.photo.read_bytes()
    stored = decoding.sanitise(data, declared_type=None, file_name=one.photo.name, limits=limits)
    size = _upright_size(data, stored)
    truth = _grey(one.mask)
    if size_of(truth) != size:
        found = f"{truth.shape[1]} x {truth.shape[0]}"
        raise ValidationFailed(f"masks/{one.mask.name} is {found}, the photo is {size[0]} x {size[1]}.")
    return stored.picture, size, truth


def _upright_size(data: bytes, stored: decoding.Sanitised) -> tuple[int, int]:
    try:
        header = pyvips.Image.new_from_buffer(data, "", access="sequential")
        width, height = header.width, header.height
    except pyvips.Error:
        # A format that libvips as shipped does not read, HEIC, which keeps its pixels upright.
        return stored.width, stored.height
    if (width < height) != (stored.width < stored.height):
        width, height = height, width
    return width, height


def _grey(file: Path) -> Bytes:
    try:
        mask = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        mask = None
    if mask is None:
        raise ValidationFailed(f"{file.parent.name}/{file.name} cannot be read.")
    return np.asarray(mask, np.uint8)
