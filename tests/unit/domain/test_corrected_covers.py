"""Confidence of corrected mattes: a correction removes doubt only as far as it changes the matte."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE
from stillroom.domain.mattes import EVEN_ODDS, HARDLY_ANY, MOST_APART, SETTLING, CorrectedCover

SHARES = st.floats(0, 1)
RATINGS = st.floats(0.01, 1)


def cover(changed: float, edges: float = 1.0) -> CorrectedCover:
    return CorrectedCover(b"", edges, changed, support=1.0)


def test_a_correction_that_changes_hardly_anything_keeps_the_doubt() -> None:
    assert cover(0.0).confidence_after(0.25) == 0.25
    assert cover(HARDLY_ANY).confidence_after(0.25) == 0.25


def test_a_correction_that_changes_a_part_of_the_product_settles_the_doubt() -> None:
    assert cover(SETTLING).confidence_after(0.25) == 1.0
    assert cover(0.5, edges=0.7).confidence_after(0.25) == LEAST_EDGE_CONFIDENCE


def test_a_cut_out_without_a_product_has_no_confidence() -> None:
    assert cover(1.0, edges=0.0).confidence_after(0.9) == 0.0


def test_a_correction_settles_doubt_only_as_far_as_the_networks_agree() -> None:
    assert replace(cover(0.5), support=0.0).confidence_after(0.25) == 0.25
    assert replace(cover(0.5), support=0.5).confidence_after(0.25) == 0.625


def test_a_small_correction_that_the_networks_contradict_keeps_the_confidence() -> None:
    assert replace(cover(MOST_APART), support=0.0).confidence_after(0.95) == 0.95


def test_a_large_correction_that_the_networks_contradict_leaves_it_open_which_matte_is_right() -> None:
    assert replace(cover(0.3), support=0.0).confidence_after(0.95) == EVEN_ODDS


def test_a_correction_that_nothing_can_judge_keeps_the_confidence() -> None:
    assert replace(cover(0.3), support=None).confidence_after(0.25) == 0.25


def test_a_chosen_subject_has_the_confidence_of_its_own_cut_out() -> None:
    assert replace(cover(0.0), start=0.4).confidence_after(0.9) == 0.4


@given(found=RATINGS, edges=RATINGS, changed=SHARES)
def test_the_confidence_lies_between_that_of_the_found_matte_and_that_of_a_good_one(
    found: float, edges: float, changed: float
) -> None:
    low, high = sorted((found, max(edges, LEAST_EDGE_CONFIDENCE)))
    assert low - 0.001 <= cover(changed, edges).confidence_after(found) <= high + 0.001
