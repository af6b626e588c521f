"""Reading of Chinese clauses without punctuation between them."""

import pytest

from stillroom.domain.language.reader import understand
from tests.unit.domain.language.sentences import WHITE, heard


@pytest.mark.parametrize(
    "clauses",
    [
        ("影子淡一点", "产品亮一点"),
        ("产品大点", "影子不动"),
        ("颜色太淡", "影子太短"),
        ("影子调淡", "产品调亮"),
        ("影子稍微短", "产品稍微暗"),
        ("影子别太重了", "饱和度再低点"),
        ("提亮产品", "背景换成灰色"),
        ("照片有点冷", "锐化一下产品"),
        ("产品能不能别这么暗", "想让影子短一点"),
        ("产品往左移一点", "把对比度调高"),
        ("影子淡一点", "产品颜色显得太艳"),
        ("影子能淡点吗", "背景能浅点吗"),
    ],
)
def test_a_second_part_begins_a_wish_as_behind_a_comma(clauses: tuple[str, str]) -> None:
    apart = heard("，".join(clauses))
    assert apart.asked
    assert heard("".join(clauses)).plan == apart.plan


@pytest.mark.parametrize("words", ["影子、背景都暗一点", "影子以及背景都要暗一点", "影子背景都暗一点"])
def test_parts_that_are_joined_share_what_is_said_of_them(words: str) -> None:
    assert heard(words).asked == ("backdrop", "shadow")


@pytest.mark.parametrize(
    ("words", "field"),
    [("要柔和光线", "light"), ("把产品放大到画面的九成", "framing"), ("右边留白多一点", "framing")],
)
def test_a_state_before_its_noun_begins_no_second_wish(words: str, field: str) -> None:
    assert set(understand(words, WHITE).asked) <= {field}
