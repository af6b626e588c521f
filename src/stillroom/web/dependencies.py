"""What routes ask for: the studio, the owner, the language, checked headers and ids."""

import re
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from stillroom.bootstrap import Studio
from stillroom.domain.ids import OwnerId
from stillroom.web import identity
from stillroom.web.problems import Malformed, language_of

_KEY = re.compile(r'"(?P<quoted>[\x21\x23-\x7e]{1,255})"|(?P<bare>[\x21\x23-\x7e]{1,255})')

MAX_PAGE = 100


def studio_of(request: Request) -> Studio:
    """The composed application."""
    studio: Studio = request.app.state.studio
    return studio


_TOKEN = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of `stillroom token create`. A server with `STILLROOM_AUTH=local` needs none.",
)
_COOKIE = APIKeyCookie(
    name=identity.COOKIE,
    auto_error=False,
    scheme_name="cookie",
    description="What `POST /login` gives a browser; over HTTPS its name begins with `__Host-`.",
)


async def owner_of(
    request: Request,
    studio: Annotated[Studio, Depends(studio_of)],
    # They say in the API's document what `identify` reads.
    _token: Annotated[object, Depends(_TOKEN)],
    _cookie: Annotated[object, Depends(_COOKIE)],
) -> OwnerId:
    """Who asks.

    Raises:
        Unauthorized: Tokens are required and none that is known was given.
        NotFromHere: A browser was made to ask by a page that is not ours.
    """
    return await identity.identify(request, studio)


def request_id_of(request: Request) -> str:
    """The id that this request goes by in answers, logs and jobs."""
    request_id: str = request.state.request_id
    return request_id


def idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="1 to 255 visible ASCII characters, bare or quoted; the same key, the same result."
        ),
    ] = None,
) -> str | None:
    """The header without its quotes.

    Raises:
        Malformed: Empty, too long, or with characters that a key cannot have.
    """
    if idempotency_key is None:
        return None
    match = _KEY.fullmatch(idempotency_key.strip())
    if match is None:
        raise Malformed(
            "An Idempotency-Key has 1 to 255 visible characters.",
            fields=[{"field": "Idempotency-Key", "in": "header", "reason": "malformed"}],
        )
    return match["quoted"] or match["bare"]


TheStudio = Annotated[Studio, Depends(studio_of)]
TheOwner = Annotated[OwnerId, Depends(owner_of)]
TheLanguage = Annotated[str, Depends(language_of)]
TheRequestId = Annotated[str, Depends(request_id_of)]
TheKey = Annotated[str | None, Depends(idempotency_key)]
AnId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]
AnIdAsked = Annotated[str | None, Query(max_length=64, pattern=r"^[a-z0-9_]+$")]
ACursor = Annotated[str | None, Query(max_length=200)]
ALimit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
