"""Size of a JPEG at equal similarity, by the settings it is written with.

Run with `python -m tests.bench.jpeg_settings`. Quality is raised until the SSIM of luminance reaches what
baseline 4:4:4 has at quality 86; times are medians for one picture.

Source:
    Z. Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity", IEEE TIP 2004.
"""

import statistics
import time
from typing import Any

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from stillroom.imaging.export import windows
from stillroom.imaging.io import encoding
from tests.integration.imaging.test_exports_remeasured import PHOTOS, master_of

SIDE = 1000
QUALITY = 86
ROUNDS = 5

_FULL: dict[str, Any] = {"subsample_mode": "off", "optimize_coding": True, "keep": "none"}
SETTINGS: dict[str, dict[str, Any]] = {
    "baseline, 4:4:4": _FULL,
    "baseline, 4:2:0": _FULL | {"subsample_mode": "on"},
    "progressive": _FULL | {"interlace": True},
    "baseline, trellis": _FULL | {"trellis_quant": True},
    "progressive, trellis, scans": _FULL | encoding.SMALLER_JPEG,
}


def ssim(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean structural similarity of luminance."""
    a, b = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64) for picture in (one, other))

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float64)

    mean_a, mean_b = mean(a), mean(b)
    spread = mean(a * a) - mean_a**2 + mean(b * b) - mean_b**2
    common = mean(a * b) - mean_a * mean_b
    low, high = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = (2 * mean_a * mean_b + low) * (2 * common + high)
    return float((likeness / ((mean_a**2 + mean_b**2 + low) * (spread + high))).mean())


def written(picture: pyvips.Image, settings: dict[str, Any], quality: int) -> tuple[int, float]:
    """Bytes and similarity at a quality."""
    data = picture.jpegsave_buffer(Q=quality, **settings)
    return len(data), ssim(picture.numpy(), pyvips.Image.new_from_buffer(data, "").numpy())


def bytes_at(picture: pyvips.Image, settings: dict[str, Any], similarity: float) -> int:
    """The smallest file that is as similar."""
    low, high, found = 60, 100, written(picture, settings, 100)[0]
    while low <= high:
        middle = (low + high) // 2
        size, reached = written(picture, settings, middle)
        if reached >= similarity:
            found, high = size, middle - 1
        else:
            low = middle + 1
    return found


def milliseconds(picture: pyvips.Image, settings: dict[str, Any]) -> float:
    """The median time of writing."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        picture.jpegsave_buffer(Q=QUALITY, **settings)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print a line for each of the settings."""
    opened = []
    for photo in PHOTOS:
        pixels = encoding.pixels_of(master_of(photo)[0])[..., :3]
        scale = SIDE / max(pixels.shape[:2])
        small = windows.lanczos_resized(
            pixels, round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
        )
        opened.append(pyvips.Image.new_from_array(np.ascontiguousarray(small), interpretation="srgb"))
    goals = [written(picture, _FULL, QUALITY)[1] for picture in opened]
    table = Table("settings", "bytes", "ms")
    first = 0
    for name, settings in SETTINGS.items():
        sizes = (bytes_at(picture, settings, goal) for picture, goal in zip(opened, goals, strict=True))
        total = sum(sizes)
        first = first or total
        table.add_row(name, f"{total / first:.1%}", f"{milliseconds(opened[0], settings):.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
