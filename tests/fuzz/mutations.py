"""Ways to damage a picture file so that its decoder still starts on it."""

import random
import struct
import zlib
from collections.abc import Callable

from tests.hostile.containers import PNG, boundaries

_EDGES = (0, 1, 2, 127, 128, 255, 256, 32_767, 32_768, 65_535, 2**31 - 1, 2**31, 2**32 - 1)
"""Numbers at which readers overflow."""


def mutate(seeds: list[bytes], chance: random.Random) -> bytes:
    """One of the seeds with one to six changes; a PNG's checksums are put right again half of the time."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 6)):
        chance.choice(_CHANGES)(data, seeds, chance)
    if data.startswith(PNG) and chance.random() < 0.5:
        _seal(data)
    return bytes(data)


def _flip(data: bytearray, _: list[bytes], chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, _: list[bytes], chance: random.Random) -> None:
    at, length = chance.randrange(len(data) + 1), chance.randint(1, 16)
    data[at : at + length] = chance.randbytes(length)


def _number(data: bytearray, _: list[bytes], chance: random.Random) -> None:
    """A number at a place where numbers stand: near the start of a piece, or anywhere."""
    places = boundaries(bytes(data)) if chance.random() < 0.7 else []
    at = chance.choice(places) + chance.randint(0, 24) if places else chance.randrange(len(data) + 1)
    form = chance.choice((">I", "<I", ">H", "<H", "B"))
    size = struct.calcsize(form)
    data[at : at + size] = struct.pack(form, chance.choice(_EDGES) & ((1 << 8 * size) - 1))


def _cut(data: bytearray, _: list[bytes], chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _remove(data: bytearray, _: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.randint(1, 64)]


def _repeat(data: bytearray, _: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = data[at : at + chance.randint(1, 64)] * chance.randint(1, 20)


def _splice(data: bytearray, seeds: list[bytes], chance: random.Random) -> None:
    """A piece of another file."""
    other = chance.choice(seeds)
    places = [*boundaries(other), len(other)]
    start = chance.choice(places)
    mine = boundaries(bytes(data)) or [len(data)]
    at = chance.choice(mine)
    data[at:at] = other[start : start + chance.randint(4, 4_000)]


_CHANGES: tuple[Callable[[bytearray, list[bytes], random.Random], None], ...] = (
    _flip,
    _flip,
    _overwrite,
    _number,
    _number,
    _cut,
    _remove,
    _repeat,
    _splice,
)


def _seal(data: bytearray) -> None:
    for at in boundaries(bytes(data)):
        [length] = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 <= len(data):
            data[end : end + 4] = struct.pack(">I", zlib.crc32(data[at + 4 : end]))
