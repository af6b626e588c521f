"""The cut-out as an async stream: events of the worker thread, then the product."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

import anyio

from stillroom.domain.providers.requests import Notice, StageReached, SubjectFound
from stillroom.imaging.scene.product import Product
from stillroom.providers.threads import in_thread

Report = Callable[[StageReached | Notice], None]
"""Write end of the stream, for the blocking code of a cut-out; called from any thread."""


@dataclass(frozen=True, slots=True)
class ProductCutOut(SubjectFound):
    """Provider event: the product was cut out, with the photo and its measurements."""

    product: Product


@dataclass(frozen=True, slots=True)
class ProvisionalCutOut:
    """The product before the second opinion on its matte; not measured yet."""

    product: Product


CutOutEvent = StageReached | Notice | ProductCutOut

Subscribe = Callable[[Callable[[Product], None]], AbstractContextManager[None]]
"""Subscription to the provisional product of one photo; called back from any thread."""


async def cut_out_in_thread(
    work: Callable[[Report], ProductCutOut], limiter: anyio.CapacityLimiter, subscribe: Subscribe
) -> AsyncGenerator[CutOutEvent | ProvisionalCutOut]:
    """Run a blocking cut-out in a thread; yield its events as they arrive and its result last.

    A provisional product also comes from another thread that cuts out the same photo and is waited for.
    """
    loop = asyncio.get_running_loop()
    reports: asyncio.Queue[StageReached | Notice | ProvisionalCutOut | None] = asyncio.Queue()

    def report(event: StageReached | Notice | ProvisionalCutOut) -> None:
        loop.call_soon_threadsafe(reports.put_nowait, event)

    with subscribe(lambda product: report(ProvisionalCutOut(product))):
        working = asyncio.create_task(in_thread(partial(work, report), limiter))
        working.add_done_callback(lambda _: reports.put_nowait(None))
        try:
            while (event := await reports.get()) is not None:
                # Nobody needs the provisional product once there is the final one.
                if not (isinstance(event, ProvisionalCutOut) and working.done()):
                    yield event
            yield await working
        finally:
            working.cancel()
            await asyncio.wait([working])
