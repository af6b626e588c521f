"""The product holds over five turns: a part of what `tests.bench.five_turns` measures in full."""

from pathlib import Path

import pytest

from tests.bench.five_turns import ORDERS, WISHES, cloudy_studio, turns
from tests.servers.studio_process import StudioProcess

GOLDEN = Path(__file__).parents[2] / "golden" / "images"


@pytest.mark.parametrize("name", ["mug_kitchen", "bottle_gym"])
def test_five_local_turns_change_only_what_they_request(studio: StudioProcess, name: str) -> None:
    done = list(turns(studio, name, ORDERS[0], ("local",)))
    assert [turn.number for turn in done] == [1, 2, 3, 4, 5]
    for turn in done:
        assert turn.figures.holds, turn


def test_alternating_clouds_with_drift_keep_the_product_unchanged() -> None:
    with cloudy_studio("mug_kitchen") as (studio, painter):
        done = list(turns(studio, "mug_kitchen", WISHES, ("gemini", "chatgpt"), painter))
    assert {turn.model.partition("/")[0] for turn in done} == {"gemini", "chatgpt"}
    for turn in done:
        assert turn.figures.holds, turn
    drifted = [turn.painted for turn in done if turn.painted and turn.painted.logo_px is not None]
    assert drifted
    assert not any(painted.holds for painted in drifted), "the models did drift"


def test_property_of_a_generated_picture_is_restored_locally_for_free() -> None:
    with cloudy_studio("mug_kitchen") as (studio, _):
        session = studio.open_session(GOLDEN / "mug_kitchen.jpg")["id"]
        made = studio.submit(
            "/edit",
            session_id=session,
            operation="bg_replace",
            prompt="木纹背景",
            candidates=1,
            provider="gemini",
        )
        (first,) = [one for one in studio.finished(made["id"])["variants"] if one["role"] == "candidate"]
        job = studio.submit("/refine", session_id=session, variant_id=first["id"], restore="product")
        job = studio.finished(job["id"])
        (back,) = job["variants"]
    assert (job["status"], job["cost_usd"], job["restore"]) == ("succeeded", 0, "product")
    assert back["model_used"].startswith("local/")
    assert back["parent_id"] == first["id"]
    assert back["plan"]["product_transform"] == first["plan"]["product_transform"]
    assert back["measures"]["protected_delta_e"] < 0.5
    assert back["measures"]["logo_shift_px"] < 0.5
