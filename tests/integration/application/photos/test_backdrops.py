"""Own backdrops: who may use them, and how long they are kept."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stillroom.domain.assets import Asset
from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.turns import Turns
from tests.integration.storage.rows import ANNA, NOW, an_asset

pytestmark = pytest.mark.anyio


@pytest.fixture
async def meadow(turns: Turns, transactions: SqlTransactions) -> Asset:
    """A picture in Anna's library of backdrops."""
    asset = replace(an_asset(ANNA, "6a" * 32), backdrop_at=NOW)
    async with transactions() as tx:
        await tx.assets.add(asset)
    for key in (asset.blob_key, asset.thumb_key):
        await turns.blobs.put(key, b"a meadow", "image/jpeg")
    return asset


def on(asset: Asset) -> dict[str, dict[str, Any]]:
    return {"backdrop": {"kind": "picture", "image_id": asset.id}}


def files_of(asset: Asset, tmp_path: Path) -> list[bool]:
    return [(tmp_path / "blobs" / key).exists() for key in (asset.blob_key, asset.thumb_key)]


async def test_pictures_on_a_deleted_backdrop_can_be_refined_until_their_session_is_deleted(
    turns: Turns, meadow: Asset, tmp_path: Path
) -> None:
    first = await turns.turn("", changes=on(meadow))
    await turns.submit("", first, changes={"framing": {"x": 0.6}})
    library = turns.studio.photos.backdrops
    await library.remove(meadow.id, ANNA)
    assert (await library.list(ANNA, None, 24)).items == ()
    with pytest.raises(NotFound):
        await library.remove(meadow.id, ANNA)
    moved = await turns.work()
    await turns.turn("softer shadow", moved)
    await turns.turn("", moved, changes={"framing": {"x": 0.4}})
    assert [request.backdrop for request in turns.maker.asked] == [b"a meadow"] * 4
    assert files_of(meadow, tmp_path) == [True, True]
    await turns.studio.sessions.delete(turns.session.id, ANNA)
    assert files_of(meadow, tmp_path) == [False, False]


async def test_waiting_job_keeps_the_backdrop_that_is_deleted_before_it_starts(
    turns: Turns, meadow: Asset
) -> None:
    await turns.submit("", changes=on(meadow))
    await turns.studio.photos.backdrops.remove(meadow.id, ANNA)
    await turns.work()
    assert turns.maker.asked[-1].backdrop == b"a meadow"


async def test_photo_that_is_no_backdrop_is_refused_unless_the_session_uses_it(
    turns: Turns, meadow: Asset, transactions: SqlTransactions
) -> None:
    async with transactions() as tx:
        await tx.assets.drop_backdrop(meadow.id, ANNA)
    with pytest.raises(NotFound, match="kind=backdrop"):
        await turns.submit("", changes=on(meadow))
    async with transactions() as tx:
        await tx.assets.add(replace(meadow, backdrop_at=NOW))
    first = await turns.turn("", changes=on(meadow))
    async with transactions() as tx:
        await tx.assets.drop_backdrop(meadow.id, ANNA)
    await turns.turn("", first, changes={**on(meadow), "framing": {"x": 0.6}})


async def test_backdrop_without_a_picture_names_the_missing_field(turns: Turns) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await turns.submit("", changes={"backdrop": {"kind": "picture"}})
    [field] = refused.value.params["fields"]
    assert (field["field"], field["reason"]) == ("changes.backdrop.image_id", "missing")


async def test_backdrop_that_is_named_by_its_id_alone_is_used_and_checked(
    turns: Turns, meadow: Asset
) -> None:
    await turns.turn("", changes={"backdrop": {"image_id": meadow.id}})
    assert turns.maker.asked[-1].backdrop == b"a meadow"
    for prompt in ("", "warmer"):
        with pytest.raises(NotFound, match="kind=backdrop"):
            await turns.submit(prompt, changes={"backdrop": {"image_id": "ast_none"}})


async def test_a_field_of_another_backdrop_kind_is_refused_unless_the_words_may_choose_that_kind(
    turns: Turns,
) -> None:
    for backdrop in ({"view": "above"}, {"kind": "white", "image_id": "ast_none"}):
        with pytest.raises(ValidationFailed) as refused:
            await turns.submit("", changes={"backdrop": backdrop})
        assert [field["reason"] for field in refused.value.params["fields"]] == ["no_effect"]
    await turns.submit("on an oak table", changes={"backdrop": {"view": "above"}})


async def test_unused_backdrop_is_deleted_with_its_files_at_once(
    turns: Turns, meadow: Asset, tmp_path: Path
) -> None:
    await turns.turn("白底")
    await turns.studio.photos.backdrops.remove(meadow.id, ANNA)
    assert files_of(meadow, tmp_path) == [False, False]


async def test_deleting_a_session_keeps_backdrops_of_the_library(
    turns: Turns, meadow: Asset, tmp_path: Path
) -> None:
    await turns.turn("", changes=on(meadow))
    await turns.studio.sessions.delete(turns.session.id, ANNA)
    assert files_of(meadow, tmp_path) == [True, True]
