"""Volcengine Ark's images API: Seedream, one synchronous call, with a visible mark unless it is refused."""

import base64
import hashlib
import io
import json
import re
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from tests.fakes.providers.painters import resized, rgb
from tests.fakes.providers.server import KEY, Asked, FakeVendor, Painter, Reply
from tests.pictures import jpeg, png

PICTURE_MICRO_USD = 35_000
MARK_SIDE = 48
"""Pixels of the square in the corner that stands for the vendor's visible mark."""

_DATA_URL = re.compile(r"^data:image/(jpeg|png|webp|bmp|tiff|gif|heic|heif);base64,(.+)$", re.DOTALL)
_SIZE = re.compile(r"^(\d+)x(\d+)$")
_LITE = (3_686_400, 16_777_216)
_FAMILIES: Mapping[str, tuple[tuple[int, int], int, bool]] = {
    # Area of an output in pixels, pictures in, and whether `output_format` is known.
    "seedream-5-0-pro": ((921_600, 4_624_220), 10, True),
    "seedream-5-0-flash": ((921_600, 4_624_220), 10, True),
    "seedream-5-0": (_LITE, 14, True),
    "seedream-4-5": (_LITE, 14, False),
    "seedream-4-0": ((921_600, 16_777_216), 14, False),
}


class FakeArk(FakeVendor):
    """One picture per call, as base64 or as a link with a configured lifetime."""

    def __init__(self, painter: Painter) -> None:
        super().__init__(painter)
        self.models = ["doubao-seedream-5-0-260128", "doubao-seedream-5-0-pro-260628"]
        self.shutdown_dates: dict[str, str] = {}
        self.served = [*self.models, "doubao-seedream-4-5-251128", "doubao-seedream-4-0-250828"]
        self.has_list = True
        self.results: dict[str, tuple[bytes, float]] = {}
        self.link_seconds = 60.0

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak Ark's wire."""
        address, _, query = path.partition("?")
        if method == "GET" and address.startswith("/results/"):
            return self._result(address, query)
        if headers.get("authorization") != f"Bearer {KEY}":
            return error(401, "AuthenticationError", "The API key doesn't exist.")
        if method == "GET" and address == "/api/v3/models" and self.has_list:
            data = [
                {"id": name, "object": "model", "shutdown_date": self.shutdown_dates.get(name)}
                for name in self.models
            ]
            return Reply(200, {"object": "list", "data": data})
        if method != "POST" or address != "/api/v3/images/generations":
            return error(404, "NotFound", "The page is not found")
        fields = json.loads(body)
        asked = Asked(path, headers, model=fields.get("model", ""), fields=fields)
        asked.prompt = fields.get("prompt", "")
        complaint = self._complaint(asked)
        if complaint is not None:
            if fields.get("size") != "1x1":
                self.record(asked)
            return complaint
        self.record(asked)
        time.sleep(self.delay_seconds)
        return self._painted(asked)

    def _complaint(self, asked: Asked) -> Reply | None:
        fields = asked.fields
        if asked.model not in self.served and not asked.model.startswith("ep-known"):
            return error(404, "InvalidEndpointOrModel.NotFound", "The model or endpoint does not exist")
        (least, most), pictures_in, knows_format = _family(asked.model)
        size = _SIZE.match(str(fields.get("size", "2048x2048")))
        area = int(size[1]) * int(size[2]) if size else 0
        if size is None or not least <= area <= most or not 1 / 16 <= int(size[1]) / int(size[2]) <= 16:
            return error(400, "InvalidParameter", "The parameter `size` is not valid", "size")
        for unknown in ("n", "quality", "negative_prompt", "mask", "seed"):
            if unknown in fields:
                return error(400, "InvalidParameter", f"unknown field `{unknown}`", unknown)
        if "output_format" in fields and not knows_format:
            return error(400, "InvalidParameter", "`output_format` is not supported", "output_format")
        if not asked.prompt:
            return error(400, "MissingParameter", "`prompt` is missing", "prompt")
        images = fields.get("image", [])
        images = images if isinstance(images, list) else [images]
        if not 1 <= len(images) <= pictures_in:
            return error(400, "InvalidParameter", "too many or no pictures", "image")
        for image in images:
            found = _DATA_URL.match(image)
            if found is None:
                return error(400, "InvalidParameter.UnsupportedImageFormat", "not a data URL", "image")
            asked.pictures.append(base64.b64decode(found[2]))
        if any(not _can_be_read(picture) for picture in asked.pictures):
            return error(400, "InvalidParameter", "cannot decode `image`", "image")
        asked.size = int(size[1]), int(size[2])
        return None

    def _painted(self, asked: Asked) -> Reply:
        picture = self.painter(asked)[0]
        pixels = resized(rgb(picture), asked.size or (2048, 2048))
        # The vendor marks its pictures unless it is told exactly not to.
        if asked.fields.get("watermark") is not False:
            pixels = np.array(pixels)
            pixels[-MARK_SIDE:, -MARK_SIDE:] = (255, 0, 255)
        file = png(pixels) if asked.fields.get("output_format") == "png" else jpeg(pixels)
        number = next(self.numbers)
        self.bill(PICTURE_MICRO_USD)
        item: dict[str, Any] = {"size": "{}x{}".format(*(asked.size or (2048, 2048)))}
        if asked.fields.get("response_format", "url") == "b64_json":
            item["b64_json"] = base64.b64encode(file).decode()
        else:
            item["url"] = self.link_to(file)
        tokens = pixels.shape[0] * pixels.shape[1] // 256
        answer = {
            "model": asked.model.rpartition("-")[0],
            "created": 1790000000 + number,
            "data": [item],
            "usage": {"generated_images": 1, "output_tokens": tokens, "total_tokens": tokens},
        }
        return Reply(200, answer, {"x-request-id": f"ark-{number}"})

    def link_to(self, file: bytes) -> str:
        """A signed link to a file."""
        name = hashlib.sha256(file).hexdigest()[:16]
        self.results[name] = file, time.monotonic() + self.link_seconds
        return f"{self.address}/results/{name}?signature={name[::-1]}"

    def _result(self, address: str, query: str) -> Reply:
        name = address.removeprefix("/results/")
        file, until = self.results.get(name, (b"", 0.0))
        if query != f"signature={name[::-1]}" or time.monotonic() > until:
            return Reply(403, "<Error><Code>AccessDenied</Code></Error>", content_type="application/xml")
        return Reply(200, file, content_type="image/png")


def _family(model: str) -> tuple[tuple[int, int], int, bool]:
    return next((facts for name, facts in _FAMILIES.items() if name in model), (_LITE, 14, False))


def _can_be_read(picture: bytes) -> bool:
    try:
        Image.open(io.BytesIO(picture)).load()
    except OSError:
        return False
    return True


def error(status: int, code: str, message: str, param: str = "") -> Reply:
    """An error as Ark words it."""
    body = {"error": {"code": code, "message": f"{message}. Request id: 0217", "param": param, "type": "Bad"}}
    return Reply(status, body, {"x-request-id": "ark-error"})
