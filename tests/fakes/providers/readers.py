"""Reader models on the wires of Gemini and of OpenAI-compatible servers.

Clauses are answered from a table, photos and pictures from their pixels.
"""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from tests.fakes.providers.gemini import error as gemini_error
from tests.fakes.providers.server import KEY, Asked, FakeVendor, Reply
from tests.pictures import decoded

Table = Mapping[str, Mapping[str, Any]]
"""Reading of a clause: `verdict` and `changes`; other clauses are unclear."""

TOKENS_OUT = 60
PICTURE_TOKENS = 1000


def change(part: str, field: str, value: object) -> dict[str, object]:
    """A change as the schema has it."""
    return {"part": part, "field": field, "value": value}


def changes(*found: dict[str, object]) -> dict[str, Any]:
    """A clause that is read as changes."""
    return {"verdict": "changes", "changes": list(found)}


CANNOT: Mapping[str, Any] = {"verdict": "cannot", "changes": []}
UNCLEAR: Mapping[str, Any] = {"verdict": "unclear", "changes": []}


COLOURS = {"Red": ("红色", (200, 40, 40)), "Blue": ("蓝色", (40, 60, 200)), "Grey": ("灰色", (120, 120, 120))}


def thing_in(picture: bytes) -> tuple[tuple[float, float, float, float], str, bool]:
    """Left, top, right and bottom of what differs from the rim, its colour, and whether the rim is light."""
    pixels = decoded(picture)
    rim = np.median(np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]), 0)
    differs = np.abs(pixels.astype(int) - rim).max(2) > 40
    count, labels, stats, _ = cv2.connectedComponentsWithStats(differs.astype(np.uint8))
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if count > 1 else 0
    x, y, wide, tall = stats[largest, :4]
    height, width = differs.shape
    mean = pixels[labels == largest].mean(0)
    colour = min(COLOURS, key=lambda name: float(np.abs(mean - COLOURS[name][1]).sum()))
    box = (x / width, y / height, (x + wide) / width, (y + tall) / height)
    return box, colour, bool(rim.mean() > 127)


class FakeReader(FakeVendor):
    """Reads the question out of a request and answers it.

    Attributes:
        table: What is read in clauses.
        says: Replaces every answer.
        label_text: The words that it reads in every photo.
        swaps: Whether it confuses the axes of boxes.
    """

    box_key, box_order = "bbox_2d", (0, 1, 2, 3)

    def __init__(self, table: Table | None = None) -> None:
        super().__init__(lambda _: [])
        self.table: dict[str, Mapping[str, Any]] = dict(table or {})
        self.says: str | None = None
        self.label_text = ""
        self.swaps = False

    def seen(self, picture: bytes) -> dict[str, Any]:
        """Description of a photo by the fake."""
        edges, colour, _ = thing_in(picture)
        order = [self.box_order[at ^ 1] for at in range(4)] if self.swaps else self.box_order
        return {
            "name_zh": f"{COLOURS[colour][0]}杯子",
            "name_en": f"{colour} cup",
            "category": "cup",
            self.box_key: [round(1000 * edges[at]) for at in order],
            "materials": ["gloss"],
            "label_text": self.label_text,
        }

    def described(self, question: Mapping[str, Any], picture: bytes) -> dict[str, Any]:
        """Words of the fake for a picture: its colour and ground, and the name in the question, if any."""
        _, colour, is_light = thing_in(picture)
        name = question["name"] or {"zh": "杯子", "en": "cup"}
        return {
            "title_zh": f"{COLOURS[colour][0]} {name['zh']}",
            "title_en": f"{name['en']}, {colour.lower()}",
            "alt_zh": f"{name['zh']}，{'浅色' if is_light else '深色'}背景",
            "alt_en": f"{name['en']} on a {'light' if is_light else 'dark'} ground",
        }

    def reading(self, question: str, picture: bytes | None = None) -> str:
        """The text of the answer; `says` replaces it."""
        if self.says is not None:
            return self.says
        if picture is not None and question.startswith("{"):
            return json.dumps(self.described(json.loads(question), picture), ensure_ascii=False)
        if picture is not None:
            return json.dumps(self.seen(picture), ensure_ascii=False)
        clauses = json.loads(question)["clauses"]
        answers = [{"clause": int(at), **self.table.get(text, UNCLEAR)} for at, text in clauses.items()]
        return json.dumps({"clauses": answers}, ensure_ascii=False)


class FakeGeminiReader(FakeReader):
    """`generateContent` with a JSON schema."""

    box_key, box_order = "box_2d", (1, 0, 3, 2)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak Gemini's wire."""
        model = path.partition("/models/")[2].partition(":")[0]
        if method != "POST" or not path.partition("?")[0].endswith(":generateContent"):
            return gemini_error(404, "NOT_FOUND", "no such model or method")
        if headers.get("x-goog-api-key") != KEY:
            return gemini_error(403, "PERMISSION_DENIED", "no such key")
        document = json.loads(body)
        parts = document["contents"][0]["parts"]
        question = parts[0]["text"]
        sent = [part["inlineData"] for part in parts[1:]]
        assert all((one.get("mimeType") or one["mime_type"]) == "image/jpeg" for one in sent)
        pictures = [base64.urlsafe_b64decode(one["data"]) for one in sent]
        self.record(Asked(path, headers, model=model, prompt=question, pictures=pictures, fields=document))
        config = document["generationConfig"]
        if config.get("responseMimeType") != "application/json" or "responseSchema" in config:
            return gemini_error(400, "INVALID_ARGUMENT", "one JSON schema is needed")
        if "responseJsonSchema" not in config:
            return gemini_error(400, "INVALID_ARGUMENT", "a JSON schema is needed")
        time.sleep(self.delay_seconds)
        text = self.reading(question, *pictures)
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
                    "promptTokenCount": len(question) // 4 + PICTURE_TOKENS * len(pictures),
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
        question, pictures = _parts_of(document["messages"][1]["content"])
        self.record(
            Asked(
                path,
                headers,
                model=document["model"],
                prompt=question,
                pictures=pictures,
                fields=document,
            )
        )
        form = document.get("response_format", {}).get("type")
        if form not in self.forms:
            return chat_error(400, "invalid_request", f"'response_format.type' must not be '{form}'")
        if form == "json_object" and "json" not in str(document["messages"]).lower():
            return chat_error(400, "invalid_request", "'messages' must contain the word 'json'")
        if form == "json_schema":
            assert _is_strict(document["response_format"]["json_schema"]["schema"]), "strict needs all fields"
        time.sleep(self.delay_seconds)
        number = next(self.numbers)
        message = {"role": "assistant", "content": self.reading(question, *pictures)}
        tokens_in = len(question) // 4 + PICTURE_TOKENS * len(pictures)
        return Reply(
            200,
            {
                "id": f"chatcmpl-{number}",
                "object": "chat.completion",
                "created": 1_790_000_000 + number,
                "model": document["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {
                    "prompt_tokens": tokens_in,
                    "completion_tokens": TOKENS_OUT,
                    "total_tokens": tokens_in + TOKENS_OUT,
                },
            },
            {"x-request-id": f"req_{number}"},
        )


def chat_error(status: int, code: str, message: str) -> Reply:
    """An error as OpenAI words it."""
    return Reply(status, {"error": {"code": code, "type": "invalid_request_error", "message": message}})


def _parts_of(content: Any) -> tuple[str, list[bytes]]:
    """The text and the pictures of a message; pictures come as data URLs, which every server takes."""
    if isinstance(content, str):
        return content, []
    text, *others = content
    urls = [one["image_url"]["url"] for one in others]
    head = "data:image/jpeg;base64,"
    assert all(url.startswith(head) for url in urls)
    return text["text"], [base64.b64decode(url.removeprefix(head)) for url in urls]


def _is_strict(schema: Mapping[str, Any]) -> bool:
    """Whether every object forbids other fields and requires all of its own, as strict mode demands."""
    if schema.get("type") == "array":
        return _is_strict(schema["items"])
    if schema.get("type") != "object":
        return True
    own = schema["properties"]
    is_closed = schema.get("additionalProperties") is False and set(schema["required"]) == set(own)
    return is_closed and all(_is_strict(one) for one in own.values())
