"""A Gemini API: `generateContent`, two base64 alphabets, two spellings, many ways to give no picture."""

import base64
import json
import re
import time
from collections.abc import Mapping
from typing import Any

from tests.fakes.providers.server import KEY, Asked, FakeVendor, Painter, Reply

_ROUTE = re.compile(r"^/(v1|v1beta)/models/([^:]+):(generateContent|streamGenerateContent)$")
PICTURE_MICRO_USD = 33_600
TOKENS_PER_PICTURE = 258
WIDE_RATIOS = {
    "1:1",
    "2:3",
    "3:2",
    "3:4",
    "4:3",
    "4:5",
    "5:4",
    "9:16",
    "16:9",
    "21:9",
    "1:4",
    "4:1",
    "1:8",
    "8:1",
}


class FakeGemini(FakeVendor):
    """One picture a call; answers in camelCase."""

    def __init__(self, painter: Painter) -> None:
        super().__init__(painter)
        self.models = ["gemini-nano-banana-2.1", "gemini-3-pro-image"]

    SIGNATURE = base64.b64encode(b"handed out by the fake").decode()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak Gemini's wire."""
        address = path.partition("?")[0]
        route = _ROUTE.match(address)
        is_list = method == "GET" and address in ("/v1/models", "/v1beta/models")
        if not is_list and (method != "POST" or route is None):
            return error(404, "NOT_FOUND", "no such model or method")
        if headers.get("x-goog-api-key") != KEY:
            return error(
                400,
                "INVALID_ARGUMENT",
                "API key not valid.",
                [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
            )
        if route is None:
            return Reply(200, {"models": [{"name": f"models/{name}"} for name in self.models]})
        document = json.loads(body)
        asked = Asked(path, headers, model=route[2], fields=document)
        asked.pictures, asked.prompt = _read(document)
        self.record(asked)
        complaint = self._complaint(document, asked)
        if complaint is not None:
            return complaint
        time.sleep(self.delay_seconds)
        picture = self.painter(asked)[0]
        tokens = TOKENS_PER_PICTURE * len(asked.pictures) + len(asked.prompt) // 4
        self.bill(PICTURE_MICRO_USD + 1.5 * tokens)
        number = next(self.numbers)
        answer = {
            "candidates": [
                {
                    "index": 0,
                    "finishReason": "STOP",
                    "content": {
                        "role": "model",
                        "parts": [{"text": "Here it is."}, self._picture_part(picture)],
                    },
                }
            ],
            "usageMetadata": {
                "promptTokenCount": tokens,
                "candidatesTokenCount": 1120,
                "totalTokenCount": tokens + 1120,
            },
            "modelVersion": asked.model,
            "responseId": f"response-{number}",
        }
        if route[3] == "streamGenerateContent":
            return Reply(200, f"data: {json.dumps(answer)}\r\n\r\n", content_type="text/event-stream")
        return Reply(200, answer)

    def _picture_part(self, picture: bytes) -> dict[str, Any]:
        data = base64.b64encode(picture).decode()
        return {"inlineData": {"mimeType": "image/png", "data": data}, "thoughtSignature": self.SIGNATURE}

    def _complaint(self, document: Mapping[str, Any], asked: Asked) -> Reply | None:
        config = document.get("generationConfig", {})
        image = config.get("imageConfig", {})
        if config.get("candidateCount", 1) > 1:
            return error(400, "INVALID_ARGUMENT", "Multiple candidates is not enabled for this model")
        if image.get("imageSize") == "512" and "2.1" in asked.model:
            return error(400, "INVALID_ARGUMENT", "Image size 512 is not supported")
        if image.get("aspectRatio", "1:1") not in WIDE_RATIOS:
            return error(400, "INVALID_ARGUMENT", "Aspect ratio is not supported")
        if not asked.pictures or not asked.prompt:
            return error(400, "INVALID_ARGUMENT", "contents are missing")
        for turn in document["contents"]:
            pictures = [part for part in turn["parts"] if "inlineData" in part or "inline_data" in part]
            if turn.get("role") == "model" and any(
                part.get("thoughtSignature") != self.SIGNATURE for part in pictures
            ):
                return error(400, "INVALID_ARGUMENT", "Image part is missing a thought_signature")
        return None


def _read(document: Mapping[str, Any]) -> tuple[list[bytes], str]:
    pictures, texts = [], []
    for turn in document.get("contents", []):
        for part in turn["parts"]:
            inline = part.get("inlineData") or part.get("inline_data")
            if inline is not None:
                assert inline.get("mime_type") or inline.get("mimeType"), "a picture says what it is"
                pictures.append(base64.b64decode(inline["data"].replace("-", "+").replace("_", "/")))
            if "text" in part:
                texts.append(part["text"])
    return pictures, "\n".join(texts)


def error(status: int, name: str, message: str, details: list[Any] | None = None) -> Reply:
    """An error as Google words it."""
    inner: dict[str, Any] = {"code": status, "status": name, "message": message}
    if details is not None:
        inner["details"] = details
    return Reply(status, {"error": inner})
