"""Results of export requests: rows and files."""

from dataclasses import dataclass

from stillroom.domain.exports.presets import Export
from stillroom.domain.ports import OpenBlob


@dataclass(frozen=True, slots=True)
class Made:
    """Exports of one request; `replayed` is true when an earlier request with the same key made them."""

    exports: tuple[Export, ...]
    replayed: bool


@dataclass(frozen=True, slots=True)
class ExportFile:
    """Downloadable file, complete in memory."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OpenExport:
    """Downloadable file as a stream."""

    name: str
    media_type: str
    blob: OpenBlob
