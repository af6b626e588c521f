"""Files of runs, which another process may read while they are written."""

from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Write a text file such that readers see the old or the new content, never a part."""
    half = path.with_suffix(".part")
    half.write_text(text, "utf-8")
    half.replace(path)
