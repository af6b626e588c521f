"""Route dependencies: the caller, validated headers, ids and pages.

All are `async`, because the framework runs plain functions in a thread pool with limited capacity.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, NamedTuple, TypeVar

from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.security import APIKeyCookie, HTTPBearer
from pydantic import BeforeValidator

from stillroom.application.limits.quotas import Kind
from stillroom.bootstrap import Studio
from stillroom.domain.field_errors import UnusableValue
from stillroom.domain.ids import ID_PATTERN, MAX_ID_CHARACTERS, OwnerId
from stillroom.domain.traces import RequestTrace
from stillroom.web import identity
from stillroom.web.problems import Limit, Malformed, language_of, limit_headers

_KEY_QUOTED, _KEY_BARE = r'"[ !#-~]{1,255}"', r"[!#-~]{1,255}"
_KEY = re.compile(f"{_KEY_QUOTED}|{_KEY_BARE}")

MAX_PAGE = 100


async def studio_of(request: Request) -> Studio:
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
    # Declare the credentials that `identify` reads in the OpenAPI document.
    _token: Annotated[object, Depends(_TOKEN)],
    _cookie: Annotated[object, Depends(_COOKIE)],
) -> OwnerId:
    """Return the authenticated owner.

    Raises:
        Unauthorized: Tokens are required and no valid one was given.
        CrossSiteRequest: The request was made by a browser from a foreign page.
    """
    return await identity.identify(request, studio)


async def idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="1 to 255 visible ASCII characters, bare or quoted; the same key, the same result.",
            # Only for the OpenAPI document; a mismatch is answered with 400 instead of 422.
            json_schema_extra={"pattern": f"^({_KEY_QUOTED}|{_KEY_BARE})$"},
        ),
    ] = None,
) -> str | None:
    """Return the idempotency key without quotes.

    Raises:
        Malformed: The key is empty, too long or has invalid characters.
    """
    if idempotency_key is None:
        return None
    key = idempotency_key.strip()
    if not _KEY.fullmatch(key):
        raise Malformed(
            text="malformed_key",
            fields=[{"field": "Idempotency-Key", "in": "header", "reason": "malformed"}],
        )
    return key.strip('"')


def _a_day(text: object) -> object:
    """Accept only dates from 1900 to 2999 as text; numbers would be read as seconds since 1970."""
    if isinstance(text, str) and not re.fullmatch(r"(19|2\d)\d\d-\d\d-\d\d", text):
        raise UnusableValue("is_no_day_such")
    return text


_Id = TypeVar("_Id")
StudioDep = Annotated[Studio, Depends(studio_of)]
OwnerDep = Annotated[OwnerId, Depends(owner_of)]
IdempotencyKeyDep = Annotated[str | None, Depends(idempotency_key)]
PathId = Annotated[_Id, Path(min_length=1, max_length=MAX_ID_CHARACTERS, pattern=ID_PATTERN)]
QueryId = Annotated[_Id | None, Query(max_length=MAX_ID_CHARACTERS, pattern=ID_PATTERN)]
Day = Annotated[date, BeforeValidator(_a_day)]


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its caller.

    Attributes:
        language: `zh` or `en`, as the client prefers.
        trace: Id of the request, and the W3C `traceparent` to pass on.
    """

    studio: Studio
    owner: OwnerId
    language: str
    trace: RequestTrace


async def _call_of(request: Request, studio: StudioDep, owner: OwnerDep) -> Call:
    trace = RequestTrace(request.state.request_id, request.state.traceparent)
    return Call(studio, owner, language_of(request), trace)


class Paging(NamedTuple):
    """The page of a list that is asked for."""

    cursor: str | None
    limit: int


async def _paging(
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 24,
) -> Paging:
    return Paging(cursor, limit)


CallDep = Annotated[Call, Depends(_call_of)]
PagingDep = Annotated[Paging, Depends(_paging)]


def counted(kind: Kind) -> Any:
    """Count the request against the owner's rate limit and send the quota status in the response headers."""

    async def count(response: Response, call: CallDep) -> None:
        allowance = await call.studio.access.rates.consume(kind, call.owner)
        response.headers.update(limit_headers(Limit.of(kind, allowance)))

    return Depends(count)
