"""Whether memory grows with the jobs done: `python -m tests.bench.steady_memory [JOBS] [WEIGHTS]`.

Every job is another photo for the provider, since its key is new: decoded, cut out, one candidate and every
fifth time a turn. Five photos take turns, each time at another size, and the scenes change; one process does
all of it.
"""

import os
import sys
import tempfile
from pathlib import Path

import anyio
import cv2
import numpy as np
from rich.console import Console

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan
from stillroom.imaging.pixels import Picture
from stillroom.imaging.resizing import fitted
from stillroom.providers.adapters.local import LocalProvider
from tests.bench.first_picture import PHOTOS, only, seconds_until_each
from tests.integration.imaging.golden import case
from tests.networks import U2NETP

SIDES = range(480, 800)  # pixels of the longer side; small jobs, so that many fit into minutes
WISHES = ("", "木纹台面", "大理石背景", "窗边自然光", "浅灰色背景，光从左边来")
STEPS = 10


def resident_mb() -> float:
    """Memory of this process that is in RAM now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def photo_of(photo: Picture, side: int) -> bytes:
    """A photo as a small JPEG."""
    small = fitted(photo, side)
    return cv2.imencode(".jpg", np.ascontiguousarray(small[..., ::-1]))[1].tobytes()


async def main() -> None:
    """Print resident memory before, and at tenths of the way."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    weights = Path(sys.argv[2] if len(sys.argv) > 2 else "data/weights")
    console = Console(file=sys.stderr)
    golden = [case(name).photo for name in PHOTOS]
    with tempfile.TemporaryDirectory() as scratch:
        folder = only(U2NETP.name, weights, Path(scratch))
        provider = LocalProvider(folder, Path(scratch) / "cutouts", fetch=False)
        await provider.warm_up()
        console.print(f"{jobs} small jobs in a row, {U2NETP.name}: {resident_mb():.0f} MB before the first")
        for job in range(1, jobs + 1):
            photo = photo_of(golden[job % len(golden)], SIDES[job * 7 % len(SIDES)])
            wish = understand(WISHES[job // len(golden) % len(WISHES)], starting_plan("bg_replace")).plan
            await seconds_until_each(provider, photo, f"job-{job}", (wish,))
            if job % 5 == 0:
                turn = understand("暖一点", wish).plan
                await seconds_until_each(provider, photo, f"job-{job}", (turn,))
            if job % max(1, jobs // STEPS) == 0:
                console.print(f"{resident_mb():.0f} MB after {job}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    anyio.run(main)
