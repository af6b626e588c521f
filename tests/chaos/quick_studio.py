"""The studio's own processes with a quick maker of pictures, forked from one that has everything loaded."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

import uvloop
from PIL import Image

from stillroom.bootstrap import services
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
from stillroom.observability import set_up_logging
from stillroom.providers.adapters.local import LocalProvider
from stillroom.settings import load

SECONDS_PER_PICTURE = 0.025
"""Unless the environment's `QUICK_SECONDS` says otherwise."""

PRICE_MICRO_USD = "QUICK_PRICE_MICRO_USD"
"""Variable of the environment: what a picture costs; nothing unless it is set."""

MADE_BY = "MADE_BY"
"""Code of the remark that says which process makes a picture."""


class QuickMaker:
    """Makes a plain picture for every candidate and logs its process id."""

    def __init__(self, *_: object) -> None:
        """Take what a router takes, and need none of it."""

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


async def _nothing_to_warm(*_: object) -> None:
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
    assert "Router" in vars(services), "the name that is replaced"
    vars(services)["Router"] = QuickMaker
    LocalProvider.warm_up = _nothing_to_warm  # type: ignore[method-assign, assignment]
    if command == "serve":
        serve.serve(load(), reload=False, as_json=True)
    else:
        set_up_logging(as_json=True)
        uvloop.run(serve.work(load()))
    sys.exit(0)
