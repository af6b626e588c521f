"""Doing at once what several ask for at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

AT_MOST = 100
"""Items done at once; bounds a transaction."""


class Together(Generic[Item, Answer]):
    """Gathers what is asked for while the last round is under way, and does it in one round.

    Nothing waits for company: the first one begins at once.
    """

    def __init__(self, do: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]]) -> None:
        """Take what does several items; it gives back one answer for each, in their order."""
        self._do = do
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._doing: asyncio.Task[None] | None = None

    async def one(self, item: Item) -> Answer:
        """The answer for one item; raises what the round raised."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._doing is None:
            self._doing = asyncio.create_task(self._rounds())
        return await answer

    async def _rounds(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[:AT_MOST], self._waiting[AT_MOST:]
                await self._round(now)
        finally:
            self._doing = None

    async def _round(self, now: Sequence[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._do([item for item, _ in now])
        except Exception as error:  # noqa: BLE001 - handed to those who asked
            for _, future in now:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(now, answers, strict=True):
            # Whoever was canceled meanwhile waits no more.
            if not future.done():
                future.set_result(answer)
