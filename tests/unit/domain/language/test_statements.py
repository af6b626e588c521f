"""Statements of the place of a shot or of the goods ask for nothing, whatever wish stands beside them."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan
from tests.unit.domain.language.sentences import told_back

PACKSHOT = starting_plan("bg_replace")

STATEMENTS = (
    "I took it in my kitchen",
    "the photo was taken in the garden",
    "it was shot in our studio",
    "we shoot everything in the bathroom",
    "shot in my bedroom",
    "the jar is 250 ml",
    "SKU 4471",
)
CHINESE_STATEMENTS = (
    "照片是在院子里拍的",
    "手机在客厅拍的",
    "随手在阳台拍了一张",
    "原图是厨房拍的",
    "罐子250毫升",
    "货号A-4471",
)


@pytest.mark.parametrize("wish", ["make the background navy", "softer shadow", "brighten it a little"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_beside_a_wish_changes_nothing(statement: str, wish: str) -> None:
    for text in (f"{statement}. {wish}", f"{wish}, {statement}"):
        assert understand(text, PACKSHOT) == understand(wish, PACKSHOT)


@pytest.mark.parametrize("wish", ["背景换成藏青", "影子柔一点", "亮一点"])
@pytest.mark.parametrize("statement", CHINESE_STATEMENTS)
def test_a_chinese_statement_beside_a_wish_changes_nothing(statement: str, wish: str) -> None:
    for text in (f"{statement}，{wish}", f"{wish}。{statement}。"):
        assert understand(text, PACKSHOT) == understand(wish, PACKSHOT)


@pytest.mark.parametrize("statement", [*STATEMENTS, *CHINESE_STATEMENTS])
def test_a_statement_alone_is_told_back(statement: str) -> None:
    told_back(statement, PACKSHOT)


@pytest.mark.parametrize(
    "words",
    [
        "make it look like it was shot in a garden",
        "shot in a garden",
        "放在花园里拍的效果",
        "在院子里拍的",
    ],
)
def test_a_place_that_is_wished_for_is_no_statement(words: str) -> None:
    assert understand(words, PACKSHOT).plan.backdrop.scene == "stone_garden"


def test_a_fault_that_a_statement_names_stays_a_complaint() -> None:
    assert understand("it was shot in bad light, brighten it", PACKSHOT).plan.tone.exposure_ev > 0
