"""Choice of the inference engine for a network: tried once, and remembered beside the weights."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock

from stillroom.domain.networks import Device
from stillroom.imaging.cutout.inference import (
    Engine,
    engines_for,
    runtime_versions,
    weights_of,
    without_cpu,
)
from stillroom.imaging.cutout.networks import MOST_APART, Network, NetworkSpec, finds_a_ball, seen_in_trial
from stillroom.imaging.pixels import Plane
from stillroom.providers.weights.downloads import digest_of

CONVERT_SECONDS = 120  # IS-Net takes 6 on two cores

_REMEMBERED = "engines.json"

# The converter's own command line sends telemetry and installs a package; this script does neither.
_CONVERT = """
import sys
import onnx
from onnx import numpy_helper
source, scratch, target = sys.argv[1:]
model = onnx.load(source)
del model.graph.output[1:]
onnx.save(model, scratch)
weights = [numpy_helper.to_array(tensor) for tensor in model.graph.initializer]
halves = all((each.astype("float16") == each).all() for each in weights if each.dtype == "float32")
import _tools
names = ["--modelFile", scratch, "--MNNModel", target, "--bizCode", "stillroom"]
_tools.mnnconvert(["mnnconvert", "-f", "ONNX", "--saveExternalData", *names, *(["--fp16"] if halves else [])])
"""
"""Weights published in half precision stay in half precision, without loss. They are written to a separate
file, so the engine reads them once and does not keep a second copy in memory.
"""


class NotConverted(Exception):
    """The weights could not be converted for an engine, this time."""


class _Unsupported(Exception):
    """The converter has finished without a result: an engine lacks an operator of the network."""


def convert(path: Path, target: Path) -> None:
    """Convert in a subprocess: conversion takes eight times the weights' size in memory, and prints.

    Raises NotConverted.
    """
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{path.stem}-") as folder:
            scratch, made = Path(folder) / path.name, Path(folder) / target.name
            subprocess.run(
                [sys.executable, "-c", _CONVERT, str(path), str(scratch), str(made)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=CONVERT_SECONDS,
                check=True,
            )
            if not made.exists():
                raise _Unsupported
            # Rename the network last, so that its presence means the conversion is complete.
            weights_of(made).replace(weights_of(target))
            made.replace(target)
    except (OSError, subprocess.SubprocessError) as failure:
        raise NotConverted from failure


@dataclass(frozen=True)
class Engines:
    """The engines of this machine, and how a network is tried with them.

    Attributes:
        usable: Those for a device, the fastest first.
        load: Loads a file with an engine. Raises RuntimeError.
        finds_a_ball: Whether the output shows the picture's object, where there is no reference.
        convert: Converts weights for MNN. Raises NotConverted.
    """

    usable: Callable[[Device], tuple[Engine, ...]] = engines_for
    versions: Callable[[tuple[Engine, ...]], Mapping[str, str]] = runtime_versions
    load: Callable[[Path, NetworkSpec, Engine], Network] = Network
    output_of: Callable[[Network], Plane] = seen_in_trial
    finds_a_ball: Callable[[Network], bool] = finds_a_ball
    convert: Callable[[Path, Path], None] = convert


ENGINES = Engines()


def fastest(path: Path, spec: NetworkSpec, device: Device = "auto", engines: Engines = ENGINES) -> Network:
    """Load the network with the fastest engine whose output matches single precision.

    The CPU takes over if the device does not give the same output. Raises RuntimeError if no engine loads
    the file.
    """
    path = path.resolve()
    engine = choose(path, spec, device, engines)
    if engine != "onnxruntime":
        with suppress(RuntimeError):
            return engines.load(_file_for(engine, path), spec, engine)
    return engines.load(path, spec, "onnxruntime")


def choose(path: Path, spec: NetworkSpec, device: Device = "auto", engines: Engines = ENGINES) -> Engine:
    """Return the engine that `fastest` uses, from the cached trial if there is one.

    A trial takes seconds, most of them for the conversion; converted files stay beside the network. Raises
    RuntimeError if no engine loads the file.
    """
    path = path.resolve()
    usable = engines.usable(device)
    facts = path.stat()
    tried = {
        "engines": engines.versions(usable),
        "bytes": facts.st_size,
        "modified": facts.st_mtime_ns,
    }
    with ExitStack() as until_chosen:
        # The lock lets processes that start together convert once, without overwriting each other's results.
        # A folder that cannot hold a lock file cannot hold a result either.
        with suppress(OSError):
            until_chosen.enter_context(FileLock(path.with_name("engines.lock")))
        remembered = _read(path.parent)
        entry = remembered.get(path.name)
        if not isinstance(entry, dict) or not _is_valid(entry, tried, path):
            chosen, is_sure = _choice(path, spec, usable, engines)
            entry = {"tried": tried, "engine": chosen, "made": _made_of(chosen, path)}
            if is_sure:
                _write(path.parent, {**remembered, path.name: entry})
    return next((engine for engine in usable if engine == entry.get("engine")), "onnxruntime")


def _is_valid(entry: Mapping[str, object], tried: Mapping[str, object], path: Path) -> bool:
    """Whether a cached verdict matches these engines and weights, and its converted files are complete."""
    return entry.get("tried") == tried and entry.get("made") == _made_of(entry.get("engine"), path)


def _choice(
    path: Path, spec: NetworkSpec, usable: tuple[Engine, ...], engines: Engines
) -> tuple[Engine, bool]:
    """Return the first engine with the same output, and whether the verdict may be cached."""
    is_sure = True
    if not usable:
        return "onnxruntime", is_sure
    exact = _exact(path, spec, engines)
    for engine in usable if exact is not None else without_cpu(usable):
        try:
            if engine == "mnn":
                engines.convert(path, _file_for(engine, path))
            network = engines.load(_file_for(engine, path), spec, engine)
            # Without a reference, the test picture with an obvious object decides.
            is_right = (
                engines.finds_a_ball(network)
                if exact is None
                else np.abs(exact - engines.output_of(network)).max() <= MOST_APART
            )
        except NotConverted:
            is_sure = False
        except (_Unsupported, RuntimeError):
            continue
        else:
            if is_right:
                return engine, is_sure
    return "onnxruntime", is_sure


def _exact(path: Path, spec: NetworkSpec, engines: Engines) -> Plane | None:
    """Output in single precision on the CPU; None for a network that only a GPU runs."""
    try:
        # Then freed: one network in memory at a time.
        return engines.output_of(engines.load(path, spec, "onnxruntime"))
    except RuntimeError:
        return None


def _file_for(engine: Engine, path: Path) -> Path:
    """Return the file that an engine loads: the weights, or their converted form beside them."""
    return path.with_suffix(".mnn") if engine == "mnn" else path


def _made_of(engine: object, path: Path) -> list[str] | None:
    """Return checksums of an engine's converted files; a truncated file would load with wrong output."""
    if engine != "mnn":
        return None
    network = _file_for("mnn", path)
    try:
        return [digest_of(network), digest_of(weights_of(network))]
    except OSError:
        return None


def forget(path: Path) -> None:
    """Remove what was made of a network's file and its cached verdict."""
    path = path.resolve()
    made = _file_for("mnn", path)
    for file in (made, weights_of(made)):
        file.unlink(missing_ok=True)
    with suppress(OSError), FileLock(path.with_name("engines.lock")):
        remembered = _read(path.parent)
        if remembered.pop(path.name, None) is not None:
            _write(path.parent, remembered)


def _read(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / _REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(folder: Path, remembered: dict[str, object]) -> None:
    """Cache the verdicts; a read-only folder costs one second per start and is ignored."""
    scratch = folder / f"{_REMEMBERED}.tmp"
    try:
        scratch.write_text(json.dumps(remembered, indent=1) + "\n", encoding="utf-8")
        scratch.replace(folder / _REMEMBERED)
    except OSError:
        return
