"""How much a degree changes: a little is less than some, and much is more."""

import pytest

from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import WHITE, heard, told_back

BLUE = "#8aa6c8"
PAINTED = changed(WHITE, "backdrop", kind="color", color=BLUE, edge_color=BLUE)
SCENE = changed(WHITE, "backdrop", kind="scene", scene="wood_oak")


def amount(words: str, part: str, field: str, base: Plan = SCENE) -> float:
    """By how much words change a figure of a plan, without a sign."""
    old, new = (getattr(getattr(plan, part), field) for plan in (base, heard(words, base).plan))
    if isinstance(old, str):
        old, new = (sum(bytes.fromhex(color[1:])) for color in (old, new))
    return abs(float(new) - float(old))


@pytest.mark.parametrize(
    ("frame", "part", "field"),
    [
        ("make it {} brighter", "tone", "exposure_ev"),
        ("make it {} warmer", "tone", "mired"),
        ("make it {} sharper", "detail", "sharpen"),
        ("the product {} bigger", "framing", "fill"),
        ("{} more contrast", "tone", "contrast"),
        ("{} less contrast", "tone", "contrast"),
        ("make it {} less saturated", "tone", "saturation"),
        ("{} less shadow", "shadow", "strength"),
        ("light {} higher", "light", "elevation_deg"),
        ("make the shadow {} softer", "shadow", "softness"),
        ("make the shadow {} sharper", "shadow", "softness"),
        ("make the shadow {} darker", "shadow", "strength"),
        ("make the background {} darker", "backdrop", "exposure_ev"),
    ],
)
def test_english_degrees_are_in_order(frame: str, part: str, field: str) -> None:
    slight, usual = (amount(frame.format(word), part, field) for word in ("slightly", "a bit"))
    assert 0 < slight < usual
    for word in ("much", "far", "considerably"):
        assert amount(frame.format(word), part, field) > usual


@pytest.mark.parametrize(
    ("frame", "part", "field"),
    [
        ("产品亮{}", "tone", "exposure_ev"),
        ("整体暖{}", "tone", "mired"),
        ("产品清晰{}", "detail", "sharpen"),
        ("产品小{}", "framing", "fill"),
        ("影子柔和{}", "shadow", "softness"),
        ("影子深{}", "shadow", "strength"),
        ("背景亮{}", "backdrop", "exposure_ev"),
    ],
)
def test_chinese_degrees_are_in_order(frame: str, part: str, field: str) -> None:
    slight, usual = (amount(frame.format(word), part, field) for word in ("一点点", "一点"))
    assert 0 < slight < usual
    for word in ("很多", "不少"):
        assert amount(frame.format(word), part, field) > usual


LIT = changed(SCENE, "light", fill=0.5, rim=0.5)


@pytest.mark.parametrize(
    ("words", "field", "dark", "lit"),
    [
        ("fill light", "fill", 0.4, 0.9),
        ("a touch of fill light", "fill", 0.24, 0.74),
        ("much more fill light", "fill", 0.64, 0.9),
        ("补光弱一点", "fill", None, 0.25),
        ("add a rim light", "rim", 0.7, 0.7),
        ("more rim light", "rim", 0.7, 0.85),
        ("轮廓光强一点", "rim", 0.7, 0.85),
        ("add a faint rim light", "rim", 0.35, None),
        ("轮廓光弱一点", "rim", None, 0.15),
    ],
)
def test_a_single_light_gets_stronger_and_weaker_by_steps(
    words: str, field: str, dark: float | None, lit: float | None
) -> None:
    for base, figure in ((SCENE, dark), (LIT, lit)):
        if figure is not None:
            assert getattr(heard(words, base).plan.light, field) == pytest.approx(figure)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("blur the background slightly", "blur the background a lot"),
        ("背景虚化一点点", "背景虚化很多"),
    ],
)
def test_a_backdrop_is_blurred_by_degrees(less: str, more: str) -> None:
    plain = amount("blur the background", "backdrop", "blur")
    assert 0 < amount(less, "backdrop", "blur") < plain < amount(more, "backdrop", "blur")


def test_a_painted_backdrop_gets_paler_and_darker_by_degrees() -> None:
    for way in ("darker", "lighter"):
        found = [
            amount(f"background {word} {way}", "backdrop", "color", PAINTED) for word in ("a touch", "much")
        ]
        assert 0 < found[0] < found[1]


@pytest.mark.parametrize(
    ("words", "part", "field"),
    [("整体稍微深一点", "tone", "exposure_ev"), ("make it slightly softer", "detail", "sharpen")],
)
def test_a_wish_that_only_the_sentence_model_reads_has_its_degree(words: str, part: str, field: str) -> None:
    stronger = words.replace("稍微", "").replace("slightly", "much")
    assert 0 < amount(words, part, field) < amount(stronger, part, field)


@pytest.mark.parametrize(
    ("words", "part", "field", "sign"),
    [
        ("影子明显太重", "shadow", "strength", -1),
        ("画面明显偏暗", "tone", "exposure_ev", 1),
        ("产品明显偏小", "framing", "fill", 1),
        ("画面仍然太暗", "tone", "exposure_ev", 1),
        ("影子依旧有点重", "shadow", "strength", -1),
        ("it looks clearly blurry", "detail", "sharpen", 1),
        ("影子明显柔和一点", "shadow", "softness", 1),
        ("影子明显一点", "shadow", "strength", 1),
        ("the product far brighter", "tone", "exposure_ev", 1),
        ("产品小不少", "framing", "fill", -1),
    ],
)
def test_a_degree_turns_no_wish_and_no_complaint_round(words: str, part: str, field: str, sign: int) -> None:
    understood = heard(words, SCENE)
    assert understood.asked == (part,)
    old, new = (getattr(getattr(plan, part), field) for plan in (SCENE, understood.plan))
    assert (new - old) * sign > 0


@pytest.mark.parametrize("words", ["背景偏黄", "背景明显偏黄", "产品稍微偏小", "画面稍微偏暗"])
def test_what_leans_may_be_a_complaint(words: str) -> None:
    told_back(words)


@pytest.mark.parametrize(
    "words", ["brighter, by a lot", "so much brighter", "make it so much brighter", "brighter, a lot"]
)
def test_a_degree_counts_behind_a_comma_and_as_so_much(words: str) -> None:
    assert heard(words).plan.tone.exposure_ev == heard("much brighter").plan.tone.exposure_ev > 0


def test_a_doubled_degree_is_slight() -> None:
    assert heard("稍稍亮一些").plan == heard("稍微亮一些").plan
