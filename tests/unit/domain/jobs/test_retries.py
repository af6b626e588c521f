"""Wait before the next attempt."""

import pytest

from stillroom.domain.jobs.retries import CAP_SECONDS, backoff_seconds

ALMOST_ONE = 0.999_999


@pytest.mark.parametrize(("attempt", "ceiling"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (900, 60)])
def test_the_ceiling_doubles_up_to_a_minute(attempt: int, ceiling: float) -> None:
    assert backoff_seconds(attempt, ALMOST_ONE) == pytest.approx(ceiling, rel=1e-5)


def test_a_retry_wait_is_drawn_from_zero_to_its_ceiling() -> None:
    assert backoff_seconds(3, 0.0) == 0.0
    assert backoff_seconds(3, 0.25) == 1.0


def test_a_retry_wait_stays_below_the_cap() -> None:
    assert backoff_seconds(50, ALMOST_ONE) < CAP_SECONDS
