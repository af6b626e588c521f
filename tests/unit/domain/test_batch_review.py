"""Choice of the candidate that stands for a job or an item of a batch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stillroom.domain.batches.review import best_of
from stillroom.domain.measures import Measures
from stillroom.domain.variants import Variant, chosen_among
from tests.unit.domain.test_digital_sources import variant


def candidate(ordinal: int, quality: float, kind: str = "white") -> Variant:
    return replace(variant("local", Measures(quality=quality), kind), ordinal=ordinal)


def test_the_best_candidate_on_the_backdrop_that_was_asked_is_chosen() -> None:
    white, better, photo = candidate(1, 0.5), candidate(2, 0.6), candidate(3, 0.9, "keep")
    assert best_of([photo, white, better]) is better


def test_equal_candidates_are_taken_in_their_order() -> None:
    first, second = candidate(1, 0.8), candidate(2, 0.8)
    assert best_of([second, first]) is first


def test_a_candidate_that_was_chosen_by_hand_is_kept() -> None:
    chosen = replace(candidate(3, 0.4, "keep"), adopted_at=datetime(2026, 11, 25, tzinfo=UTC))
    assert best_of([candidate(1, 0.9), chosen]) is chosen


def test_of_several_chosen_candidates_the_one_that_was_chosen_last_is_kept() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    earlier = replace(candidate(1, 0.9), adopted_at=at)
    later = replace(candidate(2, 0.4), adopted_at=at + timedelta(seconds=1))
    for candidates in ([earlier, later], [later, earlier]):
        assert chosen_among(candidates) is later
        assert best_of(candidates) is later
