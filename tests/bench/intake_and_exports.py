"""A 24-megapixel photo through the intake beside Pillow, and one master through every export preset.

Run with `python -m tests.bench.intake_and_exports`. Times are medians; memory is the peak of a process that
does nothing else, with what its libraries take at rest.
"""

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.domain.exports.presets import DigitalSource
from stillroom.imaging.export import render
from stillroom.imaging.io import encoding
from stillroom.imaging.io.decoder_process import DecodingPool
from stillroom.imaging.io.decoding import Limits, sanitise
from stillroom.storage.catalog import FileCatalogue
from tests import pictures

ROUNDS = 5
LIMITS = Limits(max_bytes=30_000_000, max_megapixels=100, max_side=4096)


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of several rounds, after one to warm up."""
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def photo() -> bytes:
    """A noisy 6000 x 4000 JPEG, as large as a phone makes it."""
    noisy = pictures.scene(6000, 4000).astype(np.int16)
    noisy += np.random.default_rng(1).integers(-9, 10, noisy.shape, np.int16)
    return pictures.jpeg(np.clip(noisy, 0, 255).astype(np.uint8))


def with_pillow(path: Path) -> tuple[bytes, bytes]:
    """The work of `sanitise`, as Pillow's own documentation would have it done."""
    from PIL import Image, ImageOps

    with Image.open(path) as opened:
        opened.draft("RGB", (LIMITS.max_side, LIMITS.max_side))
        photo = ImageOps.exif_transpose(opened).convert("RGB")
    photo.thumbnail((LIMITS.max_side, LIMITS.max_side), Image.Resampling.LANCZOS)
    master, small = io.BytesIO(), io.BytesIO()
    photo.save(master, "JPEG", quality=95, subsampling=0)
    photo.thumbnail((512, 512), Image.Resampling.LANCZOS)
    photo.save(small, "WEBP", quality=82, method=2)
    return master.getvalue(), small.getvalue()


def ours(path: Path) -> object:
    """The door itself."""
    return sanitise(path.read_bytes(), declared_type="image/jpeg", file_name="photo.jpg", limits=LIMITS)


def nothing(_: Path) -> None:
    """Memory of the libraries at rest."""


WAYS: dict[str, Callable[[Path], object]] = {"ours": ours, "pillow": with_pillow, "nothing": nothing}


def peak_megabytes(way: str, path: Path) -> float:
    """The most memory a process holds that goes one way once."""
    command = [sys.executable, "-m", "tests.bench.intake_and_exports", way, str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def intake(console: Console, folder: Path) -> None:
    """Decode alternately in this process, in a child and with Pillow."""
    path = folder / "photo.jpg"
    path.write_bytes(photo())
    table = Table("24-megapixel JPEG", f"{path.stat().st_size / 1e6:.1f} MB, ms", "peak MB")
    with DecodingPool(children=1) as pool:
        ways: dict[str, Callable[[], object]] = {
            "in this process": partial(ours, path),
            "in a warm child": partial(
                pool.sanitise,
                path.read_bytes(),
                declared_type="image/jpeg",
                file_name="photo.jpg",
                limits=LIMITS,
            ),
            "Pillow, in this process": partial(with_pillow, path),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, work in ways.items():
                times[name].append(milliseconds(work, rounds=1))
    peaks = (peak_megabytes("ours", path), 0.0, peak_megabytes("pillow", path))
    for (name, taken), peak in zip(times.items(), peaks, strict=True):
        table.add_row(name, f"{statistics.median(taken):.0f}", f"{peak:.0f}" if peak else "")
    table.add_row("libraries at rest", "", f"{peak_megabytes('nothing', path):.0f}")
    console.print(table)


def exports(console: Console) -> None:
    """Every preset, all its formats and checks."""
    picture, matte = pictures.product(2048, (560, 400, 1480, 1700), shadow=True)
    master, mask = encoding.png_of(picture), encoding.png_of(matte)
    table = Table("preset", "files", "ms")
    config = FileCatalogue().exports()
    for named in config.presets:
        preset = config.preset(named.id)
        assert preset is not None
        files = render.export(master, mask, preset, DigitalSource.COMPOSITE_SYNTHETIC)
        spelled = ", ".join(f"{f.format} {f.width}x{f.height} {len(f.data) // 1000} KB" for f in files)
        work = partial(render.export, master, mask, preset, DigitalSource.COMPOSITE_SYNTHETIC)
        table.add_row(preset.id, spelled, f"{milliseconds(work):.0f}")
    console.print(table)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        WAYS[sys.argv[1]](Path(sys.argv[2]))
        # Not `ru_maxrss`, which a child inherits from the process that started it.
        status = Path("/proc/self/status").read_text()
        print(int(status.partition("VmHWM:")[2].split()[0]) / 1000)  # noqa: T201
        sys.exit()
    with tempfile.TemporaryDirectory() as made:
        intake(Console(), Path(made))
    exports(Console())
