"""Schemas of browser sign-in."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, SecretStr

from stillroom.web.schemas.base import Answer, Body

MAX_TOKEN_CHARACTERS = 200
"""Maximum token length; far above that of any issued token."""


class SignInRequest(Body):
    """A token made by `stillroom token create`."""

    token: Annotated[SecretStr, Field(min_length=1, max_length=MAX_TOKEN_CHARACTERS)]


class SignedIn(Answer):
    """The signed-in owner, and when the sign-in expires without further use."""

    name: str
    expires_at: datetime
