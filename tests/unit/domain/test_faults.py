"""Notation of injected faults, and the errors for those that cannot be read."""

import pytest

from stillroom.domain.faults import Fault, parse_faults


def test_a_list_of_faults_is_read() -> None:
    assert parse_faults("gemini=429, chatgpt=slow:1.5@0.5,storage.put=io@0.1,gemini=429:2") == (
        Fault("gemini", "429"),
        Fault("chatgpt", "slow", 1.5, 0.5),
        Fault("storage.put", "io", None, 0.1),
        Fault("gemini", "429", 2.0),
    )
    assert parse_faults("") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gemini", "not written as target=kind"),
        ("gemini=", "not written as target=kind"),
        ("gemini=418", "knows no fault '418', only 400"),
        ("storage.put=429", "knows no fault '429', only io"),
        ("storage.list=io", "none of storage.put"),
        ("gemini=429@0", "not above 0"),
        ("gemini=429@1.5", "at most 1"),
        ("gemini=slow", "does not say how slow"),
    ],
)
def test_unreadable_fault_is_reported_with_the_valid_syntax(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_faults(text)


def test_a_chance_decides_each_time_anew() -> None:
    fault = Fault("gemini", "429", chance=0.25)
    rolls = iter((0.0, 0.24, 0.25, 0.9))
    assert [fault.strikes(rolls.__next__) for _ in range(4)] == [True, True, False, False]
