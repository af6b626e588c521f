"""Chat completions of OpenAI and of compatible servers, such as Qwen, Doubao, Ollama and vLLM."""

from typing import Any
from urllib.parse import urlsplit

from stillroom.providers.adapters import vendor_messages, vendor_pictures, wire
from stillroom.providers.adapters.connection import Connected
from stillroom.providers.adapters.openai_wire import (
    VENDOR_HOST,
    OpenAIConnection,
    error_in,
    failure_of,
    failures,
)
from stillroom.providers.readers.chats import MAX_OUTPUT_TOKENS, Completion, Message

_NO_KEY = "none"
"""Sent when there is no key; servers on the operator's own machines accept any."""

_REASONING = ("gpt-5", "gpt-6", "o1", "o3", "o4")
_QWEN_HOSTS, _ARK_HOSTS = ("aliyuncs.com",), ("volces.com", "bytepluses.com")
_FINISHED = ("stop", "", "None")
_SCHEMA, _JSON_OBJECT, _PROMPT_ALONE = range(3)
"""How JSON is asked for, the strictest form first; some servers accept no schema, others no `json_object`."""


class CompatibleChat(Connected[OpenAIConnection]):
    """Chat completions; asks for JSON in the strictest form that the server accepts."""

    def __init__(self, vendor: str, key: str | None, model: str, base_url: str | None) -> None:
        """Store the connection settings.

        Args:
            vendor: `openai` or `compatible`.
            key: API key; None for servers that need none.
            base_url: A base URL without a path gets `/v1`; None means OpenAI's own endpoint.
        """
        self.vendor = vendor
        self.model = model
        self._connection = OpenAIConnection(key or _NO_KEY, base_url, None)
        self.host = self._connection.host
        self._secrets = (key,) if key else ()
        self._form = _SCHEMA

    async def complete(self, message: Message) -> Completion:
        """Send one message; a server that rejects the form of the answer is asked again in the next form."""
        import openai

        client = await self._connection.opened()
        form = self._form
        async with failures(self.vendor, self.model, self._secrets, message.user):
            while True:
                try:
                    reply = await client.chat.completions.create(**self._request(message, form))
                    break
                except openai.BadRequestError as error:
                    if "response_format" not in f"{error.message}{error.body}" or form == _PROMPT_ALONE:
                        raise
                    form += 1
                    # Calls at the same time may have tried later forms already.
                    self._form = max(self._form, form)
            return self._completion(reply, message.user)

    def _request(self, message: Message, form: int) -> dict[str, Any]:
        system = message.system
        if form != _SCHEMA:
            system += f"\n\nThe JSON schema of your answer:\n{message.schema}"
        request: dict[str, Any] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": _content(message)},
            ],
        }
        if form == _SCHEMA:
            schema = {"name": "reading", "strict": True, "schema": message.schema}
            request["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form == _JSON_OBJECT:
            request["response_format"] = {"type": "json_object"}
        return request | self._dialect()

    def _dialect(self) -> dict[str, Any]:
        """Return the parameters that differ between servers; thinking takes longer than the deadline."""
        name = urlsplit(f"//{self.host}").hostname or ""
        if name == VENDOR_HOST:
            # Reasoning models reject a temperature, and all current ones take the newer token limit.
            effort = {"reasoning_effort": "low"} if self.model.startswith(_REASONING) else {}
            return {"max_completion_tokens": MAX_OUTPUT_TOKENS, **effort}
        limits: dict[str, Any] = {"max_tokens": MAX_OUTPUT_TOKENS, "temperature": 0}
        if name.endswith(_QWEN_HOSTS):
            # With thinking, JSON mode is an error.
            return {**limits, "extra_body": {"enable_thinking": False}}
        if name.endswith(_ARK_HOSTS):
            return {**limits, "extra_body": {"thinking": {"type": "disabled"}}}
        return limits

    def _completion(self, reply: Any, prompt: str) -> Completion:
        """Convert a reply; gateways answer 200 with an error object, with HTML or without choices."""
        if (error := error_in(reply)) is not None:
            vendor_messages.log_failure(
                self.vendor, self.model, error.get("message", ""), self._secrets, prompt
            )
            raise failure_of(0, error, {}, None)
        # The SDK does not validate the answer.
        choices, usage = getattr(reply, "choices", None), getattr(reply, "usage", None)
        choice = choices[0] if isinstance(choices, list) and choices else None
        message = getattr(choice, "message", None)
        if message is None:
            raise wire.failure("bad_reply")
        finish = str(getattr(choice, "finish_reason", None) or "")
        # Some servers put the JSON of thinking models there.
        thought = getattr(message, "reasoning_content", None)
        return Completion(
            text=str(getattr(message, "content", None) or thought or ""),
            tokens_in=wire.count_in(getattr(usage, "prompt_tokens", None)) or 0,
            tokens_out=wire.count_in(getattr(usage, "completion_tokens", None)) or 0,
            provider_request_id=wire.id_in(getattr(reply, "_request_id", None) or getattr(reply, "id", None)),
            is_complete=finish in _FINISHED,
            is_refused=finish == "content_filter" or bool(getattr(message, "refusal", None)),
        )


def _content(message: Message) -> str | list[dict[str, Any]]:
    if message.picture is None:
        return message.user
    # Ollama accepts no address of a picture, only its bytes.
    url = vendor_pictures.data_url(message.picture)
    return [{"type": "text", "text": message.user}, {"type": "image_url", "image_url": {"url": url}}]
