"""Amounts: the same one, wherever it stands and however it is written."""

import pytest

from stillroom.domain.language.words.amounts import without_present
from tests.unit.domain.language.sentences import WHITE, after, figures_of, heard


@pytest.mark.parametrize(
    ("plainly", "words"),
    [
        ("increase the brightness by 10%", "increase the brightness just 10%"),
        ("decrease the brightness by 20%", "darken it by around 20 percent"),
        ("make it 15% bigger", "make it around 15% bigger"),
        ("warm it up by 20%", "warm it up by a fifth"),
        ("warm it up by 20%", "twenty percent warmer"),
        ("warm it up by 20%", "调暖两成"),
        ("increase the brightness by 10%", "a little brighter, say ten percent"),
        ("make it 10% smaller", "a little smaller, say 10%"),
        ("set the size to 80%", "bigger, say 80%"),
        ("sharpen it by 10%", "could you sharpen it by 10 percent?"),
        ("sharpen it by 10%", "sharper (ten percent)"),
        ("sharpen it by 10%", "sharpen it just 10 per cent"),
        ("fill 2/3 of the frame", "make it fill two thirds of the frame"),
        ("fill 75% of the frame", "take up three quarters of the frame"),
        ("rotate it 3 degrees clockwise", "rotate clockwise just three degrees"),
        ("make it half a stop brighter", "exposure +1/2 stop"),
        ("move it left by 5%", "shift left, 5%"),
        ("move it left by 5%", "move the product left (5%)"),
        ("make it 200K warmer", "200 kelvin warmer"),
        ("increase the brightness by 10%", "increase the light of the image by 10 percent"),
        ("make it half a stop brighter", "bump exposure a half-stop"),
        ("make it a quarter of a stop brighter", "take exposure up a quarter stop"),
        ("make it half a stop darker", "half a stop down"),
        ("make it one stop darker", "one stop down please"),
        ("提亮10%", "提亮 百分之十"),
        ("降半档", "往下压半档"),
        ("再暗一点点", "再暗那么一点"),
        ("提亮10%", "提亮一点，百分之十"),
        ("提亮10%", "提亮一点点，大概一成"),
        ("对比度提高10%", "对比度加，10%"),
        ("对比度提高10%", "对比度加一点，10%"),
        ("锐化10%", "锐化（10%）"),
        ("提亮半档", "曝光+半档"),
        ("影子变淡20%", "影子淡（20%）"),
        ("左移5%", "左移，5%"),
    ],
)
def test_an_amount_means_the_same_wherever_it_stands(plainly: str, words: str) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures_of(plainly, WHITE)) != {}


def test_a_size_beside_an_amount_of_another_wish_is_read_as_well() -> None:
    plan = heard("sharpen by 10 percent and make it a bit bigger").plan
    assert plan.detail.sharpen == pytest.approx(0.6)
    assert plan.framing.fill > WHITE.framing.fill


@pytest.mark.parametrize(
    ("plainly", "words"),
    [
        ("make it 20% smaller", "smaller by a fifth"),
        ("make it 10% smaller", "a tenth smaller"),
        ("make it 10% smaller", "shrink it to 90%"),
        ("产品缩小10%", "缩到九成"),
        ("饱和度降低20%", "收两成饱和"),
        ("make it 20% bigger", "as for the size, up by 20%"),
        ("提亮半档", "提亮半级"),
        ("rotate it 1.5 degrees clockwise", "rotate 1.5 CW"),
    ],
)
def test_an_amount_in_unusual_words_is_read(plainly: str, words: str) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures_of(plainly, WHITE)) != {}


@pytest.mark.parametrize(("words", "stops"), [("exposure +1/3", 1 / 3), ("曝光-1/3", -1 / 3)])
def test_a_signed_fraction_of_exposure_is_one_of_a_stop(words: str, stops: float) -> None:
    assert heard(words).plan.tone.exposure_ev == pytest.approx(stops, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("size from 60% to 70%", {"framing.fill": 0.7}),
        ("产品占比从70%改到60%", {"framing.fill": 0.6}),
        ("product from 72% down to 60%", {"framing.fill": 0.6}),
        ("饱和度从100%降到80%", {"tone.saturation": 0.8}),
        ("increase the shadow opacity from 40% to 60%", {"shadow.strength": 0.6}),
        ("对比+10 → +20", {"tone.contrast": 0.2}),
        ("sharpness: 50% -> 80%", {"detail.sharpen": 0.8}),
        ("清晰度现在50%，降到30%", {"detail.sharpen": 0.3}),
        ("the size is at 72%, make it 60%", {"framing.fill": 0.6}),
        ("占比70%改成60%", {"framing.fill": 0.6}),
    ],
)
def test_a_figure_ends_where_it_is_said_to_end_whatever_it_is_at_present(
    words: str, figures: dict[str, object]
) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures, abs=1e-3)


def test_a_figure_that_is_named_corrects_no_other_one_of_the_turn_before() -> None:
    base = after("橡木桌上，背景虚化40%，倒影40%")
    assert figures_of("背景虚化40→20", base) == {"backdrop.blur": 0.2}


@pytest.mark.parametrize("words", ["from 4:3 to 1:1", "crop it from 16:9 to 4:5", "from 5 to 10% bigger"])
def test_a_ratio_and_a_range_are_no_figures_that_change(words: str) -> None:
    assert without_present(words) == words


_LEVELS = {
    "shadow": "shadow.strength",
    "shadow opacity": "shadow.strength",
    "shadow length": "shadow.length",
    "reflection": "shadow.reflection",
    "fill light": "light.fill",
    "rim light": "light.rim",
    "background blur": "backdrop.blur",
    "sharpening": "detail.sharpen",
    "阴影": "shadow.strength",
    "影子长度": "shadow.length",
    "倒影": "shadow.reflection",
    "补光": "light.fill",
    "轮廓光": "light.rim",
    "背景虚化": "backdrop.blur",
}
"""Figures whose share of their most may be said, by their names."""


def _names(ways: list[str], names: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (way.format(name), path)
        for name, path in names.items()
        for way in ways
        if name.isascii() == way.isascii()
    ]


@pytest.mark.parametrize(
    ("words", "path"),
    _names(
        [
            *("{} to 40%", "{} at 40%", "{} 40%", "40% {}", "{}: 40%", "set the {} to 40 percent"),
            *("{} to 40", "{} to 0.4", "{} at 40% max", "{} no more than 40%"),
            *(
                "{}40%",
                "{}调到40%",
                "{}加到40%",
                "{}控制在40%",
                "{}保持在40%",
                "{}设置40%",
                "{}四成",
                "{}百分之四十",
            ),
            *("{}调到40", "{}调到0.4", "{}最多40%", "{}别超过40%"),
        ],
        _LEVELS,
    ),
)
def test_a_share_is_where_a_figure_ends(words: str, path: str) -> None:
    assert figures_of(words, WHITE)[path] == pytest.approx(0.4)


_CHANGED = {
    "brightness": ("tone.exposure_ev", 0.263, -0.322),
    "contrast": ("tone.contrast", 0.2, -0.2),
    "saturation": ("tone.saturation", 1.2, 0.8),
    "sharpness": ("detail.sharpen", 0.7, 0.3),
    "warmth": ("tone.mired", 20.0, -20.0),
    "shadow": ("shadow.strength", 1.2, 0.8),
    "light": ("tone.exposure_ev", 0.263, -0.322),
    "亮度": ("tone.exposure_ev", 0.263, -0.322),
    "对比度": ("tone.contrast", 0.2, -0.2),
    "饱和度": ("tone.saturation", 1.2, 0.8),
    "阴影": ("shadow.strength", 1.2, 0.8),
    "光线": ("tone.exposure_ev", 0.263, -0.322),
    "灯光强度": ("tone.exposure_ev", 0.263, -0.322),
}
"""Figures that may change by a share: what they become with a fifth more, and with a fifth less."""


@pytest.mark.parametrize(
    ("words", "name"),
    _names(
        [
            *(
                "raise the {} by 20%",
                "{} up 20%",
                "{} +20%",
                "20% more {}",
                "{} plus 20%",
                "more {}, like 20%",
            ),
            *("{}提高20%", "{}增加百分之二十", "{}往上20%", "{}上调20%", "{}+20%"),
        ],
        {name: name for name in _CHANGED},
    ),
)
def test_a_share_is_how_much_more_of_a_figure_is_asked_for(words: str, name: str) -> None:
    path, more, _ = _CHANGED[name]
    assert figures_of(words, WHITE)[path] == pytest.approx(more, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "name"),
    _names(
        [
            *("lower the {} by 20%", "{} down 20%", "{} -20%", "20% less {}", "drop the {} by 20%"),
            *("take 20% off the {}", "knock 20% off the {}", "bring the {} down by 20%"),
            *("{}降20%", "{}减少百分之二十", "{}往下20%", "{}下调20%", "{}-20%"),
        ],
        {name: name for name in _CHANGED},
    ),
)
def test_a_share_is_how_much_less_of_a_figure_is_asked_for(words: str, name: str) -> None:
    path, _, less = _CHANGED[name]
    assert figures_of(words, WHITE) == pytest.approx({path: less}, abs=1e-3)


def test_a_share_is_the_least_that_a_figure_shall_be() -> None:
    faint = after("shadow at 20%")
    assert figures_of("shadow at least 50%", faint) == {"shadow.strength": 0.5}


@pytest.mark.parametrize(
    ("plainly", "words"),
    [
        ("brighter by 5%", "brighter but no more than 5%"),
        ("warmer by 10%", "warmer please, about 10%"),
        ("make it 10% smaller", "smaller please, around 10%"),
        ("darker by 10%", "make it darker but not too dark, say 10%"),
        ("降低锐度15%", "锐度太过了，边缘都有白边，减15%"),
    ],
)
def test_an_amount_behind_a_bound_a_courtesy_or_a_remark_is_of_the_wish(plainly: str, words: str) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures_of(plainly, WHITE)) != {}


@pytest.mark.parametrize(
    ("words", "stops"), [("暗四分之一档", -0.25), ("暗一档的四分之一", -0.25), ("提亮五分之二档", 0.4)]
)
def test_a_fraction_of_a_stop_is_read(words: str, stops: float) -> None:
    assert figures_of(words, WHITE) == pytest.approx({"tone.exposure_ev": stops}, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "base", "figures"),
    [
        ("dial back the saturation to half of what it is", "saturation at 160%", {"tone.saturation": 0.8}),
        ("saturation to half of what it is now", "saturation at 160%", {"tone.saturation": 0.8}),
        ("bring the shadow down to half of what it is", "shadow at 60%", {"shadow.strength": 0.3}),
        ("shadow to half of what it is now", "shadow at 60%", {"shadow.strength": 0.3}),
    ],
)
def test_half_of_what_a_figure_is_is_no_half_of_its_most(
    words: str, base: str, figures: dict[str, object]
) -> None:
    assert figures_of(words, after(base)) == pytest.approx(figures)


@pytest.mark.parametrize(
    ("words", "strength"),
    [("denoise", 0.8), ("gentle denoise", 0.4), ("light denoise", 0.4), ("稍微降点噪", 0.48)],
)
def test_a_gentle_denoise_is_less_than_a_usual_one(words: str, strength: float) -> None:
    assert figures_of(words, WHITE) == pytest.approx({"detail.denoise": strength})


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("饱和度太高减30%", "饱和度减30%"),
        ("对比度太高减半", "对比度减半"),
        ("亮度太低加20%", "亮度加20%"),
        ("有点暗提亮20%", "提亮20%"),
        ("有点暗了提亮20%", "提亮20%"),
        ("产品有点大了缩小到六成", "产品缩小到六成"),
        ("too dark brighten 20%", "brighten 20%"),
        ("影子太重，减一半", "影子减50%"),
        ("饱和度太高了，减半", "饱和度减50%"),
        ("shadow too dark, cut by half", "make the shadow 50% lighter"),
    ],
)
def test_amount_after_a_complaint_is_of_the_remedy(words: str, plain: str) -> None:
    assert figures_of(words) == figures_of(plain)


def test_a_shadow_that_is_cut_by_an_amount_keeps_its_length() -> None:
    assert figures_of("cut the shadow in half") == {"shadow.strength": 0.5}
