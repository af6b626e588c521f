"""OpenAI's images API: edits as multipart or JSON, several pictures a call, bills by token."""

import base64
import io
import json
import time
from collections.abc import Mapping
from typing import Any

from PIL import Image

from tests.fakes.providers.server import KEY, Asked, FakeVendor, Painter, Reply, parts_of

IMAGE_TOKENS_IN, IMAGE_TOKENS_OUT = 480, 440
_FREE = "gpt-image-2"
_THREE = {"1024x1024", "1536x1024", "1024x1536", "auto"}


class FakeOpenAI(FakeVendor):
    """Many pictures a call; honours `n` and `size`."""

    def __init__(self, painter: Painter) -> None:
        super().__init__(painter)
        self.models = ["gpt-image-2.6-flare", "gpt-image-2"]
        self.shutdown_dates: dict[str, str] = {}

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak OpenAI's wire."""
        address = path.partition("?")[0]
        if headers.get("authorization") != f"Bearer {KEY}":
            return error(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided")
        if method == "GET" and address == "/v1/models":
            data = [
                {
                    "id": name,
                    "object": "model",
                    "created": 1,
                    "shutdown_date": self.shutdown_dates.get(name),
                }
                for name in self.models
            ]
            return Reply(200, {"object": "list", "data": data})
        if method != "POST" or address != "/v1/images/edits":
            return error(404, "invalid_request_error", "unknown_url", f"Invalid URL ({method} {address})")
        asked = _read(path, headers, body)
        self.record(asked)
        complaint = _complaint(asked)
        if complaint is not None:
            return complaint
        time.sleep(self.delay_seconds)
        pictures = self.painter(asked)
        text_tokens = len(asked.prompt) // 4
        image_tokens = IMAGE_TOKENS_IN * len(asked.pictures)
        output = IMAGE_TOKENS_OUT * len(pictures)
        self.bill(text_tokens * 5 + image_tokens * 8 + output * 30)
        number = next(self.numbers)
        size = asked.fields.get("size", "auto")
        answer = {
            "created": 1790000000 + number,
            "background": "opaque",
            "output_format": "png",
            "quality": asked.fields.get("quality", "medium"),
            "size": size if size != "auto" else "1024x1024",
            "data": [{"b64_json": base64.b64encode(picture).decode()} for picture in pictures],
            "usage": {
                "input_tokens": text_tokens + image_tokens,
                "input_tokens_details": {"image_tokens": image_tokens, "text_tokens": text_tokens},
                "output_tokens": output,
                "total_tokens": text_tokens + image_tokens + output,
            },
        }
        headers_out = {"x-request-id": f"req_{number}", "openai-processing-ms": "12"}
        if str(asked.fields.get("stream", "")).lower() == "true":
            return Reply(200, _streamed(answer), headers_out, "text/event-stream")
        return Reply(200, answer, headers_out)


def _streamed(answer: Mapping[str, Any]) -> str:
    lines = []
    for index, item in enumerate(answer["data"]):
        partial = {"type": "image_edit.partial_image", "partial_image_index": index, **item}
        lines.append(f"event: image_edit.partial_image\ndata: {json.dumps(partial)}\n\n")
        done = {"type": "image_edit.completed", "usage": answer["usage"], **item}
        lines.append(f"event: image_edit.completed\ndata: {json.dumps(done)}\n\n")
    return "".join(lines) + "data: [DONE]\n\n"


def _read(path: str, headers: Mapping[str, str], body: bytes) -> Asked:
    asked = Asked(path, headers)
    if headers["content-type"].startswith("application/json"):
        asked.fields = json.loads(body)
        for image in asked.fields.get("images", []):
            asked.pictures.append(base64.b64decode(image["image_url"].partition(",")[2]))
    else:
        for name, _, content in parts_of(headers, body):
            if name in ("image", "image[]"):
                asked.pictures.append(content)
            elif name == "mask":
                asked.mask = content
            else:
                asked.fields[name] = content.decode()
    asked.model = asked.fields.get("model", "")
    asked.prompt = asked.fields.get("prompt", "")
    asked.count = int(asked.fields.get("n", 1))
    size = asked.fields.get("size", "auto")
    if size != "auto":
        width, _, height = size.partition("x")
        asked.size = int(width), int(height)
    return asked


def _complaint(asked: Asked) -> Reply | None:
    if not 1 <= asked.count <= 10:
        return error(400, "invalid_request_error", "invalid_value", "n must be between 1 and 10", "n")
    if not 1 <= len(asked.prompt) <= 32_000:
        code = "string_above_max_length" if asked.prompt else "missing_required_parameter"
        return error(400, "invalid_request_error", code, "Invalid prompt", "prompt")
    if not 1 <= len(asked.pictures) <= 16:
        return error(400, "invalid_request_error", "invalid_value", "1 to 16 images", "image")
    if asked.mask is not None and _size(asked.mask) != _size(asked.pictures[0]):
        return error(400, "invalid_request_error", "invalid_value", "mask and image differ in size", "mask")
    if not asked.model.startswith(_FREE) and asked.fields.get("size", "auto") not in _THREE:
        return error(400, "invalid_request_error", "invalid_value", "Invalid size", "size")
    if asked.size is not None:
        wide, tall = asked.size
        fits = wide % 16 == 0 and tall % 16 == 0 and 1 / 3 <= wide / tall <= 3
        if not fits or not 655_360 <= wide * tall <= 8_294_400 or max(wide, tall) > 3840:
            return error(400, "invalid_request_error", "invalid_value", "Invalid size", "size")
    return None


def _size(picture: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(picture)).size


def error(status: int, kind: str, code: str | None, message: str, param: str | None = None) -> Reply:
    """An error as OpenAI words it."""
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return Reply(status, body, {"x-request-id": "req_error"})
