"""Rows of a batch on the command line."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stillroom.bootstrap import Studio
from stillroom.cli.batches.rows import RowRunner
from stillroom.cli.batches.table import row_of_photo
from stillroom.cli.edit import OutFolder
from stillroom.domain.batches.batches import ItemStatus
from stillroom.domain.batches.recipes import Choices

pytestmark = pytest.mark.anyio

COST_MICRO_USD = 33_600


async def _at_once(value: Any) -> Any:
    return value


async def _nothing_new(*_: object) -> AsyncIterator[object]:
    return
    yield


def paid_studio() -> Studio:
    """A studio whose batches have ended with one picture that was paid for."""
    view = SimpleNamespace(batch=SimpleNamespace(id="bat_1"), cost_micro_usd=COST_MICRO_USD)
    item = SimpleNamespace(
        variant_id="var_1",
        job_id="job_1",
        session_id="ses_1",
        status=ItemStatus.SUCCEEDED,
        quality=0.9,
        warnings=(),
    )
    variant = SimpleNamespace(id="var_1", model="gemini/nano")
    requests = SimpleNamespace(
        create=lambda *_: _at_once(SimpleNamespace(view=view)),
        items=lambda *_: _at_once(SimpleNamespace(items=[item])),
        view=lambda *_: _at_once(view),
    )
    intake = SimpleNamespace(
        upload=lambda *_, **__: _at_once(SimpleNamespace(asset=SimpleNamespace(id="ast_1")))
    )
    studio = SimpleNamespace(
        batches=SimpleNamespace(requests=requests, events=SimpleNamespace(follow=_nothing_new)),
        photos=SimpleNamespace(
            intake=intake, selection=SimpleNamespace(fetch=lambda *_: _at_once(b"picture"))
        ),
        jobs=SimpleNamespace(view=lambda *_: _at_once(SimpleNamespace(variants=(variant,)))),
        sessions=SimpleNamespace(delete=lambda *_: _at_once(None)),
    )
    return cast(Studio, studio)


async def test_row_whose_file_cannot_be_written_keeps_its_cost(tmp_path: Path) -> None:
    (tmp_path / "out" / "mug.png").mkdir(parents=True)
    row = row_of_photo(1, tmp_path / "mug.jpg", Choices(operation="optimize"))
    result = await RowRunner(paid_studio(), OutFolder(tmp_path / "out", [])).run(row)
    assert result.error is not None
    assert (result.cost_usd, result.rows[0].cost_usd) == (0.0336, 0.0336)
