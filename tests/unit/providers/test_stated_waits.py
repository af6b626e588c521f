"""Waits that vendors ask for, each in its own words."""

import pytest

from stillroom.providers.adapters.wire import stated_wait


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Rate limit reached. Please try again in 20ms. Visit our page", 0.02),
        ("Please try again in 6s.", 6.0),
        ("Please try again in 1.5s.", 1.5),
        ("Please retry in 31.28319s.", 31.28319),
        ("Please try again in 1m30s.", 90.0),
        ("Please try again in 6m0s.", 360.0),
        ("Please try again in 1m12.5s. ", 72.5),
        ("retry in 0h2m3.5s", 123.5),
        ("retry in 1h2m3.5s", 600.0),
        ("Try again in 2 minutes", 120.0),
        ("try again in 1 min, 10 sec", 70.0),
        ("try again in 30 seconds", 30.0),
        ("try again in 250 milliseconds", 0.25),
        ("try again in 5 moons", None),
        ("try again in 5", None),
        ("try again later", None),
        (None, None),
    ],
)
def test_retry_time_is_parsed_in_hours_minutes_and_seconds(said: str | None, seconds: float | None) -> None:
    assert stated_wait({}, None, said) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("1e400", 600.0),
        ("-5", None),
        ("nan", None),
        ("soon", None),
        ("Mon, 99 Jan 2020 00:00:00 GMT", None),
        ("Thu, 01 Jan 999999999999 00:00:00 GMT", None),
    ],
)
def test_header_that_states_no_usable_time_is_ignored(header: str, seconds: float | None) -> None:
    assert stated_wait({"retry-after": header}, None, None) == seconds
