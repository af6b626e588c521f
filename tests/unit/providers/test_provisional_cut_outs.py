"""Provisional cut-outs: who is handed the one under way, and what the stream and the router make of it."""

import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import anyio
import anyio.lowlevel
import pytest

from stillroom.domain.errors import ProviderUnavailable
from stillroom.domain.mattes import FoundMatte
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    GeneratedPicture,
    GenerationRequest,
    ProviderEvent,
    Stage,
    StageReached,
)
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import Picture
from stillroom.imaging.scene.product import Product
from stillroom.providers.cutouts.cut_out import (
    ProductCutOut,
    ProvisionalCutOut,
    Report,
    cut_out_in_thread,
)
from stillroom.providers.cutouts.waiting import WaitingList
from tests.unit.imaging.scenes import ball
from tests.unit.providers.scripted import ScriptedProvider, Studio, picture, request

pytestmark = pytest.mark.anyio

ONE, OTHER = "1" * 64, "2" * 64


def a_product(photo: Picture | None = None) -> Product:
    photo = ball(40, 10, light=(0.0, 0.2, 1.0)) if photo is None else photo
    return Product(photo, Matte(photo[..., 0], (0, 0, 40, 40), "red", None, 0.0))


def cut_out(product: Product) -> ProductCutOut:
    return ProductCutOut(FoundMatte(bytes, "red", 1.0, 0.0), product)


def test_jobs_waiting_for_a_photo_receive_its_provisional_product() -> None:
    waiting, product = WaitingList(), a_product()
    early: list[Product] = []
    late: list[Product] = []
    others: list[Product] = []
    with waiting.for_photo(ONE, early.append), waiting.for_photo(OTHER, others.append):
        with waiting.offering(ONE) as offer:
            assert early == []
            offer(product)
            with waiting.for_photo(ONE, late.append):
                assert (early, late, others) == ([product], [product], [])
        with waiting.for_photo(ONE, others.append):
            assert others == [], "the cut-out is complete"


def test_a_cut_out_gives_way_only_to_a_job_for_another_photo() -> None:
    waiting = WaitingList()
    with waiting.for_photo(ONE):
        assert not waiting.is_for_another(ONE)
        assert waiting.is_for_another(OTHER)
    assert not waiting.is_for_another(OTHER)


async def test_stream_yields_the_provisional_product_while_the_thread_still_works() -> None:
    waiting, product = WaitingList(), a_product()
    was_shown = threading.Event()

    def work(report: Report) -> ProductCutOut:
        report(StageReached(Stage.MATTE, 0.1))
        with waiting.offering(ONE) as offer:
            offer(product)
            assert was_shown.wait(10)
        return cut_out(product)

    names = []
    stream = cut_out_in_thread(work, anyio.CapacityLimiter(1), lambda told: waiting.for_photo(ONE, told))
    async for event in stream:
        names.append(type(event))
        if isinstance(event, ProvisionalCutOut):
            was_shown.set()
    assert names == [StageReached, ProvisionalCutOut, ProductCutOut]


async def test_provisional_product_is_dropped_once_there_is_the_final_one() -> None:
    waiting, product, limiter = WaitingList(), a_product(), anyio.CapacityLimiter(1)

    def work(report: Report) -> ProductCutOut:
        report(StageReached(Stage.MATTE, 0.1))
        with waiting.offering(ONE) as offer:
            offer(product)
        return cut_out(product)

    names = []
    async for event in cut_out_in_thread(work, limiter, lambda told: waiting.for_photo(ONE, told)):
        names.append(type(event))
        if isinstance(event, StageReached):
            # Free again when the thread has ended.
            async with limiter:
                await anyio.wait_all_tasks_blocked()
    assert names == [StageReached, ProductCutOut]


class EarlyLocal(ScriptedProvider):
    """Shows the first candidate before its cut-out is complete."""

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
        yield picture(self.name, replace(request.wanted[0], ordinal=PREVIEW_ORDINAL))
        async for event in super().generate(request):
            yield event


async def test_preview_of_the_local_provider_takes_the_place_of_no_candidate() -> None:
    studio = Studio(EarlyLocal("local"))
    assert await studio.make() == {0: "local", 1: "local", 2: "local", 3: "local"}
    assert studio.journal.outcomes("local") == [("ok", None)]


async def test_cancelled_request_ends_the_work_behind_a_preview() -> None:
    class Endless(ScriptedProvider):
        is_working = False

        async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
            self.is_working = True
            try:
                yield picture(self.name, replace(request.wanted[0], ordinal=PREVIEW_ORDINAL))
            finally:
                await anyio.lowlevel.checkpoint()
                self.is_working = False

    local = Endless("local")
    studio = Studio(local)
    async with aclosing(studio.router.generate(request(1), studio.journal)) as events:
        assert isinstance(await anext(events), GeneratedPicture)
        assert local.is_working
    assert not local.is_working


async def test_call_that_delivers_nothing_but_a_preview_fails() -> None:
    studio = Studio(EarlyLocal("local", 0))
    with pytest.raises(ProviderUnavailable):
        await studio.make()
    assert ("failed", "no_image") in studio.journal.outcomes("local")
