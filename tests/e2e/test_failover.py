"""Clouds that stumble and fall under other settings than those of `tests/smoke/test_failover.py`."""

import io
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.fakes.providers.ark import FakeArk
from tests.fakes.providers.dashscope import FakeDashScope
from tests.fakes.providers.gemini import FakeGemini, error
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.server import KEY, FakeVendor, Fault, Painter
from tests.fakes.providers.videos import FakeVideos
from tests.servers.studio_process import StudioProcess
from tests.smoke.test_failover import PHOTO, painter_for, provider_state


def left_alone(studio: StudioProcess, provider: str) -> dict[str, Any]:
    """A provider once `/config` says why it is not asked."""
    deadline = time.monotonic() + 60
    while not (state := provider_state(studio, provider))["reason"] and time.monotonic() < deadline:
        time.sleep(0.2)
    return state


def studio_with(folder: Path, weights: Path, gemini: FakeGemini, **settings: str) -> StudioProcess:
    """A studio whose one cloud is the fake Gemini."""
    keys = {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": gemini.address}
    return StudioProcess(folder / "data", weights, **keys, **settings)


def settings_for(fake: FakeVendor) -> dict[str, str]:
    """Key and address of a fake vendor, as an operator sets them."""
    match fake:
        case FakeGemini():
            return {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": fake.address}
        case FakeOpenAI():
            return {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{fake.address}/v1"}
        case FakeVideos():
            return {"SORA_API_KEY": KEY, "SORA_BASE_URL": f"{fake.address}/v1", "SORA_MODEL": "wan-2.7"}
        case FakeArk():
            return {
                "ARK_API_KEY": KEY,
                "ARK_BASE_URL": f"{fake.address}/api/v3",
                "ARK_IMAGE_MODEL": "doubao-seedream-5-0-pro-260628",
            }
        case FakeDashScope():
            return {"DASHSCOPE_API_KEY": KEY, "DASHSCOPE_BASE_URL": fake.address}
    raise AssertionError(fake)


@pytest.mark.parametrize(
    ("provider", "make"), [("gemini", FakeGemini), ("seedream", FakeArk), ("qwen", FakeDashScope)]
)
def test_a_kill_between_call_and_save_causes_no_second_paid_call(
    tmp_path: Path,
    weights_folder: Path,
    golden: Path,
    provider: str,
    make: Callable[[Painter], FakeGemini | FakeArk | FakeDashScope],
) -> None:
    with (
        make(painter_for(golden)) as vendor,
        StudioProcess(tmp_path / "data", weights_folder, **settings_for(vendor)) as studio,
    ):
        session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
        job = studio.submit("/edit", session_id=session, operation="bg_replace", prompt="木纹", candidates=1)
        assert vendor.answered.wait(60)
        studio.kill()
        studio.start()
        finished = studio.finished(job["id"])
        assert (finished["status"], finished["attempts"]) == ("succeeded", 2)
        report = studio.client.get(f"/job/{job['id']}/report").text
        (row,) = [line for line in report.splitlines() if line.startswith(f"| {provider} ")]
        assert "| unknown |" in row
        assert vendor.calls == 1
        assert [variant["model_used"].partition("/")[0] for variant in finished["variants"]] == ["local"]
        assert finished["fallbacks"] == [{"from": provider, "to": "local", "reason": "interrupted"}]
        notices = [json.loads(event["data"]) for event in studio.events(job["id"]) if event["event"] == "log"]
        assert "interrupted" in [notice["params"].get("reason") for notice in notices]
        usage = studio.client.get("/usage").json()
        assert finished["cost_usd"] == pytest.approx(usage["cost_usd"])
        assert sum(line["calls"] for line in usage["lines"] if line["provider"] == provider) == vendor.calls
        # Of the call that nobody heard the end of the list price is on the bill, without what was read.
        read_usd = 0.0009 if provider == "gemini" else 0.0
        list_usd = float(usage["cost_usd"]) if provider != "gemini" else vendor.billed_micro_usd / 1e6
        assert list_usd - usage["cost_usd"] == pytest.approx(read_usd, abs=0.0008)


def test_five_clouds_are_asked_in_the_configured_order_until_one_works(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    painter = painter_for(golden)
    order = ("qwen", "seedream", "sora", "chatgpt", "gemini")
    with ExitStack() as running:
        makers = (FakeDashScope, FakeArk, FakeVideos, FakeOpenAI, FakeGemini)
        fakes = [running.enter_context(make(painter)) for make in makers]
        settings = {name: value for fake in fakes for name, value in settings_for(fake).items()}
        studio = running.enter_context(
            StudioProcess(
                tmp_path / "data", weights_folder, AI_PROVIDER_ORDER=",".join((*order, "local")), **settings
            )
        )
        for fake in fakes[:-1]:
            fake.fail(Fault(429, "{}", times=float("inf")))
        routes = studio.client.get("/config").json()["capability_map"]
        for operation in ("optimize", "bg_replace", "refine"):
            assert [route["provider"] for route in routes[operation]] == [*order, "local"]
            assert [route["rank"] for route in routes[operation]] == [1, 2, 3, 4, 5, 6]
        session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
        job = studio.submit("/edit", session_id=session, operation="bg_replace", prompt="木纹", candidates=1)
        finished = studio.finished(job["id"])
        assert finished["model_used"].startswith("gemini/")
        assert [(one["from"], one["to"], one["reason"]) for one in finished["fallbacks"]] == [
            (source, target, "rate_limited") for source, target in pairwise(order)
        ]
        checks = {one["provider"]: one for one in studio.client.post("/config/check").json()["checks"]}
        assert checks.keys() == set(order)
        assert checks["gemini"]["verdict"] == "ok"
        assert KEY not in str(checks)


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


def test_model_missing_from_its_vendors_list_is_skipped(
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


def test_chosen_provider_that_cannot_be_asked_is_replaced_with_its_reason(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with FakeArk(painter_for(golden)) as ark:
        ark.shutdown_dates = {"doubao-seedream-5-0-pro-260628": "2026-01-01"}
        with StudioProcess(tmp_path / "data", weights_folder, **settings_for(ark)) as studio:
            # The first job may come before the list has been read.
            session = studio.open_session(golden / f"{PHOTO}.jpg")["id"]
            for provider, reason in (("seedream", "retired"), ("chatgpt", "not_configured")):
                job = studio.submit(
                    "/edit",
                    session_id=session,
                    operation="bg_replace",
                    prompt="木纹",
                    provider=provider,
                    candidates=1,
                )
                finished = studio.finished(job["id"])
                assert finished["model_used"].startswith("local/")
                assert finished["fallbacks"] == [{"from": provider, "to": "local", "reason": reason}]
                logged = [
                    json.loads(one["data"]) for one in studio.events(job["id"]) if one["event"] == "log"
                ]
                told = [one["params"] for one in logged if one["code"] == "FALLBACK"]
                assert told == finished["fallbacks"]
                report = studio.client.get(f"/job/{job['id']}/report").text
                assert f"| {provider} | - | skipped | {reason} |" in report
            state = provider_state(studio, "seedream")
            assert (state["state"], state["reason"]) == ("retired", "retired")
            assert ark.calls == 0


def test_injected_faults_are_announced_and_trigger_fallbacks(
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


def test_different_product_is_marked_and_never_ranked_first(
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


def test_later_local_turn_keeps_the_ground_that_a_cloud_painted(
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
