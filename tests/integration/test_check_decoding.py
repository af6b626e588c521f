"""Compliance checks: children decode untrusted files, the server does not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pillow_heif
import pytest
import pyvips

from stillroom.application.exports.checking import Checking
from stillroom.application.photos.intake import Decoders
from stillroom.domain.errors import InputCorrupt
from stillroom.imaging.io.decoder_process import DecodingPool
from stillroom.imaging.io.decoding import Limits, open_picture
from tests import pictures
from tests.hostile.cases import heic
from tests.unit.application.test_checking import RULES, product, service
from tests.unit.imaging.presets import rule

pytestmark = pytest.mark.anyio

LIMITS = Limits(max_bytes=20_000_000, max_megapixels=100, max_side=1024)
LOADERS = ("Jpeg", "Png", "Webp", "Heif", "Tiff", "Nsgif")
FILES: dict[str, Callable[[], bytes]] = {
    "jpeg of another colour space": lambda: pictures.jpeg(
        product()[0], icc_profile_data=pyvips.Image.profile_load("p3")
    ),
    "png with transparency": lambda: pictures.png(np.dstack(pictures.product())),
    "heic": lambda: heic(product()[0]),
}


@contextmanager
def no_decoder_in_this_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Block the loaders and the colour management of libvips, and the HEIC library."""
    blocked = [*(f"VipsForeignLoad{loader}" for loader in LOADERS), "VipsIcc"]
    with monkeypatch.context() as patched:
        patched.setattr(pillow_heif, "open_heif", None)
        for name in blocked:
            pyvips.operation_block_set(name, True)
        try:
            yield
        finally:
            for name in blocked:
                pyvips.operation_block_set(name, False)


def decoding_in(pool: DecodingPool, rules: list[dict[str, Any]]) -> Checking:
    sanitise, open_there = partial(pool.sanitise, limits=LIMITS), partial(pool.open, limits=LIMITS)
    decoders = Decoders(sanitise, open_there, 1, 1 << 30)
    return replace(service(rules, product()[1]), _open_picture=decoders.open)


@pytest.mark.parametrize("kind", FILES)
async def test_a_check_decodes_nothing_in_the_server(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FILES[kind]()
    rules = [*RULES, rule("srgb"), rule("camera_data"), rule("size", min_width=800), rule("sharpness")]
    here = await service(rules, product()[1]).check(data, "a-preset")
    with DecodingPool(children=1) as pool, no_decoder_in_this_process(monkeypatch):
        with pytest.raises(InputCorrupt):
            open_picture(data, LIMITS)
        assert await decoding_in(pool, rules).check(data, "a-preset") == here
