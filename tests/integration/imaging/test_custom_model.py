"""A network of the operator's own: the real small network, given by path, and files that are none."""

import json
import shutil
from pathlib import Path

import pytest

from stillroom.domain.plans.plan import starting_plan
from stillroom.domain.providers.requests import Notice, StageReached
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts.custom_model import CustomModelUnusable, described, licence_warning, loaded
from tests.integration.imaging.test_local_provider import made, only, request
from tests.networks import ISNET, U2NETP, packaged_weights
from tests.tiny_networks import BLIND, averager, card_of, constant, red_finder, with_external_data

pytestmark = pytest.mark.anyio


@pytest.fixture
def own(weights_folder: Path, tmp_path: Path) -> Path:
    """The small network under another name."""
    path = tmp_path / "My Net.onnx"
    shutil.copyfile(packaged_weights(weights_folder).path_of(U2NETP.name), path)
    return path


def test_custom_network_states_its_input_size_and_is_tried(own: Path) -> None:
    model = described(own)
    assert (model.spec.side, model.spec.scaling) == (320, "u2net")
    assert model.spec.name.startswith("own-my-net-")
    assert loaded(model).spec == model.spec


def test_notes_beside_a_network_override_its_metadata(own: Path) -> None:
    own.with_suffix(".json").write_text(json.dumps({"scaling": "isnet", "licence": "MIT"}))
    model = described(own)
    assert (model.spec.scaling, model.licence) == ("isnet", "MIT")


@pytest.mark.parametrize("notes", ["{", '{"scaling": "magic"}', '{"size": 3}'])
def test_unreadable_notes_are_an_error(own: Path, notes: str) -> None:
    own.with_suffix(".json").write_text(notes)
    with pytest.raises(CustomModelUnusable, match=r"My Net\.json"):
        described(own)


def tiny(folder: Path, network: bytes) -> Path:
    """A network for pictures of 256 pixels that returns logits."""
    path = folder / "tiny.onnx"
    path.write_bytes(network)
    path.with_suffix(".json").write_text(json.dumps({"scaling": "birefnet", "side": 256}))
    return path


def test_network_that_returns_logits_is_supported(tmp_path: Path) -> None:
    assert loaded(described(tiny(tmp_path, red_finder()))).spec.side == 256


@pytest.mark.parametrize(
    ("network", "reason"), [(red_finder(BLIND), "does not find a ball"), (averager(), "does not run")]
)
def test_network_whose_output_shows_no_product_is_refused(
    tmp_path: Path, network: bytes, reason: str
) -> None:
    with pytest.raises(CustomModelUnusable, match=reason):
        loaded(described(tiny(tmp_path, network)))


def test_network_without_an_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CustomModelUnusable, match="does not take one RGB picture"):
        described(tiny(tmp_path, constant()))


def test_file_with_external_data_is_refused_unless_its_notes_name_it(tmp_path: Path) -> None:
    with_external_data(tmp_path, "two.onnx", "two.weights")
    with pytest.raises(CustomModelUnusable, match=r"two\.weights"):
        described(tmp_path / "two.onnx")
    notes = {"scaling": "birefnet", "side": 256, "files": ["two.weights"]}
    (tmp_path / "two.json").write_text(json.dumps(notes))
    assert loaded(described(tmp_path / "two.onnx")).spec.side == 256


def _with_own(path: Path, folder: Path, told: list[StageReached | Notice]) -> LocalProvider:
    """Return a provider whose only network is a file of the operator's, and which reports to a list."""
    weights, cutouts = packaged_weights(folder / "none"), folder / "cutouts"
    return LocalProvider(weights, cutouts, fetch=False, own=path, report=told.append)


@pytest.mark.parametrize("licence", ["CC BY-NC 4.0", "non-commercial research", "MIT"])
async def test_non_commercial_licence_is_reported_once(tmp_path: Path, licence: str) -> None:
    path = tmp_path / "red.onnx"
    path.write_bytes(red_finder())
    notes = {"scaling": "birefnet", "side": 256, "licence": licence}
    path.with_suffix(".json").write_text(json.dumps(notes))
    told: list[StageReached | Notice] = []
    provider = _with_own(path, tmp_path, told)
    for _ in range(2):
        await provider.warm_up()
    codes = [one.code for one in told if isinstance(one, Notice)]
    assert codes == ([] if licence == "MIT" else ["MATTE_MODEL_LICENCE"])


def test_a_known_file_without_commercial_use_is_recognised_whatever_its_notes_say(tmp_path: Path) -> None:
    path = tmp_path / "renamed.onnx"
    path.write_bytes(red_finder())
    path.with_suffix(".json").write_text(json.dumps({"scaling": "birefnet", "side": 256, "licence": "MIT"}))
    (file,) = card_of("rmbg", red_finder()).model_dump()["files"]
    known = card_of("rmbg", b"", files=[file | {"urls": []}], commercial_use=False, licence="CC BY-NC 4.0")
    assert "CC BY-NC 4.0" in str(licence_warning(described(path), [known]))
    assert licence_warning(described(path), []) is None


async def test_custom_network_is_tried_first(own: Path, weights_folder: Path, tmp_path: Path) -> None:
    # No network that gives a second opinion, which would take most of the time.
    here = only(weights_folder, tmp_path, ISNET, U2NETP)
    provider = LocalProvider(packaged_weights(here), tmp_path / "cutouts", fetch=False, own=own)
    (picture,), _ = await made(provider, request("mug_kitchen", starting_plan("bg_replace")))
    assert picture.model == provider.model_in_use
    assert picture.model.startswith("local/own-my-net-")


@pytest.mark.parametrize("content", [None, b"no network"])
async def test_unusable_custom_network_is_reported_once_and_the_next_takes_over(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "broken.onnx"
    if content is not None:
        path.write_bytes(content)
    told: list[StageReached | Notice] = []
    provider = _with_own(path, tmp_path, told)
    await provider.warm_up()
    (picture,), again = await made(provider, request("mug_kitchen", starting_plan("bg_replace")))
    codes = [one.code for one in [*told, *again] if isinstance(one, Notice)]
    assert codes.count("MATTE_MODEL_UNUSABLE") == 1
    assert picture.model == "local/grabcut"
