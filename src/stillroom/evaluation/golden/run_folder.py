"""Run storage: one folder per golden-set run, readable while another run is in progress."""

import re
from datetime import datetime
from itertools import islice
from pathlib import Path

import structlog
from pydantic import ValidationError

from stillroom.domain.errors import NotFound
from stillroom.evaluation.files import write_atomically
from stillroom.evaluation.golden.runs import CaseResult, Run, RunHeader

_RUN, _PICTURES = "run.json", "pictures"
_ID = re.compile(r"^[a-z0-9-]{1,60}$")
_PICTURE = re.compile(r"^[a-z0-9_]{1,60}(\.[a-z]{1,10})?$")

log = structlog.get_logger(__name__)


class GoldenRunFolder:
    """Golden-set runs below one folder, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def latest(self, limit: int) -> tuple[Run, ...]:
        """Return finished runs, newest first; unreadable ones are skipped."""
        # Ids begin with the start time.
        ids = sorted((path.name for path in self._folder.glob("*") if _ID.match(path.name)), reverse=True)
        runs = (run for run_id in ids if (run := self._read(run_id)) is not None)
        return tuple(islice(runs, limit))

    def get(self, run_id: str) -> Run:
        """Return one finished run. Raises NotFound."""
        run = self._read(run_id) if _ID.match(run_id) else None
        if run is None:
            raise NotFound(f"No run {run_id}.")
        return run

    def picture(self, run_id: str, name: str) -> bytes:
        """Return a WebP picture of a run by its name, such as `mug_kitchen.source`. Raises NotFound."""
        if not _ID.match(run_id) or not _PICTURE.match(name):
            raise NotFound(f"No picture {name}.")
        try:
            return (self._folder / run_id / _PICTURES / f"{name}.webp").read_bytes()
        except OSError as error:
            raise NotFound(f"No picture {name}.") from error

    def write_text(self, run_id: str, name: str, text: str) -> None:
        write_atomically(self._folder / run_id / name, text)

    def begin(self, header: RunHeader) -> "RunLog":
        folder = self._folder / header.id
        folder.mkdir(parents=True)
        (folder / _PICTURES).mkdir()
        return RunLog(folder, header)

    def _read(self, run_id: str) -> Run | None:
        path = self._folder / run_id / _RUN
        try:
            return Run.model_validate_json(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):
            log.warning("golden_run_unreadable", run=run_id)
            return None


class RunLog:
    """Run in progress."""

    def __init__(self, folder: Path, header: RunHeader) -> None:
        self.folder = folder
        self.header = header
        self.results: list[CaseResult] = []

    def store_picture(self, name: str, data: bytes) -> None:
        """Store a WebP picture under a name such as `mug_kitchen.source`."""
        (self.folder / _PICTURES / f"{name}.webp").write_bytes(data)

    def finish(self, at: datetime, load_average: float | None) -> Run:
        """Finish the run, which makes it visible."""
        run = Run(header=self.header, finished_at=at, load_average=load_average, results=tuple(self.results))
        write_atomically(self.folder / _RUN, run.model_dump_json(indent=1))
        return run


def run_in(path: Path) -> Run:
    """Read a run from a file outside the folder. Raises NotFound."""
    try:
        return Run.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValidationError) as error:
        raise NotFound(f"There is no run in {path}.") from error
