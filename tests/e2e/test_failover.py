"""Clouds that work, stumble and fall, as the seller meets them: a real studio, real SDKs, fake vendors."""

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.e2e.studio_process import StudioProcess
from tests.fakes.providers.gemini import FakeGemini, error
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.painters import ScenePainter, by_photo
from tests.fakes.providers.server import KEY, Fault
from tests.fakes.providers.videos import FakeVideos

PHOTO = "camera_market"


class Clouds:
    """Two fake vendors that know the golden photo, and a studio that has their keys."""

    def __init__(self, gemini: FakeGemini, openai: FakeOpenAI, studio: StudioProcess) -> None:
        """Take all three."""
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
        """A provider as `/config` tells of it."""
        return provider_state(self.studio, provider)


def provider_state(studio: StudioProcess, provider: str) -> dict[str, Any]:
    """A provider as `/config` tells of it."""
    providers = studio.client.get("/config").json()["providers"]
    found: dict[str, Any] = next(one for one in providers if one["id"] == provider)
    return found


def left_alone(studio: StudioProcess, provider: str) -> dict[str, Any]:
    """A provider once `/config` says why it is not asked."""
    deadline = time.monotonic() + 60
    while not (state := provider_state(studio, provider))["reason"] and time.monotonic() < deadline:
        time.sleep(0.2)
    return state


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


def test_the_best_cloud_makes_the_candidates_and_the_preview_comes_first(
    clouds: Clouds, session: str
) -> None:
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


def test_all_clouds_down_leave_the_seller_with_local_pictures(clouds: Clouds, session: str) -> None:
    clouds.gemini.fail(Fault(503, error(503, "UNAVAILABLE", "").body, times=99))
    clouds.openai.fail(Fault(502, "<html>", content_type="text/html", times=99))
    jobs = [clouds.edit(session, candidates=1) for _ in range(3)]
    assert [job["status"] for job in jobs] == ["succeeded"] * 3
    for job in jobs:
        (variant,) = job["variants"]
        assert (variant["role"], variant["ordinal"]) == ("candidate", 1)
        assert job["model_used"].startswith("local/")
        assert job["fallbacks"][-1]["to"] == "local"


def test_one_chosen_model_is_asked_alone(clouds: Clouds, session: str) -> None:
    job = clouds.edit(session, candidates=1, provider="local")
    assert job["provider"] == "local"
    assert (clouds.gemini.calls, clouds.openai.calls) == (0, 0)
    answer = clouds.studio.client.post(
        "/edit", json={"session_id": session, "operation": "optimize", "provider": "nobody"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")


def studio_with(folder: Path, weights: Path, gemini: FakeGemini, **settings: str) -> StudioProcess:
    """A studio whose one cloud is the fake Gemini."""
    keys = {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": gemini.address}
    return StudioProcess(folder / "data", weights, **keys, **settings)


def test_a_kill_between_call_and_save_leaves_no_call_off_the_bill(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with FakeGemini(painter_for(golden)) as gemini, studio_with(tmp_path, weights_folder, gemini) as studio:
        session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
        job = studio.submit("/edit", session_id=session, operation="bg_replace", prompt="木纹", candidates=1)
        assert gemini.answered.wait(60)
        studio.kill()
        studio.start()
        finished = studio.finished(job["id"])
        assert (finished["status"], finished["attempts"]) == ("succeeded", 2)
        report = studio.client.get(f"/job/{job['id']}/report").text
        rows = [line for line in report.splitlines() if line.startswith("| gemini ")]
        assert len(rows) == gemini.calls == 2
        assert sum("| unknown |" in row for row in rows) == 1
        usage = studio.client.get("/usage").json()
        assert finished["cost_usd"] == pytest.approx(usage["cost_usd"])
        assert sum(line["calls"] for line in usage["lines"] if line["provider"] == "gemini") == gemini.calls
        # Of the call that nobody heard the end of the list price is on the bill, without what was read.
        assert gemini.billed_micro_usd / 1e6 - usage["cost_usd"] == pytest.approx(0.0009, abs=0.0008)


def test_the_budget_of_the_day_ends_paid_work_and_not_the_job(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with (
        FakeGemini(painter_for(golden)) as gemini,
        studio_with(tmp_path, weights_folder, gemini, STILLROOM_DAILY_BUDGET_USD="0.05") as studio,
    ):
        session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
        budget = studio.client.get("/config").json()["budget"]
        assert (budget["limit_usd"], budget["spent_usd"], budget["used_up"]) == (0.05, 0, False)
        jobs = []
        for _ in range(2):
            job = studio.submit(
                "/edit", session_id=session, operation="bg_replace", prompt="木纹", candidates=1
            )
            jobs.append(studio.finished(job["id"]))
        assert [job["model_used"].partition("/")[0] for job in jobs] == ["gemini", "local"]
        assert jobs[1]["fallbacks"] == [{"from": "gemini", "to": "local", "reason": "over_budget"}]
        assert gemini.calls == 1
        budget = studio.client.get("/config").json()["budget"]
        assert (budget["spent_usd"], budget["used_up"]) == (pytest.approx(jobs[0]["cost_usd"]), True)
        assert budget["resets_at"].endswith("T00:00:00Z")


def test_a_model_that_is_off_its_vendors_list_is_passed_over_unasked(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with FakeGemini(painter_for(golden)) as gemini:
        gemini.models = ["gemini-3-pro-image"]
        with studio_with(tmp_path, weights_folder, gemini) as studio:
            state = left_alone(studio, "gemini")
            assert (state["state"], state["reason"]) == ("retired", "retired")
            session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
            job = studio.submit("/edit", session_id=session, operation="bg_replace", candidates=1)
            finished = studio.finished(job["id"])
            assert finished["model_used"].startswith("local/")
            assert finished["fallbacks"] == [{"from": "gemini", "to": "local", "reason": "retired"}]
            assert gemini.calls == 0


def test_injected_faults_are_announced_and_fall_through(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    faults = "gemini=refused,storage.put=io@0.2"
    with (
        FakeGemini(painter_for(golden)) as gemini,
        studio_with(tmp_path, weights_folder, gemini, STILLROOM_FAULTS=faults) as studio,
    ):
        assert studio.client.get("/config").json()["features"]["faults"] is True
        assert "faults_are_injected" in studio.log_file.read_text()
        session = studio.client.post("/session", json={"image_id": uploaded(studio, golden)}).json()["id"]
        job = studio.submit("/edit", session_id=session, operation="bg_replace", prompt="白底", candidates=2)
        finished = studio.finished(job["id"])
        assert finished["status"] == "succeeded"
        assert finished["fallbacks"] == [{"from": "gemini", "to": "local", "reason": "refused"}]
        assert gemini.calls == 0


def uploaded(studio: StudioProcess, golden: Path) -> str:
    """A photo's id; storage that stumbles is asked again."""
    photo = (golden / f"{PHOTO}.jpg").read_bytes()
    for _ in range(20):
        answer = studio.client.post("/upload", files={"file": ("photo.jpg", photo, "image/jpeg")})
        if answer.status_code == 201:
            return str(answer.json()["id"])
        assert answer.json()["code"] == "E_STORAGE_IO"
    raise AssertionError("storage stumbled twenty times")


def test_faults_that_cannot_be_read_keep_the_studio_from_starting(
    tmp_path: Path, weights_folder: Path
) -> None:
    studio = StudioProcess(tmp_path / "data", weights_folder, STILLROOM_FAULTS="gemini=418")
    with pytest.raises(AssertionError, match="knows no fault '418'"):
        studio.start()
    studio.client.close()


def test_another_product_is_marked_and_never_first(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    painter = painter_for(golden)
    stranger = np.zeros((300, 300, 4), np.uint8)
    cv2.circle(stranger, (150, 150), 140, (200, 30, 30, 255), -1)
    cv2.putText(stranger, "OTHER", (40, 170), cv2.FONT_HERSHEY_DUPLEX, 2, (255, 255, 255, 255), 5)
    painter.other = stranger
    with FakeGemini(painter) as gemini, studio_with(tmp_path, weights_folder, gemini) as studio:
        session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
        job = studio.submit("/edit", session_id=session, operation="bg_replace", prompt="木纹", candidates=1)
        finished = studio.finished(job["id"])
        first, last = finished["variants"]
        assert (first["ordinal"], first["model_used"].partition("/")[0]) == (1, "local")
        assert (last["ordinal"], last["measures"]["verified"]) == (2, False)
        assert finished["model_used"].startswith("local/")
        assert finished["fallbacks"] == [{"from": "gemini", "to": "local", "reason": "unavailable"}]


def test_a_later_turn_here_keeps_the_ground_that_a_cloud_painted(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with FakeGemini(painter_for(golden)) as gemini, studio_with(tmp_path, weights_folder, gemini) as studio:
        session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
        job = studio.submit("/edit", session_id=session, operation="bg_replace", prompt="木纹", candidates=1)
        cloudy = studio.finished(job["id"])["variants"][-1]
        gemini.fail(Fault(503, error(503, "UNAVAILABLE", "").body, times=9))
        refined = studio.submit("/refine", session_id=session, variant_id=cloudy["id"], prompt="warmer")
        (variant,) = studio.finished(refined["id"])["variants"]
        assert variant["model_used"].startswith("local/")
        before, after = (corner_of(studio, one) for one in (cloudy, variant))
        assert np.abs(before - after).max() < 25
        assert after[0] / after[2] > before[0] / before[2]
        assert len(gemini.asked) == 2


def corner_of(studio: StudioProcess, variant: dict[str, Any]) -> np.ndarray:
    """Mean colour of a variant's upper left corner."""
    picture = np.asarray(Image.open(io.BytesIO(studio.client.get(variant["image"]["url"]).content)))
    return np.asarray(picture[:50, :50, :3].reshape(-1, 3).mean(0))


def test_the_videos_interface_gives_a_picture_where_it_is_the_only_cloud(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with (
        FakeVideos(painter_for(golden)) as videos,
        StudioProcess(
            tmp_path / "data",
            weights_folder,
            SORA_API_KEY=KEY,
            SORA_BASE_URL=f"{videos.address}/v1",
            SORA_MODEL="wan-2.7",
        ) as studio,
    ):
        session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
        job = studio.submit("/edit", session_id=session, operation="bg_replace", prompt="木纹", candidates=1)
        finished = studio.finished(job["id"])
        assert finished["model_used"] == "sora/wan-2.7"
        measures = finished["variants"][-1]["measures"]
        assert (measures["verified"], measures["registration_px"] < 1) == (True, True)
