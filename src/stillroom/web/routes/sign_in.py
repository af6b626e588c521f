"""`/login` and `/logout`: a browser exchanges a token for a cookie, and gives it back."""

from fastapi import APIRouter, Request, Response

from stillroom.web import identity
from stillroom.web.dependencies import TheStudio
from stillroom.web.problems import NotFromHere
from stillroom.web.responses import SIGN_IN, errors
from stillroom.web.schemas.sign_in import SignedIn, SignInRequest

router = APIRouter(tags=["sign-in"])


@router.post("/login", responses=errors(SIGN_IN, body=True))
async def login(studio: TheStudio, request: Request, body: SignInRequest, response: Response) -> SignedIn:
    """Exchange a token for a cookie, as a browser does; API clients send the token itself."""
    if not identity.is_from_our_page(request, if_unsaid=True):
        raise NotFromHere("Only this server's own page may sign somebody in here.")
    address = request.client.host if request.client else ""
    signed_in = await studio.sign_ins.sign_in(body.token.get_secret_value(), address)
    request.state.owner_id = signed_in.owner_id
    response.headers["Set-Cookie"] = identity.cookie(request.scope, signed_in.secret)
    return SignedIn(name=signed_in.name, expires_at=signed_in.expires_at)


@router.post("/logout", status_code=204, responses=errors())
async def logout(studio: TheStudio, request: Request, response: Response) -> None:
    """Make the cookie void; without one there is nothing to do."""
    if not identity.is_from_our_page(request, if_unsaid=True):
        raise NotFromHere("Only this server's own page may sign somebody out here.")
    secret = identity.secret_of(request)
    if secret is not None:
        request.state.owner_id = await studio.sign_ins.sign_out(secret)
    response.headers["Set-Cookie"] = identity.cookie_removed(request.scope)
