"""Compliance checks of pictures that were made elsewhere."""

import io
import sys
from dataclasses import replace
from types import FrameType
from typing import Any

import anyio
import numpy as np
import pillow_heif
import pytest

from stillroom.application.exports.checking import Checking
from stillroom.domain.errors import InputTooLarge, InputUnsupported, ValidationFailed
from stillroom.domain.exports.presets import ExportsConfig, Verdict
from stillroom.domain.ids import OwnerId
from stillroom.imaging.cutout.matte import GRABCUT, Matte
from stillroom.imaging.export import foreign
from stillroom.imaging.io.decoding import Limits, Opened, open_picture
from tests import pictures
from tests.unit.imaging.presets import preset, rule

pytestmark = pytest.mark.anyio

BOX = (280, 200, 520, 640)
RULES = [
    rule("white_ground", shadow="forbidden"),
    rule("subject_share", min=0.5),
    rule("subject_whole"),
    rule("format", formats=["jpeg", "gif"]),
    rule("provenance"),
    rule("enlargement"),
]


class Shelf:
    """A catalogue with one preset."""

    def __init__(self, rules: list[dict[str, Any]]) -> None:
        self._config = ExportsConfig(presets=(preset(rules=rules),))

    def exports(self) -> ExportsConfig:
        return self._config


def service(rules: list[dict[str, Any]], matte: Matte | None, max_megapixels: float = 20) -> Checking:
    async def look(_: bytes) -> Matte:
        return matte or Matte(np.zeros((8, 8), np.uint8), (0, 0, 8, 8), GRABCUT, None, 0.0)

    async def open_here(data: bytes, _: OwnerId) -> Opened:
        return open_picture(data, Limits(20_000_000, max_megapixels, 4096))

    shelf: Any = Shelf(rules)
    return Checking(shelf, look, open_here)


def product() -> tuple[pictures.Pixels, Matte]:
    picture, cover = pictures.product(box=BOX)
    return picture, Matte(cover, (0, 0, 800, 800), "drawn", None, 0.0)


async def verdicts(data: bytes, matte: Matte | None) -> dict[str, Verdict]:
    measured = await service(RULES, matte).check(data, "a-preset")
    return {check.rule: check.verdict for check in measured.checks}


async def test_a_product_on_white_keeps_the_rules() -> None:
    picture, matte = product()
    found = await verdicts(pictures.jpeg(picture, 95), matte)
    assert [found[name] for name in ("white_ground", "subject_share", "subject_whole", "format")] == [
        "pass"
    ] * 4


async def test_a_product_in_a_scene_breaks_the_rule_of_the_ground() -> None:
    picture, cover = pictures.product(box=BOX, ground=(120, 140, 160))
    found = await verdicts(pictures.jpeg(picture), Matte(cover, (0, 0, 800, 800), "drawn", None, 0.0))
    assert found["white_ground"] == "fail"


async def test_a_product_whose_matte_ends_a_pixel_before_the_edge_is_cut() -> None:
    picture, cover = pictures.product(box=(400, 200, 900, 640))
    cover[:, -1] = 0
    found = await verdicts(pictures.jpeg(picture, 95), Matte(cover, (0, 0, 800, 800), "drawn", None, 0.0))
    assert found["subject_whole"] == "fail"


async def test_product_rules_without_a_network_need_a_person() -> None:
    picture, _ = product()
    measured = await service(RULES, None).check(pictures.jpeg(picture), "a-preset")
    assert measured.product_found_by is None
    left = {check.rule for check in measured.checks if check.verdict == "manual"}
    assert left >= {"white_ground", "subject_share", "subject_whole"}


async def test_unmeasurable_rule_needs_a_person() -> None:
    picture, matte = product()
    found = await verdicts(pictures.jpeg(picture), matte)
    assert (found["provenance"], found["enlargement"]) == ("manual", "manual")


async def test_file_type_is_checked_against_the_formats_of_the_shop() -> None:
    picture, matte = product()
    still = await verdicts(bytes(pictures.image(picture).gifsave_buffer()), matte)
    moving = await verdicts(bytes(pictures.animation().gifsave_buffer()), None)
    tiff = await verdicts(bytes(pictures.image(picture).tiffsave_buffer()), matte)
    assert (still["format"], moving["format"], tiff["format"]) == ("pass", "fail", "fail")


async def test_picture_is_measured_upright() -> None:
    picture, matte = product()
    turned = pictures.jpeg(np.rot90(picture[:, 200:600], 1), 95, orientation=6)
    sizes = [rule("size", width=400, height=800)]
    measured = await service(sizes, matte).check(turned, "a-preset")
    assert measured.checks[0].verdict == "pass"


async def test_transparent_picture_provides_its_own_matte() -> None:
    picture, cover = pictures.product(box=BOX)
    cutout = pictures.png(np.dstack([picture, cover]))
    measured = await service([rule("subject_share", min=0.5)], None).check(cutout, "a-preset")
    assert measured.product_found_by == "alpha"
    assert measured.checks[0].verdict == "pass"


@pytest.mark.parametrize(("mode", "verdict"), [("RGB", "pass"), ("RGB;16", "fail")])
async def test_heic_of_ten_bits_breaks_the_rule_of_eight(mode: str, verdict: str) -> None:
    picture, matte = product()
    stored = picture if mode == "RGB" else picture.astype(np.uint16) * 257
    buffer = io.BytesIO()
    pillow_heif.from_bytes(mode, (800, 800), stored.tobytes()).save(buffer)
    measured = await service([rule("srgb")], matte).check(buffer.getvalue(), "a-preset")
    assert measured.checks[0].verdict == verdict


@pytest.mark.parametrize(("rows", "alpha"), [(1, 254), (1, 0), (800, 200)])
async def test_slight_transparency_is_not_taken_for_a_cutout(rows: int, alpha: int) -> None:
    picture, matte = product()
    picture[:20] = (0, 0, 90)
    clear = np.full((800, 800), 255, np.uint8)
    clear[-rows:] = alpha
    data = pictures.png(np.dstack([picture, clear]))
    measured = await service(RULES, matte).check(data, "a-preset")
    assert measured.product_found_by == "drawn"
    found = {check.rule: check.verdict for check in measured.checks}
    assert (found["white_ground"], found["subject_whole"]) == ("fail", "pass")


async def test_a_matte_found_on_a_smaller_photo_covers_the_whole_picture() -> None:
    picture, cover = pictures.product(side=2560, box=(640, 640, 1920, 1920))
    small = Matte(cover[640:1920:2, 640:1920:2], (512, 512, 1536, 1536), "drawn", None, 0.0)
    measured = await service([rule("subject_share", min=0.1)], small).check(pictures.png(picture), "a-preset")
    assert measured.checks[0].facts["width_share"] == pytest.approx(0.5, abs=0.002)


async def test_invalid_or_oversized_picture_is_refused() -> None:
    with pytest.raises(InputUnsupported):
        await service(RULES, None).check(b"%PDF-1.7", "a-preset")
    with pytest.raises(InputTooLarge):
        await service(RULES, None, max_megapixels=0.1).check(pictures.png(pictures.scene()), "a-preset")


async def test_checks_run_one_at_a_time() -> None:
    picture, matte = product()
    asked, may_end = anyio.Event(), anyio.Event()
    searches = 0

    async def find(_: bytes) -> Matte:
        nonlocal searches
        searches += 1
        asked.set()
        await may_end.wait()
        return matte

    data = pictures.jpeg(picture, 95)
    checks = replace(service(RULES, matte), _find_product=find)
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(checks.check, data, "a-preset")
        await asked.wait()
        # By the time another service has done the same, the second check would have asked as well.
        await verdicts(data, matte)
        assert searches == 1
        may_end.set()
    assert searches == 3


async def test_no_pixels_are_measured_on_the_event_loop() -> None:
    called: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_globals["__name__"] == foreign.__name__:
            called.append(frame.f_code.co_name)

    picture, matte = product()
    sys.setprofile(note)  # of this thread alone
    try:
        await verdicts(pictures.jpeg(picture, 95), matte)
    finally:
        sys.setprofile(None)
    assert called == []


async def test_an_unknown_preset_is_named() -> None:
    with pytest.raises(ValidationFailed, match="a-preset"):
        await service(RULES, None).check(pictures.png(pictures.scene()), "nowhere")


async def test_product_with_two_different_mattes_needs_a_person() -> None:
    picture, matte = product()
    found = await verdicts(pictures.jpeg(picture, 95), replace(matte, agreement=0.6))
    assert (found["subject_share"], found["subject_whole"]) == ("manual", "manual")
