"""Statements of the place of a shot or of the goods ask for nothing, whatever wish stands beside them."""

import pytest

from stillroom.domain.language.facts import without_facts
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan
from tests.unit.domain.language.sentences import told_back, told_texts

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
FACTS = (
    "the bracelet is sterling silver",
    "it's made of oak",
    "the lid is wood",
    "the necklace is 45 cm long",
    "it comes in three colours",
    "this teapot is from 1920",
    "the knife is very sharp",
    "the bag is transparent",
    "it has a marble base",
    "price is 29.99",
    "for Instagram",
    "for the website banner",
    "this goes on TikTok",
)
CHINESE_STATEMENTS = (
    "照片是在院子里拍的",
    "手机在客厅拍的",
    "随手在阳台拍了一张",
    "原图是厨房拍的",
    "罐子250毫升",
    "货号A-4471",
)
CHINESE_FACTS = (
    "手链是925银的",
    "橡木做的",
    "盖子是木头的",
    "项链长45厘米",
    "有三个颜色",
    "刀很锋利",
    "包是透明的",
    "售价99",
    "枕头特别软",
    "网站横幅用的",
    "发抖音的",
)


@pytest.mark.parametrize("wish", ["make the background navy", "softer shadow", "brighten it a little"])
@pytest.mark.parametrize("statement", [*STATEMENTS, *FACTS])
def test_a_statement_beside_a_wish_changes_nothing(statement: str, wish: str) -> None:
    for text in (f"{statement}. {wish}", f"{wish}, {statement}"):
        assert understand(text, PACKSHOT) == understand(wish, PACKSHOT)


@pytest.mark.parametrize("wish", ["背景换成藏青", "影子柔一点", "亮一点"])
@pytest.mark.parametrize("statement", [*CHINESE_STATEMENTS, *CHINESE_FACTS])
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


@pytest.mark.parametrize(
    ("text", "part", "field"),
    [
        ("20% off the shadow, crop it square", "shadow", "strength"),
        ("杯子能大一点吗，背景换成藏青", "framing", "fill"),
        ("the product is yellow, add contrast", "tone", "mired"),
        ("for a warmer instagram look, softer shadow", "tone", "mired"),
        ("背景要木头做的，亮一点", "backdrop", "scene"),
        ("换成木头做的，影子淡一点", "backdrop", "scene"),
    ],
)
def test_what_is_said_of_the_picture_is_no_fact_of_the_goods(text: str, part: str, field: str) -> None:
    plan = understand(text, PACKSHOT).plan
    assert getattr(getattr(plan, part), field) != getattr(getattr(PACKSHOT, part), field)


@pytest.mark.parametrize(
    "clause", ["the mug is upside down", "the vase is full of flowers", "the shirt has a dirty collar"]
)
def test_a_clause_that_may_ask_for_something_is_told_back(clause: str) -> None:
    assert told_texts(understand(f"{clause}, brighter", PACKSHOT)) == (clause,)


def test_the_colour_of_the_goods_stays_beside_a_wish_about_the_cast() -> None:
    text = "丝巾是香槟色，暖一点"
    assert without_facts(text) == text
