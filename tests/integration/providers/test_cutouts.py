"""The cache of cutouts: found again after a restart, made anew when damaged, never in the way."""

import resource
from pathlib import Path

import numpy as np
import pytest

from stillroom.imaging.cutout.matte import Matte
from stillroom.providers.cutouts import cache as cutouts
from stillroom.providers.cutouts.cache import Cutouts
from tests.unit.imaging.scenes import matte_of_disc, orange_ball


@pytest.mark.parametrize("agreement", [None, 0.93])
def test_cached_matte_survives_a_restart(tmp_path: Path, agreement: float | None) -> None:
    made = Matte(
        matte_of_disc().alpha, (3, 5, 263, 265), "isnet-1024", agreement, 0.04, 0.01, 0.2, leaves_crop=True
    )
    Cutouts(tmp_path / "cutouts").store("a" * 64, "isnet-1024", made)
    found = Cutouts(tmp_path / "cutouts").matte("a" * 64, "isnet-1024")
    assert found is not None
    assert np.array_equal(found.alpha, made.alpha)
    assert (found.box, found.model, found.agreement) == (made.box, made.model, made.agreement)
    assert (found.edge_share, found.see_through) == (made.edge_share, made.see_through)
    assert (found.undecided, found.doubts) == (made.undecided, made.doubts)


def test_cache_key_includes_photo_and_network(tmp_path: Path) -> None:
    cache = Cutouts(tmp_path)
    cache.store("a" * 64, "isnet-1024", matte_of_disc())
    assert cache.matte("b" * 64, "isnet-1024") is None
    assert cache.matte("a" * 64, "u2netp") is None


@pytest.mark.parametrize("damage", [b"", b"not an archive", b"PK\x03\x04cut short"])
def test_damaged_cache_file_is_replaced(tmp_path: Path, damage: bytes) -> None:
    cache = Cutouts(tmp_path)
    cache.store("a" * 64, "u2netp", matte_of_disc())
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(damage)
    assert cache.matte("a" * 64, "u2netp") is None
    cache.store("a" * 64, "u2netp", matte_of_disc())
    assert cache.matte("a" * 64, "u2netp") is not None


def test_unwritable_folder_disables_only_the_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = Cutouts(tmp_path / "file" / "cutouts")
    cache.store("a" * 64, "u2netp", matte_of_disc())
    assert cache.matte("a" * 64, "u2netp") is None


def test_oldest_mattes_are_evicted_first(tmp_path: Path) -> None:
    cache = Cutouts(tmp_path, on_disk=3)
    for number in range(5):
        cache.store(f"{number:064d}", "u2netp", matte_of_disc())
    assert len(list(tmp_path.glob("*.npz"))) == 3


def test_least_recently_used_product_is_evicted_from_memory(tmp_path: Path) -> None:
    cache = Cutouts(tmp_path)
    product = orange_ball()
    for number in range(cutouts.IN_MEMORY):
        cache.keep(str(number), "u2netp", product)
    assert cache.product("0", "u2netp") is product
    cache.keep("new", "u2netp", product)
    assert cache.product("1", "u2netp") is None
    assert cache.product("0", "u2netp") is product


def test_disk_that_fills_up_during_a_write_leaves_no_partial_matte(tmp_path: Path) -> None:
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))
    try:
        Cutouts(tmp_path).store("a" * 64, "u2netp", matte_of_disc())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))
    assert list(tmp_path.iterdir()) == []
