"""Names of exported files."""

import pytest
from pydantic import ValidationError

from stillroom.domain.exports.file_names import FileName, product_of, usable_name
from stillroom.domain.exports.rules import PictureFormat

AMAZON = FileName(first="{sku}.MAIN", further="{sku}.PT{slot}")


def named(name: FileName, title: str, number: int = 1, part: int | None = None) -> str:
    return name.fill_in(title, "shop-main", number, part, PictureFormat.JPEG)


def test_file_name_contains_product_and_preset() -> None:
    assert named(FileName(), "KOMA mug / 白") == "KOMA-mug-白_shop-main.jpg"
    assert named(FileName(), "KOMA mug", number=3) == "KOMA-mug_shop-main_3.jpg"


def test_slot_name_follows_the_shops_rule() -> None:
    assert named(AMAZON, "B000-123 456") == "B000123456.MAIN.jpg"
    assert [named(AMAZON, "B000123456", number) for number in (2, 3)] == [
        "B000123456.PT01.jpg",
        "B000123456.PT02.jpg",
    ]


def test_pieces_of_a_cut_picture_are_numbered() -> None:
    assert named(FileName(), "mug", part=2) == "mug_shop-main_p02.jpg"
    assert named(FileName(), "mug", number=2, part=11) == "mug_shop-main_2_p11.jpg"


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("a\u202egpj.exe\x00", "agpj.exe"),
        ("CON: <new>?", "CON-new"),
        ("nul.jpg", "_nul.jpg"),
        ("...", "product"),
        ("", "product"),
        ("=HYPERLINK(1)", "HYPERLINK(1)"),
        ("-=+@", "product"),
        ("=.hidden", "hidden"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_title_cannot_make_an_unsafe_name(title: str, product: str) -> None:
    assert product_of(title) == product
    assert "/" not in named(AMAZON, title)


@pytest.mark.parametrize(
    ("first", "further"),
    [
        ("{title}", "{product}_{number}"),
        ("{product}", "{product}"),
        ("main", "{product}_{number}"),
        ("{product", "{product}_{number}"),
        ("../{product}", "{product}_{number}"),
        ("{product.__class__}", "{product}_{number}"),
    ],
)
def test_a_pattern_that_cannot_be_filled_in_is_refused(first: str, further: str) -> None:
    with pytest.raises(ValidationError):
        FileName(first=first, further=further)


def wished(name: str, title: str = "KOMA mug", number: int = 1) -> str:
    return FileName().fill_in(title, "shop-main", number, None, PictureFormat.JPEG, usable_name(name))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("AUREL-50ml_白底_800", "AUREL-50ml_白底_800.jpg"),
        ("front view.PNG", "front view.jpg"),
        ("{sku}.MAIN", "KOMAmug.MAIN.jpg"),
        ("{product}_白底", "KOMA-mug_白底.jpg"),
        ("  mug  ", "mug.jpg"),
    ],
)
def test_custom_file_name_is_used(name: str, file: str) -> None:
    assert wished(name) == file


def test_no_name_begins_like_a_formula() -> None:
    for wished in ("={product}", "@{sku}", "-+{preset}"):
        name = FileName().fill_in("=A1", "shop-main", 1, None, PictureFormat.JPEG, wished)
        assert name[0].isalnum()


@pytest.mark.parametrize(
    ("pattern", "title", "name"),
    [
        ("{product}", "Aux", "_Aux.jpg"),
        ("{sku}.MAIN", "prn", "_prn.MAIN.jpg"),
        ("com{number}", "mug", "_com1.jpg"),
    ],
)
def test_no_filled_in_name_is_a_device_of_windows(pattern: str, title: str, name: str) -> None:
    assert wished(pattern, title) == name


def test_further_pictures_of_one_name_are_numbered() -> None:
    assert [wished("mug", number=n) for n in (1, 2)] == ["mug.jpg", "mug_2.jpg"]
    assert [wished("{sku}.PT{slot}", number=n) for n in (2, 3)] == ["KOMAmug.PT01.jpg", "KOMAmug.PT02.jpg"]


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", ".jpg", "..", "a/b", "a\\b", "a:b", "what?", "a\x00b", "a\u202eb", "mug.", ".mug"),
        *("CON", "nul.txt", "x" * 81, "{title}", "{product", "{product.__class__}"),
    ],
)
def test_name_invalid_on_any_system_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"letter|at most|any of|cannot store|unknown field"):
        usable_name(name)


def test_no_name_is_longer_than_file_systems_take() -> None:
    for wish in (None, usable_name("{product}" + "长" * 70), usable_name("{product}{product}{product}")):
        name = FileName().fill_in("\U0001f375" * 200, "shop-main", 2, 3, PictureFormat.WEBP, wish)
        assert len(name.encode()) <= 255
        assert name.endswith("_p03.webp")
