"""States before: the backdrop before is not known, and that of the photo needs its name."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import (
    PICTURE,
    WHITE,
    figures_of,
    heard,
    on_marble,
    told_back,
    told_texts,
)


@pytest.mark.parametrize(
    "words",
    [
        *("go back to the previous background", "undo the background change", "put the old background back"),
        *("bring back the last background", "revert the background", "reset the background"),
        *(
            "换回刚才的背景",
            "背景改回来",
            "背景换回去",
            "恢复上一版的背景",
            "背景还是刚才那个",
            "换回之前的背景",
        ),
    ],
)
def test_a_request_for_the_previous_backdrop_is_told_back(words: str) -> None:
    understood = understand(words, on_marble())
    assert understood.plan.backdrop == on_marble().backdrop
    assert [(told.reason, told.topic) for told in understood.told_back] == [("ambiguous", "backdrop")]


@pytest.mark.parametrize(
    "words",
    [
        *("go back to the original background", "restore the photo's own background", "换回原来的背景"),
        *("恢复原图背景", "背景恢复成原来的", "换回照片自己的背景"),
    ],
)
def test_the_backdrop_of_the_photo_returns_if_it_is_named(words: str) -> None:
    assert understand(words, on_marble()).plan.backdrop.kind == "keep"


@pytest.mark.parametrize("words", ["no reflection", "去掉倒影", "remove the reflection", "不要倒影"])
def test_removing_the_reflection_of_a_polished_scene_is_told_back_with_a_matt_one(words: str) -> None:
    polished, plain = understand(words, on_marble()), understand(words, WHITE)
    assert [(told.reason, told.topic) for told in polished.told_back] == [("not_possible", "polished")]
    assert "matt scene" in polished.told_back[0].words.en
    assert [told.reason for told in plain.told_back] in ([], ["refused"])


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("shadow to the back left", -135.0),
        ("the shadow should fall to the back right", 135.0),
        ("shadow toward the back-right", 135.0),
        ("shadow behind it to the left", -135.0),
        ("shadow to the front left", -45.0),
        ("shadow falling to the left and back", -135.0),
        ("影子向左后方", -135.0),
        ("影子往后左", -135.0),
        ("影子朝右后", 135.0),
        ("影子向左前方", -45.0),
        ("move the shadow from the left to the back", 180.0),
    ],
)
def test_two_sides_of_a_shadow_give_a_diagonal_direction(words: str, direction: float) -> None:
    assert understand(words, WHITE).plan.shadow.direction_deg == direction


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("start over", "start over"),
        ("把前面所有修改都清掉重来", "把前面所有修改都清掉重来"),
        ("全部重来", "全部重来"),
        ("不行，退回去", "退回去"),
    ],
)
def test_a_wish_to_begin_again_is_told_back_as_an_undo(words: str, told: str) -> None:
    understood = understand(words, on_marble())
    assert understood.plan.tone == on_marble().tone
    assert (told, "undo") in [(one.text, one.topic) for one in understood.told_back]


@pytest.mark.parametrize("words", ["怎么没变啊", "did that do anything"])
def test_a_text_without_effect_on_a_picture_is_told_back(words: str) -> None:
    understood = understand(words, on_marble())
    assert understood.plan == on_marble()
    assert [told.reason for told in understood.told_back] == ["not_understood"]


@pytest.mark.parametrize(
    ("words", "base", "figures"),
    [
        ("倒影这条退掉", changed(PICTURE, "shadow", reflection=0.5), {"shadow.reflection": 0.0}),
        ("the cold thing was a mistake", changed(PICTURE, "tone", mired=-40.0), {"tone.mired": 0.0}),
        ("亮度别退回去", changed(PICTURE, "tone", exposure_ev=0.5), {}),
    ],
)
def test_a_step_that_is_called_off_is_undone(words: str, base: Plan, figures: dict[str, float]) -> None:
    assert figures_of(words, base) == figures


@pytest.mark.parametrize(
    "words",
    ["原图背景虚化", "把原来的背景模糊一点", "original background blurred", "blur the original background"],
)
def test_backdrop_of_the_photo_is_restored_and_blurred(words: str) -> None:
    backdrop = heard(words, on_marble()).plan.backdrop
    assert (backdrop.kind, backdrop.scene) == ("keep", None)
    assert backdrop.blur > 0


@pytest.mark.parametrize("words", ["原来的背景亮一点", "the original background a bit brighter"])
def test_change_that_the_backdrop_of_the_photo_cannot_have_is_told_back(words: str) -> None:
    understood = understand(words, on_marble())
    assert understood.plan.backdrop.kind == "keep"
    assert told_texts(understood) == (words,)


@pytest.mark.parametrize("words", ["背景比原来的亮一点", "the background is darker than the original"])
def test_comparison_with_the_photo_restores_nothing(words: str) -> None:
    told_back(words, WHITE)
