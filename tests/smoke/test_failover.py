"""Clouds that work, stumble and fall, as the seller meets them: a real studio, real SDKs, fake vendors."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.fakes.providers.gemini import FakeGemini, error
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.painters import ScenePainter, by_photo
from tests.fakes.providers.server import KEY, Fault
from tests.servers.studio_process import StudioProcess

PHOTO = "mug_kitchen"


class Clouds:
    """Two fake vendors that know the golden photo, and a studio that has their keys."""

    def __init__(self, gemini: FakeGemini, openai: FakeOpenAI, studio: StudioProcess) -> None:
        self.gemini = gemini
        self.openai = openai
        self.studio = studio

    def edit(self, session_id: str, **body: Any) -> dict[str, Any]:
        """Replace the background, and give the finished job back."""
        job = self.studio.submit(
            "/edit", **{"session_id": session_id, "operation": "bg_replace", "prompt": "木纹背景", **body}
        )
        return self.studio.finished(job["id"])

    def state_of(self, provider: str) -> dict[str, Any]:
        """State of a provider in `/config`."""
        return provider_state(self.studio, provider)


def provider_state(studio: StudioProcess, provider: str) -> dict[str, Any]:
    """State of a provider in `/config`."""
    providers = studio.client.get("/config").json()["providers"]
    found: dict[str, Any] = next(one for one in providers if one["id"] == provider)
    return found


def painter_for(golden: Path) -> ScenePainter:
    """Knows where the product is in the golden photo, and gives it a new scene with all sorts of drift."""
    photo = np.asarray(ImageOps.exif_transpose(Image.open(golden / f"{PHOTO}.jpg")).convert("RGB"))
    matte = np.asarray(Image.open(golden.parent / "masks" / f"{PHOTO}.png").convert("L"))
    size = (photo.shape[1], photo.shape[0])
    matte = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    return ScenePainter(by_photo(photo, matte), shift=(5, -4), scale=1.03, tone=(1.06, 1.0, 0.92), label=0.02)


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path, golden: Path) -> Iterator[Clouds]:
    """All of it running."""
    painter = painter_for(golden)
    with (
        FakeGemini(painter) as gemini,
        FakeOpenAI(painter) as openai,
        StudioProcess(
            tmp_path_factory.mktemp("clouds"),
            weights_folder,
            GEMINI_API_KEY=KEY,
            GEMINI_BASE_URL=gemini.address,
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=f"{openai.address}/v1",
            SORA_API_KEY=KEY,
            SORA_BASE_URL="https://api.openai.com/v1",
            SORA_MODEL="sora-2",
        ) as studio,
    ):
        yield Clouds(gemini, openai, studio)


@pytest.fixture
def session(clouds: Clouds, golden: Path) -> str:
    """A session on the golden photo; no faults, no memories."""
    for fake in (clouds.gemini, clouds.openai):
        fake.heal()
        fake.asked.clear()
    session_id: str = clouds.studio.open_session(golden / f"{PHOTO}.jpg")["id"]
    return session_id


def test_preview_arrives_before_the_candidates_of_the_best_cloud(clouds: Clouds, session: str) -> None:
    job = clouds.studio.submit(
        "/edit", session_id=session, operation="bg_replace", prompt="木纹背景", candidates=2
    )
    events = list(clouds.studio.events(job["id"]))
    job = clouds.studio.client.get(f"/job/{job['id']}").json()
    assert (job["status"], job["fallbacks"]) == ("succeeded", [])
    assert [(v["role"], v["ordinal"]) for v in job["variants"]] == [
        ("preview", 0),
        ("candidate", 1),
        ("candidate", 2),
    ]
    assert job["variants"][0]["model_used"].startswith("local/")
    assert {v["model_used"] for v in job["variants"][1:]} == {"gemini/gemini-nano-banana-2.1"}
    assert job["model_used"] == "gemini/gemini-nano-banana-2.1"
    assert (clouds.gemini.calls, clouds.openai.calls) == (2, 0)
    assert job["cost_usd"] > 2 * 0.0336
    assert events[-1]["event"] == "succeeded"
    for variant in job["variants"][1:]:
        measures = variant["measures"]
        assert measures["verified"] is True
        assert measures["registration_px"] < 1
        assert measures["protected_delta_e"] < 2
        assert measures["logo_shift_px"] < 1
        assert measures["drift_px"] > 3
        assert variant["plan"]["product_transform"] is not None
    asked = clouds.gemini.asked[0]
    assert "木纹背景" in asked.prompt
    assert "$" not in asked.prompt


def test_a_rate_limit_sends_the_job_to_the_next_cloud(clouds: Clouds, session: str) -> None:
    clouds.gemini.fail(Fault(429, error(429, "RESOURCE_EXHAUSTED", "slow down").body, times=9))
    job = clouds.edit(session, candidates=3)
    assert job["status"] == "succeeded", job
    assert job["model_used"] == "chatgpt/gpt-image-2.6-flare"
    assert job["fallbacks"] == [{"from": "gemini", "to": "chatgpt", "reason": "rate_limited"}]
    assert clouds.openai.calls == 1
    assert clouds.openai.asked[0].count == 3
    state = clouds.state_of("gemini")
    assert (state["state"], state["reason"]) == ("cooling", "rate_limited")
    usage = clouds.studio.client.get("/usage").json()
    assert usage["fallbacks"] >= 1


def test_a_retired_provider_says_so(clouds: Clouds) -> None:
    assert clouds.state_of("sora")["state"] == "retired"
    assert clouds.state_of("local")["state"] == "ready"


def test_all_clouds_down_give_local_pictures(clouds: Clouds, session: str) -> None:
    clouds.gemini.fail(Fault(503, error(503, "UNAVAILABLE", "").body, times=99))
    clouds.openai.fail(Fault(502, "<html>", content_type="text/html", times=99))
    jobs = [clouds.edit(session, candidates=1) for _ in range(3)]
    assert [job["status"] for job in jobs] == ["succeeded"] * 3
    for job in jobs:
        (variant,) = job["variants"]
        assert (variant["role"], variant["ordinal"]) == ("candidate", 1)
        assert job["model_used"].startswith("local/")
        assert job["fallbacks"][-1]["to"] == "local"


def test_chosen_model_is_the_only_one_called(clouds: Clouds, session: str) -> None:
    job = clouds.edit(session, candidates=1, provider="local")
    assert job["provider"] == "local"
    assert (clouds.gemini.calls, clouds.openai.calls) == (0, 0)
    answer = clouds.studio.client.post(
        "/edit", json={"session_id": session, "operation": "optimize", "provider": "nobody"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")
