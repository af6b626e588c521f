"""How errors look to clients."""

import pytest

from stillroom.domain.errors import CATALOGUE, ErrorKind, StillroomError, fault_of
from stillroom.web.problems import STATUS, problem_of_fault


def test_every_kind_has_a_status() -> None:
    assert set(STATUS) == set(ErrorKind)


def test_codes_are_told_once() -> None:
    codes = [error.code for error in CATALOGUE]
    assert len(codes) == len(set(codes)) == 18


@pytest.mark.parametrize("error", CATALOGUE, ids=lambda error: str(error.code))
def test_every_error_speaks_both_languages(error: type[StillroomError]) -> None:
    fault = fault_of(error(), "req_1")
    chinese, english = problem_of_fault(fault, "zh"), problem_of_fault(fault, "en")
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese.title)
    assert english.title.isascii()
    assert chinese.code == english.code == error.code
    assert chinese.request_id == "req_1"


def test_a_code_that_is_not_known_is_ours_to_mend() -> None:
    problem = problem_of_fault({"code": "E_OF_A_LATER_RELEASE", "detail": "x", "params": {}}, "en")
    assert (problem.code, problem.status) == ("E_INTERNAL", 500)
