"""Words that mean what usual ones mean: states that are complained of, and what shall stay."""

from collections.abc import Iterator

import pytest

from stillroom.domain.language.doubts import labels_between
from stillroom.domain.plans.plan import Plan
from tests.unit.domain.language.sentences import PICTURE, WHITE, heard


def _ways(plan: Plan) -> Iterator[str]:
    for path, labels in labels_between(WHITE, plan):
        yield from sorted(label for label in labels if label[:-1] == path)


@pytest.mark.parametrize(
    "frame", ["{}感觉{}", "{}特别{}", "{}超级{}啊", "{}略{}", "{}拍出来{}", "{}还是{}", "{}略微偏{}"]
)
@pytest.mark.parametrize(
    ("part", "state", "plain"),
    [
        ("画面", "暗", "画面太暗"),
        ("产品", "小", "产品太小"),
        ("影子", "硬", "影子太硬"),
        ("颜色", "淡", "颜色太淡"),
    ],
)
def test_a_chinese_state_is_a_complaint(frame: str, part: str, state: str, plain: str) -> None:
    said, plainly = heard(frame.format(part, state), WHITE).plan, heard(plain, WHITE).plan
    assert [*_ways(said)] == [*_ways(plainly)]


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("the photo is not as warm as I wanted", "the photo isn't warm enough"),
        ("the shadow is not as long as we hoped", "the shadow isn't long enough"),
        ("the photo is nowhere near dark enough", "the photo isn't dark enough"),
        ("the photo looks far brighter than before", "the photo is much too bright"),
        ("the product is smaller than it was", "the product is too small"),
        ("the photo is unnaturally yellow", "the photo is too yellow"),
    ],
)
def test_an_english_lack_is_a_complaint(words: str, plain: str) -> None:
    assert [*_ways(heard(words, WHITE).plan)] == [*_ways(heard(plain, WHITE).plan)]


@pytest.mark.parametrize(
    ("words", "part", "field", "sign"),
    [
        ("影子特别淡一点", "shadow", "strength", -1),
        ("略亮一点", "tone", "exposure_ev", 1),
        ("make it brighter than before", "tone", "exposure_ev", 1),
    ],
)
def test_a_degree_of_a_wish_is_no_state(words: str, part: str, field: str, sign: int) -> None:
    plan = heard(words, WHITE).plan
    assert sign * (getattr(getattr(plan, part), field) - getattr(getattr(WHITE, part), field)) > 0


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("亮一点，不要影响影子", "亮一点"),
        ("暖一点，不影响背景", "暖一点"),
        ("影子柔一点，背景照旧", "影子柔一点"),
        ("sharpen the details without touching the shadow", "sharpen the details"),
        ("warm it up without affecting the background", "warm it up"),
    ],
)
def test_what_shall_not_be_touched_stays(words: str, plain: str) -> None:
    plans = [heard(text, PICTURE).plan.model_copy(update={"asked": ()}) for text in (words, plain)]
    assert plans[0] == plans[1]


@pytest.mark.parametrize(
    "words", ["背景色号#F5F0E8", "background colour code #F5F0E8", "hex code F5F0E8 for the background"]
)
def test_a_code_of_a_colour_is_the_colour(words: str) -> None:
    assert heard(words).plan.backdrop.color == "#f5f0e8"


def test_sun_of_a_time_of_day_beside_a_scene_is_its_light() -> None:
    plan = heard("大理石台面加早晨的阳光").plan
    assert (plan.backdrop.scene, plan.asked) == ("marble_white", ("backdrop", "light"))


@pytest.mark.parametrize("words", ["希望画面略微偏暖", "我想整体略偏暖", "调成略偏暖"])
def test_a_state_that_is_wished_for_is_no_complaint(words: str) -> None:
    assert heard(words).plan.tone.mired > 0
