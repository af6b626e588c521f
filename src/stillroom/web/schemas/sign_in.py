"""What a browser sends to be signed in, and what it is told."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, SecretStr

from stillroom.web.schemas.base import Answer, Body

MAX_TOKEN_CHARACTERS = 200
"""Far above any token that was ever given out."""


class SignInRequest(Body):
    """A token of `stillroom token create`."""

    token: Annotated[SecretStr, Field(min_length=1, max_length=MAX_TOKEN_CHARACTERS)]


class SignedIn(Answer):
    """Who is signed in now, and until when if the browser does not come again."""

    name: str
    expires_at: datetime
