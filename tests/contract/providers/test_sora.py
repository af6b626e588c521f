"""The Videos API: a late frame becomes the picture, and whatever goes wrong on the way has its code."""

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stillroom.domain.errors import (
    ContentRefused,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.providers.adapters.sora import SoraModel
from tests.contract.providers.conftest import SORA_CARD, TRACEPARENT, image_request
from tests.fakes.providers.openai_images import error
from tests.fakes.providers.server import KEY, Fault
from tests.fakes.providers.videos import FakeVideos, film_of
from tests.pictures import decoded, png, scene

pytestmark = pytest.mark.anyio


PRICED = SORA_CARD.model_copy(update={"picture_cost_micro_usd": {"4 s": 400_000}})


class _Always(dict[str, bytes]):
    """The same film for every clip."""

    def __init__(self, film: bytes) -> None:
        super().__init__()
        self._film = film

    def __getitem__(self, _: str) -> bytes:
        return self._film


def said(status: int, code: str | None = None, **more: Any) -> Fault:
    """An error answer as the interface words it."""
    return Fault(status, error(status, "invalid_request_error", code, "said the vendor").body, **more)


def became(status: str, code: str = "", **more: Any) -> Fault:
    """A clip that has come to some end when it is looked at."""
    fault = {"code": code, "message": "said the vendor"} if code else None
    return Fault(
        change=lambda clip: {**clip, "status": status, "error": fault},
        path="/videos/video_",
        **more,
    )


async def test_the_picture_is_a_late_frame_and_never_the_first(
    sora: SoraModel, videos_server: FakeVideos
) -> None:
    videos_server.painter = lambda _: [png(np.full((1280, 720, 3), (20, 160, 40), np.uint8))]
    returned = await sora.make(image_request(), SORA_CARD)
    still = decoded(returned.pictures[0])
    assert still.shape[0] == still.shape[1] == 720
    assert np.abs(still.reshape(-1, 3).mean(0) - (20, 160, 40)).max() < 12
    (asked,) = videos_server.asked
    assert (asked.fields["size"], asked.fields["seconds"]) == ("720x1280", "4")
    assert (asked.headers["x-request-id"], asked.headers["traceparent"]) == ("req-42", TRACEPARENT)
    assert returned.provider_request_id in videos_server.deleted


async def test_a_tall_picture_is_framed_tall(sora: SoraModel, videos_server: FakeVideos) -> None:
    returned = await sora.make(image_request(width=400, height=640), SORA_CARD)
    assert videos_server.asked[0].fields["size"] == "720x1280"
    height, width = decoded(returned.pictures[0]).shape[:2]
    assert width / height == pytest.approx(400 / 640, abs=0.01)


async def test_gateway_that_accepts_only_json_is_supported(videos_server: FakeVideos) -> None:
    videos_server.heal()
    videos_server.asked.clear()
    model = SoraModel(KEY, "wan-2.7", f"{videos_server.address}/v1", body="json")
    model.poll_seconds = (0.05, 0.1)
    await model.make(image_request(), SORA_CARD)
    await model.close()
    assert videos_server.asked[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", ["succeeded", "completed"])
async def test_both_success_statuses_are_understood(
    sora: SoraModel, videos_server: FakeVideos, status: str
) -> None:
    looks = [became("processing"), became("submitted"), became("in_progress"), became(status)]
    videos_server.fail(*looks)
    await sora.make(image_request(), SORA_CARD)
    assert videos_server.calls == 1


LIMITED_SOON = said(
    429, "rate_limit_exceeded", path="/videos/video_", headers={"retry-after": "0.1"}, times=9
)
"""A rate limit that is over so soon that the router would repeat the whole call."""

ERRORS: list[tuple[str, list[Fault], type[StillroomError], str]] = [
    ("endpoint gone, 404", [said(404)], ProviderUnavailable, "model_not_found"),
    ("endpoint gone, 405", [said(405)], ProviderUnavailable, "endpoint_gone"),
    ("endpoint gone, 410", [said(410)], ProviderUnavailable, "endpoint_gone"),
    ("endpoint gone, 501", [said(501)], ProviderUnavailable, "endpoint_gone"),
    ("model gone", [said(400, "model_not_found")], ProviderUnavailable, "model_not_found"),
    ("model gone, 403", [said(403, "model_not_found")], ProviderUnavailable, "model_not_found"),
    ("endpoint gone, 400", [said(400, "unsupported_endpoint")], ProviderUnavailable, "endpoint_gone"),
    ("endpoint gone, 403", [said(403, "unsupported_model")], ProviderUnavailable, "endpoint_gone"),
    ("wrong key", [said(401, "invalid_api_key")], ProviderRejectedRequest, "key"),
    ("no permission", [said(403)], ProviderRejectedRequest, "permission"),
    ("rate limit", [said(429, "rate_limit_exceeded")], ProviderRateLimited, "rate_limited"),
    ("clip lost", [said(404, path="/videos/video_")], ProviderUnavailable, "clip_lost"),
    ("refused while it runs", [became("failed", "moderation_blocked")], ContentRefused, "moderation"),
    ("limited while it runs", [became("failed", "rate_limit_exceeded")], ProviderRateLimited, "rate_limited"),
    ("failed", [became("failed", "internal_error")], ProviderUnavailable, "clip_failed"),
    ("error", [became("error")], ProviderUnavailable, "clip_failed"),
    ("cancelled", [became("cancelled")], ProviderUnavailable, "clip_failed"),
    ("looks fail", [Fault(500, "", path="/videos/video_", times=9)], ProviderUnavailable, "http_500"),
    ("looks are limited", [LIMITED_SOON], ProviderUnavailable, "connection"),
    ("film is limited", [replace(LIMITED_SOON, path="/content")], ProviderUnavailable, "connection"),
    ("film is not there", [said(404, path="/content", times=9)], ProviderUnavailable, "clip_lost"),
    ("order dropped", [Fault(act="drop")], ProviderUnavailable, "connection"),
    ("no film", [Fault(200, b"not a film", path="/content")], ProviderUnavailable, "no_usable_frame"),
    ("film cut off", [Fault(act="cut", path="/content", times=9)], ProviderUnavailable, "connection"),
    ("no id", [Fault(200, "{}")], ProviderUnavailable, "bad_reply"),
    ("broken JSON", [Fault(200, '{"id": ')], ProviderUnavailable, "bad_reply"),
    ("JSON nested too deeply", [Fault(200, "[" * 100_000)], ProviderUnavailable, "bad_reply"),
    ("502 HTML", [Fault(502, "<html>", content_type="text/html")], ProviderUnavailable, "http_502"),
]


@pytest.mark.parametrize(
    ("faults", "kind", "reason"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS]
)
async def test_each_failure_has_its_code_after_exactly_one_order(
    sora: SoraModel,
    videos_server: FakeVideos,
    faults: list[Fault],
    kind: type[StillroomError],
    reason: str,
) -> None:
    videos_server.fail(*faults)
    with pytest.raises(StillroomError) as caught:
        await sora.make(image_request(), SORA_CARD)
    assert (type(caught.value), caught.value.params["reason"]) == (kind, reason)
    orders = [asked for asked in videos_server.asked if asked.path == "/v1/videos"]
    assert len(orders) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500, "", path="/videos/video_", times=2),
        Fault(act="drop", path="/videos/video_", times=2),
        said(429, "rate_limit_exceeded", path="/videos/video_", headers={"retry-after": "0.1"}),
        Fault(503, "", path="/content", times=2),
        Fault(act="cut", path="/content", times=2),
        said(404, path="/content"),
    ],
    ids=["500", "dropped", "limited", "film 503", "film cut off", "film not ready"],
)
async def test_failed_look_at_a_clip_and_failed_download_are_repeated(
    sora: SoraModel, videos_server: FakeVideos, fault: Fault
) -> None:
    videos_server.fail(fault)
    assert len((await sora.make(image_request(), SORA_CARD)).pictures) == 1
    assert [asked.path for asked in videos_server.asked].count("/v1/videos") == 1


async def test_id_of_a_clip_leads_to_no_other_path(sora: SoraModel, videos_server: FakeVideos) -> None:
    videos_server.fail(Fault(change=lambda clip: {**clip, "id": "../files/one"}))
    with pytest.raises(ProviderUnavailable) as caught:
        await sora.make(image_request(), SORA_CARD)
    assert caught.value.params["reason"] == "clip_lost"
    assert set(videos_server.paths) == {"/v1/videos", "/v1/videos/..%2Ffiles%2Fone"}


async def test_stated_frame_rate_does_not_decide_how_many_frames_are_kept(
    sora: SoraModel, videos_server: FakeVideos
) -> None:
    early = scene(720, 1280)
    late = np.full_like(early, 90)
    videos_server.films = _Always(
        film_of(png(early), png(late), rate=1000.0, opening_frames=10, ending_frames=70)
    )
    returned = await sora.make(image_request(), SORA_CARD)
    still = decoded(returned.pictures[0])
    assert np.abs(still.astype(int) - 90).max() < 12, "no frame of the opening is kept"


async def test_a_clip_that_takes_too_long_is_deleted_and_stays_on_record(
    sora: SoraModel, videos_server: FakeVideos
) -> None:
    videos_server.fail(became("in_progress", times=float("inf")))
    with pytest.raises(ProviderTimeout) as caught:
        await sora.make(image_request(), SORA_CARD.model_copy(update={"ceiling_seconds": 1.5}))
    assert caught.value.params["provider_request_id"] in videos_server.deleted


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(200, b"not a film", path="/content"), "no_usable_frame"),
        (said(404, path="/content", times=9), "clip_lost"),
        (Fault(503, "", path="/content", times=9), "http_503"),
        (Fault(act="cut", path="/content", times=9), "connection"),
        (Fault(act="drop", path="/content", times=9), "connection"),
        (
            Fault(302, "", headers={"location": "http://127.0.0.1:9/film"}, path="/content", times=9),
            "connection",
        ),
    ],
)
async def test_finished_clip_is_billed_and_deleted_even_if_it_is_unusable(
    sora: SoraModel, videos_server: FakeVideos, fault: Fault, reason: str
) -> None:
    videos_server.fail(fault)
    with pytest.raises(StillroomError) as caught:
        await sora.make(image_request(), PRICED)
    told = caught.value.params
    assert (told["reason"], told["cost_micro_usd"]) == (reason, 400_000)
    assert videos_server.deleted == [told["provider_request_id"]]


async def test_a_clip_that_failed_costs_nothing_and_is_deleted(
    sora: SoraModel, videos_server: FakeVideos
) -> None:
    videos_server.fail(became("failed", "internal_error"))
    with pytest.raises(ProviderUnavailable) as caught:
        await sora.make(image_request(), PRICED)
    assert "cost_micro_usd" not in caught.value.params
    assert videos_server.deleted == [caught.value.params["provider_request_id"]]


@pytest.mark.usefixtures("sora")
async def test_endless_clip_is_not_read_to_its_end(videos_server: FakeVideos) -> None:
    sora = SoraModel(KEY, SORA_CARD.id, f"{videos_server.address}/v1")
    sora.poll_seconds, sora.max_clip_bytes = (0.05, 0.1), 1_000_000
    # Read whole it would take twice the model's time.
    film = Fault(act="trickle", seconds=2 * SORA_CARD.ceiling_seconds, path="/content")
    videos_server.fail(film)
    videos_server.films = _Always(bytes(20_000_000))
    with pytest.raises(ProviderUnavailable) as caught:
        await sora.make(image_request(), PRICED)
    await sora.close()
    assert (caught.value.params["reason"], len(videos_server.deleted)) == ("bad_reply", 1)


async def test_a_stopped_job_deletes_its_clip(sora: SoraModel, videos_server: FakeVideos) -> None:
    videos_server.fail(became("in_progress", times=float("inf")))
    running = asyncio.create_task(sora.make(image_request(), SORA_CARD))
    await asyncio.to_thread(videos_server.looked_at.wait, 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert videos_server.deleted
