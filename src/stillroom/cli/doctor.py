"""`stillroom doctor`: what a newcomer may be missing, and the way out of it."""

import importlib.resources
import json
import shutil
import socket
import sys
from dataclasses import asdict, dataclass

import typer
from rich.console import Console

from stillroom.bootstrap import open_studio, weights_states
from stillroom.domain.errors import StillroomError
from stillroom.observability import Metrics
from stillroom.settings import Settings

FREE_BYTES_WANTED = 2 * 1024**3
"""The networks and a few hundred pictures."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        verdict: `ok`, `warn` (works, but not as well as it could) or `fail`.
        remedy: What to do; empty when nothing is to be done.
    """

    subject: str
    verdict: str
    fact: str
    remedy: str = ""


async def examine(settings: Settings, *, as_json: bool) -> int:
    """Look at everything and print it; 1 when something does not work."""
    findings = [
        _python(),
        _data_dir(settings),
        _page(),
        *_networks(settings),
        _port(settings),
        *await _stores(settings),
    ]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        _print(findings)
    return 1 if any(finding.verdict == "fail" for finding in findings) else 0


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    signs = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "fail": "[red]✗[/]"}
    for finding in findings:
        console.print(f"{signs[finding.verdict]} {finding.subject}: {finding.fact}")
        if finding.remedy:
            console.print(f"    {finding.remedy}")


def _python() -> Finding:
    return Finding("Python", "ok", ".".join(str(part) for part in sys.version_info[:3]))


def _data_dir(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        remedy = "Make the folder writable, or set STILLROOM_DATA_DIR to one that is."
        return Finding("Data folder", "fail", f"{folder}: {error.strerror}", remedy)
    free = shutil.disk_usage(folder).free
    fact = f"{folder}, {free / 1024**3:.1f} GiB free"
    if free < FREE_BYTES_WANTED:
        return Finding("Data folder", "warn", fact, "Make room: jobs fail when the disk is full.")
    return Finding("Data folder", "ok", fact)


def _page() -> Finding:
    if (importlib.resources.files("stillroom") / "page" / "index.html").is_file():
        return Finding("Page", "ok", "built")
    return Finding("Page", "fail", "not built", "Run: make page")


def _networks(settings: Settings) -> list[Finding]:
    states = weights_states(settings)
    if not any(state.present for state in states):
        return [
            Finding(
                "Networks", "fail", "none is here, so cutting out is crude", "Run: stillroom models fetch"
            )
        ]
    best, *_ = states
    if not best.present:
        remedy = f"Run: stillroom models fetch {best.name}"
        return [Finding("Networks", "warn", f"{best.name} is not here; a smaller one is used", remedy)]
    return [Finding("Networks", "ok", ", ".join(state.name for state in states if state.present))]


def _port(settings: Settings) -> Finding:
    address = f"{settings.host}:{settings.port}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            remedy = "A server may be running already; else set STILLROOM_PORT."
            return Finding("Address", "warn", f"{address}: {error.strerror}", remedy)
    return Finding("Address", "ok", f"{address} is free")


async def _stores(settings: Settings) -> list[Finding]:
    try:
        async with open_studio(settings, Metrics()) as studio:
            health = await studio.status.health(worker=True)
    except (StillroomError, ValueError) as error:
        remedy = "Check STILLROOM_DATABASE_URL and that the server runs."
        return [Finding("Database", "fail", str(error), remedy)]
    findings = [
        Finding(
            "Database",
            "ok" if health.database else "fail",
            "answers" if health.database else "does not answer",
        )
    ]
    if health.storage:
        findings.append(Finding("Storage", "ok", "can be written and read"))
    else:
        remedy = "Check STILLROOM_STORAGE_URL, AWS_ENDPOINT_URL and the keys."
        findings.append(Finding("Storage", "fail", "cannot be written", remedy))
    findings += [
        Finding("Configuration", "warn", f"{name}: {fault}", "The last good copy is in force; mend the file.")
        for name, fault in health.config_faults.items()
    ]
    return findings
