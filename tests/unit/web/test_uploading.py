"""Reception of uploads: temporary files, their number, and a full disk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from stillroom.application.limits.limits import USER_UNFINISHED, Limits
from stillroom.application.limits.quotas import Rates, Uploads
from stillroom.domain.errors import InputCorrupt
from stillroom.observability import Metrics
from stillroom.storage.rate_limits import TokenBuckets
from stillroom.web import app as web
from stillroom.web.dependencies import owner_of
from stillroom.web.routes import pictures
from tests.servers.small_disk import small_disk

pytestmark = pytest.mark.anyio

PER_MINUTE = 30
LIMIT = 2 * 1024 * 1024
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


class ReadingIntake:
    """Reads every photo and finds it damaged."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def upload(self, read: Callable[[], Awaitable[bytes]], **_: Any) -> None:
        self.sizes.append(len(await read()))
        raise InputCorrupt


class UploadRoute:
    """Upload route without the services behind it; the header `X-Owner` names the owner."""

    def __init__(self, folder: Path) -> None:
        self.uploads = Uploads(folder, Limits(max_upload_bytes=LIMIT))
        self.intake = ReadingIntake()
        self.app = FastAPI()
        self.app.state.studio = SimpleNamespace(
            photos=SimpleNamespace(uploads=self.uploads, intake=self.intake),
            access=SimpleNamespace(rates=Rates(TokenBuckets(PER_MINUTE, None))),
            metrics=Metrics(),
        )
        self.app.include_router(pictures.router)
        web.add_error_handlers(self.app)
        self.app.dependency_overrides[owner_of] = owner_in_header
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://test")

    async def post(
        self, body: bytes | AsyncIterator[bytes], owner: str = "own_a", **more: str
    ) -> httpx.Response:
        return await self.client.post("/upload", content=body, headers={**FORM, "X-Owner": owner, **more})


async def owner_in_header(request: Request) -> str:
    # Set by a middleware that this app lacks.
    request.state.request_id = request.state.traceparent = None
    return request.headers["X-Owner"]


@pytest.fixture
def reception(tmp_path: Path) -> UploadRoute:
    return UploadRoute(tmp_path / "incoming")


class Unfinished:
    """Request bodies that stall after their first bytes until a signal."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._end = asyncio.Event()
        self.begun = asyncio.Semaphore(0)

    async def body(self) -> AsyncIterator[bytes]:
        yield HEAD + bytes(self._size)
        self.begun.release()
        await self._end.wait()
        yield b"\r\n--b--\r\n"

    def end(self) -> None:
        self._end.set()


async def test_unfinished_uploads_are_limited_per_owner(
    reception: UploadRoute,
) -> None:
    unfinished = Unfinished(100)
    waiting = [asyncio.create_task(reception.post(unfinished.body())) for _ in range(USER_UNFINISHED)]
    for _ in waiting:
        await unfinished.begun.acquire()
    refused = await reception.post(HEAD + b"one more\r\n--b--\r\n")
    assert (refused.status_code, refused.json()["code"]) == (429, "E_RATE_LIMITED")
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.headers["RateLimit-Policy"].startswith('"unfinished_uploads"')
    another = await reception.post(HEAD + b"photo\r\n--b--\r\n", owner="own_b")
    assert another.status_code == 422
    unfinished.end()
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {422}
    assert reception.uploads.held == 0
    assert (await reception.post(HEAD + b"photo\r\n--b--\r\n")).status_code == 422
    assert reception.intake.sizes[-1] == len(b"photo")


async def test_upload_is_an_anonymous_file_in_the_data_folder(
    reception: UploadRoute,
) -> None:
    unfinished = Unfinished(LIMIT - 1000)
    upload = asyncio.create_task(reception.post(unfinished.body()))
    await unfinished.begun.acquire()
    assert [name for name in open_files() if str(reception.uploads.folder) in name]
    assert list(reception.uploads.folder.iterdir()) == []
    unfinished.end()
    assert (await upload).status_code == 422
    assert reception.intake.sizes == [LIMIT - 1000]


def open_files() -> list[str]:
    """Names of all open files of this process, from /proc."""
    names = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(descriptor.readlink()))
    return names


async def test_full_disk_is_a_server_error(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        reception = UploadRoute(disk.folder / "incoming")
        reception.uploads.folder.mkdir()
        disk.fill()
        answer = await reception.post(
            HEAD + bytes(LIMIT - 1000) + b"\r\n--b--\r\n", **{"Accept-Language": "zh"}
        )
    assert (answer.status_code, answer.json()["code"]) == (503, "E_STORAGE_IO")
    assert answer.json()["params"] == {"reason": "full"}
    assert "磁盘已满" in answer.json()["title"]
    assert str(tmp_path) not in answer.text


async def test_read_only_folder_is_a_server_error_with_its_reason(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        disk.make_read_only()
        answer = await UploadRoute(disk.folder / "incoming").post(HEAD + b"photo\r\n--b--\r\n")
    assert (answer.status_code, answer.json()["params"]) == (503, {"reason": "read_only"})


async def test_uploads_beyond_the_rate_limit_get_retry_after(reception: UploadRoute) -> None:
    photo = HEAD + b"photo\r\n--b--\r\n"
    answers = [await reception.post(photo) for _ in range(PER_MINUTE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].headers["RateLimit-Policy"] == f'"photos";q={PER_MINUTE};w=60'
    assert (await reception.post(photo, owner="own_b")).status_code == 422


async def test_other_fields_beside_the_file_are_skipped(reception: UploadRoute) -> None:
    other = b'--b\r\nContent-Disposition: form-data; name="note"; filename="n.txt"\r\n\r\na longer text\r\n'
    await reception.post(other + HEAD + b"photo\r\n" + other + b"--b--\r\n")
    assert reception.intake.sizes == [len(b"photo")]


@pytest.mark.parametrize(
    ("body", "form", "status"),
    [
        (b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n', FORM, 422),
        (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--b--\r\n', FORM, 422),
        (HEAD + b"one photo\r\n" + HEAD + b"another\r\n--b--\r\n", FORM, 422),
        (b"{}", {"Content-Type": "application/json"}, 422),
        (b"nothing of the kind", FORM, 400),
        (HEAD + b"photo that ends too ear", FORM, 422),
        (HEAD, {"Content-Type": "multipart/form-data"}, 400),
    ],
)
async def test_body_without_exactly_one_file_is_refused_with_a_message(
    reception: UploadRoute, body: bytes, form: dict[str, str], status: int
) -> None:
    answer = await reception.client.post("/upload", content=body, headers={**form, "X-Owner": "own_a"})
    assert (answer.status_code, answer.json()["code"]) == (status, "E_VALIDATION")
