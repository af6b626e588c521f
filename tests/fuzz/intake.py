"""Fuzz the intake: send damaged pictures through its decoder processes until the time is up.

Run with `python -m tests.fuzz.intake [SECONDS [SEED]]`; what goes wrong is kept in `fuzz-findings`.
"""

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported, StillroomError
from stillroom.imaging.io.decoder_process import DecodingPool
from stillroom.imaging.io.decoding import Limits, Sanitised
from stillroom.imaging.io.signatures import recognise
from tests import pictures
from tests.fuzz.mutations import mutate
from tests.hostile.corpus import corpus

LIMITS = Limits(max_bytes=30_000_000, max_megapixels=100, max_side=1024)
MOST_CPU_SECONDS = 5.0
"""For one picture; wall time would also count what else the machine is doing."""

LARGEST_SEED = 40_000
"""Bytes; larger files take long and find nothing that smaller ones do not."""


@dataclass(slots=True)
class FuzzResults:
    """Outcome of one damaged picture.

    Attributes:
        errors: By what is wrong, the file that shows it.
        deaths: Decoders that died of a picture; contained, and told as a damaged picture.
        slowest: CPU seconds that the most expensive picture took.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    errors: dict[str, bytes] = field(default_factory=dict)
    deaths: list[bytes] = field(default_factory=list)
    slowest: float = 0.0


def fuzz(seconds: float, seed: int) -> FuzzResults:
    """Damage and send pictures until the time is up."""
    chance = random.Random(seed)
    seeds = [data for case in corpus() if 100 < len(data := case.make()) < LARGEST_SEED]
    findings = FuzzResults()
    give_up = time.monotonic() + seconds
    with DecodingPool(children=1) as pool:
        while time.monotonic() < give_up:
            _try(pool, mutate(seeds, chance), findings)
    return findings


def _try(pool: DecodingPool, data: bytes, findings: FuzzResults) -> None:
    before = _cpu_seconds_of_children()
    try:
        done = pool.sanitise(data, declared_type=None, file_name="photo", limits=LIMITS)
        outcome = "stored"
        if error := _error_of(done):
            findings.errors[error] = data
        # What is stored can be checked as well.
        pool.open(data, limits=LIMITS)
    except InputCorrupt as error:
        outcome = error.code
        if "breaks" in error.detail:
            findings.deaths.append(data)
    except (InputTooLarge, InputUnsupported) as error:
        outcome = error.code
    except (StillroomError, ValueError, OSError) as error:
        outcome = "error"
        findings.errors[f"{type(error).__name__}: {error}"] = data
    took = _cpu_seconds_of_children() - before
    findings.outcomes[outcome] += 1
    findings.slowest = max(findings.slowest, took)
    if took > MOST_CPU_SECONDS:
        findings.errors[f"took {took:.0f} s"] = data


def _cpu_seconds_of_children() -> float:
    """CPU time of all decoders so far, those that ended included."""
    this = psutil.Process()
    ended, running = this.cpu_times(), [child.cpu_times() for child in this.children()]
    return float(ended.children_user + ended.children_system + sum(one.user + one.system for one in running))


def _error_of(done: Sanitised) -> str | None:
    pixels = pictures.decoded(done.picture)
    if pixels.shape != (done.height, done.width, 3):
        return f"stored with shape {pixels.shape}"
    if pictures.fields(done.picture) or pictures.fields(done.thumbnail):
        return f"stored with {pictures.fields(done.picture)}"
    if recognise(done.picture) != done.format:
        return "stored as another kind"
    return None


def main() -> None:
    """Fuzz, print what was found, and end with 1 if something was."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32)
    print(f"Fuzzing the intake for {seconds:g} s with seed {seed}")  # noqa: T201
    findings = fuzz(seconds, seed)
    total = sum(findings.outcomes.values())
    print(f"{total} files: {dict(findings.outcomes)}; slowest {findings.slowest:.2f} s of CPU")  # noqa: T201
    print(f"{len(findings.deaths)} decoders died and were replaced; {len(findings.errors)} errors")  # noqa: T201
    folder = Path("fuzz-findings")
    for number, (error, data) in enumerate(
        [*findings.errors.items(), *(("death", d) for d in findings.deaths)]
    ):
        folder.mkdir(exist_ok=True)
        (folder / f"{seed}-{number}").write_bytes(data)
        print(f"{folder / f'{seed}-{number}'}: {error}")  # noqa: T201
    sys.exit(1 if findings.errors else 0)


if __name__ == "__main__":
    main()
