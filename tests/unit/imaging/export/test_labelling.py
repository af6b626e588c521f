"""Visible label: size, contrast, corner, and its effect on checks."""

import numpy as np
import pytest

from stillroom.domain.exports.presets import DigitalSource, FixId, LabelLanguage
from stillroom.imaging.export import render
from stillroom.imaging.export.labelling import labelled
from stillroom.imaging.io import encoding
from tests import pictures
from tests.unit.imaging.presets import preset, rule

WHITE = np.full((800, 800, 3), 255, np.uint8)
NOTE = {"zh": "不要文字", "en": "No text"}


def box_of_ink(pixels: pictures.Pixels, plain: pictures.Pixels) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero((pixels != plain).any(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize("language", LabelLanguage)
def test_letters_are_a_twentieth_of_the_shorter_side_and_keep_off_the_edge(language: LabelLanguage) -> None:
    ground = np.full((800, 1200, 3), 255, np.uint8)
    x0, y0, x1, y1 = box_of_ink(labelled(ground, None, language), ground)
    assert y1 - y0 >= 38
    assert x1 - x0 > 3 * (y1 - y0)
    assert min(1200 - x1, 800 - y1) >= 0.02 * 800


@pytest.mark.parametrize("value", [0, 60, 200, 255])
def test_letters_stand_out_from_their_ground(value: int) -> None:
    ground = np.full((400, 400, 3), value, np.uint8)
    done = labelled(ground, None, LabelLanguage.ZH)
    assert np.abs(done.astype(int) - value).max() >= 120


def test_the_product_is_not_written_over_where_another_corner_is_free() -> None:
    matte = np.zeros((800, 800), np.uint8)
    matte[400:, 400:] = 255
    x0, y0, x1, y1 = box_of_ink(labelled(WHITE, matte, LabelLanguage.EN), WHITE)
    assert not matte[y0:y1, x0:x1].any()


def test_transparent_picture_gets_an_opaque_label() -> None:
    clear = np.zeros((400, 400, 4), np.uint8)
    done = labelled(clear, None, LabelLanguage.EN)
    assert done[..., 3].max() == 255
    assert done[..., :3][done[..., 3] == 255].max() < 128


def test_label_of_a_narrow_picture_is_shortened() -> None:
    strip = np.full((2000, 40, 3), 255, np.uint8)
    assert (labelled(strip, None, LabelLanguage.EN) != strip).any()


def test_label_is_reported_as_added_text() -> None:
    master, matte = pictures.product()
    wanted = preset(rules=[rule("added_text", note=NOTE), rule("border_white")])
    args = (encoding.png_of(master), encoding.png_of(matte), wanted, DigitalSource.COMPOSITE_SYNTHETIC)
    [plain] = render.export(*args)
    [done] = render.export(*args, label=LabelLanguage.ZH)
    assert [check.verdict for check in plain.checks] == ["manual", "pass"]
    assert [check.verdict for check in done.checks] == ["warn", "pass"]
    assert done.checks[0].measured == "AI 生成"
    assert plain.data != done.data


def test_no_fix_is_offered_for_a_check_that_only_the_label_fails() -> None:
    master, matte = pictures.product()
    wanted = preset(ground="pure_white", rules=[rule("white_ground", shadow="forbidden")])
    args = (encoding.png_of(master), encoding.png_of(matte), wanted, DigitalSource.COMPOSITE_SYNTHETIC)
    [done] = render.export(*args, label=LabelLanguage.ZH)
    assert done.checks[0].verdict == "fail"
    assert done.checks[0].fix is None


def test_the_preview_shows_the_label_and_the_remedies() -> None:
    master, matte = pictures.product(shadow=True)
    args = (encoding.png_of(master), encoding.png_of(matte), preset(canvas={"width": 2000, "height": 2000}))
    plain = render.preview(*args)
    pixels = encoding.pixels_of(plain)
    assert max(pixels.shape[:2]) == render.PREVIEW_SIDE
    assert plain != render.preview(*args, label=LabelLanguage.EN)
    assert plain != render.preview(*args, fixes={FixId.REMOVE_SHADOW})
