"""A 24-megapixel photo through the intake, and one master through every export preset.

Run with `python -m tests.bench.pixel_doors`. Times are medians.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.domain.exports import DigitalSource
from stillroom.imaging import encoding, packshot
from stillroom.imaging.decoding import Limits, sanitise
from stillroom.imaging.decoding_process import DecodingPool
from stillroom.storage.catalog import FileCatalogue
from tests import pictures

ROUNDS = 5
LIMITS = Limits(max_bytes=30_000_000, max_megapixels=100, max_side=4096)


def milliseconds(work: Callable[[], object]) -> float:
    """The median of several rounds, after one to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def photo() -> bytes:
    """A noisy 6000 x 4000 JPEG, as large as a phone makes it."""
    noisy = pictures.scene(6000, 4000).astype(np.int16)
    noisy += np.random.default_rng(1).integers(-9, 10, noisy.shape, np.int16)
    return pictures.jpeg(np.clip(noisy, 0, 255).astype(np.uint8))


def intake(console: Console, folder: Path) -> None:
    """Here, and in a child."""
    path = folder / "photo.jpg"
    path.write_bytes(photo())
    table = Table("24-megapixel JPEG", f"{path.stat().st_size / 1e6:.1f} MB")
    with DecodingPool(children=1) as pool:
        for place, door in (("in this process", sanitise), ("in a warm child", pool.sanitise)):
            work = partial(door, path, declared_type="image/jpeg", file_name="photo.jpg", limits=LIMITS)
            table.add_row(f"{place}, ms", f"{milliseconds(work):.0f}")
    console.print(table)


def exports(console: Console) -> None:
    """Every preset, all its formats and checks."""
    picture, matte = pictures.product(2048, (560, 400, 1480, 1700), shadow=True)
    master, mask = encoding.png(picture), encoding.png(matte)
    table = Table("preset", "files", "ms")
    config = FileCatalogue().exports()
    for named in config.presets:
        preset = config.preset(named.id)
        assert preset is not None
        files = packshot.export(master, mask, preset, DigitalSource.COMPOSITE_SYNTHETIC)
        spelled = ", ".join(f"{f.format} {f.width}x{f.height} {len(f.data) // 1000} KB" for f in files)
        work = partial(packshot.export, master, mask, preset, DigitalSource.COMPOSITE_SYNTHETIC)
        table.add_row(preset.id, spelled, f"{milliseconds(work):.0f}")
    console.print(table)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        intake(Console(), Path(made))
    exports(Console())
