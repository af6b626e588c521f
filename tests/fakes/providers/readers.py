"""Reader models that answer from a table, on the wires of Gemini and of OpenAI-compatible servers."""

import json
import time
from collections.abc import Mapping
from typing import Any

from tests.fakes.providers.gemini import error as gemini_error
from tests.fakes.providers.server import KEY, Asked, FakeVendor, Reply

Table = Mapping[str, Mapping[str, Any]]
"""What is read in a clause: `verdict` and `changes`; other clauses are unclear."""

TOKENS_OUT = 60


def change(part: str, field: str, value: object) -> dict[str, object]:
    """A change as the schema has it."""
    return {"part": part, "field": field, "value": value}


def changes(*found: dict[str, object]) -> dict[str, Any]:
    """A clause that is read as changes."""
    return {"verdict": "changes", "changes": list(found)}


CANNOT: Mapping[str, Any] = {"verdict": "cannot", "changes": []}
UNCLEAR: Mapping[str, Any] = {"verdict": "unclear", "changes": []}


class FakeReader(FakeVendor):
    """Reads the question out of a request and answers it from the table."""

    def __init__(self, table: Table | None = None) -> None:
        super().__init__(lambda _: [])
        self.table: dict[str, Mapping[str, Any]] = dict(table or {})
        self.says: str | None = None

    def reading(self, question: str) -> str:
        """The text of the answer; `says` replaces it."""
        if self.says is not None:
            return self.says
        clauses = json.loads(question)["clauses"]
        answers = [{"clause": int(at), **self.table.get(text, UNCLEAR)} for at, text in clauses.items()]
        return json.dumps({"clauses": answers}, ensure_ascii=False)


class FakeGeminiReader(FakeReader):
    """`generateContent` with a JSON schema."""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak Gemini's wire."""
        model = path.partition("/models/")[2].partition(":")[0]
        if method != "POST" or not path.partition("?")[0].endswith(":generateContent"):
            return gemini_error(404, "NOT_FOUND", "no such model or method")
        if headers.get("x-goog-api-key") != KEY:
            return gemini_error(403, "PERMISSION_DENIED", "no such key")
        document = json.loads(body)
        question = document["contents"][0]["parts"][0]["text"]
        self.record(Asked(path, headers, model=model, prompt=question, fields=document))
        config = document["generationConfig"]
        if config.get("responseMimeType") != "application/json" or "responseSchema" in config:
            return gemini_error(400, "INVALID_ARGUMENT", "one JSON schema is needed")
        if "responseJsonSchema" not in config:
            return gemini_error(400, "INVALID_ARGUMENT", "a JSON schema is needed")
        time.sleep(self.delay_seconds)
        text = self.reading(question)
        candidate = {
            "index": 0,
            "finishReason": "STOP",
            "content": {"role": "model", "parts": [{"text": "Let me see.", "thought": True}, {"text": text}]},
        }
        return Reply(
            200,
            {
                "candidates": [candidate],
                "usageMetadata": {
                    "promptTokenCount": len(question) // 4,
                    "candidatesTokenCount": TOKENS_OUT,
                    "thoughtsTokenCount": 10,
                },
                "modelVersion": model,
                "responseId": f"response-{next(self.numbers)}",
            },
        )


class FakeChat(FakeReader):
    """Chat completions; `forms` are the types of `response_format` that it accepts.

    Servers without JSON schema reject it with the words of LM Studio and vLLM.
    """

    def __init__(self, table: Table | None = None) -> None:
        super().__init__(table)
        self.forms: set[str | None] = {"json_schema", "json_object", None}
        self.key: str | None = KEY

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak the wire of OpenAI's chat completions."""
        if method != "POST" or path != "/v1/chat/completions":
            return chat_error(404, "unknown_url", f"Invalid URL ({method} {path})")
        if self.key is not None and headers.get("authorization") != f"Bearer {self.key}":
            return chat_error(401, "invalid_api_key", "Incorrect API key provided")
        document = json.loads(body)
        question = document["messages"][1]["content"]
        self.record(Asked(path, headers, model=document["model"], prompt=question, fields=document))
        form = document.get("response_format", {}).get("type")
        if form not in self.forms:
            return chat_error(400, "invalid_request", f"'response_format.type' must not be '{form}'")
        if form == "json_object" and "json" not in str(document["messages"]).lower():
            return chat_error(400, "invalid_request", "'messages' must contain the word 'json'")
        if form == "json_schema":
            assert _is_strict(document["response_format"]["json_schema"]["schema"]), "strict needs all fields"
        time.sleep(self.delay_seconds)
        number = next(self.numbers)
        message = {"role": "assistant", "content": self.reading(question)}
        return Reply(
            200,
            {
                "id": f"chatcmpl-{number}",
                "object": "chat.completion",
                "created": 1_790_000_000 + number,
                "model": document["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {
                    "prompt_tokens": len(question) // 4,
                    "completion_tokens": TOKENS_OUT,
                    "total_tokens": len(question) // 4 + TOKENS_OUT,
                },
            },
            {"x-request-id": f"req_{number}"},
        )


def chat_error(status: int, code: str, message: str) -> Reply:
    """An error as OpenAI words it."""
    return Reply(status, {"error": {"code": code, "type": "invalid_request_error", "message": message}})


def _is_strict(schema: Mapping[str, Any]) -> bool:
    """Whether every object forbids other fields and requires all of its own, as strict mode demands."""
    if schema.get("type") == "array":
        return _is_strict(schema["items"])
    if schema.get("type") != "object":
        return True
    own = schema["properties"]
    is_closed = schema.get("additionalProperties") is False and set(schema["required"]) == set(own)
    return is_closed and all(_is_strict(one) for one in own.values())
