"""Capabilities of providers' models."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from stillroom.domain.providers.capabilities import ModelStatus, ProviderCard


def card(model_id: str = "fast-1", **changes: Any) -> dict[str, Any]:
    limits = {"pictures_in": 1, "candidates_per_call": 1, "max_width": 1024, "max_height": 1024}
    plain = {
        "id": model_id,
        "status": "active",
        "operations": {"optimize": {"rank": 1, "latency_seconds": 5}},
        "limits": limits,
        "checked_on": "2026-11-24",
    }
    return {**plain, **changes}


def provider(*models: dict[str, Any]) -> ProviderCard:
    return ProviderCard.model_validate(
        {"id": "vendor", "name": {"zh": "厂商", "en": "Vendor"}, "models": models, "any_model": card("other")}
    )


def test_unlisted_model_gets_default_capabilities() -> None:
    vendor = provider(card(default=True))
    assert vendor.default_model is not None
    assert vendor.default_model.id == "fast-1"
    assert vendor.model("fast-1").id == "fast-1"
    assert vendor.model("brand-new").id == "brand-new"
    assert vendor.model("brand-new").limits == vendor.any_model.limits


def test_provider_can_require_a_configured_model() -> None:
    assert provider(card()).default_model is None


def test_model_is_unavailable_from_its_shutdown_date() -> None:
    leaving = provider(card(status="leaving", shuts_down_on="2026-12-01")).models[0]
    assert not leaving.is_gone(date(2026, 11, 30))
    assert leaving.is_gone(date(2026, 12, 1))
    assert provider(card(status="retired")).models[0].is_gone(date(2026, 1, 1))


def test_a_model_whose_last_day_has_come_counts_as_retired_whatever_its_card_says() -> None:
    leaving = provider(card(status="leaving", shuts_down_on="2026-12-01")).models[0]
    assert leaving.status_on(date(2026, 11, 30)) is ModelStatus.LEAVING
    assert leaving.status_on(date(2026, 12, 1)) is ModelStatus.RETIRED


def test_cost_is_that_of_the_requested_picture() -> None:
    assert (
        provider(card(picture_cost_micro_usd={"1K": 33_600, "4K": 113_400})).models[0].cost_micro_usd
        == 33_600
    )
    assert provider(card()).models[0].cost_micro_usd is None


@pytest.mark.parametrize(
    "models",
    [
        [card(), card()],
        [card(default=True), card("fast-2", default=True)],
        [card(operations={"paint": {"rank": 1, "latency_seconds": 5}})],
        [card(operations={"optimize": {"rank": 0, "latency_seconds": 5}})],
        [card(shuts_down_on="soon")],
    ],
)
def test_invalid_model_card_is_refused(models: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        provider(*models)
