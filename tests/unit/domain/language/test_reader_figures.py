"""Reading of figures as photographers say them: shares, stops, angles and degrees of single lights."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, changed, starting_plan

_PICTURE = starting_plan("refine")


def _figures(words: str, base: Plan = _PICTURE) -> dict[str, object]:
    understood = understand(words, base)
    assert understood.not_understood == ()
    return {f"{one.part}.{one.field}": one.new for one in changes_between(base, understood.plan)}


@pytest.mark.parametrize(
    ("words", "figure", "value"),
    [
        *(("倒影三成", "shadow.reflection", 0.3), ("倒影强度50%", "shadow.reflection", 0.5)),
        *(("投影密度降到50%", "shadow.strength", 0.5), ("shadow at 40% opacity", "shadow.strength", 0.4)),
        *(("shadow length 150%", "shadow.length", 1.5), ("投影长度加倍", "shadow.length", 2.0)),
        *(("saturation 120%", "tone.saturation", 1.2), ("对比度110%", "tone.contrast", 0.1)),
        *(("rim light at 30%", "light.rim", 0.3), ("补光加20%", "light.fill", 0.2)),
        ("denoise 30%", "detail.denoise", 0.3),
    ],
)
def test_a_share_of_a_figure_is_set(words: str, figure: str, value: float) -> None:
    assert _figures(words) == {figure: pytest.approx(value)}


def test_the_strength_of_light_is_its_own_where_it_has_a_side_and_else_the_exposure() -> None:
    lit = changed(_PICTURE, "light", azimuth_deg=-60.0, strength=0.5)
    for words in ("光线强度提高20%", "灯光强度提高20%"):
        assert _figures(words, lit) == {"light.strength": pytest.approx(0.6)}
        assert list(_figures(words)) == ["tone.exposure_ev"]
    assert _figures("make it twice as bright") == {"tone.exposure_ev": 1.0}


@pytest.mark.parametrize(
    "words",
    [
        *("不要太亮，也不要太暗", "不要太暖也不要太冷", "暗就暗吧", "亮就亮"),
        *("把背景里的桌子去掉", "左侧来光右侧暗"),
    ],
)
def test_what_is_of_both_sides_and_a_thing_within_the_backdrop_are_told_back(words: str) -> None:
    understood = understand(words, _PICTURE)
    assert (changes_between(_PICTURE, understood.plan), bool(understood.told_back)) == ((), True)


def test_the_same_complaint_twice_is_one() -> None:
    assert _figures("too dark, way too dark") == _figures("too dark")


@pytest.mark.parametrize(
    ("words", "factor"), [("放大一半", 1.5), ("enlarge it by half", 1.5), ("half as big", 0.5)]
)
def test_half_of_the_size_is_added_or_left(words: str, factor: float) -> None:
    small = changed(_PICTURE, "framing", fill=0.4)
    assert _figures(words, small) == {"framing.fill": pytest.approx(0.4 * factor)}


@pytest.mark.parametrize(
    ("words", "degrees"),
    [
        *(("主光高度60度", 60.0), ("主光高度升到60度", 60.0), ("light elevation 60 degrees", 60.0)),
        ("bring the key light down to 30 degrees", 30.0),
    ],
)
def test_an_angle_of_the_light_is_its_elevation(words: str, degrees: float) -> None:
    assert _figures(words) == {"light.azimuth_deg": 0.0, "light.elevation_deg": degrees}


def test_a_height_after_the_side_of_the_light_is_the_light_s() -> None:
    assert _figures("主光左侧45度，高度50度") == {"light.azimuth_deg": -45.0, "light.elevation_deg": 50.0}


@pytest.mark.parametrize("words", ["drop the backdrop half a stop", "背景压半档"])
def test_stops_of_the_backdrop_are_not_those_of_the_picture(words: str) -> None:
    scene = changed(_PICTURE, "backdrop", kind="scene", scene="wood_oak")
    assert _figures(words, scene) == {"backdrop.exposure_ev": pytest.approx(-0.5)}


@pytest.mark.parametrize("words", ["降噪弱一点", "less noise reduction"])
def test_denoising_less_is_no_denoising_more(words: str) -> None:
    strong = changed(_PICTURE, "detail", denoise=0.8)
    assert _figures(words, strong) == {"detail.denoise": pytest.approx(0.4)}


@pytest.mark.parametrize("words", ["补光减弱", "reduce the fill light"])
def test_less_fill_light_lowers_it(words: str) -> None:
    filled = changed(_PICTURE, "light", fill=0.6)
    assert _figures(words, filled) == {"light.fill": pytest.approx(0.2)}


def test_two_states_in_a_row_are_a_complaint_unless_they_are_wanted() -> None:
    complaint, wish = _figures("影子又黑又硬"), _figures("影子要又黑又硬")
    assert (complaint["shadow.strength"], wish["shadow.strength"]) == (0.6, 1.5)


def test_a_wish_after_a_comparison_is_carried_out() -> None:
    assert set(_figures("longer shadow like late afternoon and bump the saturation")) == {
        "shadow.length",
        "tone.saturation",
    }


def test_the_material_whose_texture_shall_show_is_no_backdrop() -> None:
    assert _figures("突出织物纹理") == {"detail.clarity": pytest.approx(0.45)}


def test_the_way_to_a_colour_is_no_wish_of_its_own() -> None:
    grey = changed(_PICTURE, "backdrop", kind="color", color="#808080", edge_color="#808080")
    assert _figures("背景过曝成纯白", grey)["backdrop.kind"] == "white"


def test_more_of_a_style_keeps_the_backdrop() -> None:
    assert not any(figure.startswith("backdrop") for figure in _figures("more cheerful"))


def test_only_limits_the_verb_before_it() -> None:
    scene = changed(_PICTURE, "backdrop", kind="scene", scene="wood_oak")
    assert set(_figures("darken only the background", scene)) == {"backdrop.exposure_ev"}


def test_grain_of_a_material_is_texture_and_no_noise() -> None:
    assert set(_figures("show the grain of the leather")) == {"detail.clarity"}


def test_a_wrong_white_balance_is_corrected() -> None:
    assert _figures("白平衡不准") == _figures("white balance is off") == {"tone.white_balance": 1.0}


@pytest.mark.parametrize("name", ["ins风", "北欧风", "简约风"])
def test_a_style_is_read_by_its_long_name(name: str) -> None:
    assert _figures(f"{name}格") == _figures(name)


def test_thirds_of_a_stop_are_read_in_chinese() -> None:
    assert _figures("曝光降三分之一档") == {"tone.exposure_ev": pytest.approx(-1 / 3, abs=1e-3)}


@pytest.mark.parametrize("words", ["don't change anything but the background", "mirror the image"])
def test_exceptions_and_mirrored_pictures_are_told_back(words: str) -> None:
    understood = understand(words, _PICTURE)
    assert understood.plan == _PICTURE
    assert understood.not_understood


def test_a_second_refusal_that_begins_with_also_is_carried_out() -> None:
    assert set(_figures("影子不要那么重，也不要太长")) == {"shadow.strength", "shadow.length"}


def test_more_and_more_are_two_wishes() -> None:
    assert {"tone.exposure_ev", "detail.sharpen"} <= set(_figures("更亮更清晰"))


def test_of_a_light_that_another_one_replaces_nothing_stays() -> None:
    assert _figures("顶光换成侧光") == {"light.azimuth_deg": -60.0}


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        *(("影子跟锅底一样黑", "影子很黑"), ("让光线像棉花一样软", "光线软一点")),
        *(("整张图像蒙了纱一样糊", "整张图很糊"), ("产品跟蚂蚁一样小", "产品很小")),
    ],
)
def test_a_simile_only_says_how_much(words: str, plain: str) -> None:
    assert _figures(words) == _figures(plain)


def test_a_comparison_with_another_part_is_no_simile() -> None:
    assert understand("影子跟背景一样亮", _PICTURE).plan == _PICTURE


def test_a_place_that_is_named_answers_the_complaint_about_the_place() -> None:
    aside = changed(_PICTURE, "framing", x=0.36)
    assert _figures("居中啊，偏左了", aside)["framing.x"] == 0.5


@pytest.mark.parametrize("words", ["yellow behind the boots", "背景色值用#f0cd63"])
def test_a_colour_behind_the_goods_is_the_backdrop_s(words: str) -> None:
    assert _figures(words)["backdrop.color"] == "#f0cd63"


def test_a_fill_without_a_light_is_told_back() -> None:
    assert understand("fill +20%", _PICTURE).plan == _PICTURE
