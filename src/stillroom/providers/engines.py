"""Which engine carries a network out on this machine: tried once, remembered beside the weights."""

import json
from importlib import metadata
from pathlib import Path

from stillroom.imaging.networks import Engine, Recipe, has_bfloat16, openvino_agrees

_REMEMBERED = "engines.json"


def engine_for(path: Path, recipe: Recipe) -> Engine:
    """The fastest engine that sees what single precision sees.

    Args:
        path: The network's file.
        recipe: How it wants its input.
    """
    if not has_bfloat16():
        return "onnxruntime"
    path = path.resolve()
    tried = {
        "openvino": metadata.version("openvino"),
        "onnxruntime": metadata.version("onnxruntime"),
        "bytes": path.stat().st_size,
    }
    folder = path.parent
    remembered = _read(folder)
    entry = remembered.get(path.name)
    if isinstance(entry, dict) and entry.get("tried") == tried:
        return "openvino" if entry.get("agrees") is True else "onnxruntime"
    agrees = openvino_agrees(path, recipe)
    _write(folder, {**remembered, path.name: {"tried": tried, "agrees": agrees}})
    return "openvino" if agrees else "onnxruntime"


def _read(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / _REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(folder: Path, remembered: dict[str, object]) -> None:
    """A folder that cannot be written to costs a second at each start, nothing else."""
    scratch = folder / f"{_REMEMBERED}.tmp"
    try:
        scratch.write_text(json.dumps(remembered, indent=1) + "\n", encoding="utf-8")
        scratch.replace(folder / _REMEMBERED)
    except OSError:
        return
