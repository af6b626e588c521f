"""Recognising files by their first bytes."""

import pytest

from stillroom.domain.errors import InputUnsupported
from stillroom.imaging.io.signatures import check_agreement, recognise


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"GIF89a", "gif"),
        (b"MM\x00*\x00\x00\x00\x08", "tiff"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", "avif"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "avif"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "heic"),
    ],
)
def test_a_picture_is_recognised_by_its_content(head: bytes, kind: str) -> None:
    assert recognise(head) == kind


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"just some words", "text"),
        ("纯文本".encode(), "text"),
        (b"%PDF-1.7", "PDF"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"PK\x03\x04\x14", "ZIP archive"),
        (b"\x7fELF\x02\x01", "program"),
        (b"MZ\x90\x00", "program"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"  <!doctype html><html>", "HTML or XML"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "unknown"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "unknown"),
        (b"", "unknown"),
    ],
)
def test_unsupported_type_is_refused_by_name(head: bytes, found: str) -> None:
    with pytest.raises(InputUnsupported) as refused:
        recognise(head)
    assert refused.value.params["found"] == found


@pytest.mark.parametrize(
    ("kind", "file_name", "declared"),
    [
        ("jpeg", "IMG_0001.JPG", "image/jpeg"),
        ("jpeg", "photo.jfif", "image/pjpeg"),
        ("jpeg", "photo", None),
        ("png", "a.b.PNG", "application/octet-stream"),
        ("heic", "IMG_1.HEIC", ""),
        ("heic", "IMG_1.heif", "image/heif"),
        ("tiff", "scan.tif", "image/tiff; charset=binary"),
    ],
)
def test_alternative_extensions_of_a_type_are_accepted(
    kind: str, file_name: str, declared: str | None
) -> None:
    check_agreement(kind, file_name, declared)


@pytest.mark.parametrize(
    ("kind", "file_name", "declared"),
    [
        ("png", "photo.jpg", "image/png"),
        ("png", "photo.png", "image/jpeg"),
        ("jpeg", "photo.svg", None),
        ("jpeg", "photo.jpg", "text/html"),
        ("jpeg", "photo.jpg.exe", None),
    ],
)
def test_a_name_or_type_that_contradicts_the_content_is_refused(
    kind: str, file_name: str, declared: str | None
) -> None:
    with pytest.raises(InputUnsupported):
        check_agreement(kind, file_name, declared)
