"""Facts of a file, as Pillow and exiftool read it, by formulas that share no line with the checks."""

import io
import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stillroom.domain.exports.presets import Check
from stillroom.domain.exports.rules import (
    BorderRule,
    BytesRule,
    EnlargementRule,
    FormatRule,
    ManualRule,
    RatioRule,
    Rule,
    SizeRule,
    SubjectShareRule,
    SubjectSizeRule,
    TransparentGroundRule,
    WhiteGroundRule,
)

NOT_RE_MEASURED = frozenset({"enlargement", "sharpness"})
"""Rules left out: the enlargement of a master cannot be seen in a file, and sharpness is our own measure."""

_DECODER_STEP = 1
"""Two JPEG decoders may round differently by one."""

_NEAR_THE_PRODUCT = 8
"""Pixels around it that a JPEG block may mix with it."""


class SecondOpinion:
    """One file, decoded by Pillow."""

    def __init__(self, data: bytes, matte: NDArray[np.uint8] | None) -> None:
        """Decode it; the matte says where the product was put."""
        self.data = data
        self.picture = Image.open(io.BytesIO(data))
        self.picture.load()
        self.pixels = np.asarray(self.picture)
        self.width, self.height = self.picture.size
        self.matte = matte
        self.box = Image.fromarray((matte >= 26).astype(np.uint8)).getbbox() if matte is not None else None

    @cached_property
    def _outside(self) -> NDArray[np.bool_]:
        if self.matte is None:
            return np.ones(self.pixels.shape[:2], bool)
        square = np.ones((2 * _NEAR_THE_PRODUCT + 1,) * 2, np.uint8)
        return np.asarray(cv2.dilate((self.matte > 3).astype(np.uint8), square) == 0)

    def holds(self, rule: Rule) -> bool | None:
        """Whether the file keeps the rule; None where this reader has no opinion."""
        if isinstance(rule, ManualRule | EnlargementRule) or rule.rule in NOT_RE_MEASURED:
            return None
        if isinstance(rule, SizeRule):
            return self._size(rule)
        if isinstance(rule, RatioRule):
            return any(
                abs(self.width * tall - self.height * wide) <= 0.005 * self.height * wide
                for wide, tall in [(rule.width, rule.height)]
                + [(shape.width, shape.height) for shape in rule.others]
            )
        if isinstance(rule, FormatRule):
            return str(self.picture.format).lower() in set(rule.formats) and self._is_still()
        if isinstance(rule, BytesRule):
            return (rule.min or 0) <= len(self.data) <= (rule.max or len(self.data))
        if isinstance(rule, BorderRule):
            return bool((self._border(rule.ring) == 255).all())
        if isinstance(rule, WhiteGroundRule):
            return self.darkest_outside() == 255
        if isinstance(rule, TransparentGroundRule):
            assert self.matte is not None
            return self.picture.mode == "RGBA" and not self.pixels[..., 3][self.matte == 0].any()
        return self._product(rule)

    def darkest_outside(self) -> int:
        """The lowest channel where the product is not."""
        return int(self.pixels[..., :3].min(axis=2)[self._outside].min(initial=255))

    def stain(self) -> NDArray[np.bool_]:
        """Pixels of the ground that are not white, well away from the product."""
        return np.asarray(self._outside & (self.pixels[..., :3].min(axis=2) < 255))

    def agrees_with(self, check: Check) -> bool:
        """Whether the reported figures equal those measured here."""
        facts = check.facts
        told: dict[str, Any] = {
            "bytes": lambda: facts["bytes"] == len(self.data),
            "size": lambda: (facts["width"], facts["height"]) == (self.width, self.height),
            "white_ground": lambda: abs(int(facts["lowest"]) - self.darkest_outside()) <= _DECODER_STEP,
            "subject_share": lambda: self.box is None or _near(facts, self.box),
        }
        return bool(told.get(check.rule, lambda: True)())

    def _product(self, rule: Rule) -> bool | None:
        plain = {
            "srgb": lambda: self.picture.mode in ("RGB", "RGBA") and "icc_profile" not in self.picture.info,
            "camera_data": lambda: not self.picture.getexif() and "exif" not in self.picture.info,
            "provenance": lambda: digital_source_type(self.picture) is not None,
        }
        if rule.rule in plain:
            return plain[rule.rule]()
        if self.box is None:
            return None
        left, top, right, bottom = self.box
        if isinstance(rule, SubjectShareRule):
            share = max((right - left) / self.width, (bottom - top) / self.height)
            return rule.min - 0.005 <= share <= rule.max + 0.005
        if isinstance(rule, SubjectSizeRule):
            return right - left >= rule.min_width and bottom - top >= rule.min_height
        if rule.rule == "subject_centered":
            middle = ((left + right) / 2 / self.width, (top + bottom) / 2 / self.height)
            return max(abs(middle[0] - 0.5), abs(middle[1] - 0.5)) <= 0.02
        # Wholeness needs the master as well, and the number of products is a person's to judge.
        return None

    def _size(self, rule: SizeRule) -> bool:
        longer, shorter = max(self.picture.size), min(self.picture.size)
        pairs: tuple[tuple[float | None, float | None, float], ...] = (
            (rule.width, rule.width, self.width),
            (rule.height, rule.height, self.height),
            (rule.min_width, rule.max_width, self.width),
            (rule.min_height, rule.max_height, self.height),
            (rule.min_long_side, rule.max_long_side, longer),
            (rule.min_short_side, None, shorter),
            (None, rule.max_megapixels, self.width * self.height / 1e6),
        )
        return all((low is None or low <= at) and (high is None or at <= high) for low, high, at in pairs)

    def _border(self, ring: float) -> NDArray[np.uint8]:
        depth = max(1, round(ring * min(self.picture.size)))
        colour = self.pixels[..., :3]
        sides = (colour[:depth], colour[-depth:], colour[:, :depth], colour[:, -depth:])
        return np.concatenate([side.reshape(-1, 3) for side in sides])

    def _is_still(self) -> bool:
        return getattr(self.picture, "n_frames", 1) == 1


def digital_source_type(picture: Image.Image) -> str | None:
    """Fields of the XMP packet, read as XML."""
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    if packet is None:
        return None
    text = packet.decode() if isinstance(packet, bytes) else packet
    name = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
    found = ET.fromstring(text[text.index("<x:xmpmeta") : text.rindex("<?xpacket")]).find(f".//{name}")  # noqa: S314
    return None if found is None else found.text


def by_exiftool(data: bytes) -> dict[str, Any] | None:
    """Every tag that exiftool finds, by group and name; None where it is not installed."""
    program = shutil.which("exiftool")
    if program is None:
        return None
    done = subprocess.run([program, "-j", "-G", "-"], input=data, capture_output=True, check=True)
    tags: dict[str, Any] = json.loads(done.stdout)[0]
    return tags


def _near(facts: dict[str, Any], box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = box
    return (facts["x"], facts["y"], facts["w"], facts["h"]) == (left, top, right - left, bottom - top)
