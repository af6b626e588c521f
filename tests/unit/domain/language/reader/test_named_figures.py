"""Figures by their names: which way they go, and by how much, also after a complaint of them."""

from typing import NamedTuple

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan
from tests.unit.domain.language.sentences import WHITE, after, figures_of, heard


class Figure(NamedTuple):
    """A figure: its names, and plain wishes for more and less of it."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]
    more: str
    less: str


FIGURES = (
    Figure(("brightness", "exposure"), ("亮度", "曝光", "明度"), "brighter", "darker"),
    Figure(("darkness",), ("暗度",), "darker", "brighter"),
    Figure(
        ("saturation", "vibrance", "vividness"),
        ("饱和度", "鲜艳度", "纯度"),
        "more saturation",
        "less saturation",
    ),
    Figure(("contrast",), ("对比度", "反差"), "more contrast", "less contrast"),
    Figure(("warmth",), ("暖度",), "warmer", "cooler"),
    Figure(("sharpness", "crispness"), ("清晰度", "锐度"), "sharper", "less sharp"),
    Figure(("size", "product size"), ("大小", "产品大小"), "bigger", "smaller"),
    Figure(
        ("shadow opacity", "shadow strength"),
        ("影子浓度", "阴影浓度", "影子强度"),
        "darker shadow",
        "lighter shadow",
    ),
    Figure(("shadow length",), ("影子长度",), "longer shadow", "shorter shadow"),
    Figure(("background blur",), ("背景虚化",), "more background blur", "less background blur"),
)
MORE = {
    "english": """
        more {}; turn the {} up; raise the {}; increase {} by 10%; {} +10%; 10% more {}; add 10% more {};
        extra {}; boost the {}; {} up a bit; not enough {}; the {} is too low; {} is a bit low;
        dial up the {}; {} 1.2x
    """,
    "chinese": """
        {}高一点; {}加10%; {}+10%; 提高{}; {}往上提; {}不够; {}太低; {}太低了; {}偏低; {}有点低; {}不足;
        {}上调10%
    """,
}
LESS = {
    "english": """
        less {}; turn the {} down; lower the {}; reduce {} by 10%; {} -10%; 10% less {}; cut the {};
        {} down 10%; too much {}; the {} is too high; {} is a bit high; dial back the {}; {} 0.8x
    """,
    "chinese": """
        {}低一点; {}减10%; {}-10%; 降低{}; {}往下拉; {}太高; {}太高了; {}偏高; {}有点高; {}过高; {}降低10%
    """,
}
ROOMY = after("橡木桌上，背景虚化，暖一点")
"""A picture whose figures can all go either way."""


def ways_of(words: str) -> dict[str, bool] | None:
    """Return the figures that words change, each with whether it grows; None if something is told back."""
    understood = understand(words, ROOMY)
    changes = changes_between(ROOMY, understood.plan)
    is_told = bool(understood.told_back)
    return (
        None
        if is_told
        else {f"{one.part}.{one.field}": _figure(one.new) > _figure(one.old) for one in changes}
    )


def _figure(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.5


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: one.english[0])
def test_a_named_figure_goes_the_way_that_is_said_or_is_told_back(figure: Figure) -> None:
    wanted = {way: ways_of(plain) or {} for way, plain in (("more", figure.more), ("less", figure.less))}
    said = [
        (way, frame.format(name))
        for way, frames in (("more", MORE), ("less", LESS))
        for language, names in (("english", figure.english), ("chinese", figure.chinese))
        for name in names
        for frame in map(str.strip, frames[language].split(";"))
    ]
    read = {words: (wanted[way], ways_of(words)) for way, words in said}
    wrong = [
        words
        for words, (plain, ways) in read.items()
        if ways is not None
        and not (ways and all(plain.get(path, grows) == grows for path, grows in ways.items()))
    ]
    assert not wrong
    assert sum(ways is None for _, ways in read.values()) < 0.2 * len(read)


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("太暗了，加20%", {"tone.exposure_ev": 0.263}),
        ("偏暗，提高20%", {"tone.exposure_ev": 0.263}),
        ("亮度太低，加10%", {"tone.exposure_ev": 0.1375}),
        ("太亮了，减半档", {"tone.exposure_ev": -0.5}),
        ("颜色太艳，减15%", {"tone.saturation": 0.85}),
        ("饱和度不够，+20%", {"tone.saturation": 1.2}),
        ("影子太重了，减30%", {"shadow.strength": 0.7}),
        ("产品太小了，加10%", {"framing.fill": 0.792}),
        ("too bright, take it down 10%", {"tone.exposure_ev": -0.152}),
        ("it's a bit dark, give it 20% more", {"tone.exposure_ev": 0.263}),
        ("too dark, up 20%", {"tone.exposure_ev": 0.263}),
        ("not saturated enough. raise it 20%", {"tone.saturation": 1.2}),
        ("the shadow is too dark, reduce by 30%", {"shadow.strength": 0.7}),
        ("the shadow is too long, take 20% off", {"shadow.length": 0.8}),
    ],
)
def test_an_amount_after_a_complaint_measures_the_remedy(words: str, figures: dict[str, object]) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures, abs=2e-3)


@pytest.mark.parametrize(
    "words", ["a bit brighter, no more than 10%", "亮一点，不超过10%", "brighter, but only 10%"]
)
def test_a_bound_after_a_wish_without_an_amount_measures_it(words: str) -> None:
    assert figures_of(words, WHITE) == pytest.approx({"tone.exposure_ev": 0.1375}, abs=2e-3)


@pytest.mark.parametrize("words", ["double the reflection", "reflection 1.2x"])
def test_a_multiple_of_a_reflection_that_is_not_there_is_told_back(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.told_back
    assert understood.plan == WHITE


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("reduce the margin by 20%", {"framing.fill": 0.776}),
        ("margin 20% wider", {"framing.fill": 0.576}),
        ("产品占比加10%", {"framing.fill": 0.792}),
        ("产品占比80%", {"framing.fill": 0.8}),
        ("sharpness 1.2x", {"detail.sharpen": 0.6}),
        ("brightness 0.8x", {"tone.exposure_ev": -0.322}),
        ("add 10% shadow opacity", {"shadow.strength": 1.1}),
        ("影子往下拉", {"shadow.strength": 0.6}),
        ("影子太硬，柔化它", {"shadow.softness": 1.75}),
        ("影子柔和度加20%", {"shadow.softness": 1.2}),
    ],
)
def test_a_figure_by_its_name_has_the_amount_that_is_said(words: str, figures: dict[str, object]) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures, abs=2e-3)


@pytest.mark.parametrize(
    ("words", "figure", "value"),
    [
        ("noise reduction up 10%", "detail.denoise", 0.88),
        ("denoise 10% less", "detail.denoise", 0.72),
        ("increase fill light by 10%", "light.fill", 0.5),
        ("blur up 10%", "backdrop.blur", 0.7),
    ],
)
def test_an_effect_grows_by_a_share_from_what_it_is(words: str, figure: str, value: float) -> None:
    base = after("oak table, blurred background, add fill light, denoise")
    assert figures_of(words, base) == pytest.approx({figure: value}, abs=1e-3)


def test_what_is_said_not_to_be_there_is_no_correction_of_the_turn_before() -> None:
    base = after("橡木桌上，光从左边来")
    assert heard("影子：无", base).plan.light == base.light
    assert heard("影子：无", base).plan.shadow.kind == "none"


@pytest.mark.parametrize("words", ["删除背景虚化", "delete the background blur"])
def test_removing_the_blur_of_a_backdrop_never_removes_the_backdrop(words: str) -> None:
    base: Plan = after("橡木桌上，背景虚化")
    assert understand(words, base).plan.backdrop.kind == "scene"


@pytest.mark.parametrize("words", ["add a shadow, there is none", "加个影子，现在没有"])
def test_a_wish_stands_beside_the_remark_that_it_is_not_there_yet(words: str) -> None:
    bare = after("去掉影子")
    assert heard(words, bare).plan.shadow.kind == "soft"


@pytest.mark.parametrize(("words", "grows"), [("那么小", True), ("那么，小一点", False)])
def test_so_before_a_state_complains_and_before_a_comma_only_opens(words: str, grows: bool) -> None:
    assert (heard(words).plan.framing.fill > WHITE.framing.fill) == grows


def test_more_light_by_a_share_exposes_by_it_where_the_light_has_no_side() -> None:
    words = "increase the lighting in the image about 25 percent"
    assert figures_of(words, WHITE) == pytest.approx({"tone.exposure_ev": 0.322}, abs=2e-3)


def test_a_state_that_leans_clearly_is_a_complaint() -> None:
    assert figures_of("产品明显偏小", WHITE) == pytest.approx({"framing.fill": 0.8064}, abs=1e-3)


LIT = after("橡木桌上，补光，轮廓光，降噪50%")
"""A picture with fill light .4, rim light .7 and denoising .5."""


@pytest.mark.parametrize(
    ("words", "figure", "value"),
    [
        ("补光太多了", "light.fill", 0.15),
        ("补光太弱", "light.fill", 0.65),
        ("half the fill light", "light.fill", 0.2),
        ("补光减半", "light.fill", 0.2),
        ("轮廓光多了", "light.rim", 0.35),
        ("轮廓光太少", "light.rim", 1.0),
        ("less rim light", "light.rim", 0.35),
        ("the rim light is too strong", "light.rim", 0.35),
        ("降噪太多了", "detail.denoise", 0.25),
        ("half the noise reduction", "detail.denoise", 0.25),
    ],
)
def test_less_and_more_of_a_named_effect_go_the_way_that_is_said(
    words: str, figure: str, value: float
) -> None:
    assert figures_of(words, LIT) == pytest.approx({figure: value}, abs=1e-3)


def test_too_much_of_an_effect_that_is_not_there_adds_none() -> None:
    assert understand("轮廓光太强了", WHITE).plan == WHITE


@pytest.mark.parametrize("words", ["锐化-10", "锐化去一半", "sharpness to high"])
def test_a_minus_a_share_that_goes_and_a_typo_of_too_take_sharpening_back(words: str) -> None:
    assert heard(words).plan.detail.sharpen < WHITE.detail.sharpen


def test_a_shadow_that_became_too_much_grows_fainter() -> None:
    assert heard("影子多了").plan.shadow.strength < 1


@pytest.mark.parametrize(
    ("words", "degrees"), [("rotate by -3 degrees", -3.0), ("rotate by 3 degrees clockwise", 3.0)]
)
def test_a_rotation_with_its_angle_is_exact(words: str, degrees: float) -> None:
    assert heard(words).plan.framing.rotation_deg == degrees
