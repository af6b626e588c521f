"""The local provider on real photos with real networks, from bytes to finished candidates."""

import hashlib
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import TypeGuard

import anyio
import anyio.from_thread
import cv2
import numpy as np
import pytest

from stillroom.domain.errors import InputCorrupt
from stillroom.domain.ids import MatteId
from stillroom.domain.language.reader import understand
from stillroom.domain.mattes import CorrectedMatte
from stillroom.domain.networks import NetworkCard
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.plan import Context, Plan, starting_plan
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    GeneratedPicture,
    GenerationRequest,
    ImageProvider,
    Notice,
    Operation,
    Stage,
    StageReached,
    Wanted,
)
from stillroom.imaging.cutout.networks import NetworkSpec
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.weights.downloads import DownloadLimits
from stillroom.providers.weights.folder import WeightsFolder
from tests.integration.imaging.golden import GOLDEN, case, small_photo
from tests.networks import ISNET, PACKAGED, U2NETP, packaged_weights
from tests.servers.file_server import FileServer, Served
from tests.tiny_networks import BLIND, card_of, red_finder

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def provider(weights_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> LocalProvider:
    """A provider that has its weights and keeps its cut-outs: each photo is looked at once in this module."""
    return LocalProvider(packaged_weights(weights_folder), tmp_path_factory.mktemp("cutouts"), fetch=False)


@pytest.fixture(scope="module")
def fast(weights_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> LocalProvider:
    """The same with the small network, for what is not about good mattes."""
    return LocalProvider(
        packaged_weights(weights_folder), tmp_path_factory.mktemp("cutouts"), fetch=False, quality="fast"
    )


def only(weights_folder: Path, tmp_path: Path, *networks: NetworkSpec) -> Path:
    """A folder with the weights of these networks alone."""
    here = tmp_path / "weights"
    here.mkdir()
    for spec in networks:
        (here / f"{spec.name}.onnx").symlink_to(packaged_weights(weights_folder).path_of(spec.name).resolve())
    return here


def served_at(url: str, card: NetworkCard) -> NetworkCard:
    """The same network, but fetched from another place."""
    files = [file.model_copy(update={"urls": (url,), "package": None}) for file in card.files]
    return card.model_copy(update={"files": tuple(files)})


def is_fetching(report: StageReached | Notice) -> TypeGuard[Notice]:
    return isinstance(report, Notice) and report.code == "WEIGHTS_FETCHING"


def request(name: str, *plans: Plan, operation: Operation = Operation.BG_REPLACE) -> GenerationRequest:
    """Candidates of a golden photo, made small: larger pictures say no more here and take a fifth longer."""
    return request_of(small_photo(name), *plans, operation=operation)


def request_of(photo: bytes, *plans: Plan, operation: Operation = Operation.BG_REPLACE) -> GenerationRequest:
    """Candidates of a photo, one to a plan."""
    wanted = tuple(Wanted(ordinal, plan) for ordinal, plan in enumerate(plans, start=1))
    sha256 = hashlib.sha256(photo).hexdigest()
    return GenerationRequest(operation, photo, sha256, "", Context(), wanted, wants_preview=False)


async def made(
    provider: ImageProvider, asked: GenerationRequest
) -> tuple[list[GeneratedPicture], list[StageReached | Notice]]:
    events = [event async for event in provider.generate(asked)]
    pictures = [event for event in events if isinstance(event, GeneratedPicture)]
    return pictures, [event for event in events if isinstance(event, StageReached | Notice)]


def decoded(picture: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None
    return image


async def test_optimise_gives_a_white_picture_first_and_the_original_scene(fast: LocalProvider) -> None:
    plans = candidate_plans(starting_plan("optimize"), 3, "optimize")
    pictures, _ = await made(fast, request("mug_kitchen", *plans, operation=Operation.OPTIMIZE))
    assert [picture.ordinal for picture in pictures] == [1, 2, 3]
    first = decoded(pictures[0].picture)
    assert int(np.concatenate([first[0], first[-1], first[:, 0], first[:, -1]]).min()) == 255
    assert pictures[0].measures.to_json()["white_share"] > 0.4
    assert pictures[1].plan.backdrop.kind == "keep"
    for picture in pictures:
        image = decoded(picture.picture)
        assert image.shape[:2] == (picture.height, picture.width)
        assert picture.matte is not None
        assert decoded(picture.matte).shape == image.shape[:2]
        assert picture.context is not None
        assert picture.context.lighting.azimuth_deg is not None


async def test_a_shadow_wish_on_the_photos_own_background_is_reported_as_impossible(
    fast: LocalProvider,
) -> None:
    keep = understand("keep the background, no shadow", starting_plan("bg_replace")).plan
    white = understand("white background, no shadow", starting_plan("bg_replace")).plan
    for plans, is_told in (((keep,), True), ((white,), False), ((white, keep), False)):
        _, events = await made(fast, request("perfume_vanity", *plans))
        codes = [event.code for event in events if isinstance(event, Notice)]
        assert ("SHADOW_NEEDS_BACKGROUND" in codes) is is_told


async def test_a_transparent_backdrop_gives_rgba(fast: LocalProvider) -> None:
    plan = understand("透明背景", starting_plan("bg_replace")).plan
    (picture,), _ = await made(fast, request("perfume_vanity", plan))
    image = decoded(picture.picture)
    assert image.shape[2] == 4
    assert image[0, 0, 3] == 0
    assert (image[..., 3] == 255).mean() > 0.1


async def test_job_that_comes_during_an_eager_cut_out_shows_its_provisional_product(
    weights_folder: Path, tmp_path: Path
) -> None:
    has_begun = anyio.Event()

    def report(_: StageReached | Notice) -> None:
        anyio.from_thread.run_sync(has_begun.set)

    weights = packaged_weights(weights_folder)
    provider = LocalProvider(weights, tmp_path / "cutouts", fetch=False, report=report)
    asked = replace(request("bottle_gym", starting_plan("bg_replace")), wants_preview=True)
    async with anyio.create_task_group() as tasks:
        cancelled = threading.Event()
        tasks.start_soon(provider.find_eagerly, asked.photo, asked.photo_sha256, cancelled)
        await has_begun.wait()
        during, _ = await made(provider, asked)
    after, _ = await made(provider, asked)
    assert [one.ordinal for one in during] == [PREVIEW_ORDINAL, 1]
    assert [one.ordinal for one in after] == [1], "the cut-out is known now"


async def test_three_candidates_say_once_why_the_product_lies(fast: LocalProvider) -> None:
    plan = understand("on a wooden table", starting_plan("bg_replace")).plan
    pictures, reports = await made(fast, request("tshirt_bed", *candidate_plans(plan, 3, "bg_replace")))
    assert [picture.plan.backdrop.view for picture in pictures] == ["above"] * 3
    assert [report.code for report in reports if isinstance(report, Notice)].count("SCENE_FLAT") == 1


async def test_progress_never_goes_back_and_the_model_is_named(fast: LocalProvider) -> None:
    plans = candidate_plans(starting_plan("bg_replace"), 2, "bg_replace")
    pictures, reports = await made(fast, request("bottle_gym", *plans))
    shares = [report.share for report in reports if isinstance(report, StageReached)]
    assert shares == sorted(shares)
    assert {report.stage for report in reports if isinstance(report, StageReached)} == {
        Stage.PREPARE,
        Stage.MATTE,
        Stage.COMPOSE,
        Stage.MEASURE,
    }
    notice = next(report for report in reports if isinstance(report, Notice))
    assert notice.code == "MATTE_MODEL"
    assert pictures[0].model == fast.model_in_use == "local/u2netp"


async def test_network_runs_once_per_photo_even_across_restarts(tmp_path: Path) -> None:
    weights, blind = tmp_path / "net.onnx", red_finder(BLIND)
    networks = WeightsFolder(tmp_path, [card_of("net", blind, default_use="first")])
    weights.write_bytes(red_finder())
    fresh = LocalProvider(networks, tmp_path / "cutouts", fetch=False)
    first, _ = await made(fresh, request("toycar_rug", starting_plan("bg_replace")))
    warmer = understand("暖一点", first[0].plan).plan
    second, reports = await made(fresh, request("toycar_rug", warmer, operation=Operation.REFINE))
    assert Stage.MATTE not in {report.stage for report in reports if isinstance(report, StageReached)}
    # If it ran after the restart, it would find nothing.
    weights.write_bytes(blind)
    restarted = LocalProvider(networks, tmp_path / "cutouts", fetch=False)
    third, _ = await made(restarted, request("toycar_rug", warmer, operation=Operation.REFINE))
    assert first[0].matte is not None
    assert second[0].plan.product_transform == first[0].plan.product_transform
    assert second[0].matte == first[0].matte
    assert third[0].picture == second[0].picture


async def test_fast_quality_uses_and_fetches_only_the_small_network(
    weights_folder: Path, tmp_path: Path
) -> None:
    here = only(weights_folder, tmp_path, ISNET, U2NETP)
    out_of_reach = [served_at("http://127.0.0.1:1/none", card) for card in PACKAGED]
    networks = WeightsFolder(here, out_of_reach, limits=DownloadLimits(rounds=1))
    reports: list[StageReached | Notice] = []
    fast = LocalProvider(networks, tmp_path / "cutouts", quality="fast", report=reports.append)
    assert fast.model_in_use == "local/u2netp"
    (here / f"{ISNET.name}.onnx").unlink()
    await fast.warm_up()
    assert [report.params["name"] for report in reports if is_fetching(report)] == ["pp-ocrv4-det"]
    (picture,), _ = await made(fast, request("teapot_tray", starting_plan("bg_replace")))
    assert picture.model == "local/u2netp"


async def test_a_picture_does_not_wait_for_a_network_that_is_still_being_fetched(
    weights_folder: Path, tmp_path: Path
) -> None:
    here = only(weights_folder, tmp_path, U2NETP)
    first, small = (card for card in PACKAGED if card.id in (ISNET.name, U2NETP.name))
    begun = anyio.Event()

    def note(report: StageReached | Notice) -> None:
        if is_fetching(report):
            anyio.from_thread.run_sync(begun.set)

    endless = Served(bytes(1_000_000), bytes_per_second=1000, states_length=False)
    async with anyio.create_task_group() as beside:
        with FileServer() as server:
            networks = WeightsFolder(here, [served_at(server.serve("/net", endless), first), small])
            provider = LocalProvider(networks, tmp_path / "cutouts", report=note)
            beside.start_soon(provider.warm_up)
            await begun.wait()
            with anyio.fail_after(180):
                (picture,), _ = await made(provider, request("teapot_tray", starting_plan("bg_replace")))
            beside.cancel_scope.cancel()
    assert picture.model == "local/u2netp"


async def test_unloadable_weights_are_reported_once_and_the_next_best_takes_over(
    weights_folder: Path, tmp_path: Path
) -> None:
    here = only(weights_folder, tmp_path, U2NETP)
    published = {card.id: card for card in PACKAGED}
    (here / "isnet-1024.onnx").write_bytes(bytes(published["isnet-1024"].bytes))
    small = here / "u2netp.onnx"

    async def two_made() -> tuple[set[str], list[str]]:
        provider = LocalProvider(packaged_weights(here), tmp_path / "cutouts", fetch=False)
        asked = request("teapot_tray", starting_plan("bg_replace"))
        events = [event for _ in range(2) async for event in provider.generate(asked)]
        pictures = [event for event in events if isinstance(event, GeneratedPicture)]
        notices = [item for item in events if isinstance(item, Notice) and item.code == "WEIGHTS_DAMAGED"]
        return {picture.model for picture in pictures}, [str(notice.params["name"]) for notice in notices]

    assert await two_made() == ({"local/u2netp"}, ["isnet-1024"])
    small.unlink()
    small.write_bytes(bytes(published["u2netp"].bytes))
    assert await two_made() == ({"local/grabcut"}, ["isnet-1024", "u2netp"])


async def test_picture_is_made_without_weights_and_the_user_is_warned(tmp_path: Path) -> None:
    provider = LocalProvider(packaged_weights(tmp_path / "no-weights"), tmp_path / "cutouts", fetch=False)
    (picture,), reports = await made(provider, request("teapot_tray", starting_plan("bg_replace")))
    assert picture.model == "local/grabcut"
    codes = {report.code: report.level for report in reports if isinstance(report, Notice)}
    assert codes["MATTE_FALLBACK"] == "warning"


async def test_glass_and_its_undecided_edges_are_reported(provider: LocalProvider) -> None:
    photo = (GOLDEN / "images" / "vase_flowers.jpg").read_bytes()
    _, reports = await made(provider, request_of(photo, starting_plan("bg_replace")))
    assert "MATTE_SEE_THROUGH" in {report.code for report in reports if isinstance(report, Notice)}
    codes = ("EDGE_CONFIDENCE_LOW", "CUT_OUT_POOR")
    (notice,) = [item for item in reports if isinstance(item, Notice) and item.code in codes]
    assert notice.level == "warning"
    assert 0 < notice.params["edge_confidence"] < 0.9


@pytest.mark.parametrize("operation", [Operation.OPTIMIZE, Operation.BG_REPLACE])
@pytest.mark.parametrize("level", [255, 205])
async def test_a_photo_without_a_product_keeps_its_ground_and_a_box_is_asked_for(
    fast: LocalProvider, level: int, operation: Operation
) -> None:
    darker = np.linspace(0, 50, 1200).astype(np.uint8)
    wall = np.full((900, 1200, 3), level, np.uint8) - darker[None, :, None]
    plans = candidate_plans(starting_plan(operation), 3, operation)
    pictures, reports = await made(fast, request_of(png_of(wall), *plans, operation=operation))
    codes = {report.code: report.level for report in reports if isinstance(report, Notice)}
    assert codes["NO_PRODUCT_FOUND"] == "warning"
    assert "EDGE_CONFIDENCE_LOW" not in codes
    assert [picture.plan.backdrop.kind for picture in pictures] == ["keep"] * 3
    assert [picture.matte for picture in pictures] == [None] * 3
    assert len({picture.picture for picture in pictures}) == 3
    for picture in pictures:
        shown = decoded(picture.picture)
        assert shown.shape[1] / shown.shape[0] == pytest.approx(4 / 3, abs=0.01)
        assert int(shown[:, 5].mean()) - int(shown[:, -5].mean()) > 20


async def test_product_cropped_by_the_photo_is_marked_in_every_candidate_and_later_turn(
    fast: LocalProvider,
) -> None:
    photo = decoded(small_photo("bottle_gym"))
    truth = cv2.resize(case("bottle_gym").truth, photo.shape[1::-1], interpolation=cv2.INTER_AREA)
    rows = np.flatnonzero((truth > 0.5).any(1))
    head, foot = int(rows[0]), int(rows[-1])
    cropped = cv2.imencode(".png", photo[: foot - (foot - head) // 4])[1].tobytes()
    plans = candidate_plans(starting_plan("optimize"), 2, "optimize")
    pictures, reports = await made(fast, request_of(cropped, *plans, operation=Operation.OPTIMIZE))
    (notice,) = [item for item in reports if isinstance(item, Notice) and item.code == "PRODUCT_CUT"]
    assert (notice.level, notice.params) == ("warning", {"sides": ["bottom"]})
    warmer = understand("暖一点", pictures[0].plan).plan
    turn, _ = await made(fast, request_of(cropped, warmer, operation=Operation.REFINE))
    assert [one.measures.to_json()["cut_sides"] for one in (*pictures, *turn)] == [["bottom"]] * 3
    whole, reports = await made(fast, request("bottle_gym", plans[0]))
    assert whole[0].measures.to_json()["cut_sides"] == []
    assert "PRODUCT_CUT" not in {report.code for report in reports if isinstance(report, Notice)}


async def test_failed_cut_out_is_not_ranked_first_unless_its_ground_was_requested(tmp_path: Path) -> None:
    # A network that takes everything a little red for the product, and is sure of nothing.
    undecided = tmp_path / "undecided.onnx"
    undecided.write_bytes(red_finder((1.0, 0.0, -1.0)))
    undecided.with_suffix(".json").write_text(json.dumps({"scaling": "birefnet", "side": 256}))
    poor = LocalProvider(
        packaged_weights(tmp_path / "none"), tmp_path / "cutouts", fetch=False, own=undecided
    )
    plans = candidate_plans(starting_plan("optimize"), 2, "optimize")
    pictures, reports = await made(poor, request("mug_kitchen", *plans, operation=Operation.OPTIMIZE))
    assert [picture.plan.backdrop.kind for picture in pictures] == ["keep", "white"]
    assert "CUT_OUT_POOR" in {report.code for report in reports if isinstance(report, Notice)}
    asked = understand("白底", starting_plan("optimize")).plan
    (white,), _ = await made(poor, request("mug_kitchen", asked, operation=Operation.OPTIMIZE))
    assert white.plan.backdrop.kind == "white"


async def test_poor_cut_out_that_a_person_repaired_is_shown_on_the_new_ground(fast: LocalProvider) -> None:
    photo = decoded(small_photo("mug_kitchen"))
    truth = cv2.resize(case("mug_kitchen").truth, photo.shape[1::-1], interpolation=cv2.INTER_AREA)
    cover = png_of(np.rint(truth * 255).astype(np.uint8))
    # Without a network that judges the repair, it has the confidence of the matte that was found.
    repaired = CorrectedMatte(MatteId("mat_1"), cover, "isnet-1024", 0.1, "auto")
    plans = candidate_plans(starting_plan("optimize"), 2, "optimize")
    asked = replace(request("mug_kitchen", *plans, operation=Operation.OPTIMIZE), matte=repaired)
    pictures, _ = await made(fast, asked)
    assert [picture.plan.backdrop.kind for picture in pictures] == ["white", "keep"]


async def test_invalid_photo_bytes_are_reported_as_corrupt(provider: LocalProvider) -> None:
    asked = GenerationRequest(
        Operation.OPTIMIZE, b"no photo", "0" * 64, "", Context(), (Wanted(1, starting_plan("optimize")),)
    )
    with pytest.raises(InputCorrupt):
        await made(provider, asked)


async def test_warming_up_loads_the_best_network_there_is(weights_folder: Path, tmp_path: Path) -> None:
    notices: list[StageReached | Notice] = []
    provider = LocalProvider(packaged_weights(weights_folder), tmp_path, fetch=False, report=notices.append)
    await provider.warm_up()
    assert provider.model_in_use == "local/isnet-1024"
    assert notices == []
