"""Rows of the network catalogue: what they must state, and what the packaged ones state."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from stillroom.domain.networks import NetworkCard
from stillroom.imaging.cutout.networks import spec_of
from stillroom.providers.weights.folder import is_automatic
from tests.networks import PACKAGED
from tests.tiny_networks import card_of

FACTS: dict[str, Any] = card_of("net", b"x").model_dump(by_alias=True)
FILE: dict[str, Any] = FACTS["files"][0]
CARDS = {card.id: card for card in PACKAGED}


@pytest.mark.parametrize(
    "changes",
    [
        {"files": []},
        {"files": [FILE | {"urls": []}]},
        {"files": [FILE | {"urls": ["http://example.org/net.onnx"]}]},
        {"files": [FILE | {"urls": ["http://127.0.0.1.example.org/net.onnx"]}]},
        {"files": [FILE | {"sha256": "0" * 63}]},
        {"files": [FILE | {"name": "../net.onnx"}]},
        {"files": [FILE | {"name": "/net.onnx"}]},
        {"files": [FILE | {"name": "a/b/net.onnx"}]},
        {"files": [FILE, FILE]},
        {"commercial_use": False},
        {"input": FACTS["input"] | {"scaling": None}},
        {"input": FACTS["input"] | {"takes": "points"}},
        {"default_use": "whenever"},
        {"surprise": 1},
    ],
)
def test_a_row_that_could_not_be_fetched_or_run_safely_is_refused(changes: dict[str, Any]) -> None:
    NetworkCard.model_validate(FACTS)
    with pytest.raises(ValidationError):
        NetworkCard.model_validate(FACTS | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"default_use": "first"},
        {"default_use": "on_request"},
        {"output": "logits"},
        {"files": [FILE]},
        {"input": FACTS["input"] | {"takes": "picture"}},
        {"input": FACTS["input"] | {"takes": "trimap"}},
        {"input": FACTS["input"] | {"takes": "points", "scaling": "isnet"}},
    ],
)
def test_points_need_an_encoder_and_a_decoder_whose_masks_are_understood(changes: dict[str, Any]) -> None:
    prompt = FACTS | {
        "default_use": "prompt",
        "files": [FILE, FILE | {"name": "decoder.onnx"}],
        "input": FACTS["input"] | {"takes": "points"},
        "output": "masks",
    }
    card = NetworkCard.model_validate(prompt)
    assert not card.cuts_out
    with pytest.raises(ValidationError):
        NetworkCard.model_validate(prompt | changes)


@pytest.mark.parametrize(
    ("quality", "wanted"),
    [("best", {"isnet-1024", "u2netp", "pp-ocrv4-det", "sam2-tiny"}), ("fast", {"u2netp", "pp-ocrv4-det"})],
)
def test_fast_downloads_only_the_small_networks(quality: str, wanted: set[str]) -> None:
    assert {name for name, card in CARDS.items() if is_automatic(card, quality)} == wanted


def test_one_network_is_there_for_each_automatic_use() -> None:
    uses = [card.default_use for card in PACKAGED]
    for use in ("first", "scout", "precise", "prompt", "lettering"):
        assert uses.count(use) == 1


def test_every_downloadable_row_is_pinned_to_a_revision_or_release() -> None:
    for card in CARDS.values():
        for url in (url for file in card.files for url in file.urls):
            assert re.search(r"/resolve/[0-9a-f]{40}/|/releases/download/", url), url


def test_networks_without_commercial_use_have_no_source() -> None:
    restricted = [card for card in CARDS.values() if not card.commercial_use]
    assert restricted
    assert not any(file.urls or file.package for card in restricted for file in card.files)


def test_the_largest_input_that_fits_in_memory_is_taken() -> None:
    card = CARDS["birefnet-lite-native"]
    sides = [spec.side if (spec := spec_of(card, mb)) else None for mb in (None, 8000, 4000, 1000)]
    assert sides == [1024, 1024, 768, None]
