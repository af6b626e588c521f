"""The fake vendors are as strict as the real ones, or tests against them would prove nothing."""

import base64
import json
from typing import Any

import httpx
import pytest

from tests.fakes.providers.ark import FakeArk
from tests.fakes.providers.dashscope import FakeDashScope
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.server import KEY, Fault
from tests.fakes.providers.videos import FakeVideos
from tests.pictures import decoded, jpeg, png, scene

PHOTO = jpeg(scene(512, 512))
DATA = base64.b64encode(PHOTO).decode()


@pytest.fixture(autouse=True)
def well(gemini_server: FakeGemini, openai_server: FakeOpenAI, videos_server: FakeVideos) -> None:
    """No faults from other tests."""
    for fake in (gemini_server, openai_server, videos_server):
        fake.heal()


def generate(
    fake: FakeGemini, *, key: str = KEY, method: str = "generateContent", **body: Any
) -> httpx.Response:
    document = {
        "contents": [
            {
                "role": "user",
                "parts": [{"inlineData": {"mimeType": "image/jpeg", "data": DATA}}, {"text": "Go."}],
            }
        ],
        **body,
    }
    address = f"{fake.address}/v1beta/models/gemini-nano-banana-2.1:{method}"
    return httpx.post(address, json=document, headers={"x-goog-api-key": key}, timeout=20)


def edit(fake: FakeOpenAI, **fields: str) -> httpx.Response:
    return httpx.post(
        f"{fake.address}/v1/images/edits",
        data={"model": "gpt-image-2.6-flare", "prompt": "Go.", **fields},
        files=[("image[]", ("a.jpg", PHOTO, "image/jpeg"))],
        headers={"authorization": f"Bearer {KEY}"},
        timeout=20,
    )


def test_fake_gemini_refuses_what_the_real_one_refuses(gemini_server: FakeGemini) -> None:
    wrong_key = generate(gemini_server, key="nope")
    assert wrong_key.status_code == 400
    assert wrong_key.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    for config in (
        {"candidateCount": 2},
        {"imageConfig": {"imageSize": "512"}},
        {"imageConfig": {"aspectRatio": "5:3"}},
    ):
        assert (
            generate(gemini_server, generationConfig=config).json()["error"]["status"] == "INVALID_ARGUMENT"
        )
    assert generate(gemini_server).status_code == 200


def test_fake_gemini_requires_its_thought_signature(gemini_server: FakeGemini) -> None:
    part = generate(gemini_server).json()["candidates"][0]["content"]["parts"][1]
    mine = {"role": "user", "parts": [{"text": "Warmer."}]}

    def turn(of_model: Any) -> int:
        return generate(gemini_server, contents=[{"role": "model", "parts": [of_model]}, mine]).status_code

    assert turn(part) == 200
    assert turn({"inlineData": part["inlineData"]}) == 400


def test_gemini_streams(gemini_server: FakeGemini) -> None:
    answer = generate(gemini_server, method="streamGenerateContent")
    assert answer.headers["content-type"] == "text/event-stream"
    assert json.loads(answer.text.removeprefix("data: "))["candidates"]


def test_fake_openai_refuses_what_the_real_one_refuses(openai_server: FakeOpenAI) -> None:
    assert edit(openai_server, n="11").json()["error"]["param"] == "n"
    assert edit(openai_server, size="1000x1000").json()["error"]["param"] == "size"
    assert edit(openai_server, size="4096x1024").json()["error"]["param"] == "size"
    assert edit(openai_server, model="gpt-image-1.5", size="1040x1040").json()["error"]["param"] == "size"
    assert edit(openai_server, prompt="x" * 32_001).json()["error"]["code"] == "string_above_max_length"
    assert httpx.post(f"{openai_server.address}/v1/images/edits").status_code == 401


def test_fake_openai_accepts_json_and_returns_the_requested_size(openai_server: FakeOpenAI) -> None:
    body = {
        "model": "gpt-image-2",
        "prompt": "Go.",
        "n": 2,
        "size": "1024x1536",
        "images": [{"image_url": f"data:image/jpeg;base64,{DATA}"}],
    }
    answer = httpx.post(
        f"{openai_server.address}/v1/images/edits",
        json=body,
        headers={"authorization": f"Bearer {KEY}"},
        timeout=20,
    ).json()
    shapes = [decoded(base64.b64decode(item["b64_json"])).shape for item in answer["data"]]
    assert shapes == [(1536, 1024, 3)] * 2


def test_openai_streams(openai_server: FakeOpenAI) -> None:
    text = edit(openai_server, stream="true").text
    assert "event: image_edit.partial_image" in text
    assert "event: image_edit.completed" in text


def test_fake_ark_adds_a_watermark_unless_disabled_and_its_links_expire(ark_server: FakeArk) -> None:
    def paint(**fields: Any) -> httpx.Response:
        photo = f"data:image/jpeg;base64,{DATA}"
        body = {
            "model": "doubao-seedream-5-0-pro-260628",
            "prompt": "Go.",
            "image": photo,
            "size": "1024x1024",
        }
        return httpx.post(
            f"{ark_server.address}/api/v3/images/generations",
            json={**body, **fields},
            headers={"authorization": f"Bearer {KEY}"},
            timeout=20,
        )

    ark_server.heal()
    for fields, is_marked in (({}, True), ({"watermark": None}, True), ({"watermark": False}, False)):
        link = paint(**fields).json()["data"][0]["url"]
        corner = decoded(httpx.get(link).content)[-20:, -20:].reshape(-1, 3).mean(0)
        assert (corner[1] < 20 and corner[0] > 230) == is_marked
        assert httpx.get(f"{link}x").status_code == 403
    wrongs: list[dict[str, Any]] = [
        {"size": "640x640"},
        {"size": "2K"},
        {"n": 2},
        {"image": f"data:image/JPEG;base64,{DATA}"},
        {"image": []},
        {"image": "data:image/png;base64,AAAA"},
        {"prompt": ""},
    ]
    for wrong in wrongs:
        assert paint(**wrong).status_code == 400, wrong
    assert paint(model="unheard-of").status_code == 404


def test_fake_model_studio_refuses_what_the_real_one_refuses(dashscope_server: FakeDashScope) -> None:
    def post(path: str, body: object, **headers: str) -> httpx.Response:
        address = f"{dashscope_server.address}/api/v1/services/aigc/{path}"
        told = {"authorization": f"Bearer {KEY}", **headers}
        return httpx.post(address, json=body, headers=told, timeout=20)

    dashscope_server.heal()
    synchronous = "multimodal-generation/generation"
    content = [{"image": f"data:image/jpeg;base64,{DATA}"}, {"text": "Go."}]
    wan = {"model": "wan2.7-image", "input": {"messages": [{"role": "user", "content": content}]}}
    assert post(synchronous, wan, **{"x-dashscope-async": "enable"}).status_code == 403
    assert post(synchronous, wan).json()["usage"]["image_count"] == 4
    for parameters in ({"n": 5}, {"size": "1024x1024"}, {"size": "256*256"}):
        assert post(synchronous, {**wan, "parameters": parameters}).status_code == 400, parameters
    given = {"ref_prompt": "slate", "base_image_url": "oss://nothing"}
    task = {"model": "wanx-background-generation-v2", "input": given, "parameters": {"model_version": "v3"}}
    background = "background-generation/generation/"
    assert post(background, task).status_code == 403
    unresolved = post(background, task, **{"x-dashscope-async": "enable"})
    assert unresolved.json()["code"] == "InvalidURL"
    wrong = post(background, {**task, "model": "v3"}, **{"x-dashscope-async": "enable"})
    assert wrong.json()["message"] == "Model not exist."


def test_models_can_be_listed(gemini_server: FakeGemini, openai_server: FakeOpenAI) -> None:
    known = httpx.get(f"{gemini_server.address}/v1/models", headers={"x-goog-api-key": KEY})
    assert known.json()["models"]
    listed = httpx.get(f"{openai_server.address}/v1/models", headers={"authorization": f"Bearer {KEY}"})
    assert listed.json()["data"][0]["shutdown_date"] is None


def test_clip_requires_an_input_of_its_own_size(videos_server: FakeVideos) -> None:
    answer = httpx.post(
        f"{videos_server.address}/v1/videos",
        data={"model": "wan", "prompt": "Go.", "size": "1280x720"},
        files={"input_reference": ("a.png", png(scene(640, 480)), "image/png")},
        headers={"authorization": f"Bearer {KEY}"},
    )
    assert answer.status_code == 400


def test_injected_fault_fires_as_often_as_configured(openai_server: FakeOpenAI) -> None:
    openai_server.fail(Fault(503, {}, times=2))
    assert [edit(openai_server).status_code for _ in range(3)] == [503, 503, 200]
