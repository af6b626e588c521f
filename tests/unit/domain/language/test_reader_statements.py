"""Reading of clauses that state how something is, ask about it, or accept it: they ask for no change."""

import pytest

from stillroom.domain.language.reader import understand
from tests.unit.domain.language.sentences import WHITE, heard, on_marble


@pytest.mark.parametrize(
    "words",
    [
        *("影子很深，我喜欢", "画面亮了很多，很满意", "饱和度低得刚刚好", "整体不亮不暗刚好"),
        *("整张图怎么调暗的", "背景亮点还是暗点好", "影子柔和点还是硬点好"),
    ],
)
def test_a_statement_changes_nothing(words: str) -> None:
    assert understand(words, on_marble()).asked == ()


@pytest.mark.parametrize(
    "words", ["影子太深了，其他很满意", "影子没必要这么深，就这样", "影子太深，别的都好"]
)
def test_praise_of_the_rest_leaves_a_complaint(words: str) -> None:
    assert understand(words, WHITE).plan.shadow.strength < WHITE.shadow.strength


@pytest.mark.parametrize("words", ["影子比刚才淡一点", "影子比上一张淡一点", "影子还是淡一点好"])
def test_a_comparison_with_the_last_picture_is_a_wish(words: str) -> None:
    assert heard(words).plan.shadow.strength < WHITE.shadow.strength


def test_items_are_counted_without_a_break_between_them() -> None:
    assert heard("1.影子淡一点2.产品亮一点").plan == heard("影子淡一点，产品亮一点").plan


def test_a_refused_figure_is_what_the_next_degree_is_about() -> None:
    assert understand("影子没必要再深了，浅点", WHITE).asked == ("shadow",)


@pytest.mark.parametrize("words", ["背景亮一点，但不要太亮", "背景亮一点，别太明显", "背景亮一点，别搞太亮"])
def test_a_limit_takes_nothing_back_and_names_no_other_part(words: str) -> None:
    assert heard(words, on_marble()).plan == heard("背景亮一点", on_marble()).plan


@pytest.mark.parametrize("words", ["光线不够柔", "光线有啲硬", "我看了下，光线柔一点"])
def test_longer_words_do_not_hide_what_is_said_of_a_part(words: str) -> None:
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
