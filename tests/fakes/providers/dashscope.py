"""Alibaba Model Studio: pictures in one synchronous call, and tasks that paint behind an uploaded cut-out."""

import base64
import hashlib
import io
import json
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from tests.fakes.providers.painters import resized, rgb
from tests.fakes.providers.server import KEY, Asked, FakeVendor, Painter, Reply, parts_of
from tests.pictures import jpeg, png

PICTURE_MICRO_USD, BACKGROUND_MICRO_USD = 42_000, 12_000
_SYNCHRONOUS = "/api/v1/services/aigc/multimodal-generation/generation"
_BACKGROUND = "/api/v1/services/aigc/background-generation/generation/"
_SIZE = re.compile(r"^(\d+)\*(\d+)$")
_LEAST, _MOST = 512 * 512, 2048 * 2048


class FakeDashScope(FakeVendor):
    """Results by link alone; tasks are done after a few looks."""

    def __init__(self, painter: Painter, looks: int = 2) -> None:
        """`painter` makes the pictures; a task is done after so many polls."""
        super().__init__(painter)
        self.looks = looks
        self.models = ["qwen-image-3.0-pro", "qwen-image-2.0", "wanx-background-generation-v2"]
        self.served = [*self.models, "qwen-image-edit", "wan2.7-image"]
        self.shutdown_dates: dict[str, str] = {}
        self.has_list = True
        self.results: dict[str, tuple[bytes, float]] = {}
        self.link_seconds = 60.0
        self.uploads: dict[str, bytes] = {}
        self.tasks: dict[str, dict[str, Any]] = {}
        self.cancelled: list[str] = []
        self.looked_at = threading.Event()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Speak Model Studio's wire."""
        address, _, query = path.partition("?")
        if method == "GET" and address.startswith("/results/"):
            return self._result(address, query)
        if method == "POST" and address == "/upload":
            return self._uploaded(headers, body)
        if headers.get("authorization") != f"Bearer {KEY}":
            return error(401, "InvalidApiKey", "Invalid API-key provided.")
        if method == "GET" and address == "/compatible-mode/v1/models" and self.has_list:
            data = [{"id": name, "shutdown_date": self.shutdown_dates.get(name)} for name in self.models]
            return Reply(200, {"object": "list", "data": data})
        if method == "GET" and address == "/api/v1/uploads":
            return self.policy(query)
        if address.startswith("/api/v1/tasks/"):
            return self._task(method, address.removeprefix("/api/v1/tasks/"))
        if method == "POST" and address == _SYNCHRONOUS:
            return self._synchronous(path, headers, body)
        if method == "POST" and address == _BACKGROUND:
            return self._background(path, headers, body)
        return error(404, "NotFound", "no such path")

    def _synchronous(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        asked = _read(path, headers, body)
        self.record(asked)
        if headers.get("x-dashscope-async"):
            return error(403, "AccessDenied", "current user api does not support asynchronous calls.")
        complaint = self._complaint(asked)
        if complaint is not None:
            return complaint
        time.sleep(self.delay_seconds)
        files = []
        for picture in self.painter(asked):
            pixels = rgb(picture) if asked.size is None else resized(rgb(picture), asked.size)
            files.append(png(pixels))
        self.bill(PICTURE_MICRO_USD * len(files))
        content = [{"image": self.link_to(file)} for file in files]
        area = 0 if asked.size is None else asked.size[0] * asked.size[1]
        usage = {
            "image_count": len(files),
            "output_image_type": "qima_output_2k" if area > 2_250_000 else "qima_output_1k",
        }
        # Vendors put several pictures into several choices as well as into several parts.
        choices = [
            {"finish_reason": "stop", "message": {"role": "assistant", "content": part}}
            for part in (content[:1], content[1:])
            if part
        ]
        answer = {
            "output": {"choices": choices},
            "usage": usage,
            "request_id": f"qwen-{next(self.numbers)}",
        }
        return Reply(200, answer)

    def _complaint(self, asked: Asked) -> Reply | None:
        parameters = asked.fields.get("parameters", {})
        if asked.model not in self.served:
            return error(400, "InvalidParameter", "Model not exist.")
        if not asked.pictures or len(asked.prompt.split("\0")) != 1 or not asked.prompt:
            return error(400, "InvalidParameter", "exactly one text and at least one image")
        if len(asked.pictures) > (9 if asked.model.startswith("wan") else 3):
            return error(400, "InvalidParameter", "too many image inputs")
        most = 4 if asked.model.startswith("wan") else 1 if asked.model == "qwen-image-edit" else 6
        if not 1 <= asked.count <= most:
            return error(400, "InvalidParameter", "n is out of range")
        if asked.model == "qwen-image-edit" and "size" in parameters:
            return error(400, "InvalidParameter", "size is not supported")
        if "size" in parameters:
            size = _SIZE.match(parameters["size"])
            if size is None or not _LEAST <= int(size[1]) * int(size[2]) <= _MOST:
                return error(400, "InvalidParameter", "size is out of range")
            asked.size = int(size[1]), int(size[2])
        return None

    def _background(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        asked = Asked(path, headers, fields=json.loads(body))
        asked.model = asked.fields.get("model", "")
        given, parameters = asked.fields.get("input", {}), asked.fields.get("parameters", {})
        asked.prompt, asked.count = given.get("ref_prompt", ""), int(parameters.get("n", 1))
        self.record(asked)
        if headers.get("x-dashscope-async") != "enable":
            return error(403, "AccessDenied", "current user api does not support synchronous calls.")
        if asked.model not in self.served:
            return error(400, "InvalidParameter", "Model not exist.")
        if not asked.prompt or parameters.get("model_version") not in ("v2", "v3"):
            return error(400, "InvalidParameter", "ref_prompt or model_version is missing")
        link = given.get("base_image_url", "")
        if link.startswith("oss://") and headers.get("x-dashscope-ossresourceresolve") != "enable":
            return error(400, "InvalidURL", "oss:// is not resolved")
        cut_out = self.uploads.get(link.removeprefix("oss://"))
        if cut_out is None:
            return error(400, "InvalidParameter.DataInspection", "Unable to download the media resource")
        number = next(self.numbers)
        task_id = f"task-{number}"
        self.tasks[task_id] = {"status": "PENDING", "looks": 0, "asked": asked, "cut_out": cut_out}
        output = {"task_id": task_id, "task_status": "PENDING"}
        return Reply(200, {"output": output, "request_id": f"qwen-{number}"})

    def _task(self, method: str, name: str) -> Reply:
        task_id, _, verb = name.partition("/")
        task = self.tasks.get(task_id)
        if method == "POST" and verb == "cancel":
            self.cancelled.append(task_id)
            return Reply(200, {"request_id": "qwen-cancel"})
        if task is None:
            unknown = {"task_id": task_id, "task_status": "UNKNOWN"}
            return Reply(200, {"output": unknown, "request_id": "qwen-task"})
        task["looks"] += 1
        self.looked_at.set()
        if task["looks"] < self.looks:
            output: dict[str, Any] = {"task_id": task_id, "task_status": "RUNNING"}
            return Reply(200, {"output": output, "request_id": "qwen-task"})
        if "output" not in task:
            task["output"] = self._done(task_id, task)
        return Reply(200, {"output": task["output"], "usage": {"image_count": task["asked"].count}})

    def _done(self, task_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
        asked: Asked = task["asked"]
        image = Image.open(io.BytesIO(task["cut_out"]))
        if image.mode != "RGBA":
            message = "the image requires RGBA format, but is RGB"
            return {"task_status": "FAILED", "code": "BadRequest.UnsupportedFileFormat", "message": message}
        pixels = np.asarray(image)
        alpha = pixels[..., 3:].astype(np.float32) / 255
        asked.pictures = [jpeg(np.ascontiguousarray(pixels[..., :3]))]
        results = []
        for picture in self.painter(asked):
            scene = resized(rgb(picture), image.size)
            # Opaque pixels stay as they came; the rest is painted.
            mixed = pixels[..., :3] * alpha + scene * (1 - alpha)
            results.append({"url": self.link_to(png(np.rint(mixed).astype(np.uint8)))})
        self.bill(BACKGROUND_MICRO_USD * len(results))
        return {"task_id": task_id, "task_status": "SUCCEEDED", "results": results}

    def policy(self, query: str) -> Reply:
        model = query.rpartition("model=")[2]
        data = {
            "upload_host": f"{self.address}/upload",
            "upload_dir": f"dashscope-instant/{model}",
            "oss_access_key_id": "id",
            "policy": "policy",
            "signature": "signature",
            "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
            "max_file_size_mb": 20,
        }
        return Reply(200, {"data": data, "request_id": "qwen-policy"})

    def _uploaded(self, headers: Mapping[str, str], body: bytes) -> Reply:
        parts = parts_of(headers, body)
        fields = {name: content.decode() for name, file, content in parts if file is None}
        if "authorization" in headers or parts[-1][0] != "file" or fields.get("signature", "x") != "x":
            return Reply(403, "<Error/>", content_type="application/xml")
        self.uploads[fields["key"]] = parts[-1][2]
        return Reply(200, "", content_type="application/xml")

    def link_to(self, file: bytes) -> str:
        """A signed link to a file."""
        name = hashlib.sha256(file).hexdigest()[:16]
        self.results[name] = file, time.monotonic() + self.link_seconds
        return f"{self.address}/results/{name}?Expires=1&Signature={name[::-1]}"

    def _result(self, address: str, query: str) -> Reply:
        name = address.removeprefix("/results/")
        file, until = self.results.get(name, (b"", 0.0))
        if query != f"Expires=1&Signature={name[::-1]}" or time.monotonic() > until:
            return Reply(403, "<Error><Code>AccessDenied</Code></Error>", content_type="application/xml")
        return Reply(200, file, content_type="image/png")


def _read(path: str, headers: Mapping[str, str], body: bytes) -> Asked:
    document = json.loads(body)
    asked = Asked(path, headers, model=document.get("model", ""), fields=document)
    texts = []
    for message in document.get("input", {}).get("messages", []):
        for part in message["content"]:
            if "image" in part:
                asked.pictures.append(base64.b64decode(part["image"].partition(",")[2]))
            if "text" in part:
                texts.append(part["text"])
    asked.prompt = "\0".join(texts)
    usual = 4 if asked.model.startswith("wan") else 1
    asked.count = int(document.get("parameters", {}).get("n", usual))
    return asked


def error(status: int, code: str, message: str) -> Reply:
    """An error as the native interface words it."""
    return Reply(status, {"code": code, "message": message, "request_id": "qwen-error"})


def compatible(status: int, code: str, message: str) -> Reply:
    """An error as the compatible interface words it."""
    body = {"error": {"code": code, "message": message, "param": None, "type": code}}
    return Reply(status, {**body, "request_id": "qwen-error"})
