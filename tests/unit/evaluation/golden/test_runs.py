"""The release gate, automatic acceptance, and people's votes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.ids import OwnerId
from stillroom.evaluation.golden.runs import (
    CaseResult,
    Expectation,
    GateVerdict,
    Run,
    RunHeader,
    adoption_of,
    auto_notes,
    gate,
    summary_of,
    top1_adopted,
    worst_first,
)
from tests.unit.evaluation.golden.records import NOW, a_result, a_run

def verdicts(run: Run) -> dict[str, GateVerdict]:
    return {line.name: line.verdict for line in gate(summary_of(run))}


def test_a_quick_run_without_failures_passes_what_was_measured() -> None:
    assert verdicts(a_run(*[a_result(f"case_{n}") for n in range(20)])) == {
        "first_image_p95_ms": GateVerdict.PASS,
        "failures": GateVerdict.PASS,
        "fallback_success": GateVerdict.UNMEASURED,
    }


@pytest.mark.parametrize(("late", "verdict"), [(1, GateVerdict.PASS), (2, GateVerdict.FAIL)])
def test_one_late_picture_in_forty_is_allowed_and_more_are_not(late: int, verdict: GateVerdict) -> None:
    results = [a_result(f"case_{n}", first_image_ms=900) for n in range(30 - late)]
    results += [a_result(f"late_{n}", first_image_ms=40_000) for n in range(late)]
    assert verdicts(a_run(*results))["first_image_p95_ms"] is verdict


@pytest.mark.parametrize(("failed", "verdict"), [(3, GateVerdict.PASS), (4, GateVerdict.FAIL)])
def test_three_failures_in_a_hundred_are_the_most_that_is_allowed(failed: int, verdict: GateVerdict) -> None:
    results = [a_result(f"case_{n}", ok=n >= failed) for n in range(100)]
    assert verdicts(a_run(*results))["failures"] is verdict


@pytest.mark.parametrize(("saved", "verdict"), [(9, GateVerdict.PASS), (8, GateVerdict.FAIL)])
def test_nine_in_ten_jobs_that_lose_a_provider_must_end_well(saved: int, verdict: GateVerdict) -> None:
    lost = [a_result(f"lost_{n}", pass_="faults", fallback=True, ok=n < saved) for n in range(10)]
    untouched = [a_result(f"other_{n}", pass_="faults", ok=False) for n in range(5)]
    assert verdicts(a_run(a_result(), *lost, *untouched))["fallback_success"] is verdict


def test_jobs_of_the_fault_run_count_neither_as_failures_nor_as_late() -> None:
    lost = a_result("lost", pass_="faults", fallback=True, ok=False, first_image_ms=90_000)
    told = verdicts(a_run(a_result(), lost))
    assert (told["failures"], told["first_image_p95_ms"]) == (GateVerdict.PASS, GateVerdict.PASS)


def test_an_empty_run_passes_no_gate() -> None:
    assert set(verdicts(a_run()).values()) == {GateVerdict.UNMEASURED}


@pytest.mark.parametrize(
    ("facts", "complaints"),
    [
        ({"alpha_iou": 0.97, "product_delta_e": 0.4, "halo": 1.0}, ()),
        ({"alpha_iou": 0.90}, ("alpha_iou",)),
        ({"product_delta_e": 2.4, "label_ssim": 0.5}, ("label_ssim", "product_delta_e")),
        ({"shadow_depth": 0.3}, ("shadow_depth",)),
        ({"backdrop_ok": False}, ("backdrop_ok",)),
        ({"ok": False}, ("ok",)),
    ],
)
def test_automatic_acceptance_names_its_measures(facts: dict[str, Any], complaints: tuple[str, ...]) -> None:
    assert set(auto_notes(a_result(**facts), Expectation(shadow=True))) == set(complaints)


def test_a_missing_shadow_is_a_complaint_only_where_one_was_asked_for() -> None:
    assert auto_notes(a_result(shadow_depth=0.0), Expectation()) == ()


def a_vote(
    choice: str | None, case: str = "mug_kitchen", owner: str = "own_anna", run: str = "r-1"
) -> GoldenVote:
    return GoldenVote(OwnerId(owner), run, case, choice, NOW)


def test_adoption_is_the_share_of_votes_and_absent_without_votes() -> None:
    adoption = adoption_of("r-1", [a_vote("r-1"), a_vote("r-2", "watch"), a_vote("r-2", run="r-2")])
    assert (adoption.votes, adoption.adopted, adoption.rate) == (2, 1, 0.5)
    assert adoption.interval is not None
    none = adoption_of("r-1", [])
    assert (none.rate, none.interval) == (None, None)


def test_a_case_is_adopted_when_more_than_half_chose_it() -> None:
    votes = [a_vote("r-1"), a_vote(None, owner="own_boris")]
    assert top1_adopted("r-1", "mug_kitchen", votes) is False
    votes.append(a_vote("r-1", owner="own_carla"))
    assert top1_adopted("r-1", "mug_kitchen", votes) is True
    assert top1_adopted("r-1", "watch_desk", votes) is None


def test_failed_cases_come_first_then_those_with_most_complaints_then_the_worst_matte() -> None:
    results = [
        a_result("fine", alpha_iou=0.99),
        a_result("poor", alpha_iou=0.95),
        a_result("complained", auto_notes=("halo", "ringing"), alpha_iou=0.99),
        a_result("failed", ok=False),
    ]
    assert [one.case for one in worst_first(results)] == ["failed", "complained", "poor", "fine"]


def test_a_run_is_read_back_unchanged_from_its_file() -> None:
    run = a_run(a_result(alpha_iou=0.97, fallbacks=("gemini>local: E_AI_RATE_LIMITED",)))
    assert Run.model_validate_json(run.model_dump_json()) == run
