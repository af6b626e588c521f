"""The corpus: at least 150 files, each with its allowed results."""

import zlib
from collections.abc import Iterator

import numpy as np

from tests import pictures
from tests.hostile import containers as c
from tests.hostile.bombs import bombs
from tests.hostile.cases import MEDIA, REFUSED, STORED, Case, case, good, just
from tests.hostile.damage import cut_short, flipped
from tests.hostile.disguises import disguised, tailed
from tests.hostile.losses import lost
from tests.hostile.stuffing import stuffed


def corpus() -> list[Case]:
    """All of it, in a fixed order; names are unique."""
    return [
        *bombs(),
        *cut_short(),
        *flipped(),
        *lost(),
        *disguised(),
        *tailed(),
        *stuffed(),
        *_named(),
        *_odd(),
    ]


def _named() -> Iterator[Case]:
    names = {
        "a path": "../../../../etc/cron.d/photo.jpg",
        "a Windows path": "C:\\Windows\\System32\\photo.jpg",
        "control characters": "a\x01\x02\x1b[31m.jpg",
        "a NUL": "a\x00.jpg",
        "a line break": "a\r\nX-Evil: 1.jpg",
        "reversed reading": "a\u202egpj.exe.jpg",
        "quotes and markup": '"><script>alert(1)</script>.jpg',
        "5,000 characters": "x" * 5_000 + ".jpg",
        "only dots": "....jpg",
        "a reserved name": "CON.jpg",
        "Chinese": "白瓷马克杯 正面.JPG",
        "emoji": "☕️🫖.jpeg",
        "no extension": "photo",
        "percent signs": "%2e%2e%2f%00.jpg",
        "format fields": "{0.__class__}%s%n.jpg",
    }
    for number, (name, file_name) in enumerate(names.items()):
        # Different bytes each, or the second would be the first again.
        data = pictures.jpeg(pictures.scene(300 + number, 300))
        may_be = frozenset({"E_VALIDATION"}) if len(file_name) > 5_000 else STORED
        yield Case(f"a name with {name}", file_name, "image/jpeg", just(data), may_be)


def _odd() -> Iterator[Case]:
    unsupported = frozenset({"E_INPUT_UNSUPPORTED"})
    for name, width, height in (("one pixel", 1, 1), ("a line", 20_000, 1), ("a thread", 1, 20_000)):
        data = pictures.png(np.zeros((height, width, 3), np.uint8))
        yield case(f"png of {name}", "png", just(data), unsupported)
    yield case("png without width", "png", lambda: c.png_of(0, 300, zlib.compress(b"")), REFUSED)
    yield case(
        "png of negative height", "png", lambda: c.png_of(300, 0x8000_0001, zlib.compress(b"")), REFUSED
    )
    yield case("empty file", "jpg", lambda: b"", frozenset({"E_INPUT_CORRUPT"}))
    for extension in MEDIA:
        head = good(extension)[:12]
        yield case(f"{extension} of 12 bytes", extension, just(head), REFUSED)
    yield case(
        "36 MB of zeros behind a jpeg",
        "jpg",
        lambda: good("jpg") + bytes(36 << 20),
        frozenset({"E_INPUT_TOO_LARGE"}),
    )
