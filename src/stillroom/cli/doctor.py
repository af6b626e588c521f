"""`stillroom doctor`: check the installation and suggest remedies."""

import importlib.resources
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape

from stillroom.bootstrap.maintenance import how_to_empty, inspect_stores
from stillroom.bootstrap.networks import network_inventory
from stillroom.bootstrap.providers import check_providers
from stillroom.bootstrap.stores import database_remedy, storage_remedy
from stillroom.cli import environment, listening
from stillroom.cli.console import print_json
from stillroom.cli.environment import Finding
from stillroom.domain.errors import Conflict, StillroomError
from stillroom.domain.words import Words
from stillroom.settings import Settings

FREE_BYTES_WANTED = 2 * 1024**3
"""Recommended free disk space in bytes: the networks and a few hundred pictures."""

FREE_BYTES_NEEDED = 200 * 1024**2
"""Minimum free disk space in bytes: the pictures of a few jobs, which fail below it."""

TABLES = {
    "present": Finding("Database", "ok", "answers"),
    "none": Finding("Database", "ok", "its tables will be made at the first start"),
    "behind": Finding(
        "Database",
        "warn",
        "answers; its tables are of an earlier release, and it needs: stillroom migrate",
        "Run: stillroom backup FOLDER, then: stillroom migrate (or start, which migrates too)",
    ),
}


async def examine(settings: Settings, *, as_json: bool, with_providers: bool = False) -> int:
    """Run all checks and print the findings; return 1 if one fails.

    Args:
        with_providers: Whether to ask every configured cloud for its list of models, which is free, and the
            reader model a tiny question, which costs a fraction of a cent.
    """
    findings = [
        Finding("Python", "ok", ".".join(map(str, sys.version_info[:3]))),
        _data_dir(settings),
        *access(settings),
        _page(),
        *_networks(settings),
        *_device(settings),
        _port(settings),
        *await _stores(settings),
        *environment.findings(settings),
        *(await _providers(settings) if with_providers else ()),
    ]
    return report(findings, as_json=as_json)


def settings_refused(errors: list[str], *, as_json: bool) -> int:
    """Report invalid settings, which prevent all other checks."""
    findings = []
    for error in errors:
        remedy = f"Run: unset {error.partition(':')[0]}, or correct its line in .env or stillroom.toml."
        findings.append(Finding("Settings", "fail", error, remedy))
    return report(findings, as_json=as_json)


def report(findings: list[Finding], *, as_json: bool) -> int:
    """Print the findings; return 1 if one has failed."""
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        _print(findings)
    return 1 if any(finding.verdict == "fail" for finding in findings) else 0


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    signs = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "fail": "[red]✗[/]"}
    for finding in findings:
        # Facts and remedies name files and errors, which may contain rich's markup.
        console.print(f"{signs[finding.verdict]} {escape(f'{finding.subject}: {finding.fact}')}")
        if finding.remedy:
            console.print(f"    {finding.remedy}", markup=False)


def _data_dir(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        remedy = (
            f"Run: chown -R $(whoami) {folder}, or set STILLROOM_DATA_DIR to a folder that you may write."
        )
        return Finding("Data folder", "fail", f"{folder}: {error.strerror}", remedy)
    free = shutil.disk_usage(folder).free
    fact = f"{folder}, {free / 1024**3:.1f} GiB free"
    if free < FREE_BYTES_WANTED:
        verdict = "warn" if free > FREE_BYTES_NEEDED else "fail"
        remedy = "Make room (du -sh * shows where), or set STILLROOM_DATA_DIR to a folder on another disk."
        return Finding("Data folder", verdict, fact, remedy)
    return Finding("Data folder", "ok", fact)


def access(settings: Settings) -> Iterator[Finding]:
    """Warn if all users of this machine can read the data folder."""
    folder = settings.data_dir.absolute()
    if os.name == "posix" and folder.is_dir() and folder.stat().st_mode & stat.S_IRWXO:
        remedy = f"Run: chmod 700 {folder}, unless others are meant to."
        yield Finding("Data folder access", "warn", "every user of this machine may look into it", remedy)


def _page() -> Finding:
    if (importlib.resources.files("stillroom") / "page" / "index.html").is_file():
        return Finding("Page", "ok", "built")
    return Finding("Page", "fail", "not built", "Run: make page")


def _networks(settings: Settings) -> list[Finding]:
    networks = network_inventory(settings)
    if damaged := networks.damaged():
        remedy = "Run: stillroom models fetch"
        return [Finding("Networks", "fail", f"{name} is damaged", f"{remedy} {name}") for name in damaged]
    used, states = networks.in_use, networks.automatic()
    if not used.licence:
        if not settings.embedded_worker:
            remedy = "Where a worker runs, if it cannot fetch them itself: stillroom models fetch"
            return [Finding("Networks", "warn", "none is here; workers fetch their own", remedy)]
        remedy = "Run: stillroom models fetch"
        return [Finding("Networks", "fail", "none is here, so cutting out is crude", remedy)]
    best, *_ = states
    if not best.present and used.in_use in {state.name for state in states}:
        remedy = f"Run: stillroom models fetch {best.name}"
        return [Finding("Networks", "warn", f"{best.name} is not here; a smaller one is used", remedy)]
    fact = f"{used.in_use} cuts out ({used.licence})"
    if used.precise:
        fact += f", and {used.precise} when in doubt ({used.precise_licence})"
    if used.prompted:
        fact += f"; {used.prompted} gives second opinions and answers points"
    return [Finding("Networks", "ok", fact)]


def _device(settings: Settings) -> Iterator[Finding]:
    if (missing := network_inventory(settings).missing_device) is not None:
        fact = f"STILLROOM_DEVICE={settings.device} is not available, so the CPU is used"
        yield Finding("Device", "warn", fact, f"To use it, {missing}.")


def _port(settings: Settings) -> Finding:
    address = listening.address_of(settings.host, settings.port)
    if reason := listening.obstacle(settings.host, settings.port):
        return Finding("Address", "warn", f"{address}: {reason}", listening.remedy(settings.port))
    return Finding("Address", "ok", f"{address} is free")


async def _stores(settings: Settings) -> list[Finding]:
    try:
        stores = await inspect_stores(settings)
    except Conflict as error:
        remedy = (
            "Run: pip install --upgrade stillroom. To go back to this release instead, an empty database "
            f"comes first. {how_to_empty(settings)} Then: stillroom restore FOLDER, with a backup of this "
            "release."
        )
        return [Finding("Database", "fail", error.detail, remedy)]
    except OSError as error:
        return [Finding("Database", "fail", f"{error.strerror}", "Repair the data folder first.")]
    except StillroomError as error:
        return [Finding("Database", "fail", error.detail, database_remedy(settings))]
    findings = [TABLES[stores.tables]]
    if stores.storage:
        findings.append(Finding("Storage", "ok", "can be written and read"))
    else:
        findings.append(Finding("Storage", "fail", "cannot be written", storage_remedy(settings)))
    remedy = "Correct the file. Until then a running server keeps its last valid content; a new one skips it."
    faults = stores.config_faults.items()
    return findings + [Finding("Configuration", "warn", f"{name}: {why}", remedy) for name, why in faults]


async def _providers(settings: Settings) -> list[Finding]:
    """Check every cloud and the reader model; the words are Chinese where the terminal's language is."""
    terminal = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    language = "zh" if terminal.startswith("zh") else "en"
    reader = await environment.reader_findings(settings, language)
    checks = await check_providers(settings)
    if not checks:
        nothing = Words(
            zh="没有配置云端模型，图片由本机生成。", en="none is set up; this machine makes the pictures"
        )
        return [Finding("Providers", "ok", nothing.to(language)), *reader]
    return [
        *(Finding(f"{one.provider}/{one.model}", one.verdict, one.words.to(language)) for one in checks),
        *reader,
    ]
