"""Memory that decoding takes, estimated from the header."""

from collections.abc import Callable

import pytest

from stillroom.imaging.io.decoding_cost import MIN_BYTES, estimate
from tests import pictures
from tests.hostile.cases import MEDIA, good
from tests.hostile.containers import claiming, png_of

SCENE = pictures.image(pictures.scene(400, 300))
PIXELS = 400 * 300
MADE: dict[str, tuple[Callable[[], bytes], float]] = {
    "baseline jpeg": (lambda: good("jpg"), 0),
    "progressive jpeg": (lambda: bytes(SCENE.jpegsave_buffer(interlace=True)), 6),
    "png": (lambda: good("png"), 0),
    "interlaced png": (lambda: bytes(SCENE.pngsave_buffer(interlace=True)), 3.75),
    "gif": (lambda: good("gif"), 6),
    "webp": (lambda: good("webp"), 8),
    "lossless webp": (lambda: bytes(SCENE.webpsave_buffer(lossless=True, keep="none")), 8),
    "webp with a profile": (lambda: bytes(SCENE.icc_export(output_profile="p3").webpsave_buffer()), 8),
    "tiff of one strip": (
        lambda: bytes(SCENE.tiffsave_buffer(tile=True, tile_width=400, tile_height=304)),
        6,
    ),
    "heic": (lambda: good("heic"), 8),
    "avif": (lambda: good("avif"), 16),
    "deep avif": (lambda: bytes(SCENE.heifsave_buffer(compression="av1", effort=0, bitdepth=12)), 20),
}


@pytest.mark.parametrize("kind", MADE)
def test_each_kind_costs_by_its_pixels(kind: str) -> None:
    make, pixel_bytes = MADE[kind]
    assert estimate(make()) - MIN_BYTES == pytest.approx(PIXELS * pixel_bytes, rel=0.03)


def test_a_picture_at_full_size_costs_its_copies() -> None:
    costs = {kind: estimate(good(kind), at_full_size=True) - MIN_BYTES for kind in ("jpg", "avif", "webp")}
    per_pixel = {kind: cost / PIXELS for kind, cost in costs.items()}
    assert per_pixel == pytest.approx({"jpg": 8, "avif": 20, "webp": 24}, rel=0.03)


def test_cost_follows_the_declared_size_without_pixels() -> None:
    progressive = bytes(SCENE.jpegsave_buffer(interlace=True))
    assert estimate(claiming(progressive, 9_000, 9_000)) > 9_000 * 9_000 * 6
    assert estimate(png_of(9_000, 9_000, b"", interlaced=1)) > 9_000 * 9_000 * 3


@pytest.mark.parametrize("extension", MEDIA)
def test_unreadable_header_has_the_minimum_cost(extension: str) -> None:
    for length in (0, 3, 8, 12, 20, 40):
        assert estimate(good(extension)[:length]) >= MIN_BYTES
