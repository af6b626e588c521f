"""Remainder of each kind of drift on the golden photos: `python -m tests.bench.drift`, some minutes.

Every cell tells, in pixels at 1024, how far the place that was found lies from the true one at the worst
corner of the product, and the 95th percentile of CIEDE2000 between the finished product and the photo's own
pixels.

With `--through seedream` or `qwen` every picture goes through that adapter and its fake vendor: sent as
JPEG to the vendor, at the size that the vendor is asked for, and back in its format.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.imaging.quality.judgement import product_delta_e
from stillroom.providers.adapters import vendor_pictures
from stillroom.providers.adapters.qwen import QwenModel
from stillroom.providers.adapters.seedream import SeedreamModel
from stillroom.providers.adapters.vendor_pictures import jpeg_of
from stillroom.providers.image_requests import ImageRequest, ImageResult
from stillroom.storage.catalog import FileCatalogue
from tests.fakes.decoding import open_here
from tests.fakes.providers.ark import FakeArk
from tests.fakes.providers.dashscope import FakeDashScope
from tests.fakes.providers.painters import Floats, Pixels, ScenePainter
from tests.fakes.providers.server import KEY
from tests.integration.imaging.golden import cases
from tests.pictures import png
from tests.sent_photos import SentPhoto, sent_photo, stranger

DRIFTS: Mapping[str, Mapping[str, Any]] = {
    "still": {},
    "7 px": {"shift": (7, 0)},
    "3 %": {"scale": 1.03},
    "tone": {"tone": (1.08, 1.0, 0.9)},
    "all three": {"shift": (7, 0), "scale": 1.03, "tone": (1.08, 1.0, 0.9)},
    "light": {"light": 0.15},
    "label": {"label": 0.12},
    "stretched": {"stretch": 1.03},
    "tilted": {"tilt": (0.06, -0.04)},
}
STRANGERS = ("boombox_shelf", "teapot_tray")
"""The second stands in where the first is the seller's own."""


@dataclass(frozen=True)
class DriftResult:
    """Outcome of one drift.

    Attributes:
        is_verified: Whether the product was recognised and put back.
        place_px: How far the found place is from the true one, at the worst corner of the product.
        delta_e: Of the finished product against the photo's own pixels.
    """

    is_verified: bool
    place_px: float
    delta_e: float


Paint = Callable[[SentPhoto, Mapping[str, Any]], Pixels]
"""Paints a picture with some drift."""


def directly(case: SentPhoto, drift: Mapping[str, Any]) -> Pixels:
    """Paint without an adapter and a vendor."""
    return case.painted(**drift)


class AdapterPainter:
    """Paints through the adapter of a provider and its fake vendor."""

    def __init__(self, provider: str) -> None:
        found = next(card for card in FileCatalogue().providers() if card.id == provider)
        assert found.default_model is not None, "a provider with a default model"
        self._provider, self._card = provider, found.default_model

    def __call__(self, case: SentPhoto, drift: Mapping[str, Any]) -> Pixels:
        """Send what the model is shown, and decode what comes back."""
        height, width = case.sent.shape[:2]

        def cover(picture: Pixels) -> Floats:
            return np.asarray(cv2.resize(case.cover, picture.shape[1::-1], interpolation=cv2.INTER_AREA))

        painter = ScenePainter(cover, **drift)
        mask = png(np.zeros((height, width, 4), np.uint8))
        sent = (jpeg_of(case.sent),)
        asked = ImageRequest("A new setting.", sent, mask, width, height, 1, open_file=open_here)
        with FakeArk(painter) if self._provider == "seedream" else FakeDashScope(painter) as fake:
            returned = asyncio.run(self._made(asked, fake.address))
        return vendor_pictures.pixels_of(returned.pictures[0])

    async def _made(self, asked: ImageRequest, address: str) -> ImageResult:
        made = SeedreamModel if self._provider == "seedream" else QwenModel
        path = "/api/v3" if self._provider == "seedream" else ""
        model = made(KEY, self._card.id, address + path)
        try:
            return await model.make(asked, self._card)
        finally:
            await model.close()


def outcome_of(case: SentPhoto, drift: Mapping[str, Any], paint: Paint = directly) -> DriftResult:
    """Paint with that drift, put the product back, and hold it against the truth."""
    painted = paint(case, drift)
    done = case.restored(painted)
    if done.matte is None:
        return DriftResult(is_verified=False, place_px=float("nan"), delta_e=float("nan"))
    return DriftResult(
        done.measures.verified is True,
        case.misplaced_px(painted, drift),
        product_delta_e(done.picture, case.own, done.matte),
    )


def rows(paint: Paint, every: int) -> Iterator[tuple[str, dict[str, DriftResult], bool]]:
    """Return per golden photo the residue of each drift, and whether another product was taken for it."""
    others: dict[str, Pixels] = {name: stranger(name) for name in STRANGERS}
    for golden in islice(cases(), 0, None, every):
        case = sent_photo(golden.name, as_it_is=True)
        other = next(picture for name, picture in others.items() if name != golden.name)
        outcomes = {name: outcome_of(case, drift, paint) for name, drift in DRIFTS.items()}
        yield golden.name, outcomes, case.restored(paint(case, {"other": other})).measures.verified is True


def main() -> None:
    """Print a row for each photo, and the worst of each column."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--through", choices=("seedream", "qwen"))
    parser.add_argument("--every", type=int, default=1, help="only every Nth photo")
    options = parser.parse_args()
    through = options.through
    table = Table(title="Place (px at 1024) / colour (CIEDE2000) after the product was put back")
    for column in ("photo", *DRIFTS, "another product"):
        table.add_column(column, justify="left" if column == "photo" else "right")
    found = []
    for name, outcomes, is_mistaken in rows(AdapterPainter(through) if through else directly, options.every):
        found.append(outcomes)
        cells = [
            f"{one.place_px:.2f} / {one.delta_e:.2f}" if one.is_verified else "unverified"
            for one in outcomes.values()
        ]
        table.add_row(name, *cells, "TAKEN FOR IT" if is_mistaken else "unverified")
    table.add_section()
    worst = [[outcomes[name] for outcomes in found if outcomes[name].is_verified] for name in DRIFTS]
    table.add_row(
        "worst",
        *(f"{max(o.place_px for o in many):.2f} / {max(o.delta_e for o in many):.2f}" for many in worst),
        "",
    )
    Console(width=170).print(table)


if __name__ == "__main__":
    main()
