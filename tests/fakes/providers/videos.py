"""The Videos API: clips that are ordered, looked at and fetched; they begin with what was sent."""

import base64
import io
import json
import tempfile
import threading
import time
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from PIL import Image

from tests.fakes.providers.openai_images import error
from tests.fakes.providers.painters import resized, rgb
from tests.fakes.providers.server import KEY, Asked, FakeVendor, Painter, Reply, parts_of

_SIZES = {"720x1280", "1280x720", "1024x1792", "1792x1024"}


class FakeVideos(FakeVendor):
    """Clips of half a second, done after a few looks."""

    def __init__(self, painter: Painter, looks: int = 2) -> None:
        """`painter` makes the last frame; a clip is done after so many polls."""
        super().__init__(painter)
        self.looks = looks
        self.clips: dict[str, dict[str, Any]] = {}
        self.films: dict[str, bytes] = {}
        self.deleted: list[str] = []
        self.paths: list[str] = []
        self.looked_at = threading.Event()
        self.poll_after_ms: int | None = 20

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak the Videos API."""
        if headers.get("authorization") != f"Bearer {KEY}":
            return error(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided")
        address, _, query = path.partition("?")
        self.paths.append(address)
        steps = address.removeprefix("/v1/videos").strip("/").split("/")
        if not address.startswith("/v1/videos"):
            return error(404, "invalid_request_error", "unknown_url", "Invalid URL")
        if method == "POST" and steps == [""]:
            return self._create(path, headers, body)
        clip = self.clips.get(steps[0])
        if clip is None:
            return error(404, "invalid_request_error", "not_found", "Video not found")
        if method == "GET" and len(steps) == 1:
            return self._retrieve(clip)
        if method == "GET" and steps[1:] == ["content"]:
            return self._content(clip, query)
        if method == "DELETE" and len(steps) == 1:
            self.deleted.append(steps[0])
            return Reply(200, {"id": steps[0], "deleted": True, "object": "video.deleted"})
        if method == "POST" and steps[1:] == ["remix"]:
            return Reply(200, {**clip, "id": f"{steps[0]}r", "remixed_from_video_id": steps[0]})
        return error(404, "invalid_request_error", "unknown_url", "Invalid URL")

    def _create(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        asked = Asked(path, headers)
        if headers["content-type"].startswith("application/json"):
            asked.fields = json.loads(body)
            asked.pictures.append(base64.b64decode(asked.fields["input_reference"].partition(",")[2]))
        else:
            for name, _, content in parts_of(headers, body):
                if name == "input_reference":
                    asked.pictures.append(content)
                else:
                    asked.fields[name] = content.decode()
        asked.model, asked.prompt = asked.fields.get("model", ""), asked.fields.get("prompt", "")
        self.record(asked)
        size = asked.fields.get("size", "720x1280")
        if size not in _SIZES or asked.fields.get("seconds", "4") not in ("4", "8", "12"):
            return error(400, "invalid_request_error", "invalid_value", "Invalid size or seconds")
        width, height = (int(side) for side in size.split("x"))
        if Image.open(io.BytesIO(asked.pictures[0])).size != (width, height):
            return error(
                400, "invalid_request_error", "invalid_value", "Inpaint image must match the requested size"
            )
        number = next(self.numbers)
        clip = {
            "id": f"video_{number}",
            "object": "video",
            "model": asked.model,
            "status": "queued",
            "progress": 0,
            "created_at": 1790000000,
            "seconds": asked.fields.get("seconds", "4"),
            "size": size,
            "error": None,
            "looks": 0,
        }
        self.films[clip["id"]] = film_of(asked.pictures[0], self.painter(asked)[0])
        self.clips[clip["id"]] = clip
        return Reply(200, clip)

    def _retrieve(self, clip: dict[str, Any]) -> Reply:
        clip["looks"] += 1
        self.looked_at.set()
        if clip["status"] not in ("failed", "completed"):
            done = clip["looks"] >= self.looks
            clip["status"] = "completed" if done else "in_progress"
            clip["progress"] = 100 if done else round(100 * clip["looks"] / self.looks)
        headers = {} if self.poll_after_ms is None else {"openai-poll-after-ms": str(self.poll_after_ms)}
        return Reply(200, clip, headers)

    def _content(self, clip: Mapping[str, Any], query: str) -> Reply:
        if clip["status"] != "completed":
            return error(404, "invalid_request_error", "not_ready", "Video is not ready")
        time.sleep(self.delay_seconds)
        film = self.films[clip["id"]]
        if "variant=thumbnail" in query or "variant=spritesheet" in query:
            return Reply(200, b"\xff\xd8\xff\xe0 sheet", content_type="image/jpeg")
        return Reply(200, film, content_type="video/mp4")


def film_of(
    first: bytes, last: bytes, *, rate: float = 8.0, opening_frames: int = 1, ending_frames: int = 4
) -> bytes:
    """A tiny real MP4 that begins with one picture and ends with the other; `rate` is frames per second."""
    opening, ending = rgb(first)[..., ::-1], rgb(last)[..., ::-1]
    height, width = opening.shape[:2]
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        writer = cv2.VideoWriter(file.name, cv2.VideoWriter.fourcc(*"mp4v"), rate, (width, height))
        for _ in range(opening_frames):
            writer.write(np.ascontiguousarray(opening))
        for _ in range(ending_frames):
            writer.write(np.ascontiguousarray(resized(ending, (width, height))))
        writer.release()
        file.seek(0)
        return file.read()
