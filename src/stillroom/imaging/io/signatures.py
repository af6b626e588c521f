"""Detect the file type by its first bytes, and compare it with the file name and declared type."""

from stillroom.domain.errors import InputUnsupported

HEAD_BYTES = 4096
"""Bytes of a file that type detection needs."""

_LEADING = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)

_REFUSED = (
    (b"%PDF", "PDF"),
    (b"%!", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"(\xb5/\xfd", "Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xfe\xed\xfa\xcf", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "script"),
    (b"8BPS", "Photoshop document"),
    (b"BM", "BMP"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
)

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_HEIF_BRANDS = frozenset({b"mif1", b"msf1", b"mif2"})
"""Brands of a container that may hold either codec.

Source:
    ISO/IEC 23008-12, and the AV1 Image File Format specification, section 6.
"""

_EXTENSIONS = {
    "jpeg": {"jpg", "jpeg", "jpe", "jfif", "jif", "pjpeg", "pjp"},
    "png": {"png", "apng"},
    "webp": {"webp"},
    "gif": {"gif"},
    "tiff": {"tif", "tiff"},
    "avif": {"avif", "avifs", "heif", "hif"},
    "heic": {"heic", "heics", "heif", "heifs", "hif"},
}

_MIME_TYPES = {
    "jpeg": {"image/jpeg", "image/jpg", "image/pjpeg", "image/jfif"},
    "png": {"image/png", "image/apng", "image/x-png", "image/vnd.mozilla.apng"},
    "webp": {"image/webp"},
    "gif": {"image/gif"},
    "tiff": {"image/tiff", "image/tiff-fx"},
    "avif": {"image/avif", "image/avif-sequence", "image/heif"},
    "heic": {"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"},
}

_SAYS_NOTHING = {"", "application/octet-stream", "binary/octet-stream", "application/x-binary"}


class Unreadable(ValueError):
    """The structure of a file is inconsistent, or has more parts than the parser accepts."""


def recognise(head: bytes) -> str:
    """Detect the picture format by its signature.

    Args:
        head: The first `HEAD_BYTES` of the file, or all of a shorter file.

    Returns:
        `jpeg`, `png`, `webp`, `gif`, `tiff`, `avif` or `heic`.

    Raises:
        InputUnsupported: Any other content; `found` names it.
    """
    for prefix, kind in _LEADING:
        if head.startswith(prefix):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and (branded := _by_brand(head)):
        return branded
    found = _refused_kind(head)
    raise InputUnsupported(text="no_picture_file", found=found)


def misnamed(kind: str, file_name: str) -> str:
    """Return the extension of a name if it belongs to another format, else an empty text.

    Args:
        kind: As returned by `recognise`.
    """
    extension = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    return "" if extension in _EXTENSIONS[kind] else extension


def check_agreement(kind: str, file_name: str, declared_type: str | None) -> None:
    """Reject a file whose name or declared type contradicts its content.

    Args:
        kind: As returned by `recognise`.
        file_name: As uploaded; ignored without an extension.
        declared_type: MIME type as declared; None and generic binary types are ignored.

    Raises:
        InputUnsupported: They disagree.
    """
    extension = misnamed(kind, file_name)
    if extension:
        raise InputUnsupported(
            text="misnamed",
            kind=kind.upper(),
            found=kind,
            extension=extension[:12],
        )
    declared = (declared_type or "").partition(";")[0].strip().lower()
    if declared not in _SAYS_NOTHING and declared not in _MIME_TYPES[kind]:
        raise InputUnsupported(
            text="misdeclared",
            kind=kind.upper(),
            found=kind,
            declared=declared[:60],
        )


def _by_brand(head: bytes) -> str | None:
    size = min(int.from_bytes(head[:4]), len(head))
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, size - 3, 4))}
    if brands & _AVIF_BRANDS:
        return "avif"
    if brands & (_HEIC_BRANDS | _HEIF_BRANDS):
        return "heic"
    return None


def _refused_kind(head: bytes) -> str:
    for prefix, kind in _REFUSED:
        if head.startswith(prefix):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return "SVG" if b"<svg" in text.lower() else "HTML or XML"
    if head and b"\x00" not in head and head.decode("utf-8", "replace").count("\ufffd") <= 1:
        return "text"
    return "unknown"
