"""Housekeeping: deletes expired and orphaned data, also when several processes sweep at once."""

import asyncio
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from stillroom.application.housekeeping import ORPHAN_EXPORT_HOURS, ORPHAN_HOURS, UNUSED_HOURS, Housekeeping
from stillroom.domain.assets import Asset
from stillroom.domain.errors import Conflict, NotFound
from stillroom.domain.ids import OwnerId
from stillroom.imaging.cutout.matte import Matte
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.blobs import BlobStore
from tests.integration.application.job_services import JobServices, now, open_job_services
from tests.integration.storage.rows import (
    ANNA,
    BORIS,
    a_session,
    a_variant,
    an_asset,
    an_export,
    an_owner,
    queued_jobs,
    stored_session,
)

pytestmark = pytest.mark.anyio

JPEG = "image/jpeg"


def sweeper_of(services: JobServices, folder: Path) -> Housekeeping:
    """One process, with the blobs and cut-outs of a folder."""
    return Housekeeping(
        services.transactions, BlobStore(str(folder / "blobs")), now, Cutouts(folder / "cutouts")
    )


def age(folder: Path, hours: float = ORPHAN_HOURS + 1) -> None:
    """Make all files so old."""
    long_ago = time.time() - hours * 3600
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))


async def test_sweep_deletes_only_unreferenced_blobs(services: JobServices, tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    blobs = BlobStore(str(folder))
    (job,) = await queued_jobs(services.transactions, await stored_session(services.transactions), 0)
    variant = a_variant(job)
    variant = replace(variant, white_key=f"variants/{variant.id}.white.png")
    async with services.transactions() as tx:
        await tx.variants.add(variant)
    named = variant.blob_keys
    orphans = ["variants/var_lost.png", "assets/ast_lost.thumb.webp", "exports/exp_lost.jpg", "probe/00ff"]
    unknown = ["elsewhere/something.bin"]
    for key in [*named, *orphans, *unknown]:
        await blobs.put(key, b"bytes", JPEG)
    (folder / "variants" / f"{variant.id}.png#3").write_bytes(b"hal")
    age(folder)
    await blobs.put("variants/var_young.png", b"its row is about to come", JPEG)

    sweepers = [sweeper_of(services, tmp_path) for _ in range(3)]
    swept = await asyncio.gather(*(sweeper.sweep_orphans() for sweeper in sweepers))
    assert max(swept) == len(orphans) + 1
    for key in [*named, *unknown, "variants/var_young.png"]:
        assert await blobs.get(key)
    for key in orphans:
        with pytest.raises(NotFound):
            await blobs.get(key)
    assert not list(folder.rglob("*#*"))


async def test_export_files_left_by_a_crash_are_deleted_after_an_hour(
    services: JobServices, tmp_path: Path
) -> None:
    folder = tmp_path / "blobs"
    blobs = BlobStore(str(folder))
    (job,) = await queued_jobs(services.transactions, await stored_session(services.transactions), 0)
    variant = a_variant(job)
    export = an_export(variant, ANNA, datetime.now(UTC))
    async with services.transactions() as tx:
        await tx.variants.add(variant)
        await tx.exports.add(export)
    others = ["variants/var_lost.png", "exports2/exp_other.jpg"]
    for key in [export.blob_key, "exports/exp_lost.jpg", *others]:
        await blobs.put(key, b"bytes", JPEG)
    age(folder, ORPHAN_EXPORT_HOURS + 0.1)
    await blobs.put("exports/exp_young.jpg", b"its row is about to come", JPEG)
    assert await sweeper_of(services, folder.parent).sweep_orphan_exports() == 1
    for key in [export.blob_key, "exports/exp_young.jpg", *others]:
        assert await blobs.get(key)
    with pytest.raises(NotFound):
        await blobs.get("exports/exp_lost.jpg")


async def test_expired_exports_are_deleted_with_their_files(services: JobServices, tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    (job,) = await queued_jobs(services.transactions, await stored_session(services.transactions), 0)
    variant = a_variant(job)
    long_ago = datetime.now(UTC) - timedelta(hours=30)
    expired = [an_export(variant, ANNA, long_ago) for _ in range(250)]
    fresh = an_export(variant, ANNA, datetime.now(UTC))
    async with services.transactions() as tx:
        await tx.variants.add(variant)
        for export in [*expired, fresh]:
            await tx.exports.add(export)
    for export in [expired[0], fresh]:
        await blobs.put(export.blob_key, b"file", JPEG)
    sweepers = [sweeper_of(services, tmp_path) for _ in range(3)]
    swept = await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))
    assert sum(one.exports for one in swept) == len(expired)
    assert await blobs.get(fresh.blob_key) == b"file"
    with pytest.raises(NotFound):
        await blobs.get(expired[0].blob_key)


async def test_idempotency_keys_are_deleted_after_a_day(services: JobServices, tmp_path: Path) -> None:
    await stored_session(services.transactions)
    async with services.transactions() as tx:
        for key, hours in (("old", 25), ("young", 23)):
            kept_at = datetime.now(UTC) - timedelta(hours=hours)
            await tx.idempotency.reserve(ANNA, key, "hash", "job_1", kept_at)
    swept = await sweeper_of(services, tmp_path).sweep()
    assert swept.keys == 1
    async with services.transactions(read_only=True) as tx:
        assert await tx.idempotency.find(ANNA, "old") is None
        assert await tx.idempotency.find(ANNA, "young") is not None


def brought(hours_ago: float, number: int = 0, owner_id: OwnerId = ANNA) -> Asset:
    """A photo that was taken in so long ago."""
    asset = an_asset(owner_id, sha256=f"{number:064x}")
    return replace(asset, created_at=datetime.now(UTC) - timedelta(hours=hours_ago))


async def kept(services: JobServices, asset: Asset) -> bool:
    """Whether it is still there."""
    async with services.transactions(read_only=True) as tx:
        try:
            return await tx.assets.get(asset.id, asset.owner_id) == asset
        except NotFound:
            return False


async def test_unused_photos_are_deleted_after_a_day(services: JobServices, tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    left = [brought(UNUSED_HOURS + 1, number) for number in range(250)]
    of_boris = brought(UNUSED_HOURS + 1, 1, BORIS)
    young, used = brought(UNUSED_HOURS - 1, 300), brought(UNUSED_HOURS + 1, 301)
    async with services.transactions() as tx:
        for owner_id in (ANNA, BORIS):
            await tx.owners.add(an_owner(owner_id))
        for asset in [*left, of_boris, young, used]:
            await tx.assets.add(asset)
        for asset in (used, of_boris):
            await tx.sessions.add(a_session(asset))
    for asset in [left[0], of_boris, young, used]:
        for key in (asset.blob_key, asset.thumb_key):
            await blobs.put(key, b"file", JPEG)
    sweepers = [sweeper_of(services, tmp_path) for _ in range(3)]
    swept = await asyncio.gather(*(sweeper.sweep_photos() for sweeper in sweepers))
    assert sum(swept) == len(left)
    assert not any([await kept(services, asset) for asset in left])
    for key in (left[0].blob_key, left[0].thumb_key):
        with pytest.raises(NotFound):
            await blobs.get(key)
    for asset in (of_boris, young, used):
        assert await kept(services, asset)
        for key in (asset.blob_key, asset.thumb_key):
            assert await blobs.get(key)


async def test_repeated_upload_extends_the_life_of_a_photo(services: JobServices, tmp_path: Path) -> None:
    old, again = brought(UNUSED_HOURS + 1), brought(0)
    async with services.transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
        await tx.assets.add(old)
        stored = await tx.assets.add(again)
    assert stored.id == old.id
    assert await sweeper_of(services, tmp_path).sweep_photos() == 0
    assert await kept(services, stored)


async def test_session_opened_during_the_sweep_keeps_its_photo_or_is_refused(
    services: JobServices, tmp_path: Path
) -> None:
    photos = [brought(UNUSED_HOURS + 1, number) for number in range(60)]
    async with services.transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
        for photo in photos:
            await tx.assets.add(photo)

    async def begin(photo: Asset) -> bool:
        try:
            async with services.transactions() as tx:
                await tx.assets.get(photo.id, ANNA)
                await tx.sessions.add(a_session(photo))
        except (NotFound, Conflict):
            return False
        return True

    sweeper = sweeper_of(services, tmp_path)
    begun = asyncio.gather(*(begin(photo) for photo in photos))
    swept = 0
    while not begun.done():
        swept += await sweeper.sweep_photos()
        await asyncio.sleep(0)
    assert swept == len(photos) - sum(await begun)
    for photo, is_begun in zip(photos, await begun, strict=True):
        assert await kept(services, photo) is is_begun


# SQLite has one writer, so that nothing can happen in between.
@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_sweep_skips_a_photo_that_a_session_is_being_opened_on(
    database_url: str, tmp_path: Path
) -> None:
    photo, other = brought(UNUSED_HOURS + 1, 1), brought(UNUSED_HOURS + 1, 2)
    async with open_job_services(database_url, tmp_path) as services:
        async with services.transactions() as tx:
            await tx.owners.add(an_owner(ANNA))
            for asset in (photo, other):
                await tx.assets.add(asset)
        sweeper = sweeper_of(services, tmp_path)
        async with services.transactions() as tx:
            await tx.sessions.add(a_session(photo))
            assert await sweeper.sweep_photos() == 1
        assert await kept(services, photo)
        assert not await kept(services, other)


async def test_sweep_deletes_only_cut_outs_of_deleted_photos(services: JobServices, tmp_path: Path) -> None:
    here, gone = brought(0, 1), brought(0, 2)
    async with services.transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
        await tx.assets.add(here)
    kept = Cutouts(tmp_path / "cutouts")
    matte = Matte(np.full((8, 8), 255, np.uint8), (0, 0, 8, 8), "u2netp", None, 0.0, 0.0)
    for asset in (here, gone):
        kept.store(asset.sha256, "u2netp", matte)
        kept.store(f"{asset.sha256}-0-0-4-4", "u2netp", matte)
    assert await sweeper_of(services, tmp_path).sweep_traces() == 1
    assert kept.photos() == {here.sha256}
    assert kept.matte(f"{here.sha256}-0-0-4-4", "u2netp") is not None
    assert await sweeper_of(services, tmp_path).sweep_traces() == 0
