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
from typing import Any, Literal

from stillroom.bootstrap import VERSION
from stillroom.bootstrap.networks import installed_networks
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.words import Words
from stillroom.evaluation.runs import GoldenEntry, RunHeader
from stillroom.settings import Settings

_PACKAGES = ("numpy", "opencv-python-headless", "onnxruntime", "pyvips", "pydantic", "sqlalchemy")
_LOCAL = "local"
_PLACES = frozenset(
    {"STILLROOM_DATA_DIR", "STILLROOM_DATABASE_URL", "STILLROOM_STORAGE_URL", "STILLROOM_VALKEY_URL"}
)
"""Storage locations, left out of the recorded settings: the studio under test uses temporary ones."""


@dataclass(frozen=True, slots=True)
class GoldenRequest:
    """Arguments of the command.

    Attributes:
        url: Address of a studio; None runs one in this process.
        providers: Provider chain; empty uses that of the settings.
        cases: Case names; empty runs all.
        faults: Injected faults of the second pass; None skips that pass.
        against: Run id or file to compare with; None: the latest comparable run, else the baseline; `none`:
            nothing.
        resume: Whether to continue the latest interrupted run.
    """

    golden: Path
    url: str | None
    token: str | None
    providers: tuple[str, ...]
    cases: tuple[str, ...]
    repeats: int
    candidates: int
    language: Literal["zh", "en"]
    faults: str | None
    consistency: bool
    against: str | None
    resume: bool
    note: str


def header_here(
    settings: Settings, request: GoldenRequest, entries: Sequence[GoldenEntry], golden_sha256: str
) -> RunHeader:
    """Return the header of a run in this process."""
    chain = _set_up(settings, request.providers or settings.provider_order)
    return _header(
        request,
        entries,
        golden_sha256,
        version=VERSION,
        revision=_revision(),
        target="in process",
        chain=chain,
        models={name: _sha256(path) for name, path in installed_networks(settings).items()},
        settings={name: value for name, value in settings.in_force().items() if name not in _PLACES},
    )


def header_at(
    request: GoldenRequest, entries: Sequence[GoldenEntry], golden_sha256: str, told: dict[str, Any]
) -> RunHeader:
    """Return the header of a run over HTTP; the server's machine and weights are unknown."""
    if len([name for name in request.providers if name != _LOCAL]) > 1:
        raise ValidationFailed(
            "Over HTTP one cloud can be named, before `local` or alone; the order of several is the server's"
            " own (AI_PROVIDER_ORDER). Leave out --providers to run its chain."
        )
    if request.faults is not None:
        raise ValidationFailed("Faults are injected by the server itself: start it with STILLROOM_FAULTS.")
    asked = pinned(request.providers)
    in_use = [one["id"] for one in told["providers"] if one["state"] not in ("not_configured", "retired")]
    return _header(
        request,
        entries,
        golden_sha256,
        version=told["version"],
        revision=None,
        target=request.url or "",
        # The local provider always follows the requested one.
        chain=tuple(in_use) if asked is None else tuple(dict.fromkeys((asked, _LOCAL))),
        models={one["id"]: str(one["model_in_use"]) for one in told["providers"] if one["model_in_use"]},
        settings={"AI_FAILOVER_STRATEGY": told["strategy"]},
    )


def pinned(providers: Sequence[str]) -> str | None:
    """Return the provider to request from a server: the chain's first cloud provider, or the local one."""
    return next((name for name in providers if name != _LOCAL), _LOCAL if providers else None)


def _set_up(settings: Settings, order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the providers of a chain that are configured; the router skips the others."""
    keys = {
        "gemini": settings.gemini_api_key,
        "chatgpt": settings.openai_api_key,
        "sora": settings.sora_api_key,
        "seedream": settings.ark_api_key,
        "qwen": settings.dashscope_api_key,
    }
    return tuple(name for name in order if name not in keys or keys[name] is not None)


def _header(
    request: GoldenRequest, entries: Sequence[GoldenEntry], golden_sha256: str, **known: Any
) -> RunHeader:
    now = datetime.now(UTC)
    return RunHeader(
        id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        created_at=now,
        cases=tuple(entry.name for entry in entries),
        prompts={entry.name: Words(zh=entry.prompt_zh, en=entry.prompt_en) for entry in entries},
        repeats=request.repeats,
        candidates=request.candidates,
        language=request.language,
        faults=request.faults,
        consistency=request.consistency,
        machine=_machine(),
        packages={name: importlib.metadata.version(name) for name in _PACKAGES},
        golden_sha256=golden_sha256,
        note=request.note,
        **known,
    )


def conditions_of(header: RunHeader) -> dict[str, Any]:
    """Return the conditions that must be equal for a run to be resumed."""
    return header.model_dump(exclude={"id", "created_at", "machine", "note"})


def _revision() -> str | None:
    """Return the git revision, marked if files differ from it; None outside a repository."""
    here = Path(__file__).parent
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],  # noqa: S607 -- whichever git there is
            cwd=here,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip() or None


def _machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "nice": os.nice(0),
        "load_average": load_average(),
    }


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
