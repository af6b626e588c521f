"""Golden set on disk: photos, masks, the manifest and the expectations of each case."""

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.evaluation.golden.runs import GoldenEntry

_MANIFEST, _EXPECTATIONS = "golden.json", "expectations.json"


class GoldenSet:
    """Golden set in a folder: photos with ground truth."""

    def __init__(self, folder: Path) -> None:
        """Read the manifest.

        Raises:
            NotFound: The folder contains no golden set.
            ValidationFailed: The manifest is unreadable.
        """
        self._folder = folder
        try:
            facts = json.loads((folder / _MANIFEST).read_text("utf-8"))
            expected = json.loads((folder / _EXPECTATIONS).read_text("utf-8"))
            self.entries = tuple(
                GoldenEntry.model_validate({**fact, "expect": expected.get(fact["name"], {})})
                for fact in facts
            )
        except FileNotFoundError as error:
            raise NotFound(
                f"There is no golden set in {folder}; run this in a copy of the repository, or use --golden."
            ) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
            raise ValidationFailed(f"The manifest in {folder} cannot be read.") from error

    def photo(self, entry: GoldenEntry) -> bytes:
        return (self._folder / entry.file).read_bytes()

    def mask(self, entry: GoldenEntry) -> bytes:
        return (self._folder / entry.mask).read_bytes()

    def sha256(self) -> str:
        """Hash everything that the measures depend on: manifest, expectations, photos and masks."""
        digest = hashlib.sha256()
        for name in (_MANIFEST, _EXPECTATIONS):
            digest.update((self._folder / name).read_bytes())
        for entry in self.entries:
            digest.update(self.photo(entry))
            digest.update(self.mask(entry))
        return digest.hexdigest()
