"""A short run of the fuzzer with every change; `make fuzz` goes on for ten minutes."""

from tests.fuzz.intake import fuzz

SECONDS, SEED = 10.0, 20_261_124
MIN_FILES = 50


def test_ten_seconds_of_fuzzing_find_no_error() -> None:
    findings = fuzz(SECONDS, SEED)
    assert findings.errors == {}
    assert findings.deaths == []
    assert sum(findings.outcomes.values()) >= MIN_FILES
