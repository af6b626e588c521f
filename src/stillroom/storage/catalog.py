"""File catalogue: packaged JSON data overlaid by the operator's files, reloaded when a file changes."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from stillroom.domain.batches.recipes import RecipeCard
from stillroom.domain.exports.platforms import Platform
from stillroom.domain.exports.presets import ExportsConfig
from stillroom.domain.language.doubts import LabelFile
from stillroom.domain.language.facts import FactFile
from stillroom.domain.language.openings import OpeningFile
from stillroom.domain.language.outcomes import OutcomeFile
from stillroom.domain.language.paraphrases import ParaphraseFile
from stillroom.domain.language.reasons import ReasonFile
from stillroom.domain.language.turns.corrections import CorrectionFile
from stillroom.domain.language.turns.follow_ups import FollowUpFile
from stillroom.domain.language.turns.withdrawals import WithdrawalFile
from stillroom.domain.language.words.lexicon import LanguageFile, SceneFile, StyleFile
from stillroom.domain.networks import NetworkCard
from stillroom.domain.prompts import PromptChip, PromptChips, PromptTemplate
from stillroom.domain.providers.capabilities import ProviderCard
from stillroom.domain.providers.readers import Readers
from stillroom.imaging.cutout.confidence import Coefficients

RECHECK_SECONDS = 1.0
"""Minimum interval in seconds between checks for changed files; about eighty `stat` calls take 0.4 ms."""

MAX_BYTES = 1_000_000
"""Size limit of a catalogue file in bytes; larger files are refused."""

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "exports.schema.json": ExportsConfig,
    "platform.schema.json": Platform,
    "prompt_template.schema.json": PromptTemplate,
    "prompt_chips.schema.json": PromptChips,
    "model.schema.json": ProviderCard,
    "confidence.schema.json": Coefficients,
    "readers.schema.json": Readers,
    "network.schema.json": NetworkCard,
    "recipe.schema.json": RecipeCard,
    "language.schema.json": LanguageFile,
    "styles.schema.json": StyleFile,
    "scenes.schema.json": SceneFile,
    "labels.schema.json": LabelFile,
    "corrections.schema.json": CorrectionFile,
    "follow_ups.schema.json": FollowUpFile,
    "withdrawals.schema.json": WithdrawalFile,
    "facts.schema.json": FactFile,
    "outcomes.schema.json": OutcomeFile,
    "reasons.schema.json": ReasonFile,
    "openings.schema.json": OpeningFile,
    "paraphrases.schema.json": ParaphraseFile,
}
"""JSON schema files written beside the packaged data, and the models they describe."""

M = TypeVar("M", bound=BaseModel)
log = structlog.get_logger(__name__)


class _File(Generic[M]):
    """One catalogue file: its last valid content, and the error of its current content."""

    def __init__(self, path: Path, name: str, shape: type[M]) -> None:
        self._path = path
        self._name = name
        self._shape = shape
        self._seen: tuple[int, int] | None = None
        self.content: M | None = None
        self.error: str | None = None

    def refresh(self) -> None:
        try:
            stat = self._path.stat()
        except OSError:
            self._seen = self.content = self.error = None
            return
        seen = (stat.st_mtime_ns, stat.st_size)
        if seen == self._seen:
            return
        reloaded, self._seen = self._seen is not None, seen
        try:
            self.content = self._read(stat.st_size)
            self.error = None
            if reloaded:
                log.info("catalog_file_reloaded", file=self._name)
        except (OSError, ValueError, RecursionError) as error:
            self.error = _explain(error)
            log.warning("catalog_file_refused", file=self._name, error=self.error)

    def _read(self, size: int) -> M:
        if size > MAX_BYTES:
            raise ValueError(f"the file has {size} bytes; at most {MAX_BYTES} are read")
        content = self._shape.model_validate(json.loads(self._path.read_text("utf-8")))
        stem = getattr(content, "id", self._path.stem)
        if stem != self._path.stem:
            raise ValueError(f"the id is {stem}, but the file is called {self._path.name}")
        return content


class _FileSet(Generic[M]):
    """All files of one model, packaged and the operator's."""

    def __init__(self, roots: tuple[Path, ...], pattern: str, shape: type[M]) -> None:
        self._roots = roots
        self._pattern = pattern
        self._shape = shape
        self._files: dict[tuple[int, str], _File[M]] = {}

    def refresh(self) -> None:
        for rank, root in enumerate(self._roots):
            for path in root.glob(self._pattern):
                name = path.relative_to(root).as_posix()
                if (rank, name) not in self._files:
                    self._files[rank, name] = _File(path, name, self._shape)
        for file in self._files.values():
            file.refresh()

    def layers(self) -> list[dict[str, M]]:
        """Return contents by file name, one mapping per layer: packaged first, then the operator's."""
        return [
            {
                name: file.content
                for (at, name), file in sorted(self._files.items())
                if at == rank and file.content
            }
            for rank in range(len(self._roots))
        ]

    def errors(self) -> dict[str, str]:
        return {name: file.error for (_, name), file in self._files.items() if file.error}


class FileCatalogue:
    """The catalogue in force; a broken file falls back to its last valid content or the packaged file."""

    def __init__(self, overrides: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """Load all files. Raises ValueError if a packaged file is broken."""
        packaged = Path(str(files("stillroom").joinpath("catalog")))
        roots = (packaged, overrides) if overrides else (packaged,)
        self._exports = _FileSet(roots, "exports.config.json", ExportsConfig)
        self._platforms = _FileSet(roots, "platforms/*.json", Platform)
        self._templates = _FileSet(roots, "prompt_templates/*.json", PromptTemplate)
        self._chips = _FileSet(roots, "prompt_chips.json", PromptChips)
        self._providers = _FileSet(roots, "models/*.json", ProviderCard)
        self._readers = _FileSet(roots, "readers.json", Readers)
        self._networks = _FileSet(roots, "networks/*.json", NetworkCard)
        self._recipes = _FileSet(roots, "recipes/*.json", RecipeCard)
        self._clock = clock
        self._lock = threading.Lock()
        self._due = float("-inf")
        self._refresh()
        if not all(file_set.layers()[0] for file_set in self._file_sets):
            raise ValueError(f"the packaged catalog is broken: {dict(self.errors())}")

    def exports(self) -> ExportsConfig:
        """Return export presets and marketplace rules; the operator's presets extend the packaged ones."""
        layers = [layer["exports.config.json"] for layer in self._fresh(self._exports) if layer]
        config = layers[0]
        for layer in layers[1:]:
            config = config.overlaid_by(layer)
        return config

    def platforms(self) -> tuple[Platform, ...]:
        return tuple(sorted(_merged(self._fresh(self._platforms)), key=lambda item: (item.order, item.id)))

    def platform(self, platform_id: str | None) -> Platform | None:
        return next((one for one in self.platforms() if one.id == platform_id), None)

    def templates(self) -> tuple[PromptTemplate, ...]:
        return tuple(sorted(_merged(self._fresh(self._templates)), key=lambda item: (item.order, item.id)))

    def template(self, template_id: str | None) -> PromptTemplate | None:
        return next((one for one in self.templates() if one.id == template_id), None)

    def chips(self) -> tuple[PromptChip, ...]:
        """Return the prompt chips; an operator's list replaces the packaged one."""
        return _merged(self._fresh(self._chips))[0].chips

    def recipes(self) -> tuple[RecipeCard, ...]:
        return tuple(sorted(_merged(self._fresh(self._recipes)), key=lambda item: (item.order, item.id)))

    def providers(self) -> tuple[ProviderCard, ...]:
        return tuple(_merged(self._fresh(self._providers)))

    def provider(self, provider_id: str | None) -> ProviderCard | None:
        return next((one for one in self.providers() if one.id == provider_id), None)

    def readers(self) -> Readers:
        """Return instruction, defaults and prices of reader models; an operator's file replaces them."""
        return _merged(self._fresh(self._readers))[0]

    def networks(self) -> tuple[NetworkCard, ...]:
        return tuple(sorted(_merged(self._fresh(self._networks)), key=lambda item: (item.order, item.id)))

    def errors(self) -> Mapping[str, str]:
        self._refresh()
        return {name: error for file_set in self._file_sets for name, error in file_set.errors().items()}

    @property
    def _file_sets(self) -> tuple[_FileSet[Any], ...]:
        shelves = (self._exports, self._platforms, self._templates, self._chips, self._providers)
        return (*shelves, self._readers, self._networks, self._recipes)

    def _fresh(self, file_set: _FileSet[M]) -> list[dict[str, M]]:
        self._refresh()
        return file_set.layers()

    def _refresh(self) -> None:
        with self._lock:
            if self._clock() < self._due:
                return
            self._due = self._clock() + RECHECK_SECONDS
            for file_set in self._file_sets:
                file_set.refresh()


def write_schemas(folder: Path) -> None:
    """Write the JSON schemas of all catalog files into a folder."""
    for name, shape in SCHEMAS.items():
        schema = json.dumps(shape.model_json_schema(by_alias=True), indent=2, ensure_ascii=False)
        (folder / name).write_text(schema + "\n", "utf-8")


def _merged(layers: list[dict[str, M]]) -> list[M]:
    return list({name: item for layer in layers for name, item in layer.items()}.values())


def _explain(error: Exception) -> str:
    """Summarise up to three validation errors with their locations, without quoting the file."""
    if isinstance(error, ValidationError):
        errors = error.errors(include_url=False, include_input=False, include_context=False)
        messages = [f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in errors[:3]]
        more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
        return "; ".join(messages) + more
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return "the file is not UTF-8"
    if isinstance(error, RecursionError):
        return "the file is nested too deeply"
    if isinstance(error, OSError):
        return f"the file cannot be read: {error.strerror}"
    return str(error)
