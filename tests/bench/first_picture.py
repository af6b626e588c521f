"""Waits of a seller for the local provider: `python -m tests.bench.first_picture WEIGHTS [RUNS]`."""

import hashlib
import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import anyio
import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.cli.serve import share_heaps
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.plan import Context, Plan, starting_plan
from stillroom.domain.providers.requests import (
    GeneratedPicture,
    GenerationRequest,
    Operation,
    Wanted,
)
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.weights.folder import WeightsFolder
from tests.integration.imaging.golden import case
from tests.networks import ISNET, U2NETP, packaged_weights

PHOTOS = ("bottle_gym", "mug_kitchen", "tote_door", "headphones_desk", "camera_market")
SIDE = 2048  # pixels of the longer side, as the targets say


def photo_of(name: str) -> bytes:
    """A golden photo at the size of the targets, as JPEG."""
    photo = case(name).photo
    factor = SIDE / max(photo.shape)
    resized = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", cv2.cvtColor(resized, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])[
        1
    ].tobytes()


async def seconds_until_each(
    provider: LocalProvider, photo: bytes, key: str, plans: tuple[Plan, ...]
) -> list[float]:
    """Time of each candidate."""
    wanted = tuple(Wanted(ordinal, plan) for ordinal, plan in enumerate(plans, start=1))
    request = GenerationRequest(Operation.OPTIMIZE, photo, key, "", Context(), wanted)
    started = time.perf_counter()
    return [
        time.perf_counter() - started
        async for event in provider.generate(request)
        if isinstance(event, GeneratedPicture)
    ]


def only(recipe_name: str, folder: Path, scratch: Path) -> WeightsFolder:
    """A weights folder in which that network is the best."""
    weights = packaged_weights(scratch / "weights")
    weights.path.mkdir()
    for name in {recipe_name, U2NETP.name}:
        weights.path_of(name).symlink_to(packaged_weights(folder.absolute()).path_of(name))
    return weights


Row = tuple[str, str, str, str, str]


async def measure(folder: Path, recipe_name: str, runs: int) -> list[Row]:
    """The rows of one network."""
    with tempfile.TemporaryDirectory() as scratch:
        provider = LocalProvider(
            only(recipe_name, folder, Path(scratch)), Path(scratch) / "cutouts", fetch=False
        )
        started = time.perf_counter()
        await provider.warm_up()
        cold = time.perf_counter() - started
        first: list[float] = []
        further: list[float] = []
        turns: list[float] = []
        ahead: list[float] = []
        plans = candidate_plans(starting_plan("optimize"), 3, "optimize")
        for run in range(runs):
            for name in PHOTOS:
                photo = photo_of(name)
                key = hashlib.sha256(photo + bytes([run])).hexdigest()
                times = await seconds_until_each(provider, photo, key, plans)
                first.append(times[0])
                further += np.diff(times).tolist()
                turn = understand("光从左边来，暖一点", plans[0]).plan
                turns += await seconds_until_each(provider, photo, key, (turn,))
                opened = hashlib.sha256(key.encode()).hexdigest()
                await provider.find_eagerly(photo, opened, threading.Event())
                ahead += await seconds_until_each(provider, photo, opened, plans[:1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        row(recipe_name, "start", [cold]),
        row(recipe_name, "first picture", first),
        row(recipe_name, "first picture, cut out ahead", ahead),
        row(recipe_name, "further candidate", further),
        row(recipe_name, "turn with relight", turns),
        row(recipe_name, "peak memory, MB", [peak], scale=1),
    ]


def row(network: str, what: str, values: list[float], scale: float = 1000) -> Row:
    """Median and 95th percentile, in milliseconds unless `scale` says otherwise."""
    middle, late = np.percentile(np.array(values) * scale, (50, 95))
    return network, what, f"{middle:.0f}", f"{late:.0f}", str(len(values))


def main() -> None:
    """Print the table; each network has a process of its own, as in a server."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "data/weights")
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    table = Table(title=f"Local provider at {SIDE} px, milliseconds")
    for column in ("network", "what", "p50", "p95", "n"):
        table.add_column(column, justify="left" if column in ("network", "what") else "right")
    for recipe in (U2NETP, ISNET):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), share_heaps) as alone:
            for cells in alone.submit(anyio.run, measure, folder, recipe.name, runs).result():
                table.add_row(*cells)
    Console(width=100).print(table, f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
