"""Reading of figures as photographers say them: shares, stops, angles and degrees of single lights."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import PICTURE, figures_of, heard

SMALL = changed(PICTURE, "framing", fill=0.4)
SCENE = changed(PICTURE, "backdrop", kind="scene", scene="wood_oak")
STRONG = changed(changed(PICTURE, "light", azimuth_deg=-60.0, strength=0.5, fill=0.6), "detail", denoise=0.8)


@pytest.mark.parametrize(
    ("words", "base", "figures"),
    [
        ("倒影三成", PICTURE, {"shadow.reflection": 0.3}),
        ("加点倒影三成左右", PICTURE, {"shadow.reflection": 0.3}),
        ("add a reflection about 30%", PICTURE, {"shadow.reflection": 0.3}),
        ("锅占八成半", PICTURE, {"framing.fill": 0.85}),
        ("turn the car 15° anticlockwise", PICTURE, {"framing.rotation_deg": -15.0}),
        ("车身逆时针掰15度", PICTURE, {"framing.rotation_deg": -15.0}),
        ("倒影强度50%", PICTURE, {"shadow.reflection": 0.5}),
        ("投影密度降到50%", PICTURE, {"shadow.strength": 0.5}),
        ("shadow at 40% opacity", PICTURE, {"shadow.strength": 0.4}),
        ("shadow -20%", PICTURE, {"shadow.strength": 0.8}),
        ("影子+20%", PICTURE, {"shadow.strength": 1.2}),
        ("倒影+20%", PICTURE, {"shadow.reflection": 0.2}),
        ("shadow length 150%", PICTURE, {"shadow.length": 1.5}),
        ("投影长度加倍", PICTURE, {"shadow.length": 2.0}),
        ("saturation 120%", PICTURE, {"tone.saturation": 1.2}),
        ("increase the contrast of the image by 10 percent", PICTURE, {"tone.contrast": 0.1}),
        ("raise the saturation of the image by 20%", PICTURE, {"tone.saturation": 1.2}),
        ("margin 10% of the image", PICTURE, {"framing.fill": 0.8}),
        ("the jar should fill 80% of the image", PICTURE, {"framing.fill": 0.8}),
        ("对比度110%", PICTURE, {"tone.contrast": 0.1}),
        ("饱和度80%", PICTURE, {"tone.saturation": 0.8}),
        ("亮度120", PICTURE, {"tone.exposure_ev": 0.263}),
        ("对比度110", PICTURE, {"tone.contrast": 0.1}),
        ("contrast 90%", PICTURE, {"tone.contrast": -0.1}),
        ("soft shadow 30%", PICTURE, {"shadow.strength": 0.3}),
        ("hard shadow at 60%", PICTURE, {"shadow.kind": "hard", "shadow.strength": 0.6}),
        ("大概八成", PICTURE, {"framing.fill": 0.8}),
        ("给点光", PICTURE, {"tone.exposure_ev": 0.35}),
        ("crush the blacks", PICTURE, {"tone.contrast": 0.25}),
        ("rim light at 30%", PICTURE, {"light.rim": 0.3}),
        ("补光加20%", PICTURE, {"light.fill": 0.2}),
        ("denoise 30%", PICTURE, {"detail.denoise": 0.3}),
        ("make it twice as bright", PICTURE, {"tone.exposure_ev": 1.0}),
        ("raise brightness by .3 stops", PICTURE, {"tone.exposure_ev": 0.3}),
        ("放大一半", SMALL, {"framing.fill": 0.6}),
        ("enlarge it by half", SMALL, {"framing.fill": 0.6}),
        ("half as big", SMALL, {"framing.fill": 0.2}),
        ("drop the backdrop half a stop", SCENE, {"backdrop.exposure_ev": -0.5}),
        ("背景压半档", SCENE, {"backdrop.exposure_ev": -0.5}),
        ("降噪弱一点", STRONG, {"detail.denoise": 0.4}),
        ("less noise reduction", STRONG, {"detail.denoise": 0.4}),
        ("补光减弱", STRONG, {"light.fill": 0.35}),
        ("tilt two degrees to the left", PICTURE, {"framing.rotation_deg": -2.0}),
        ("turn the stool a couple of degrees anticlockwise", PICTURE, {"framing.rotation_deg": -2.0}),
        ("reduce the fill light", STRONG, {"light.fill": 0.35}),
        ("灯光强度提高20%", STRONG, {"light.strength": 0.6}),
        ("突出织物纹理", PICTURE, {"detail.clarity": 0.45}),
        ("白平衡不准", PICTURE, {"tone.white_balance": 1.0}),
        ("white balance is off", PICTURE, {"tone.white_balance": 1.0}),
        ("顶光换成侧光", PICTURE, {"light.azimuth_deg": -60.0}),
        ("主光高度60度", PICTURE, {"light.azimuth_deg": 0.0, "light.elevation_deg": 60.0}),
        ("主光高度升到60度", PICTURE, {"light.azimuth_deg": 0.0, "light.elevation_deg": 60.0}),
        ("light elevation 60 degrees", PICTURE, {"light.azimuth_deg": 0.0, "light.elevation_deg": 60.0}),
        (
            "bring the key light down to 30 degrees",
            PICTURE,
            {"light.azimuth_deg": 0.0, "light.elevation_deg": 30.0},
        ),
        ("主光左侧45度，高度50度", PICTURE, {"light.azimuth_deg": -45.0, "light.elevation_deg": 50.0}),
    ],
)
def test_a_photographic_figure_is_read_exactly_and_changes_nothing_else(
    words: str, base: Plan, figures: dict[str, object]
) -> None:
    assert figures_of(words, base) == pytest.approx(figures)


def test_the_strength_of_light_without_a_side_is_the_exposure() -> None:
    assert list(figures_of("光线强度提高20%")) == ["tone.exposure_ev"]


@pytest.mark.parametrize(
    "words",
    [
        *("不要太亮，也不要太暗", "不要太暖也不要太冷", "暗就暗吧", "亮就亮"),
        *("把背景里的桌子去掉", "左侧来光右侧暗"),
    ],
)
def test_contradictory_limits_and_things_in_the_backdrop_are_told_back(words: str) -> None:
    understood = understand(words, PICTURE)
    assert (changes_between(PICTURE, understood.plan), bool(understood.told_back)) == ((), True)


def test_the_same_complaint_twice_is_one() -> None:
    assert figures_of("too dark, way too dark") == figures_of("too dark")


def test_two_states_in_a_row_are_a_complaint_unless_they_are_wanted() -> None:
    complaint, wish = figures_of("影子又黑又硬"), figures_of("影子要又黑又硬")
    assert (complaint["shadow.strength"], wish["shadow.strength"]) == (0.6, 1.5)


@pytest.mark.parametrize(
    ("words", "base", "names"),
    [
        (
            "longer shadow like late afternoon and bump the saturation",
            PICTURE,
            {"shadow.length", "tone.saturation"},
        ),
        ("影子不要那么重，也不要太长", PICTURE, {"shadow.strength", "shadow.length"}),
        ("darken only the background", SCENE, {"backdrop.exposure_ev"}),
        ("show the grain of the leather", PICTURE, {"detail.clarity"}),
    ],
)
def test_a_comparison_a_second_refusal_only_or_a_material_adds_no_other_figure(
    words: str, base: Plan, names: set[str]
) -> None:
    assert set(figures_of(words, base)) == names


def test_overexposing_a_backdrop_to_white_sets_a_white_backdrop() -> None:
    grey = changed(PICTURE, "backdrop", kind="color", color="#808080", edge_color="#808080")
    assert figures_of("背景过曝成纯白", grey)["backdrop.kind"] == "white"


GREY = changed(PICTURE, "backdrop", kind="color", color="#e8e8e8", edge_color="#e8e8e8")


@pytest.mark.parametrize(
    ("words", "base", "color"),
    [
        ("背景暗两档", GREY, "#7c7c7c"),
        ("backdrop one stop darker", GREY, "#a9a9a9"),
        ("background 20% darker", GREY, "#bababa"),
        ("背景暗20%", Plan(), "#cccccc"),
        ("background darker by 300%", GREY, "#000000"),
        ("背景亮3倍", GREY, "#ffffff"),
    ],
)
def test_an_amount_of_light_on_a_painted_backdrop_sets_its_colour(words: str, base: Plan, color: str) -> None:
    assert figures_of(words, base)["backdrop.color"] == color


@pytest.mark.parametrize("words", ["色温调到5500", "set the temperature to 5500", "色温5500k"])
def test_a_colour_temperature_needs_no_unit(words: str) -> None:
    assert figures_of(words) == {"tone.mired": pytest.approx(28.07, abs=0.01)}


def test_more_of_a_style_keeps_the_backdrop() -> None:
    assert not any(figure.startswith("backdrop") for figure in figures_of("more cheerful"))


@pytest.mark.parametrize("name", ["ins风", "北欧风", "简约风"])
def test_a_style_is_read_by_its_long_name(name: str) -> None:
    assert figures_of(f"{name}格") == figures_of(name)


def test_thirds_of_a_stop_are_read_in_chinese() -> None:
    assert figures_of("曝光降三分之一档") == {"tone.exposure_ev": pytest.approx(-1 / 3, abs=1e-3)}


@pytest.mark.parametrize(
    "words",
    [
        *("don't change anything but the background", "mirror the image", "影子跟背景一样亮", "fill +20%"),
    ],
)
def test_an_exception_a_mirrored_picture_or_a_vague_likeness_is_told_back(words: str) -> None:
    understood = understand(words, PICTURE)
    assert understood.plan == PICTURE
    assert understood.told_back


def test_two_comparatives_in_a_row_are_two_wishes() -> None:
    assert {"tone.exposure_ev", "detail.sharpen"} <= set(figures_of("更亮更清晰"))


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        *(("影子跟锅底一样黑", "影子很黑"), ("让光线像棉花一样软", "光线软一点")),
        *(("整张图像蒙了纱一样糊", "整张图很糊"), ("产品跟蚂蚁一样小", "产品很小")),
    ],
)
def test_a_simile_only_says_how_much(words: str, plain: str) -> None:
    assert figures_of(words) == figures_of(plain)


def test_a_named_place_overrides_the_complaint_about_the_place() -> None:
    aside = changed(PICTURE, "framing", x=0.36)
    assert figures_of("居中啊，偏左了", aside)["framing.x"] == 0.5


@pytest.mark.parametrize("words", ["yellow behind the boots", "背景色值用#f0cd63"])
def test_a_colour_behind_the_product_is_that_of_the_backdrop(words: str) -> None:
    assert figures_of(words)["backdrop.color"] == "#f0cd63"


MIRRORED = changed(PICTURE, "shadow", reflection=0.6)
RIMMED = changed(PICTURE, "light", rim=0.6)


@pytest.mark.parametrize(
    ("words", "base", "figures"),
    [
        ("产品再大一点，到七成", SMALL, {"framing.fill": 0.7}),
        ("fill more of the frame, 85% please", SMALL, {"framing.fill": 0.85}),
        ("a bit bigger, like 80", SMALL, {"framing.fill": 0.8}),
        ("bigger to 60", SMALL, {"framing.fill": 0.6}),
        ("keep fill around 65", SMALL, {"framing.fill": 0.65}),
        ("垫子占六成", SMALL, {"framing.fill": 0.6}),
        ("饱和度低一点，到九成", PICTURE, {"tone.saturation": 0.9}),
        ("影子太黑了，降到六成", PICTURE, {"shadow.strength": 0.6}),
        ("倒影现在六成吧？拉到七成", MIRRORED, {"shadow.reflection": 0.7}),
        ("盒子放画面右侧，四分之一处", PICTURE, {"framing.x": 0.75}),
        ("put the cup at the left third", PICTURE, {"framing.x": 1 / 3}),
    ],
)
def test_an_amount_after_a_wish_is_what_it_comes_to(
    words: str, base: Plan, figures: dict[str, float]
) -> None:
    assert figures_of(words, base) == pytest.approx(figures, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "base", "figures"),
    [
        ("the reflection is too strong, halve it", MIRRORED, {"shadow.reflection": 0.3}),
        ("reflection at half strength", MIRRORED, {"shadow.reflection": 0.3}),
        ("halve the contrast", changed(PICTURE, "tone", contrast=0.4), {"tone.contrast": 0.2}),
        ("饱和度退回一半", changed(PICTURE, "tone", saturation=1.4), {"tone.saturation": 1.2}),
        ("take half of the warmth back", changed(PICTURE, "tone", mired=40.0), {"tone.mired": 20.0}),
        ("背景太糊了，收一半回来", changed(PICTURE, "backdrop", blur=0.6), {"backdrop.blur": 0.3}),
        ("顺时针回3度", changed(PICTURE, "framing", rotation_deg=-5.0), {"framing.rotation_deg": -2.0}),
        ("turn the jug half a degree clockwise", PICTURE, {"framing.rotation_deg": 0.5}),
        ("轮廓光弱掉一半", RIMMED, {"light.rim": 0.3}),
        ("rim light 30% weaker", RIMMED, {"light.rim": 0.42}),
        ("double the shadow", changed(PICTURE, "shadow", strength=0.6), {"shadow.strength": 1.2}),
        ("倒影减半", MIRRORED, {"shadow.reflection": 0.3}),
        ("half the brightness", PICTURE, {"tone.exposure_ev": -1.0}),
        ("saturation half", PICTURE, {"tone.saturation": 0.5}),
        ("saturation to a third", PICTURE, {"tone.saturation": 1 / 3}),
        ("饱和度翻倍", PICTURE, {"tone.saturation": 2.0}),
        ("锐化减半", changed(PICTURE, "detail", sharpen=0.6), {"detail.sharpen": 0.3}),
        ("虚化加倍", changed(SCENE, "backdrop", blur=0.3), {"backdrop.blur": 0.6}),
        ("make the shadow twice as soft", PICTURE, {"shadow.softness": 2.0}),
        ("逆时针转两度半", PICTURE, {"framing.rotation_deg": -2.5}),
    ],
)
def test_a_share_of_a_figure_is_one_of_what_it_is(words: str, base: Plan, figures: dict[str, float]) -> None:
    assert figures_of(words, base) == pytest.approx(figures, abs=1e-3)


def test_a_share_after_a_reflection_is_how_strong_it_is() -> None:
    assert figures_of("加点倒影，三成左右") == {"shadow.reflection": 0.3}
    assert figures_of("add a reflection, about 30%") == {"shadow.reflection": 0.3}


@pytest.mark.parametrize("words", ["影子留一点点就好", "保留一点点影子", "keep just a touch of shadow"])
def test_a_little_shadow_that_shall_stay_is_fainter(words: str) -> None:
    strong = changed(PICTURE, "shadow", kind="soft", strength=1.0)
    assert heard(words, strong).plan.shadow.strength < 1
    none = changed(PICTURE, "shadow", kind="none")
    assert heard(words, none).plan.shadow.kind == "soft"


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("twenty percent smaller", {"framing.fill": 0.32}),
        ("fill eighty per cent of the frame", {"framing.fill": 0.8}),
        ("product at sixty-five percent", {"framing.fill": 0.65}),
        ("tilt it fifteen degrees clockwise", {"framing.rotation_deg": 15.0}),
        ("saturation up by thirty percent", {"tone.saturation": 1.3}),
        ("thirteen percent more contrast", {"tone.contrast": 0.13}),
        ("brighter by two thirds of a stop", {"tone.exposure_ev": 2 / 3}),
        ("darker, three-quarters of a stop", {"tone.exposure_ev": -0.75}),
    ],
)
def test_amounts_are_read_when_they_are_spelled_out(words: str, figures: dict[str, float]) -> None:
    assert figures_of(words, SMALL) == pytest.approx(figures, abs=1e-4)


def test_a_share_beside_the_middle_is_the_size() -> None:
    assert heard("product in the centre at around 70%").plan.framing.fill == pytest.approx(0.7)


def test_a_gentle_reflection_is_weaker_than_a_plain_one() -> None:
    gentle, plain = (
        heard(words).plan.shadow.reflection for words in ("add a gentle reflection", "add a reflection")
    )
    assert 0 < gentle < plain


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("smaller, maybe 10%", {"framing.fill": 0.36}),
        ("more contrast, 20%", {"tone.contrast": 0.2}),
        ("影子淡一点，30%", {"shadow.strength": 0.7}),
        ("往左移一点，10%", {"framing.x": 0.4}),
        ("rotate it clockwise, 3 degrees", {"framing.rotation_deg": 3.0}),
    ],
)
def test_an_amount_in_a_clause_of_its_own_is_that_of_the_wish_before(
    words: str, figures: dict[str, float]
) -> None:
    assert figures_of(words, SMALL) == pytest.approx(figures, abs=1e-4)
