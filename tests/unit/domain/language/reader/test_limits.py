"""Reading of what a wish shall not do, bounds of amounts, and refusals of a refusal."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import WHITE, figures_of, on_marble, told_texts

SMALL = changed(WHITE, "framing", fill=0.3)


BRIGHTER = {"tone.exposure_ev": 0.35}
SOFTER = {"shadow.softness": 1.75}


@pytest.mark.parametrize(
    "words",
    [
        *("影子别去掉", "影子不去掉", "the shadow must not be removed", "I don't want it to look cut out"),
        *("不亮也不暗", "不大不小，刚好", "no more sharpening", "不要再锐化了", "只要不太暗就行"),
        *("别把影子去掉", "别让影子消失", "I don't want the shadow gone", "don't make the shadow disappear"),
        *("don't turn the light to the left", "don't sharpen it more", "個影子咪去掉", "颜色不准改变"),
        *("别把大理石换掉", "大理石别换掉", "don't take the shadow away", "it's not too dark"),
    ],
)
def test_a_refused_removal_and_a_denied_state_change_nothing(words: str) -> None:
    base = on_marble()
    assert understand(words, base).plan.model_copy(update={"asked": ()}) == base


@pytest.mark.parametrize(
    ("words", "base", "changes"),
    [
        ("产品不要超过画面的一半", WHITE, {"framing.fill": 0.5}),
        ("最多占一半", WHITE, {"framing.fill": 0.5}),
        ("no more than half the frame for the socks", WHITE, {"framing.fill": 0.5}),
        ("最多占一半", SMALL, {}),
        ("产品至少占八成", WHITE, {"framing.fill": 0.8}),
        ("产品至少占两成", WHITE, {}),
        ("最多提亮一档", WHITE, {"tone.exposure_ev": 1.0}),
        ("at most one stop brighter", WHITE, {"tone.exposure_ev": 1.0}),
        ("larger, but at most 80%", WHITE, {"framing.fill": 0.8}),
        ("make the vase larger, but no more than 80% of the frame", WHITE, {"framing.fill": 0.8}),
        ("产品大一点，但别超过80%", WHITE, {"framing.fill": 0.8}),
        ("a bit bigger, no more than 80% of the frame", SMALL, {"framing.fill": 0.336}),
    ],
)
def test_a_figure_stays_within_a_named_bound(words: str, base: Plan, changes: dict[str, object]) -> None:
    assert figures_of(words, base) == changes


def test_a_small_share_beside_a_size_is_no_bound_of_it() -> None:
    assert understand("make it a wee bit bigger, no more than 10%", SMALL).plan.framing.fill > 0.3


def test_a_bound_that_no_wish_can_keep_is_told_back_beside_the_wish() -> None:
    understood = understand("shadow darker, but at most 50%", WHITE)
    assert told_texts(understood) == ("but at most 50%",)
    assert understood.plan.shadow.strength > WHITE.shadow.strength


@pytest.mark.parametrize("words", ["亮度别超过10%", "at most two"])
def test_an_unclear_bound_is_told_back(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.told_back
    assert understood.plan == WHITE


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("make it brighter without changing the colour", BRIGHTER),
        ("soften the shadow without removing it", SOFTER),
        ("soften the shadow but don't remove it", SOFTER),
        ("brighten it as long as the colour stays true", BRIGHTER),
        ("I don't want it to look photoshopped, just brighten it", BRIGHTER),
        ("change nothing but the brightness, brighter", BRIGHTER),
        ("别动影子，只调亮度，亮一点", BRIGHTER),
        ("暖一点，别太黄", {"tone.mired": 25.0}),
        ("亮一点，别太暗", BRIGHTER),
        ("暖一点，但不要偏黄", {"tone.mired": 25.0}),
        ("影子可以有，但别太黑", {"shadow.strength": 0.6}),
        ("brighter, no more", BRIGHTER),
        ("I don't care about the shadow, make it brighter", BRIGHTER),
        ("不用管影子，亮一点", BRIGHTER),
        ("影子没问题，亮一点", BRIGHTER),
        ("don't touch the shadow, just make it brighter", BRIGHTER),
        ("the light is fine, make it brighter", BRIGHTER),
        ("nothing wrong with the background, just make it brighter", BRIGHTER),
        ("在不改变构图的前提下亮一点", BRIGHTER),
        ("keep the size the same but make it brighter", BRIGHTER),
        ("淡一点的影子，别没有", {"shadow.strength": 0.6}),
        ("除了影子淡一点，其他都不变", {"shadow.strength": 0.6}),
        ("不是背景，是影子要淡一点", {"shadow.strength": 0.6}),
        ("nowhere near bright enough", BRIGHTER),
        ("don't you think the shadow is too dark", {"shadow.strength": 0.6}),
        ("shadow not needed", {"shadow.kind": "none"}),
        ("I'd rather not have a shadow", {"shadow.kind": "none"}),
        ("can we not have a shadow", {"shadow.kind": "none"}),
        ("no grain", {"detail.denoise": 0.8}),
        ("唔好咁光", {"tone.exposure_ev": -0.35}),
        ("影子不要在左边", {"shadow.direction_deg": 90.0}),
        ("影子不要在左边，要在右边", {"shadow.direction_deg": 90.0}),
        ("the problem isn't the light, it's the shadow, too strong", {"shadow.strength": 0.6}),
        ("it's not too dark, it's too cold", {"tone.mired": 25.0, "tone.white_balance": 1.0}),
        ("四周别留太多空白", {"framing.fill": 0.8064}),
        ("影子和光都不要动，亮一点", BRIGHTER),
        ("how come there's a shadow, remove it", {"shadow.kind": "none"}),
        ("I don't want the shadow gone, just lighter", {"shadow.strength": 0.6}),
        ("I don't want it brighter I want it warmer", {"tone.mired": 25.0}),
        ("I'd rather it wasn't so dark", BRIGHTER),
        ("rather warmer than brighter", {"tone.mired": 25.0}),
        ("not more contrast but more saturation", {"tone.saturation": 1.18}),
        ("画面不要这么模糊", {"detail.sharpen": 0.85, "detail.clarity": 0.1}),
        ("不要让画面这么模糊", {"detail.sharpen": 0.85, "detail.clarity": 0.1}),
        ("I meant the shadow, not the product: softer", SOFTER),
        ("不是说影子，说的是产品，大一点", {"framing.fill": 0.8064}),
        ("是产品往左一点，不是影子往左一点", {"framing.x": 0.44}),
        ("just a hint of warmth", {"tone.mired": 15.0}),
    ],
)
def test_a_wish_beside_a_limit_or_denial_changes_its_figure_alone(
    words: str, changes: dict[str, object]
) -> None:
    assert figures_of(words, WHITE) == changes


@pytest.mark.parametrize(
    "words",
    [
        *("forget the shadow", "有没有影子？", "不太喜欢这个影子", "reset everything except the warmth"),
        "not this background",
        *(
            "everything except the background can change",
            "everything stays except the shadow which should go",
        ),
    ],
)
def test_an_ambiguous_sentence_is_told_back_and_changes_nothing(words: str) -> None:
    understood = understand(words, on_marble())
    assert understood.told_back
    assert understood.plan.model_copy(update={"asked": ()}) == on_marble()


@pytest.mark.parametrize("words", ["no warmth", "不要暖色", "without the warm tint", "取消暖色"])
def test_refusing_warmth_removes_the_tint_alone(words: str) -> None:
    assert figures_of(words, changed(WHITE, "tone", mired=50.0)) == {"tone.mired": 0.0}


def test_a_refused_figure_returns_to_neutral() -> None:
    assert figures_of("亮度不要了", changed(WHITE, "tone", exposure_ev=0.7)) == {"tone.exposure_ev": 0.0}


def test_a_light_that_is_refused_and_restored_loses_its_side() -> None:
    lit = changed(WHITE, "light", azimuth_deg=-60.0)
    assert understand("光线不改了，还原", lit).plan.light.azimuth_deg is None


def test_an_earlier_sharpness_that_was_better_is_restored() -> None:
    crisp = changed(WHITE, "detail", sharpen=0.95)
    assert understand("锐化还是原来的好", crisp).plan.detail.sharpen == WHITE.detail.sharpen


@pytest.mark.parametrize("words", ["ring no bigger than 45%", "the mug should be no larger than 45%"])
def test_a_bound_of_the_size_is_kept(words: str) -> None:
    assert figures_of(words) == {"framing.fill": 0.45}
