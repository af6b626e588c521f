"""Reading of clauses that state how something is, ask about it, or accept it: they ask for no change."""

import pytest

from stillroom.domain.language.reader import understand
from tests.unit.domain.language.sentences import WHITE, heard, on_marble


@pytest.mark.parametrize(
    "words",
    [
        *("影子很深，我喜欢", "画面亮了很多，很满意", "饱和度低得刚刚好", "整体不亮不暗刚好"),
        *("背景亮点还是暗点好", "影子柔和点还是硬点好"),
    ],
)
def test_a_statement_changes_nothing(words: str) -> None:
    assert understand(words, on_marble()).asked == ()


def test_a_complaint_beside_praise_of_the_rest_is_remedied() -> None:
    assert understand("影子太深，别的都好", WHITE).plan.shadow.strength < WHITE.shadow.strength


def test_numbered_wishes_without_a_break_are_read_apart() -> None:
    assert heard("1.影子淡一点2.产品亮一点").plan == heard("影子淡一点，产品亮一点").plan


def test_a_degree_after_a_refused_figure_is_about_that_figure() -> None:
    assert understand("影子没必要再深了，浅点", WHITE).asked == ("shadow",)


@pytest.mark.parametrize("words", ["背景亮一点，但不要太亮", "背景亮一点，别太明显", "背景亮一点，别搞太亮"])
def test_a_limit_after_a_brighter_backdrop_changes_nothing_more(words: str) -> None:
    assert heard(words, on_marble()).plan == heard("背景亮一点", on_marble()).plan


@pytest.mark.parametrize("words", ["光线不够柔", "光线有啲硬", "我看了下，光线柔一点"])
def test_a_wish_about_the_light_inside_longer_words_changes_light_or_shadow(words: str) -> None:
    assert set(heard(words).asked) <= {"light", "shadow"}


@pytest.mark.parametrize(
    ("words", "shows_through"),
    [
        *(("it's glass", True), ("木桌，杯子是玻璃的", True), ("透明塑料的瓶子，白底", True)),
        *(("make the glass transparent", True), ("the bottle is not glass", False), ("不是玻璃的", False)),
        *(("on clear glass", None), ("玻璃的质感更强一点", None), ("make the background transparent", None)),
    ],
)
def test_words_say_whether_the_product_is_of_glass(words: str, shows_through: bool | None) -> None:
    assert understand(words, WHITE).plan.backdrop.shows_through is shows_through
