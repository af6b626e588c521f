"""`/login` and `/logout`: exchange a token for a cookie, and void the cookie."""

from fastapi import APIRouter, Request, Response

from stillroom.domain.errors import StillroomError
from stillroom.observability import log
from stillroom.web import identity
from stillroom.web.dependencies import StudioDep
from stillroom.web.problems import CrossSiteRequest
from stillroom.web.responses import SIGN_IN, errors
from stillroom.web.schemas.sign_in import SignedIn, SignInRequest

router = APIRouter(tags=["sign-in"])

MAX_ADDRESS_CHARACTERS = 64
"""Maximum length of a client address in the log; an IPv6 address with a zone fits."""


@router.post("/login", responses=errors(SIGN_IN, body=True))
async def login(studio: StudioDep, request: Request, body: SignInRequest, response: Response) -> SignedIn:
    """Exchange a token for a cookie, for browsers; API clients send the token with every request."""
    if not identity.is_from_our_page(request, if_unsaid=True):
        raise CrossSiteRequest(text="sign_in_page")
    address = request.client.host if request.client else ""
    try:
        signed_in = await studio.access.sign_ins.sign_in(body.token.get_secret_value(), address)
    except StillroomError as error:
        log.warning("sign_in", address=address[:MAX_ADDRESS_CHARACTERS], outcome="refused", code=error.code)
        raise
    log.info("sign_in", address=address[:MAX_ADDRESS_CHARACTERS], outcome="done")
    request.state.owner_id = signed_in.owner_id
    response.headers["Set-Cookie"] = identity.cookie(request.scope, signed_in.secret)
    return SignedIn(name=signed_in.name, expires_at=signed_in.expires_at)


@router.post("/logout", status_code=204, responses=errors())
async def logout(studio: StudioDep, request: Request, response: Response) -> None:
    """Void this browser's sign-in cookies, under both names; no effect without one."""
    if not identity.is_from_our_page(request, if_unsaid=True):
        raise CrossSiteRequest(text="sign_out_page")
    for secret in identity.secrets_of(request):
        owner_id = await studio.access.sign_ins.sign_out(secret)
        request.state.owner_id = getattr(request.state, "owner_id", None) or owner_id
    for line in identity.cookies_removed():
        response.headers.append("Set-Cookie", line)
