"""What a request for exports gives back: rows, and files whole or in pieces."""

from dataclasses import dataclass

from stillroom.domain.exports.presets import Export
from stillroom.domain.ports import OpenBlob


@dataclass(frozen=True, slots=True)
class Made:
    """Exports of one request; `replayed` when an earlier request had made them."""

    exports: tuple[Export, ...]
    replayed: bool


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to hand out, as a whole."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OpenExport:
    """A file to hand out, in pieces."""

    name: str
    media_type: str
    blob: OpenBlob
