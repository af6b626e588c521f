"""Turns of one session with a scripted maker of pictures, on a studio without workers."""

import asyncio
import io
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from typing import Any

from PIL import Image

from stillroom.application.jobs.generation import Generation
from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.orders import Order
from stillroom.application.sessions import WishList
from stillroom.bootstrap import Studio
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan
from stillroom.domain.plans.wishes import Wish, WishEdit
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    CallEnd,
    GeneratedPicture,
    GenerationRequest,
    Journal,
    Notice,
    Operation,
    ProviderEvent,
    Wanted,
)
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant
from stillroom.storage.blobs import BlobStore
from tests.integration.storage.rows import ANNA, an_edit, room

SHADE = 40
"""Red of the first candidate, 0..255; the others have multiples of it."""


async def _nothing() -> None:
    """Happens before most pictures."""


class PlainMaker:
    """Makes a tiny picture of every plan after a signal, and records its requests."""

    def __init__(self) -> None:
        self.measures = Measures()
        self.asked: list[GenerationRequest] = []
        self.has_begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()
        self.before_picture: Callable[[], Awaitable[None]] = _nothing
        self.shade_of_preview: int | None = None
        self.notice: Notice | None = None

    async def generate(
        self,
        request: GenerationRequest,
        journal: Journal,
    ) -> AsyncGenerator[ProviderEvent]:
        """One after the other."""
        self.asked.append(request)
        self.has_begun.set()
        await self.may_end.wait()
        if self.shade_of_preview is not None and request.wants_preview:
            first = replace(request.wanted[0], ordinal=PREVIEW_ORDINAL)
            yield plain_picture(first, self.shade_of_preview, Measures())
        for wanted in request.wanted:
            call = await journal.begin("plain", "plain/plain", 0)
            assert call is not None, "nothing has a price here"
            await self.before_picture()
            if self.notice is not None:
                yield self.notice
            yield plain_picture(wanted, SHADE * wanted.ordinal, self.measures)
            await journal.end(call, CallEnd("ok"))


def plain_picture(wanted: Wanted, shade: int, measures: Measures) -> GeneratedPicture:
    """A picture of one colour; `shade` is its red, 0..255."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (shade, 90, 120)).save(file, "PNG")
    plan = CarriedOutPlan.of(wanted.plan)
    picture = file.getvalue()
    return GeneratedPicture(
        wanted.ordinal, picture, None, 64, 64, plan, measures, "plain/plain", on_white=picture
    )


class Turns:
    """A session of Anna's, and a studio whose jobs are done when the test says so."""

    def __init__(
        self,
        studio: Studio,
        generation: Generation,
        session: Session,
        maker: PlainMaker,
        blobs: BlobStore,
    ) -> None:
        self.studio = studio
        self.generation = generation
        self.session = session
        self.maker = maker
        self.blobs = blobs

    async def turn(self, prompt: str, base: Variant | None = None, **more: Any) -> Variant:
        """Submit, do the work, and give back the first picture."""
        await self.submit(prompt, base, **more)
        return await self.work()

    async def submit(self, prompt: str, base: Variant | None = None, **more: Any) -> None:
        operation = Operation.BG_REPLACE if base is None else Operation.REFINE
        order = Order(self.session.id, operation, prompt, 1, variant_id=base.id if base else None)
        await self.studio.jobs.submit(Order(**{**_fields(order), **more}), ANNA)

    async def work(self) -> Variant:
        [job] = map(an_edit, await self.studio.work.lifecycle.claim("w1", room()))
        await self.generation.run(job, WorkerSlot())
        return (await self.studio.jobs.view(job.id, ANNA)).variants[0]

    async def wishes(self, of: Variant | None = None) -> list[str]:
        return [wish.text for wish in await self.list_of(of)]

    async def list_of(self, of: Variant | None = None) -> tuple[Wish, ...]:
        context = (await self.studio.sessions.view(self.session.id, ANNA)).session.context
        return context.wishes if of is None else context.paths[of.job_id]

    async def edit(
        self, *lines: WishEdit, of: Variant | None = None, seen: frozenset[str] | None = None
    ) -> None:
        edited = WishList(lines, None if of is None else of.id, seen)
        await self.studio.sessions.change(self.session.id, ANNA, {"wishes": edited})

    async def notices(self, variant: Variant) -> list[tuple[str, dict[str, Any]]]:
        events = [event async for event in self.studio.events.follow(variant.job_id, 0)]
        return [(event.data["code"], event.data["params"]) for event in events if event.type == "log"]


def _fields(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in Order.__slots__}
