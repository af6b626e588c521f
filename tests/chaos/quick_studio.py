"""The studio's own processes with a quick maker of pictures, forked from one that has everything loaded."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import uvloop
from PIL import Image

from stillroom.bootstrap import Studio, open_studio
from stillroom.cli import serve
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan
from stillroom.domain.providers.requests import (
    CallEnd,
    GeneratedPicture,
    GenerationRequest,
    Journal,
    Notice,
    ProviderEvent,
    Stage,
    StageReached,
)
from stillroom.observability import Metrics, set_up_logging
from stillroom.settings import Settings, load

SECONDS_PER_PICTURE = 0.025
"""Unless the environment's `QUICK_SECONDS` says otherwise."""

PRICE_MICRO_USD = "QUICK_PRICE_MICRO_USD"
"""Variable of the environment: what a picture costs; nothing unless it is set."""

MADE_BY = "MADE_BY"
"""Code of the notice that says which process makes a picture."""


class QuickMaker:
    """Makes a plain picture for every candidate and logs its process id."""

    async def generate(self, request: GenerationRequest, journal: Journal) -> AsyncGenerator[ProviderEvent]:
        """One small picture after the other, each behind a call that is written down."""
        for wanted in request.wanted:
            yield StageReached(Stage.COMPOSE, wanted.ordinal / 5)
            yield Notice("info", MADE_BY, f"Made by {os.getpid()}.", {"process": os.getpid()})
            price = int(os.environ.get(PRICE_MICRO_USD, "0"))
            call = await journal.begin("quick", "quick/plain", price)
            assert call is not None, "there is no budget here"
            await asyncio.sleep(float(os.environ.get("QUICK_SECONDS", SECONDS_PER_PICTURE)))
            picture = io.BytesIO()
            Image.new("RGB", (64, 64), (40 * wanted.ordinal, 90, 120)).save(picture, "PNG")
            yield GeneratedPicture(
                ordinal=wanted.ordinal,
                picture=picture.getvalue(),
                matte=None,
                width=64,
                height=64,
                plan=CarriedOutPlan.of(wanted.plan),
                measures=Measures(),
                model="quick/plain",
            )
            await journal.end(call, CallEnd("ok", cost_micro_usd=price))


@asynccontextmanager
async def open_quick_studio(settings: Settings, metrics: Metrics) -> AsyncIterator[Studio]:
    """Open a studio that makes quick pictures and loads no networks."""
    async with open_studio(settings, metrics, keep_reserve=True, maker=QuickMaker()) as studio:
        yield replace(studio, warm_up=_nothing_to_warm)


async def _nothing_to_warm() -> None:
    return


def run(command: str, settings: Mapping[str, str], log: Path) -> None:
    """Run a server (`serve`) or a worker (`work`) until a signal.

    Args:
        command: Which of the two.
        settings: The environment.
        log: Where its lines go.
    """
    os.environ.update(settings)
    os.chdir(log.parent)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    if command == "serve":
        serve.serve(load(), reload=False, as_json=True, open_studio=open_quick_studio)
    else:
        set_up_logging(as_json=True)
        uvloop.run(serve.work(load(), open_quick_studio))
    sys.exit(0)
