"""The golden set as files: photos, masks, the manifest, and what is expected of each picture."""

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.evaluation.runs import GoldenEntry

_MANIFEST, _EXPECTATIONS = "golden.json", "expectations.json"


class GoldenSet:
    """Photos with the truth about them, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Read the manifest.

        Raises:
            NotFound: There is no golden set.
            ValidationFailed: Its manifest cannot be read.
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
        """The photo's file, as a seller would upload it."""
        return (self._folder / entry.file).read_bytes()

    def mask(self, entry: GoldenEntry) -> bytes:
        """The mask's file."""
        return (self._folder / entry.mask).read_bytes()

    def sha256(self) -> str:
        """Of everything that the figures depend on."""
        digest = hashlib.sha256()
        for name in (_MANIFEST, _EXPECTATIONS):
            digest.update((self._folder / name).read_bytes())
        for entry in self.entries:
            digest.update(self.photo(entry))
            digest.update(self.mask(entry))
        return digest.hexdigest()
