"""Accuracy and time of each network on the golden photos, beside rembg in one run.

Run with `python -m tests.bench.matting [WEIGHTS]`. rembg is installed into a folder of its own at the first
run and gets the very files that Stillroom uses, as `u2netp` and as `isnet-general-use`.

The times are medians over five photos of 2048 pixels, from the photo's bytes to the finished file's, on the
clock and of CPU: Stillroom makes the whole white packshot, rembg only cuts out. They take turns, photo by
photo.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

import anyio
import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.domain.plans.plan import starting_plan
from stillroom.evaluation.golden.measurement import MatteScores, matte_scores
from stillroom.imaging.cutout.matting import matte_of
from stillroom.imaging.cutout.networks import Network, NetworkSpec
from stillroom.imaging.pixels import Plane, cover_of
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts.engines import fastest
from tests.bench.first_picture import PHOTOS, only, photo_of, seconds_until_each
from tests.integration.imaging.golden import GOLDEN, Case, cases, whole
from tests.networks import ISNET, U2NETP, packaged_weights

HERE = Path(__file__).parent
PEER = Path(__file__).parents[2] / "data" / "bench-cutouts"
PACKAGE = "rembg[cpu]==2.0.86"
ROUNDS = 3

Rows = dict[str, MatteScores]
Times = tuple[float, float]


class Rembg:
    """rembg in a process of its own, with one network in memory."""

    def __init__(self, process: "subprocess.Popen[str]", scratch: Path) -> None:
        self._process = process
        self._scratch = scratch

    def mask(self, case: Case) -> Plane:
        """The cover it finds, float32 (H, W)."""
        target = self._scratch / "mask.png"
        self._asked("mask", GOLDEN / "images" / f"{case.name}.jpg", target)
        found = cv2.imread(str(target), cv2.IMREAD_GRAYSCALE)
        assert found is not None, case.name
        return cover_of(np.asarray(found, np.uint8))

    def milliseconds(self, photo: bytes) -> Times:
        """Wall time and processor time of a cut-out."""
        source = self._scratch / "photo.jpg"
        source.write_bytes(photo)
        return self._asked("cut", source, self._scratch / "cut.png")

    def _asked(self, task: str, photo: Path, target: Path) -> Times:
        assert self._process.stdin is not None, "it is a pipe"
        assert self._process.stdout is not None, "it is a pipe"
        self._process.stdin.write(f"{task} {photo} {target}\n")
        self._process.stdin.flush()
        clock, used = self._process.stdout.readline().split()
        return float(clock), float(used)


@contextmanager
def rembg(spec: NetworkSpec, weights: Path) -> Iterator[Rembg]:
    """Start rembg with the file that Stillroom has for that network."""
    python = PEER / "bin" / "python"
    if not python.exists():
        venv.create(PEER, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
    model = {"isnet-1024": "isnet-general-use"}.get(spec.name, spec.name)
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / f"{model}.onnx").symlink_to(packaged_weights(weights.absolute()).path_of(spec.name))
        environment = {**os.environ, "U2NET_HOME": scratch}
        command = [str(python), str(HERE / "peers" / "rembg_cutouts.py"), model]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        ) as process:
            try:
                assert process.stdout is not None, "it is a pipe"
                assert process.stdout.readline().strip() == "ready", model
                yield Rembg(process, Path(scratch))
            finally:
                process.kill()


def _loaded(spec: NetworkSpec, weights: Path) -> Network:
    path = packaged_weights(weights).path_of(spec.name)
    return fastest(path, spec)


def scores_of(spec: NetworkSpec | None, weights: Path, peer: Rembg | None) -> tuple[Rows, Rows, Table]:
    """Stillroom's and rembg's figures per photo, and a table of the former."""
    network = _loaded(spec, weights) if spec else None
    scout = _loaded(U2NETP, weights) if spec is ISNET else None
    who = f"{spec.name}, {network.engine}" if spec and network else "GrabCut"
    table = Table(title=f"Mattes of {who}, on the golden photos")
    for column in ("photo", "IoU", "MAE", "boundary F", "confidence", "ms", "rembg's IoU"):
        table.add_column(column, justify="left" if column == "photo" else "right")
    ours: Rows = {}
    theirs: Rows = {}
    for case in cases():
        started = time.perf_counter()
        matte = matte_of(case.photo, network, scout)
        milliseconds = (time.perf_counter() - started) * 1000
        scores = ours[case.name] = matte_scores(whole(matte, case.photo.shape), case.truth)
        if peer is not None:
            theirs[case.name] = matte_scores(peer.mask(case), case.truth)
        table.add_row(
            case.name,
            *(f"{figure:.4f}" for figure in astuple(scores)),
            f"{matte.confidence:.2f}",
            f"{milliseconds:.0f}",
            f"{theirs[case.name].iou:.4f}" if peer is not None else "",
        )
    return ours, theirs, table


async def times_of(spec: NetworkSpec, weights: Path, peer: Rembg) -> tuple[list[Times], list[Times]]:
    """Milliseconds of Stillroom's white packshots and of rembg's plain cut-outs."""
    ours: list[Times] = []
    theirs: list[Times] = []
    photos = [photo_of(name) for name in PHOTOS]
    with tempfile.TemporaryDirectory() as scratch:
        provider = LocalProvider(only(spec.name, weights, Path(scratch)), Path(scratch) / "cut", fetch=False)
        await provider.warm_up()
        peer.milliseconds(photos[0])
        for turn in range(ROUNDS):
            for place, photo in enumerate(photos):
                theirs.append(peer.milliseconds(photo))
                plans = (starting_plan("optimize"),)
                used = time.process_time()
                (seconds,) = await seconds_until_each(provider, photo, f"{turn}-{place}", plans)
                ours.append((seconds * 1000, (time.process_time() - used) * 1000))
    return ours, theirs


def add_summary(table: Table, who: str, rows: Rows, milliseconds: list[Times]) -> None:
    """Means and worst over the photos, and the median times."""
    figures = np.array([astuple(scores) for scores in rows.values()])
    worst = min(rows, key=lambda name: rows[name].iou)
    table.add_row(
        who,
        f"{figures[:, 0].mean():.4f} ({np.median(figures[:, 0]):.4f})",
        f"{rows[worst].iou:.3f} {worst}",
        f"{figures[:, 1].mean():.4f}",
        f"{figures[:, 2].mean():.4f}",
        *(f"{statistics.median(times):.0f}" for times in zip(*milliseconds, strict=True)),
    )


def main() -> None:
    """Print a table for each network, one for the case that there is none, and all beside rembg."""
    weights = Path(sys.argv[1] if len(sys.argv) > 1 else "data/weights")
    summary = Table(title="Beside rembg with the same files, on the golden photos")
    for column in ("cut out by", "IoU, mean (median)", "worst IoU", "MAE", "boundary F", "ms", "CPU ms"):
        summary.add_column(column, justify="left" if column == "cut out by" else "right")
    console = Console(width=shutil.get_terminal_size((110, 0)).columns)
    for spec in (ISNET, U2NETP):
        with rembg(spec, weights) as peer:
            ours, theirs, table = scores_of(spec, weights, peer)
            own_times, peer_times = anyio.run(times_of, spec, weights, peer)
        console.print(table)
        add_summary(summary, f"Stillroom, {spec.name}", ours, own_times)
        add_summary(summary, f"rembg, {spec.name}", theirs, peer_times)
        summary.add_section()
    ours, _, table = scores_of(None, weights, None)
    console.print(table)
    add_summary(summary, "Stillroom, GrabCut", ours, [])
    console.print(summary, f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
