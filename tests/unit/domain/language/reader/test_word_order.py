"""Reading of ordinary sentences, in their usual word order and with numbers."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Backdrop, Plan, starting_plan
from tests.unit.domain.language.sentences import WHITE, color_of, heard, heard_of, on_marble, told_texts


@pytest.mark.parametrize(
    ("words", "kind", "scene", "mired"),
    [
        ("白底，暖色调", "white", None, 25.0),
        ("白底 暖色调 左边打光", "white", None, 25.0),
        ("white background, warm tone", "white", None, 25.0),
        ("白色背景，冷色调", "white", None, -25.0),
        ("白色背景，冷色調", "white", None, -25.0),
        ("木桌，暖色调，左边打光", "scene", "wood_oak", 25.0),
        ("大理石台面，暖色", "scene", "marble_white", 25.0),
        ("wooden table, warm", "scene", "wood_oak", 25.0),
        ("暖色调", "white", None, 25.0),
        ("整体暖色调", "white", None, 25.0),
        ("cool tones", "white", None, -25.0),
    ],
)
def test_tone_changes_the_product_and_keeps_the_backdrop(
    words: str, kind: str, scene: str | None, mired: float
) -> None:
    plan = heard(words).plan
    assert (plan.backdrop.kind, plan.backdrop.scene, plan.tone.mired) == (kind, scene, mired)


@pytest.mark.parametrize("words", ["白底，红色", "木纹背景，红色", "marble, red"])
def test_colour_alone_does_not_replace_a_named_backdrop(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.backdrop.color == Backdrop().color
    assert told_texts(understood) == (words[-3:].strip("，, "),)


@pytest.mark.parametrize(
    "words",
    [
        "white background then oak table",
        "white background, and then an oak table",
        "grey background, actually oak table",
        "白底，然后木纹桌面",
    ],
)
def test_a_scene_that_comes_after_another_backdrop_replaces_it(words: str) -> None:
    understood = understand(words, WHITE)
    assert (understood.plan.backdrop.scene, told_texts(understood)) == ("wood_oak", ())


@pytest.mark.parametrize("words", ["白底，然后突出木纹", "white background, then wood grain more visible"])
def test_a_material_to_show_after_a_backdrop_replaces_nothing(words: str) -> None:
    assert understand(words, on_marble()).plan.backdrop.kind == "white"


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("把白色背景换成木纹", "木纹"),
        ("把白底换成大理石台面", "大理石台面"),
        ("白色背景换成黑色", "黑色"),
        ("把灰色背景换成白色", "白色"),
        ("把红色背景改成蓝色", "蓝色"),
        ("將紅色背景換成藍色", "蓝色"),
        ("把木纹换成大理石", "大理石"),
        ("背景由白色改成黑色", "黑色"),
        ("把渐变背景换成纯白", "纯白"),
        ("change the white background to marble", "marble"),
        ("replace the grey background with white", "white"),
        ("replace the wooden table with marble", "marble"),
        ("change the background from white to black", "black"),
        ("swap the marble surface for wood", "wood"),
    ],
)
@pytest.mark.parametrize("base", [WHITE, on_marble()], ids=["white", "marble"])
def test_replacing_a_backdrop_gives_the_new_one(words: str, new: str, base: Plan) -> None:
    assert understand(words, base).plan == understand(f"背景换成{new}", base).plan


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("色调偏暖一点", "mired", 25.0),
        ("整体色调偏暖", "mired", 25.0),
        ("偏暖色调", "mired", 25.0),
        ("木纹背景，整体偏暖", "mired", 25.0),
        ("画面偏冷一些", "mired", -25.0),
        ("稍微偏亮一点", "exposure_ev", 0.21),
        ("偏暗一些", "exposure_ev", -0.35),
        ("有点偏黄", "mired", -25.0),
        ("颜色偏黄了", "mired", -25.0),
        ("照片发黄", "mired", -25.0),
        ("有点暖", "mired", -25.0),
        ("偏冷了", "mired", 25.0),
        ("太暗了", "exposure_ev", 0.35),
        ("有點偏亮", "exposure_ev", -0.35),
    ],
)
def test_style_is_a_wish_and_a_complaint_means_its_opposite(words: str, name: str, value: float) -> None:
    assert getattr(heard(words).plan.tone, name) == value


@pytest.mark.parametrize(
    "words", ["透明", "透明底", "透明的PNG", "背景透明", "背景换成透明", "transparent", "transparent bg"]
)
def test_a_transparent_backdrop_has_many_names(words: str) -> None:
    assert heard(words).plan.backdrop.kind == "transparent"


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        ("放大1.2倍", "framing", "fill", 0.864),
        ("产品放大到1.2倍", "framing", "fill", 0.864),
        ("放大1.5倍", "framing", "fill", 0.95),
        ("scale up 1.2x", "framing", "fill", 0.864),
        ("缩小一半", "framing", "fill", 0.36),
        ("缩小到原来的80%", "framing", "fill", 0.576),
        ("half the size", "framing", "fill", 0.36),
        ("亮度+20", "tone", "exposure_ev", 0.263),
        ("亮度提高百分之二十", "tone", "exposure_ev", 0.263),
        ("亮度提高两成", "tone", "exposure_ev", 0.263),
        ("提亮２０％", "tone", "exposure_ev", 0.263),
        ("increase brightness by 30%", "tone", "exposure_ev", 0.3785),
        ("lower the brightness by 20%", "tone", "exposure_ev", -0.3219),
        ("make it 20 percent darker", "tone", "exposure_ev", -0.3219),
        ("亮度减少一半", "tone", "exposure_ev", -1.0),
        ("亮度降低一半", "tone", "exposure_ev", -1.0),
        ("亮度调到80%", "tone", "exposure_ev", -0.3219),
        ("亮度提高两档", "tone", "exposure_ev", 2.0),
        ("亮度提高三档", "tone", "exposure_ev", 2.0),
        ("增加一档曝光", "tone", "exposure_ev", 1.0),
        ("brighter by half a stop", "tone", "exposure_ev", 0.5),
        ("亮度提高一点点", "tone", "exposure_ev", 0.21),
        ("对比度+20", "tone", "contrast", 0.2),
        ("饱和度降低百分之十", "tone", "saturation", 0.9),
        ("饱和度调到80%", "tone", "saturation", 0.8),
        ("shadow lighter by 20%", "shadow", "strength", 0.8),
        ("make the shadow darker by 50%", "shadow", "strength", 1.5),
        ("阴影淡百分之三十", "shadow", "strength", 0.7),
        ("阴影减少一半", "shadow", "strength", 0.5),
        ("阴影透明度30%", "shadow", "strength", 0.7),
        ("阴影不透明度30%", "shadow", "strength", 0.3),
        ("shadow opacity 40%", "shadow", "strength", 0.4),
        ("向右移百分之五", "framing", "x", 0.55),
        ("白一点", "tone", "exposure_ev", 0.35),
        ("光啲", "tone", "exposure_ev", 0.35),
        ("可唔可以光啲", "tone", "exposure_ev", 0.35),
        ("細啲", "framing", "fill", 0.6429),
        ("柔和一点", "light", "fill", 0.25),
        ("方图", "framing", "aspect", "1:1"),
        ("warmer by 200k", "tone", "mired", 4.8778),
        ("cooler by 300K", "tone", "mired", -6.779),
        ("暖200K", "tone", "mired", 4.8778),
        ("warmer by 1000k", "tone", "mired", 27.9339),
        ("四周留白10%", "framing", "fill", 0.8),
        ("10% margin on each side", "framing", "fill", 0.8),
        ("上下左右各留白5%", "framing", "fill", 0.9),
        ("多留白10%", "framing", "fill", 0.648),
        ("产品占画面九成", "framing", "fill", 0.9),
        ("亮度提高一咪咪", "tone", "exposure_ev", 0.21),
        ("lower the light", "light", "elevation_deg", 25.0),
        ("softer contrast", "tone", "contrast", -0.25),
        ("drop the saturation", "tone", "saturation", 0.82),
        ("give it a warmer look", "tone", "mired", 25.0),
        ("exposure 往下拉", "tone", "exposure_ev", -0.35),
        ("图片模糊", "detail", "sharpen", 0.85),
        ("move right", "framing", "x", 0.56),
        ("move it higher", "framing", "y", 0.44),
        ("too far left", "framing", "x", 0.56),
        ("背景换成深色", "backdrop", "color", "#33353a"),
        ("Living room background", "backdrop", "scene", "room_oak"),
        ("放在客厅里", "backdrop", "scene", "room_oak"),
        ("厨房台面", "backdrop", "scene", "marble_white"),
    ],
)
def test_a_short_wish_or_number_sets_its_figure_exactly(
    words: str, part: str, name: str, value: float
) -> None:
    assert heard_of(part, name, words) == value


def test_dark_backdrop_is_brightened_without_the_product() -> None:
    for words, brighter in (("背景太暗", True), ("背景有点亮", False), ("background too dark", True)):
        plan = heard(words, on_marble()).plan
        assert (plan.backdrop.exposure_ev > 0) == brighter
        assert plan.tone == on_marble().tone
    assert heard("背景太暗").plan.tone == WHITE.tone


def test_degree_of_the_backdrop_is_applied_where_possible() -> None:
    grey = understand("灰色背景", WHITE).plan
    cooler, warmer = heard("背景冷一点", grey).plan.backdrop, heard("背景暖一点", grey).plan.backdrop
    assert (cooler.color[1:3], cooler.color[5:]) < (grey.backdrop.color[1:3], cooler.color[5:])
    assert warmer.color[1:3] > grey.backdrop.color[1:3] > cooler.color[1:3]
    assert heard("灰色背景冷一点").plan.backdrop == cooler
    assert heard("背景白一点", grey).plan.backdrop.color > grey.backdrop.color
    assert heard("背景白一点").plan.backdrop == WHITE.backdrop


def test_white_backdrop_stays_white_when_made_cooler() -> None:
    understood = understand("产品暖一点，背景冷一点", WHITE)
    assert (understood.plan.tone.mired, understood.plan.backdrop) == (25.0, WHITE.backdrop)
    assert told_texts(understood) == ("背景冷一点",)


def test_darker_wish_keeps_the_scene_of_the_photo() -> None:
    kept = starting_plan("refine")
    understood = understand("背景暗一点", kept)
    assert (understood.plan.backdrop, told_texts(understood)) == (kept.backdrop, ("背景暗一点",))


@pytest.mark.parametrize(
    "words",
    ["无影灯", "特别的杯子", "白色无缝背景", "摄影棚背景", "不锈钢杯", "亮度", "velocity", "warm-up suit"],
)
def test_letter_inside_a_word_is_no_wish(words: str) -> None:
    plan = understand(words, WHITE).plan
    assert plan.shadow == WHITE.shadow
    assert plan.tone.exposure_ev >= 0
    assert plan.backdrop.kind != "scene"


def test_colour_named_with_the_backdrop_is_a_paint_colour() -> None:
    assert heard("暖色背景").plan.backdrop.color == color_of("暖色")
