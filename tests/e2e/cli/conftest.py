"""A data folder whose networks are there already."""

from pathlib import Path

import pytest


@pytest.fixture
def data_dir(tmp_path: Path, weights_folder: Path) -> Path:
    """Holds the networks and nothing else."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "weights").symlink_to(weights_folder)
    return folder
