"""Notices of a job: each is sent once, also over several attempts."""

import pytest

from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.providers.requests import Notice
from tests.integration.application.turns import Turns
from tests.integration.storage.rows import an_edit, room

pytestmark = pytest.mark.anyio


async def test_a_second_attempt_repeats_no_notice(turns: Turns) -> None:
    async def fail() -> None:
        raise StorageUnavailable

    makes_pictures, turns.maker.before_picture = turns.maker.before_picture, fail
    await turns.submit("暖一点，独角兽")
    lifecycle = turns.studio.work.lifecycle
    [job] = map(an_edit, await lifecycle.claim("w1", room()))
    with pytest.raises(StorageUnavailable):
        await turns.generation.run(job, WorkerSlot())
    await lifecycle.release(job)
    turns.maker.before_picture = makes_pictures
    picture = await turns.work()
    assert [code for code, _ in await turns.notices(picture)] == ["NOT_UNDERSTOOD"]


async def test_a_notice_of_several_providers_or_pictures_is_sent_once(turns: Turns) -> None:
    turns.maker.notice = Notice.of("SHADOW_NEEDS_BACKGROUND")
    picture = await turns.turn("white", candidates=3)
    assert [code for code, _ in await turns.notices(picture)] == ["SHADOW_NEEDS_BACKGROUND"]
