"""Compliance checks, measured on finished files."""

from typing import Any

import numpy as np
import pytest
import pyvips
from PIL import ImageCms

from stillroom.domain.exports.presets import ByteWindow, Check, DigitalSource, FixId, Quality
from stillroom.domain.exports.rules import PictureFormat
from stillroom.imaging.export import compliance
from stillroom.imaging.export.evidence import Geometry
from stillroom.imaging.io import encoding, icc, provenance
from stillroom.imaging.io.decoding import Limits, open_picture
from tests import pictures
from tests.unit.imaging.presets import preset, rule

LIMITS = Limits(max_bytes=20_000_000, max_megapixels=20, max_side=4096)
PACKET = provenance.packet(DigitalSource.COMPOSITE_SYNTHETIC, "abc")


def encoded(pixels: pictures.Pixels, form: PictureFormat = PictureFormat.JPEG) -> bytes:
    return encoding.encode(pixels, form, Quality(), ByteWindow(), PACKET).data


def checked(
    data: bytes,
    asked: dict[str, Any],
    matte: pictures.Pixels | None = None,
    scale: float = 1.0,
    is_cut: bool = False,
    is_doubtful: bool = False,
) -> Check:
    geometry = Geometry(matte, scale, is_cut, 0.8, is_doubtful)
    [check] = compliance.check(data, open_picture(data, LIMITS), preset(rules=[asked]), geometry)
    return check


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        ({"width": 640, "height": 480}, "pass"),
        ({"width": 800, "height": 800}, "fail"),
        ({"min_long_side": 640}, "pass"),
        ({"min_long_side": 641}, "fail"),
        ({"min_short_side": 481}, "fail"),
        ({"max_width": 639}, "fail"),
        ({"min_width": 600, "min_height": 480}, "pass"),
        ({"max_megapixels": 0.3}, "fail"),
        ({"min_long_side": 2000, "required": False}, "warn"),
    ],
)
def test_size_is_read_from_the_file(limits: dict[str, Any], verdict: str) -> None:
    check = checked(encoded(pictures.scene()), rule("size", **limits))
    assert check.verdict == verdict
    assert check.measured == "640 × 480"


def test_check_names_its_source_and_confidence() -> None:
    check = checked(encoded(pictures.scene()), rule("ratio", width=4, height=3))
    assert (check.verdict, check.grade, check.source) == ("pass", "B", "somebody")
    assert check.title.zh == "比例"
    assert checked(encoded(pictures.scene()), rule("ratio", width=1, height=1)).verdict == "fail"


def test_the_format_is_that_of_the_content() -> None:
    png = encoded(pictures.scene(), PictureFormat.PNG)
    check = checked(png, rule("format", formats=["jpeg"]))
    assert check.verdict == "fail"
    assert check.fix is not None
    assert check.fix.id == "to_jpeg"
    assert checked(png, rule("format", formats=["jpeg", "png"])).verdict == "pass"


@pytest.mark.parametrize(
    ("name", "verdict"), [("a.JPG", "pass"), ("a.jpeg", "pass"), ("a", "pass"), ("a.png", "fail")]
)
def test_name_ends_as_the_format_does(name: str, verdict: str) -> None:
    data, rules = encoded(pictures.scene()), [rule("format", formats=["jpeg", "png"])]
    [check] = compliance.check(
        data, open_picture(data, LIMITS), preset(rules=rules), Geometry(None), file_name=name
    )
    assert check.verdict == verdict
    assert check.fix is None
    assert (check.measured == "JPEG, .png") == (verdict == "fail")


def test_an_animation_is_not_a_format_for_a_shop() -> None:
    frames = bytes(pictures.animation().webpsave_buffer())
    assert checked(frames, rule("format", formats=["webp"])).verdict == "fail"


def test_byte_size_has_a_lower_and_an_upper_limit() -> None:
    data = encoded(pictures.scene())
    assert checked(data, rule("bytes", max=len(data))).verdict == "pass"
    over = checked(data, rule("bytes", max=len(data) - 1))
    assert over.verdict == "fail"
    assert over.fix is not None
    under = checked(data, rule("bytes", min=len(data) + 1))
    assert under.verdict == "fail"
    assert under.fix is None


def test_white_is_measured_at_its_worst_spot() -> None:
    picture, matte = pictures.product()
    ground = rule("white_ground", shadow="forbidden")
    assert checked(encoded(picture, PictureFormat.PNG), ground, matte).verdict == "pass"
    picture[100, 700] = (255, 254, 255)
    stained = checked(encoded(picture, PictureFormat.PNG), ground, matte)
    assert stained.verdict == "fail"
    assert stained.facts["lowest"] == 254
    assert (stained.facts["x"], stained.facts["y"]) == (700, 100)


def test_a_jpegs_own_ringing_around_the_product_is_no_stain() -> None:
    picture, matte = pictures.product()
    assert checked(encoded(picture), rule("white_ground", shadow="forbidden"), matte).verdict == "pass"


def test_a_shadow_is_warned_of_where_tolerated_and_fails_where_forbidden() -> None:
    picture, matte = pictures.product(shadow=True)
    data = encoded(picture)
    tolerated = checked(data, rule("white_ground", shadow="tolerated"), matte)
    assert tolerated.verdict == "warn"
    assert tolerated.fix is not None
    assert tolerated.fix.id == "remove_shadow"
    assert checked(data, rule("white_ground", shadow="forbidden"), matte).verdict == "fail"


def test_a_grey_ground_is_no_shadow() -> None:
    picture, matte = pictures.product(ground=(240, 240, 240))
    check = checked(encoded(picture), rule("white_ground", shadow="tolerated"), matte)
    assert check.verdict == "fail"
    assert check.fix is not None
    assert check.fix.id == "pure_white"


def test_border_check_is_strict() -> None:
    picture, matte = pictures.product()
    border = rule("border_white")
    assert checked(encoded(picture, PictureFormat.PNG), border, matte).verdict == "pass"
    picture[2, 400] = 250
    assert checked(encoded(picture, PictureFormat.PNG), border, matte).verdict == "fail"


def test_a_transparent_ground_is_not_white_whatever_colour_it_hides() -> None:
    picture, matte = pictures.product()
    picture[matte == 0] = 255
    data = encoded(np.dstack([picture, matte]), PictureFormat.PNG)
    for white in (rule("white_ground", shadow="forbidden"), rule("border_white")):
        check = checked(data, white, matte)
        assert (check.verdict, check.facts["lowest"]) == ("fail", 0)


def test_a_transparent_ground_is_transparent_everywhere() -> None:
    picture, matte = pictures.product()
    clear = rule("transparent_ground")
    assert checked(encoded(np.dstack([picture, matte]), PictureFormat.PNG), clear, matte).verdict == "pass"
    assert checked(encoded(picture, PictureFormat.PNG), clear, matte).verdict == "fail"
    stained = matte.copy()
    stained[0, 0] = 9
    assert checked(encoded(np.dstack([picture, stained]), PictureFormat.PNG), clear, matte).verdict == "fail"


def test_fill_share_is_that_of_the_tighter_side() -> None:
    picture, matte = pictures.product(box=(200, 80, 500, 720))
    check = checked(encoded(picture), rule("subject_share", min=0.8), matte)
    assert check.verdict == "pass"
    assert check.facts["height_share"] == pytest.approx(0.8, abs=0.01)
    assert check.facts["w"] == pytest.approx(300, abs=4)
    small = checked(encoded(picture), rule("subject_share", min=0.85), matte)
    assert small.verdict == "fail"
    assert small.fix is not None
    assert small.fix.label.en == "Enlarge the product to 85%"
    assert checked(encoded(picture), rule("subject_share", min=0.2, max=0.7), matte).verdict == "fail"


OF_THE_PRODUCT = (
    rule("subject_share", min=0.8),
    rule("subject_size", min_width=10, min_height=10),
    rule("subject_whole"),
    rule("subject_centered"),
    rule("single_subject"),
)


def test_without_a_matte_only_a_person_can_judge_the_product() -> None:
    data = encoded(pictures.scene())
    for asked in OF_THE_PRODUCT:
        assert checked(data, asked).verdict == "manual"


def test_matte_without_a_solid_pixel_verifies_nothing() -> None:
    blank = np.full((800, 800, 3), 255, np.uint8)
    haze = np.zeros((800, 800), np.uint8)
    haze[80:720, 80:720] = 93
    for asked in OF_THE_PRODUCT:
        assert checked(encoded(blank), asked, haze).verdict == "manual"
    everywhere = np.full((800, 800), 93, np.uint8)
    grey = np.full((800, 800, 3), 200, np.uint8)
    assert checked(encoded(grey), rule("white_ground", shadow="forbidden"), everywhere).verdict == "manual"


def test_product_cropped_by_an_edge_is_incomplete() -> None:
    picture, matte = pictures.product(box=(200, 80, 500, 720))
    assert checked(encoded(picture), rule("subject_whole"), matte).verdict == "pass"
    assert checked(encoded(picture), rule("subject_whole"), matte, is_cut=True).verdict == "fail"
    assert checked(encoded(picture[:500]), rule("subject_whole"), matte[:500]).verdict == "fail"


def test_a_product_off_the_middle_can_be_centred() -> None:
    picture, matte = pictures.product(box=(20, 80, 320, 720))
    check = checked(encoded(picture), rule("subject_centered"), matte)
    assert check.verdict == "fail"
    assert check.fix is not None
    assert check.fix.id == "center"


def test_two_products_need_a_person() -> None:
    _, matte = pictures.product(box=(60, 200, 340, 600))
    both = np.maximum(matte, matte[:, ::-1])
    check = checked(encoded(np.dstack([255 - both] * 3)), rule("single_subject"), both)
    assert check.verdict == "warn"
    assert check.measured == "2"


def test_source_type_of_a_picture_is_read_from_its_bytes() -> None:
    data = encoded(pictures.scene())
    for name in ("srgb", "camera_data", "provenance"):
        assert checked(data, rule(name)).verdict == "pass"
    bare = pictures.jpeg(pictures.scene(), icc_profile_data=pyvips.Image.profile_load("p3"))
    for name in ("srgb", "camera_data", "provenance"):
        assert checked(bare, rule(name)).verdict == "fail"


def test_any_accepted_aspect_ratio_passes() -> None:
    both = rule("ratio", width=3, height=4, others=[{"width": 1, "height": 1}])
    for side, verdict, limit in ((400, "pass", 1.0), (300, "pass", 0.75), (350, "fail", None)):
        check = checked(encoded(pictures.scene(side, 400)), both)
        assert (check.verdict, check.limit) == (verdict, "3 : 4 / 1 : 1")
        assert limit is None or check.facts["limit"] == limit


def with_profile(profile: bytes) -> bytes:
    return pictures.jpeg(pictures.scene(), icc_profile_data=profile)


def of_pillow() -> bytes:
    """A profile of version 4, which describes itself in UTF-16."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_srgb_is_recognised_by_the_transform_of_its_profile() -> None:
    for profile in (of_pillow(), pyvips.Image.profile_load("srgb")):
        assert checked(with_profile(profile), rule("srgb")).verdict == "pass"


def test_other_colour_space_is_named() -> None:
    check = checked(with_profile(pyvips.Image.profile_load("p3")), rule("srgb"))
    assert (check.verdict, check.measured) == ("fail", "sP3C, 8 bit")


@pytest.mark.parametrize("profile", [b"", b"sRGB", bytes(400), of_pillow()[:200], b"\xff" * 400])
def test_a_profile_that_cannot_be_read_is_no_srgb(profile: bytes) -> None:
    assert not icc.is_srgb(profile)
    icc.name_of(profile)


def test_a_linear_profile_is_no_srgb_whatever_it_is_called() -> None:
    profile = of_pillow()
    at, curve = profile.index(b"para"), b"para" + bytes(4) + b"\0\0\0\0" + (1 << 16).to_bytes(4, "big")
    linear = profile[:at] + curve + profile[at + len(curve) :]
    assert "sRGB" in (icc.name_of(linear) or "")
    assert not icc.is_srgb(linear)


def test_grey_is_no_rgb() -> None:
    check = checked(pictures.jpeg(pictures.scene()[..., 0]), rule("srgb"))
    assert (check.verdict, check.measured) == ("fail", "b-w, 8 bit")


def test_cmyk_is_not_srgb() -> None:
    data = bytes(pictures.image(pictures.scene()).colourspace("cmyk").jpegsave_buffer())
    assert checked(data, rule("srgb")).verdict == "fail"


def test_enlargement_is_reported() -> None:
    data = encoded(pictures.scene())
    assert checked(data, rule("enlargement"), scale=1.0).verdict == "pass"
    check = checked(data, rule("enlargement", required=False), scale=1.5)
    assert (check.verdict, check.measured) == ("warn", "1.50×")


def test_blurred_product_is_distinguished_from_a_sharp_one() -> None:
    picture, matte = pictures.product(box=(100, 100, 700, 700))
    blurred = np.asarray(pictures.image(picture).gaussblur(2.5).numpy())
    sharp = checked(encoded(picture), rule("sharpness"), matte)
    soft = checked(encoded(blurred), rule("sharpness", required=False), matte)
    assert sharp.verdict == "pass"
    assert soft.verdict == "warn"
    assert soft.fix is not None
    assert float(soft.facts["edge_px"]) > 2 * float(sharp.facts["edge_px"])


def test_manual_check_states_what_to_look_at() -> None:
    note = {"zh": "没有吊牌", "en": "No tag"}
    check = checked(encoded(pictures.scene()), rule("category", note=note))
    assert (check.verdict, check.measured, check.limit) == ("manual", None, None)
    assert check.note is not None
    assert check.note.zh == "没有吊牌"


def test_applied_fix_is_not_offered_again() -> None:
    picture, matte = pictures.product(shadow=True)
    wanted = preset(rules=[rule("white_ground", shadow="tolerated")])
    data, geometry = encoded(picture), Geometry(matte, 1.0, False, 0.8)
    [check] = compliance.check(data, open_picture(data, LIMITS), wanted, geometry, (FixId.REMOVE_SHADOW,))
    assert check.fix is None


@pytest.mark.parametrize(
    "asked",
    [
        rule("subject_whole"),
        rule("subject_share", min=0.5),
        rule("subject_size", min_width=50, min_height=50),
        rule("subject_centered"),
        rule("single_subject"),
    ],
)
def test_measurements_on_a_doubtful_cut_out_need_a_person(asked: dict[str, Any]) -> None:
    picture, matte = pictures.product(box=(180, 180, 620, 620))
    data = encoded(picture)
    assert checked(data, asked, matte).verdict == "pass"
    assert checked(data, asked, matte, is_doubtful=True).verdict == "manual"
    assert checked(data, rule("size", min_width=100), matte, is_doubtful=True).verdict == "pass"


def test_doubtful_cut_out_does_not_hide_a_failed_check() -> None:
    picture, matte = pictures.product(box=(380, 380, 420, 420))
    assert (
        checked(encoded(picture), rule("subject_share", min=0.5), matte, is_doubtful=True).verdict == "fail"
    )
