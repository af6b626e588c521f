"""The product holds over five turns: a part of what `tests.bench.five_turns` measures in full."""

import pytest

from tests.bench.five_turns import ORDERS, WISHES, cloudy_studio, turns
from tests.e2e.studio_process import StudioProcess


@pytest.mark.parametrize("name", ["mug_kitchen", "bottle_gym"])
def test_five_turns_here_change_what_they_ask_for_and_nothing_else(studio: StudioProcess, name: str) -> None:
    done = list(turns(studio, name, ORDERS[0], ("local",)))
    assert [turn.number for turn in done] == [1, 2, 3, 4, 5]
    for turn in done:
        assert turn.figures.holds, turn


def test_clouds_that_drift_and_take_turns_leave_the_product_where_and_as_it_was() -> None:
    with cloudy_studio("mug_kitchen") as (studio, painter):
        done = list(turns(studio, "mug_kitchen", WISHES, ("gemini", "chatgpt"), painter))
    assert {turn.model.partition("/")[0] for turn in done} == {"gemini", "chatgpt"}
    for turn in done:
        assert turn.figures.holds, turn
    drifted = [turn.painted for turn in done if turn.painted and turn.painted.logo_px is not None]
    assert drifted
    assert not any(painted.holds for painted in drifted), "the models did drift"
