"""Conditions of a golden set run, recorded to make it repeatable: build, models, machine, settings."""

import importlib.metadata
import os
import platform
import secrets
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Literal

from stillroom.bootstrap.foundation import VERSION
from stillroom.bootstrap.networks import network_inventory
from stillroom.domain.words import Words
from stillroom.evaluation.golden.runs import GoldenEntry, Machine, RunHeader
from stillroom.settings import CLOUD_SETTINGS, Settings

_PACKAGES = ("numpy", "opencv-python-headless", "onnxruntime", "pyvips", "pydantic", "sqlalchemy")
_PLACES = frozenset(
    {"STILLROOM_DATA_DIR", "STILLROOM_DATABASE_URL", "STILLROOM_STORAGE_URL", "STILLROOM_VALKEY_URL"}
)
"""Storage locations, left out of the recorded settings: the studio under test uses temporary ones."""


@dataclass(frozen=True, slots=True)
class GoldenRequest:
    """Arguments of the command.

    Attributes:
        providers: Provider chain; empty uses that of the settings.
        cases: Case names; empty runs all.
        faults: Injected faults of the second pass; None skips that pass.
        against: Run id or file to compare with; None: the latest comparable run, else the baseline; `none`:
            nothing.
    """

    golden: Path
    providers: tuple[str, ...]
    cases: tuple[str, ...]
    repeats: int
    candidates: int
    language: Literal["zh", "en"]
    faults: str | None
    consistency: bool
    against: str | None
    note: str


def header_of(
    settings: Settings, request: GoldenRequest, entries: Sequence[GoldenEntry], golden_sha256: str
) -> RunHeader:
    now = datetime.now(UTC)
    return RunHeader(
        id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        created_at=now,
        version=VERSION,
        revision=_revision(),
        cases=tuple(entry.name for entry in entries),
        prompts={entry.name: Words(zh=entry.prompt_zh, en=entry.prompt_en) for entry in entries},
        repeats=request.repeats,
        candidates=request.candidates,
        language=request.language,
        chain=_configured(settings, request.providers or settings.provider_order),
        faults=request.faults,
        consistency=request.consistency,
        machine=_machine(),
        models={name: _sha256(path) for name, path in network_inventory(settings).installed().items()},
        packages={name: importlib.metadata.version(name) for name in _PACKAGES},
        settings={name: value for name, value in settings.in_force().items() if name not in _PLACES},
        golden_sha256=golden_sha256,
        note=request.note,
    )


def _configured(settings: Settings, order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the providers of a chain that are configured; the router skips the others."""
    keys = {name: getattr(settings, f"{prefix}_api_key") for name, (prefix, _) in CLOUD_SETTINGS.items()}
    return tuple(name for name in order if name not in keys or keys[name] is not None)


def _revision() -> str | None:
    """Return the git revision, marked if files differ from it; None outside a repository."""
    here = Path(__file__).parent
    try:
        result = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],  # noqa: S607 -- whichever git there is
            cwd=here,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout.strip() or None


def _machine() -> Machine:
    return Machine(
        processor=_processor(),
        cores=os.cpu_count(),
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        nice=os.nice(0),
        load_average=load_average(),
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def load_average() -> float:
    """Return the 1-minute load average."""
    return round(os.getloadavg()[0], 2)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
