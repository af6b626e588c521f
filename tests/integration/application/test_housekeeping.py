"""Clearing away: what has had its time goes, what is needed or new stays, however many sweep at once."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stillroom.application.housekeeping import ORPHAN_HOURS, Housekeeping
from stillroom.domain.errors import NotFound
from stillroom.storage.blobs import BlobStore
from tests.integration.application.desk import Desk, now, open_desk
from tests.integration.storage.rows import ANNA, a_variant, an_export, moved_in, queued

pytestmark = pytest.mark.anyio

JPEG = "image/jpeg"


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """One process."""
    async with open_desk(database_url, tmp_path) as desk:
        yield desk


def age(folder: Path) -> None:
    """Make all files older than what is left alone."""
    long_ago = time.time() - (ORPHAN_HOURS + 1) * 3600
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))


async def test_blobs_that_no_row_names_go_and_all_others_stay(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    blobs = BlobStore(str(folder))
    (job,) = await queued(desk.transactions, await moved_in(desk.transactions), 0)
    variant = a_variant(job)
    async with desk.transactions() as tx:
        await tx.variants.add(variant)
    named = [variant.blob_key, variant.thumb_key, str(variant.matte_key)]
    orphans = ["variants/var_lost.png", "assets/ast_lost.thumb.webp", "exports/exp_lost.jpg", "probe/00ff"]
    unknown = ["elsewhere/something.bin"]
    for key in [*named, *orphans, *unknown]:
        await blobs.put(key, b"bytes", JPEG)
    (folder / "variants" / f"{variant.id}.png#3").write_bytes(b"hal")
    age(folder)
    await blobs.put("variants/var_young.png", b"its row is about to come", JPEG)

    sweepers = [Housekeeping(desk.transactions, blobs, now) for _ in range(3)]
    swept = await asyncio.gather(*(sweeper.sweep_orphans() for sweeper in sweepers))
    assert max(swept) == len(orphans) + 1
    for key in [*named, *unknown, "variants/var_young.png"]:
        assert await blobs.get(key)
    for key in orphans:
        with pytest.raises(NotFound):
            await blobs.get(key)
    assert not list(folder.rglob("*#*"))


async def test_expired_exports_go_once_with_their_files(desk: Desk, tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    (job,) = await queued(desk.transactions, await moved_in(desk.transactions), 0)
    variant = a_variant(job)
    long_ago = datetime.now(UTC) - timedelta(hours=30)
    expired = [an_export(variant, ANNA, long_ago) for _ in range(250)]
    fresh = an_export(variant, ANNA, datetime.now(UTC))
    async with desk.transactions() as tx:
        await tx.variants.add(variant)
        for export in [*expired, fresh]:
            await tx.exports.add(export)
    for export in [expired[0], fresh]:
        await blobs.put(export.blob_key, b"file", JPEG)
    sweepers = [Housekeeping(desk.transactions, blobs, now) for _ in range(3)]
    swept = await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))
    assert sum(one.exports for one in swept) == len(expired)
    assert await blobs.get(fresh.blob_key) == b"file"
    with pytest.raises(NotFound):
        await blobs.get(expired[0].blob_key)


async def test_keys_are_forgotten_after_a_day(desk: Desk, tmp_path: Path) -> None:
    await moved_in(desk.transactions)
    async with desk.transactions() as tx:
        for key, hours in (("old", 25), ("young", 23)):
            kept_at = datetime.now(UTC) - timedelta(hours=hours)
            await tx.idempotency.reserve(ANNA, key, "hash", "job_1", kept_at)
    swept = await Housekeeping(desk.transactions, BlobStore(str(tmp_path / "blobs")), now).sweep()
    assert swept.keys == 1
    async with desk.transactions(read_only=True) as tx:
        assert await tx.idempotency.find(ANNA, "old") is None
        assert await tx.idempotency.find(ANNA, "young") is not None
