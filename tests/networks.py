"""Networks of the packaged catalogue, for tests that name one."""

from pathlib import Path

from stillroom.imaging.cutout.networks import NetworkSpec, spec_of
from stillroom.providers.weights.folder import WeightsFolder
from stillroom.storage.catalog import FileCatalogue

PACKAGED = FileCatalogue().networks()


def packaged_weights(folder: Path) -> WeightsFolder:
    """Return the folder of their weights."""
    return WeightsFolder(folder, PACKAGED)


def _packaged(name: str) -> NetworkSpec:
    spec = spec_of(next(card for card in PACKAGED if card.id == name))
    assert spec is not None  # without a limit of memory every side fits
    return spec


ISNET = _packaged("isnet-1024")
U2NETP = _packaged("u2netp")
