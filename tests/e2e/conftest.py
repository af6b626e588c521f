"""A running studio, and real photos."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.studio_process import StudioProcess

GOLDEN = Path(__file__).parents[2] / "golden" / "images"


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of the golden photos."""
    return GOLDEN


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[StudioProcess]:
    """One running studio for the module."""
    with StudioProcess(tmp_path_factory.mktemp("studio"), weights_folder) as running:
        yield running
