"""Options, waits and results of export requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stillroom.domain.exports.presets import Export, FixId, LabelLanguage


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Options for the files of one request.

    Attributes:
        fixes: Fixes to apply to the files; the variants stay unchanged.
        label: Language of a visible "AI-generated" label; None adds none.
        names: File name by preset, as returned by `usable_name`.
    """

    fixes: frozenset[FixId] = frozenset()
    label: LabelLanguage | None = None
    names: Mapping[str, str] = field(default_factory=dict)


NO_OPTIONS = ExportOptions()


@dataclass(frozen=True, slots=True)
class ExportWaits:
    """Longest waits of callers for deferred exports, in seconds.

    Attributes:
        request: Of a request that asks for them; most are done by then.
        poll: Between two queries.
    """

    request: float = 1.0
    download: float = 10.0
    poll: float = 0.1


@dataclass(frozen=True, slots=True)
class Made:
    """Exports of one request; `replayed` is true when an earlier request with the same key made them."""

    exports: tuple[Export, ...]
    replayed: bool


@dataclass(frozen=True, slots=True)
class ExportFile:
    """Downloadable file, complete in memory."""

    name: str
    data: bytes
