"""Peak memory of decoders: of all together while large AVIF files arrive at once, and of one at full size.

Run with `python -m tests.bench.decoder_memory`; Linux only.
"""

import contextlib
import os
import time
from functools import partial
from pathlib import Path

import anyio
import numpy as np
import pyvips
from rich.console import Console
from rich.table import Table

from stillroom.application.photos.intake import Decoders
from stillroom.domain.ids import OwnerId
from stillroom.imaging.io.decoder_process import DECODERS_BYTES, DecodingPool
from stillroom.imaging.io.decoding import Limits
from tests import pictures
from tests.hostile.cases import heic

LIMITS = Limits(max_bytes=30_000_000, max_megapixels=100, max_side=4096)
SIDE = 9_990
SAMPLE_SECONDS = 0.02


def resident_megabytes() -> float:
    """Sum the resident memory of all child processes, in megabytes."""
    total = 0
    lists = Path("/proc/self/task").glob("*/children")
    for child in {child for listed in lists for child in listed.read_text().split()}:
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{child}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total / 1e6


async def peak(data: bytes, count: int, budget_bytes: int) -> tuple[float, float, float]:
    """The most that the children hold, and the seconds until all large ones and one small one are done."""
    small = pictures.jpeg(pictures.scene(4000, 3000))
    highest, small_done, started = 0.0, 0.0, time.monotonic()
    with DecodingPool() as pool:
        decoders = Decoders(
            partial(pool.sanitise, limits=LIMITS),
            partial(pool.open, limits=LIMITS),
            pool.children,
            budget_bytes,
        )

        async def upload(content: bytes, number: int) -> float:
            async def read() -> bytes:
                return content

            await decoders(read, declared_type=None, file_name="photo", owner_id=OwnerId(f"own_{number}"))
            return time.monotonic() - started

        async def upload_small() -> None:
            nonlocal small_done
            small_done = await upload(small, count)

        async def watch() -> None:
            nonlocal highest
            while True:
                highest = max(highest, resident_megabytes())
                await anyio.sleep(SAMPLE_SECONDS)

        async with anyio.create_task_group() as watching:
            watching.start_soon(watch)
            async with anyio.create_task_group() as uploads:
                for number in range(count):
                    uploads.start_soon(upload, data, number)
                uploads.start_soon(upload_small)
            watching.cancel_scope.cancel()
    return highest, time.monotonic() - started, small_done


def at_full_size(data: bytes) -> tuple[int, int, float]:
    """Peak address space and resident memory of a new child that opens a file, in MiB, and the seconds."""
    with DecodingPool(children=1) as pool:
        started = time.monotonic()
        pool.open(data, limits=LIMITS)
        seconds = time.monotonic() - started
        [child] = [
            one for listed in Path("/proc/self/task").glob("*/children") for one in listed.read_text().split()
        ]
        status = Path(f"/proc/{child}/status").read_text()
    space, resident = (int(status.partition(f"{name}:")[2].split()[0]) >> 10 for name in ("VmPeak", "VmHWM"))
    return space, resident, seconds


def main() -> None:
    """Measure uploads with the budget and as if there were none, then pictures at full size."""
    flat = pictures.image(np.full((8, 8, 3), 90, np.uint8)).embed(0, 0, SIDE, SIDE, extend="copy")
    clear = flat.bandjoin(pyvips.Image.identity().embed(0, 0, SIDE, SIDE, extend="repeat"))
    turned = flat.copy()
    turned.set_type(pyvips.GValue.gint_type, "orientation", 6)
    files = {
        "progressive JPEG, turned": turned.jpegsave_buffer(interlace=True, subsample_mode="off"),
        "CMYK JPEG": flat.colourspace("cmyk").jpegsave_buffer(),
        "PNG, 16 bits, transparency": clear.colourspace("rgb16").pngsave_buffer(compression=1),
        "the same, interlaced": clear.colourspace("rgb16").pngsave_buffer(compression=1, interlace=True),
        "TIFF, 16 bits, transparency": clear.colourspace("rgb16").tiffsave_buffer(compression="deflate"),
        "WebP, transparency": clear.webpsave_buffer(lossless=True, effort=0),
        "AVIF, transparency": clear.heifsave_buffer(compression="av1", effort=0),
        "the same, full chroma": clear.heifsave_buffer(compression="av1", effort=0, subsample_mode="off"),
        "AVIF, transparency, 10 bits": clear.heifsave_buffer(compression="av1", effort=0, bitdepth=10),
        "HEIC, transparency": heic(clear.numpy()),
    }
    table = Table(f"at full size, {SIDE} × {SIDE}", "address space, MiB", "resident, MiB", "seconds")
    for name, file in files.items():
        space, resident, seconds = at_full_size(bytes(file))
        table.add_row(name, str(space), str(resident), f"{seconds:.1f}")
    Console().print(table)
    data = bytes(flat.heifsave_buffer(compression="av1", effort=0, Q=30))
    table = Table("AVIF at once", "budget", "peak MB of all decoders", "seconds", "a photo beside them, s")
    for count in (1, 2, 4):
        for name, budget in (("none", 1 << 40), ("1.5 GiB", DECODERS_BYTES)):
            highest, seconds, small = anyio.run(peak, data, count, budget)
            table.add_row(str(count), name, f"{highest:.0f}", f"{seconds:.1f}", f"{small:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
