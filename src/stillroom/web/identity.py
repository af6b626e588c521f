"""Who asks: an API client by its token, a browser by its cookie; and whether our own page made it ask.

A browser sends the cookie along with whatever any page makes it send, so a change that a cookie stands for
must come from our page. `Sec-Fetch-Site` says so: browsers set it themselves, no script can, and `same-
site` does not pass, so neither does a page on another port or subdomain, which `SameSite` would let
through. Browsers leave it out where a server is reached by plain HTTP and not by loopback; there `Origin`,
which they send with every change, has to be our own address. A request with neither is no browser's. So the
page needs no token of its own to pass back, and no answer can leak one.
"""

from starlette.requests import HTTPConnection
from starlette.types import Scope

from stillroom.bootstrap import Studio
from stillroom.domain.errors import Unauthorized
from stillroom.domain.ids import OwnerId
from stillroom.domain.sign_ins import SIGNED_IN_FOR
from stillroom.web.problems import NotFromHere

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

COOKIE = "stillroom"
SECURE_COOKIE = "__Host-stillroom"
"""A name that browsers take from this very host over HTTPS alone, so that no neighbour can plant one."""


async def identify(request: HTTPConnection, studio: Studio) -> OwnerId:
    """Whose request it is; found once a request.

    Raises:
        Unauthorized: Tokens are required, and neither a token nor a cookie that is known was given.
        NotFromHere: A browser was made to ask by a page that is not ours.
    """
    known: OwnerId | None = getattr(request.state, "owner_id", None)
    if known is None:
        known = await _identify(request, studio)
        request.state.owner_id = known
    return known


async def _identify(request: HTTPConnection, studio: Studio) -> OwnerId:
    authorization = request.headers.get("authorization")
    secret = secret_of(request)
    if studio.auth == "local" or authorization is not None or secret is None:
        scheme, _, token = (authorization or "").partition(" ")
        return await studio.owners.owner_of(token.strip() if scheme.lower() == "bearer" else None)
    if request.scope["method"] not in SAFE_METHODS and not is_from_our_page(request, if_unsaid=False):
        raise NotFromHere("Only this server's own page may change something here.")
    visit = await studio.sign_ins.visit(secret)
    if visit is None:
        raise Unauthorized("You are no longer signed in.")
    if visit.is_renewed:
        request.state.cookie = cookie(request.scope, secret)
    return visit.owner_id


def is_from_our_page(request: HTTPConnection, *, if_unsaid: bool) -> bool:
    """Whether the page that made a browser ask is our own.

    Args:
        request: One that changes something.
        if_unsaid: What holds when the request does not say, as those of programs.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is not None:
        return origin.partition("://")[2] == request.headers.get("host")
    return if_unsaid


def secret_of(request: HTTPConnection) -> str | None:
    """The secret of a signed-in browser, from the one cookie that fits the request's scheme.

    Over HTTPS the plain cookie does not count: a page of a sibling subdomain may have set it.
    """
    return request.cookies.get(_cookie_name(request.scope))


def secrets_of(request: HTTPConnection) -> list[str]:
    """Every secret that a browser shows, for signing out of all of them."""
    return [request.cookies[name] for name in (SECURE_COOKIE, COOKIE) if request.cookies.get(name)]


def cookie(scope: Scope, secret: str) -> str:
    """A `Set-Cookie` that makes a browser keep the secret, out of reach of scripts and of other sites."""
    return _set_cookie(_cookie_name(scope), secret, int(SIGNED_IN_FOR.total_seconds()))


def cookies_removed() -> list[str]:
    """A `Set-Cookie` for each of the two names that makes a browser forget it."""
    return [_set_cookie(name, "", 0) for name in (SECURE_COOKIE, COOKIE)]


def _cookie_name(scope: Scope) -> str:
    return SECURE_COOKIE if scope["scheme"] == "https" else COOKIE


def _set_cookie(name: str, value: str, seconds: int) -> str:
    kept = f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict"
    return kept + "; Secure" if name == SECURE_COOKIE else kept
