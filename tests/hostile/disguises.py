"""Files that say they are something else, and pictures that carry something else behind them."""

import random
import zlib
from collections.abc import Iterator
from functools import partial

from tests import pictures
from tests.hostile import containers as c
from tests.hostile.cases import MEDIA, SEED, STORED, Case, case, good, just

_TAILS = {
    "zip": pictures.archive(),
    "html": b"<html><script>alert(1)</script></html>",
    "php": b"<?php system($_GET['c']); ?>",
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "second picture": pictures.png(pictures.scene(260, 260)),
}


def disguised() -> Iterator[Case]:
    """Yield files disguised by name, by declared type and by both."""
    unsupported = frozenset({"E_INPUT_UNSUPPORTED"})
    for extension, media in MEDIA.items():
        other = "png" if extension != "png" else "jpg"
        yield Case(f"{extension} named .{other}", f"a.{other}", media, partial(good, extension), unsupported)
        yield Case(
            f"{extension} declared as {MEDIA[other]}",
            f"a.{extension}",
            MEDIA[other],
            partial(good, extension),
            unsupported,
        )
    script = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="999" height="999"><script>alert(1)</script></svg>'
    )
    entity = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>'
    others = {
        "svg with a script": script,
        "svg with an entity": entity,
        "svg behind a BOM": b"\xef\xbb\xbf  " + script,
        "html": b"<!doctype html><script>alert(1)</script>",
        "php": b"<?php phpinfo(); ?>",
        "pdf": b"%PDF-1.7\n1 0 obj\n",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "zip": pictures.archive(),
        "gzip": zlib.compress(bytes(100), wbits=31),
        "elf": b"\x7fELF\x02\x01\x01" + bytes(500),
        "windows program": b"MZ" + bytes(500),
        "shell script": b"#!/bin/sh\nrm -rf /\n",
        "bmp": b"BM" + bytes(500),
        "photoshop": b"8BPS\0\1" + bytes(500),
        "jpeg xl": b"\xff\x0a" + bytes(500),
        "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(500),
        "video": c.box(b"ftyp", b"isomiso2mp41") + bytes(500),
        "csv": b"1,2,3\n" * 500,
        "vips file": b"\x08\xf2\xa6\xb6" + bytes(500),
        "random bytes": random.Random(SEED).randbytes(5_000),
    }
    for name, data in others.items():
        for extension in ("jpg", "png"):
            yield Case(
                f"{name} named .{extension}",
                f"a.{extension}",
                MEDIA[extension],
                just(data),
                unsupported,
            )


def tailed() -> Iterator[Case]:
    """Polyglots: a picture in front, something to run behind."""
    for extension in ("jpg", "png", "webp", "gif", "tif"):
        for kind, tail in _TAILS.items():
            data = good(extension) + tail
            yield case(f"{extension} with {kind} behind it", extension, just(data), STORED)
