"""Gemini as a reader: `generateContent` with a JSON schema."""

from typing import TYPE_CHECKING, Any

from stillroom.providers.adapters import wire
from stillroom.providers.adapters.connection import Connected
from stillroom.providers.adapters.gemini_wire import REFUSED, VENDOR_URL, GeminiConnection, failures, name_of
from stillroom.providers.readers.chats import MAX_OUTPUT_TOKENS, Completion, Message

if TYPE_CHECKING:
    from google.genai import types

_FINISHED = ("STOP", "", "FINISH_REASON_UNSPECIFIED")


class GeminiChat(Connected[GeminiConnection]):
    """A Gemini text model."""

    vendor = "gemini"

    def __init__(self, key: str, model: str, base_url: str | None = None) -> None:
        """Store the connection settings; a base URL of None means Google's own endpoint."""
        self.model = model
        self.host = wire.host_of(base_url or VENDOR_URL)
        self._key = key
        self._connection = GeminiConnection(key, base_url, None)

    async def complete(self, message: Message) -> Completion:
        client = await self._connection.opened()
        async with failures(self.vendor, self.model, self._key, message.user):
            reply = await client.aio.models.generate_content(
                model=self.model, contents=_contents(message), config=_config(message)
            )
        return _completion(reply)


def _contents(message: Message) -> "list[types.PartUnionDict]":
    from google.genai import types

    if message.picture is None:
        return [message.user]
    return [message.user, types.Part.from_bytes(data=message.picture, mime_type="image/jpeg")]


def _config(message: Message) -> "types.GenerateContentConfig":
    from google.genai import types

    return types.GenerateContentConfig(
        system_instruction=message.system,
        response_mime_type="application/json",
        response_json_schema=dict(message.schema),
        max_output_tokens=MAX_OUTPUT_TOKENS,
        temperature=0.0,
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.MINIMAL),
    )


def _completion(reply: "types.GenerateContentResponse") -> Completion:
    """Convert a reply; `parsed` of the SDK is None without an error in too many cases to be of use."""
    usage = reply.usage_metadata
    candidate = reply.candidates[0] if reply.candidates else None
    finish = name_of(candidate.finish_reason) if candidate and candidate.finish_reason else ""
    parts: list[Any] = list((candidate.content.parts if candidate and candidate.content else None) or [])
    is_blocked = reply.prompt_feedback is not None and reply.prompt_feedback.block_reason is not None
    return Completion(
        text="".join(part.text or "" for part in parts if not part.thought),
        tokens_in=wire.count_in(usage.prompt_token_count if usage else None) or 0,
        # Thinking is billed as output.
        tokens_out=sum(
            wire.count_in(count) or 0
            for count in ((usage.candidates_token_count, usage.thoughts_token_count) if usage else ())
        ),
        provider_request_id=wire.id_in(reply.response_id),
        is_complete=finish in _FINISHED,
        is_refused=is_blocked or finish in REFUSED,
    )
