"""Chat port of reader models: one system text, one user text and perhaps a picture, one JSON answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

MAX_OUTPUT_TOKENS = 700
"""Limit of an answer; twelve clauses with two changes each take about 600."""


Schema = Mapping[str, Any]
"""JSON schema, in the keywords that OpenAI's strict mode, Gemini and the compatible servers all accept."""


def object_of(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a model.

    Attributes:
        user: JSON with the seller's text; untrusted.
        picture: JPEG that the message is about.
    """

    system: str
    user: str
    schema: Schema
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer.

    Attributes:
        text: Untrusted; JSON if the model followed the instruction.
        is_complete: False if the vendor cut the answer off.
        is_refused: Whether the model or its moderation declined.
    """

    text: str
    tokens_in: int
    tokens_out: int
    provider_request_id: str | None = None
    is_complete: bool = True
    is_refused: bool = False


class Chat(Protocol):
    """A vendor's chat API."""

    vendor: str
    model: str
    host: str

    async def complete(self, message: Message) -> Completion:
        """Send one message and wait for the answer. Raises StillroomError."""

    async def open(self) -> None:
        """Import the SDK and create the client."""

    async def close(self) -> None:
        """Close the connections."""
