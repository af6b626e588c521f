"""Authentication by bearer token or cookie, and protection against cross-site request forgery (CSRF).

Browsers attach the cookie to requests from any page, so a change authenticated by cookie must originate from
our page. `Sec-Fetch-Site` shows this: browsers set it and scripts cannot. Only `same-origin` passes. With
`same-site`, a page on another port or subdomain is refused, which `SameSite` cookies would admit.
Browsers omit the header for plain HTTP outside loopback. There `Origin`, which they send with every change,
must equal our own origin. A request with neither header does not come from a browser. So no CSRF token is
needed, and no response can leak one.
"""

from starlette.requests import HTTPConnection
from starlette.types import Scope

from stillroom.bootstrap import Studio
from stillroom.domain.errors import Unauthorized
from stillroom.domain.ids import OwnerId
from stillroom.domain.sign_ins import SIGNED_IN_FOR
from stillroom.web.problems import CrossSiteRequest

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

COOKIE = "stillroom"
SECURE_COOKIE = "__Host-stillroom"
"""Browsers accept the `__Host-` prefix only over HTTPS and from this host, so no sibling subdomain can set
it.
"""


async def identify(request: HTTPConnection, studio: Studio) -> OwnerId:
    """Authenticate a request; the result is cached per request.

    Raises:
        Unauthorized: Tokens are required, and neither a valid token nor a valid cookie was given.
        CrossSiteRequest: The request was made by a browser from a foreign page.
    """
    known: OwnerId | None = getattr(request.state, "owner_id", None)
    if known is None:
        known = await _identify(request, studio)
        request.state.owner_id = known
    return known


async def _identify(request: HTTPConnection, studio: Studio) -> OwnerId:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    # Another scheme, such as Basic, is the business of a proxy in front.
    is_bearer = scheme.lower() == "bearer"
    secret = secret_of(request)
    if studio.about.auth == "local" or is_bearer or secret is None:
        return await studio.access.owners.owner_of(token.strip() if is_bearer else None)
    if request.scope["method"] not in SAFE_METHODS and not is_from_our_page(request, if_unsaid=False):
        raise CrossSiteRequest(text="own_page")
    visit = await studio.access.sign_ins.visit(secret)
    if visit is None:
        raise Unauthorized(text="signed_out")
    if visit.is_renewed:
        request.state.cookie = cookie(request.scope, secret)
    return visit.owner_id


def is_from_our_page(request: HTTPConnection, *, if_unsaid: bool) -> bool:
    """Return whether a request originates from our own page.

    Args:
        request: A request that changes something.
        if_unsaid: Result for requests without origin headers, such as those of programs.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is not None:
        return origin.partition("://")[2] == request.headers.get("host")
    return if_unsaid


def secret_of(request: HTTPConnection) -> str | None:
    """Return the sign-in secret from the cookie for the request's scheme.

    Over HTTPS the plain cookie is ignored, because a page on a sibling subdomain may have set it.
    """
    return request.cookies.get(_cookie_name(request.scope))


def secrets_of(request: HTTPConnection) -> list[str]:
    """Return the secrets in all sign-in cookies, for signing out of all of them."""
    return [request.cookies[name] for name in (SECURE_COOKIE, COOKIE) if request.cookies.get(name)]


def cookie(scope: Scope, secret: str) -> str:
    """Return a `Set-Cookie` header for the secret: `HttpOnly` and restricted to this site."""
    return _set_cookie(_cookie_name(scope), secret, int(SIGNED_IN_FOR.total_seconds()))


def cookies_removed() -> list[str]:
    """Return `Set-Cookie` headers that delete both cookies."""
    return [_set_cookie(name, "", 0) for name in (SECURE_COOKIE, COOKIE)]


def _cookie_name(scope: Scope) -> str:
    return SECURE_COOKIE if scope["scheme"] == "https" else COOKIE


def _set_cookie(name: str, value: str, seconds: int) -> str:
    kept = f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict"
    return kept + "; Secure" if name == SECURE_COOKIE else kept
