"""Good pictures, cut short or with bits flipped."""

import random
from collections.abc import Iterator

from tests.hostile import containers as c
from tests.hostile.cases import EITHER, MEDIA, REFUSED, SEED, Case, case, good, just


def cut_short() -> Iterator[Case]:
    """Yield files cut at every boundary of the container, and between them."""
    for extension in MEDIA:
        data = good(extension)
        cuts = sorted({*c.boundaries(data)[1:], len(data) // 3, len(data) * 2 // 3, len(data) - 1})
        for cut in cuts:
            # The last bytes of some files say nothing more of the picture.
            may_be = EITHER if cut > len(data) * 0.95 else REFUSED
            kept = data[:cut]
            yield case(f"{extension} cut at byte {cut}", extension, just(kept), may_be)


def flipped() -> Iterator[Case]:
    """A few bits to many."""
    chance = random.Random(SEED)
    for extension in MEDIA:
        for number in range(4):
            broken = bytearray(good(extension))
            for _ in range(1 + 8 * number):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            data = bytes(broken)
            yield case(f"{extension} with flipped bits, {number}", extension, just(data), EITHER)
