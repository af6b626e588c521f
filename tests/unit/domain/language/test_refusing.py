"""Refusals, and questions why something was done: it is not done, however sure the sentence model is."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import changed
from tests.unit.domain.language.sentences import WHITE, heard, told_back

SCENE = changed(WHITE, "backdrop", kind="scene", scene="wood_oak")


@pytest.mark.parametrize(
    "frame",
    [
        *("don't {}", "you don't have to {}", "there's no need to {}", "i'd rather you didn't {}"),
        *(
            "not asking you to {}",
            "please avoid trying to {}",
            "without having to {}",
            "i don't want you to {}",
        ),
        *("who told you to {}", "stop trying to {}", "nobody asked you to {}"),
    ],
)
@pytest.mark.parametrize(
    "wish",
    [
        *("make it brighter", "make the shadow softer", "make it warmer", "make the product bigger"),
        *("crop to 4:5", "move it to the left", "remove the shadow"),
    ],
)
def test_refused_wishes_change_nothing(wish: str, frame: str) -> None:
    assert not list(changes_between(SCENE, understand(frame.format(wish), SCENE).plan))


@pytest.mark.parametrize("frame", ["不要{}", "别{}", "不用{}", "没必要{}", "我没让你{}", "不想{}", "先别{}"])
@pytest.mark.parametrize("wish", ["调亮", "把影子变软", "调暖", "放大产品", "裁成4:5", "往左移", "加深影子"])
def test_refused_chinese_wishes_change_nothing(wish: str, frame: str) -> None:
    assert not list(changes_between(SCENE, understand(frame.format(wish), SCENE).plan))


@pytest.mark.parametrize(
    "words",
    [
        "why did you remove the shadow",
        "why did you crop to 4:5",
        "为什么去掉影子",
        "怎么又去掉影子了",
        "怎么裁成4:5了",
    ],
)
def test_asking_why_something_was_done_does_not_do_it_again(words: str) -> None:
    told_back(words, SCENE)


def test_asking_why_a_quality_was_changed_takes_it_back() -> None:
    assert heard("why did you make it warmer", SCENE).plan.tone.mired < 0


@pytest.mark.parametrize("words", ["why not make it brighter", "why is it so dark", "怎么这么暗"])
def test_other_questions_are_wishes_and_complaints(words: str) -> None:
    assert heard(words, SCENE).plan.tone.exposure_ev > 0


@pytest.mark.parametrize("words", ["doesn't feel cosy at all", "make it 2:3 instead of square"])
def test_a_missing_quality_and_a_replaced_ratio_are_wishes(words: str) -> None:
    assert list(changes_between(SCENE, heard(words, SCENE).plan))
