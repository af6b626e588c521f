"""Requests to a server that asks for tokens, without a network in between: cookies, forms, addresses."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from stillroom.bootstrap import open_studio
from stillroom.settings import load
from stillroom.web.app import create_app

pytestmark = pytest.mark.anyio

PHOTO = Path(__file__).parents[2] / "golden" / "images" / "mug_kitchen.jpg"

CLIENT = "203.0.113.7"

Browser = Callable[[str], httpx.AsyncClient]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[FastAPI]:
    """A server that asks for tokens."""
    settings = load(data_dir=tmp_path, auth="token", embedded_worker=False)
    app = create_app(settings, partial(open_studio, settings))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def token(app: FastAPI) -> str:
    """Return the token of anna."""
    token: str = await app.state.studio.access.owners.create("anna")
    return token


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    """Makes a client at `http` or `https` that sends what our own page would; it keeps no cookies."""
    async with AsyncExitStack() as clients:

        def made(scheme: str) -> httpx.AsyncClient:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app, client=(CLIENT, 1234)),
                base_url=f"{scheme}://studio.example",
                headers={"Sec-Fetch-Site": "same-origin"},
            )
            clients.push_async_callback(client.aclose)
            return client

        yield made


async def signed_in(browser: httpx.AsyncClient, token: str) -> str:
    """The cookie as a browser sends it."""
    answer = await browser.post("/login", json={"token": token})
    assert answer.status_code == 200, answer.text
    browser.cookies.clear()
    return answer.headers["Set-Cookie"].partition(";")[0]


async def status(browser: httpx.AsyncClient, cookies: str) -> int:
    return (await browser.get("/session", headers={"Cookie": cookies})).status_code


async def test_only_the_cookie_of_the_request_scheme_is_accepted(browser: Browser, token: str) -> None:
    secure, plain = browser("https"), browser("http")
    own, planted = await signed_in(secure, token), await signed_in(plain, token)
    assert await status(secure, own) == 200
    assert await status(plain, planted) == 200
    assert await status(secure, planted) == 401, "a page of a sibling subdomain may have set it"
    assert await status(plain, own) == 401
    assert await status(secure, f"{planted}; {own}") == 200


async def test_password_of_a_proxy_does_not_hide_the_cookie(browser: Browser, token: str) -> None:
    client = browser("https")
    headers = {"Cookie": await signed_in(client, token), "Authorization": "Basic YW5uYTpwdw=="}
    assert (await client.get("/session", headers=headers)).status_code == 200
    foreign = {**headers, "Sec-Fetch-Site": "cross-site"}
    assert (await client.post("/session", headers=foreign, json={})).status_code == 403
    wrong = {**headers, "Authorization": "Bearer st_revoked"}
    assert (await client.get("/session", headers=wrong)).status_code == 401, "the token that is given counts"


async def test_signing_out_voids_both_cookies_and_both_secrets(browser: Browser, token: str) -> None:
    secure, plain = browser("https"), browser("http")
    own, other = await signed_in(secure, token), await signed_in(plain, token)
    answer = await secure.post("/logout", headers={"Cookie": f"{own}; {other}"})
    assert answer.status_code == 204
    removed = {line.partition("=")[0]: line for line in answer.headers.get_list("Set-Cookie")}
    assert removed.keys() == {"__Host-stillroom", "stillroom"}
    assert all("Max-Age=0" in line for line in removed.values())
    assert await status(secure, own) == 401
    assert await status(plain, other) == 401


async def test_a_refused_sign_in_is_logged_with_its_address_and_without_its_token(
    browser: Browser, token: str
) -> None:
    with capture_logs() as lines:
        await browser("http").post("/login", json={"token": "st_guessed"})
        await browser("http").post("/login", json={"token": token})
    told = [(line["address"], line["outcome"]) for line in lines if line["event"] == "sign_in"]
    assert told == [(CLIENT, "refused"), (CLIENT, "done")]
    assert "st_guessed" not in str(lines)
    assert token not in str(lines)


@pytest.mark.parametrize("path", ["/assets/", "/docs/none/", "/session/", "/image/ast_1/"])
async def test_response_never_links_to_the_host_header(browser: Browser, path: str) -> None:
    answer = await browser("http").get(path, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 404
    assert "elsewhere" not in str(answer.headers)


def part(disposition: str, body: bytes, media_type: str | None = "image/jpeg") -> bytes:
    """A form of one part."""
    kind = f"Content-Type: {media_type}\r\n" if media_type else ""
    head = f"--frontier\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n"
    return head.encode() + body + b"\r\n--frontier--\r\n"


async def upload(browser: httpx.AsyncClient, token: str, form: bytes) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "multipart/form-data; boundary=frontier",
    }
    return await browser.post("/upload", content=form, headers=headers)


async def test_text_field_instead_of_a_file_is_refused_with_a_message(browser: Browser, token: str) -> None:
    answer = await upload(browser("http"), token, part('name="file"', b"a photo, honestly", None))
    assert answer.status_code == 422
    (field,) = answer.json()["params"]["fields"]
    assert (field["field"], field["reason"]) == ("file", "file_expected")
    assert "file name" in field["message"]
    assert "class" not in answer.text


@pytest.mark.parametrize(
    ("disposition", "stored"),
    [
        (f"filename*=UTF-8''{quote('马克杯.jpg')}", "马克杯"),
        ("filename*=utf-8'en'mug%20%22blue%22%3B.jpg", 'mug "blue";'),
        ("filename*=ISO-8859-1''caf%E9.jpg", "café"),
        ("filename*=UTF-8''..%2F..%2Fetc%2Fmug%00%0D%0A.jpg", "mug"),
        (f"filename*=UTF-8''{'a' * 3000}.jpg", "a" * 116),
        ("filename=\"plain.jpg\"; filename*=UTF-8''extended.jpg", "plain"),
    ],
)
async def test_a_file_name_may_be_given_in_the_extended_form_alone(
    browser: Browser, token: str, disposition: str, stored: str
) -> None:
    answer = await upload(browser("http"), token, part(f'name="file"; {disposition}', PHOTO.read_bytes()))
    assert answer.status_code == 201, answer.text
    session = {"image_id": answer.json()["id"]}
    opened = await browser("http").post(
        "/session", json=session, headers={"Authorization": f"Bearer {token}"}
    )
    assert opened.json()["title"] == stored, "the title begins as the file's name"


@pytest.mark.parametrize("value", ["UTF-8''%FF%FE.jpg", "no-such-charset''mug.jpg", "mug.jpg", "UTF-8''"])
async def test_an_extended_file_name_that_cannot_be_read_is_a_file_all_the_same(
    browser: Browser, token: str, value: str
) -> None:
    form = part(f'name="file"; filename*={value}', PHOTO.read_bytes())
    answer = await upload(browser("http"), token, form)
    assert answer.status_code == 201, answer.text


async def test_json_is_compressed_for_clients_that_accept_gzip_and_pictures_are_not(
    browser: Browser, token: str
) -> None:
    client = browser("https")
    client.headers.update({"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"})
    config = await client.get("/config")
    assert config.headers["Content-Encoding"] == "gzip"
    assert config.json()["networks"]["in_use"]
    assert (await client.get("/config", headers={"Accept-Encoding": "br"})).json() == config.json()
    uploaded = await client.post("/upload", files={"file": ("mug.jpg", PHOTO.read_bytes(), "image/jpeg")})
    picture = await client.get(f"/image/{uploaded.json()['id']}")
    assert picture.status_code == 200
    assert "Content-Encoding" not in picture.headers
