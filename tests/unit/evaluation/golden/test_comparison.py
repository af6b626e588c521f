"""The verdict on regressions: real, or noise."""

from typing import Any

from stillroom.evaluation.golden.comparison import Change, compare
from stillroom.evaluation.golden.runs import CaseResult, Run
from tests.unit.evaluation.golden.records import a_header, a_result

CASES = tuple(f"case_{number}" for number in range(10))


def run_of(
    run_id: str, change: dict[str, Any] | None = None, only: tuple[str, ...] = CASES, **facts: Any
) -> Run:
    """Ten cases of two categories; some of them changed."""
    results: list[CaseResult] = []
    for number, case in enumerate(CASES):
        known: dict[str, Any] = {
            "category": "mug" if number < 5 else "bag",
            "alpha_iou": 0.97 + number / 1000,
            "product_delta_e": 0.4 + number / 100,
            "label_ssim": 0.98,
            "shadow_depth": 20.0 + number,
        }
        results.append(a_result(case, **{**known, **(change or {} if case in only else {})}))
    return Run(header=a_header(id=run_id, cases=CASES, **facts), results=tuple(results))


def found(changes: tuple[Change, ...]) -> set[tuple[str, str, str]]:
    return {(change.measure, change.scope, change.about) for change in changes}


def test_a_run_is_no_worse_than_itself() -> None:
    comparison = compare(run_of("r-1"), run_of("r-2"))
    assert comparison.regressions == ()
    assert comparison.differences == ()
    assert not any(change.is_better for change in comparison.changes)


def test_a_loss_everywhere_shows_overall_in_each_category_and_in_each_case() -> None:
    worse = found(compare(run_of("r-1"), run_of("r-2", {"alpha_iou": 0.90})).regressions)
    assert {
        ("alpha_iou", "all", ""),
        ("alpha_iou", "category", "mug"),
        ("alpha_iou", "case", "case_0"),
    } <= worse
    assert {measure for measure, _, _ in worse} == {"alpha_iou"}


def test_one_bad_case_is_named_even_where_the_mean_hides_it() -> None:
    worse = found(compare(run_of("r-1"), run_of("r-2", {"label_ssim": 0.4}, ("case_3",))).regressions)
    assert ("label_ssim", "case", "case_3") in worse
    assert ("label_ssim", "all", "") not in worse


def test_invisible_loss_is_no_regression() -> None:
    after = run_of("r-2", {"shadow_depth": 19.6}, ("case_0",))
    assert compare(run_of("r-1"), after).regressions == ()


def test_gain_is_reported_and_is_no_regression() -> None:
    comparison = compare(run_of("r-1"), run_of("r-2", {"product_delta_e": 0.0}))
    assert comparison.regressions == ()
    assert ("product_delta_e", "all", "") in found(
        tuple(change for change in comparison.changes if change.is_better)
    )


def test_times_are_compared_on_one_machine_alone() -> None:
    slow = {"first_image_ms": 5_000}
    assert ("first_image_ms", "all", "") in found(compare(run_of("r-1"), run_of("r-2", slow)).regressions)
    elsewhere = run_of("r-2", slow, machine={"processor": "b", "cores": 64, "system": "Linux x86_64"})
    comparison = compare(run_of("r-1"), elsewhere)
    assert comparison.regressions == ()
    assert comparison.differences == ("machine",)


def test_times_of_a_busy_machine_are_reported_as_not_comparable() -> None:
    machine = {"processor": "a", "cores": 2, "system": "Linux x86_64", "load_average": 9.0}
    comparison = compare(run_of("r-1"), run_of("r-2", {"first_image_ms": 5_000}, machine=machine))
    assert comparison.regressions == ()
    assert comparison.differences == ("load",)


def test_one_slow_case_of_one_repeat_proves_nothing() -> None:
    worse = compare(run_of("r-1"), run_of("r-2", {"first_image_ms": 9_000}, ("case_3",))).regressions
    assert ("first_image_ms", "case", "case_3") not in found(worse)


def test_new_failures_are_a_regression_though_the_gate_may_still_hold() -> None:
    worse = found(compare(run_of("r-1"), run_of("r-2", {"ok": False}, ("case_3",))).regressions)
    assert ("ok", "case", "case_3") in worse


def test_other_possible_causes_are_reported() -> None:
    after = run_of("r-2", models={"isnet-1024": "f" * 64}, chain=("gemini", "local"))
    assert set(compare(run_of("r-1"), after).differences) == {"models", "chain"}
