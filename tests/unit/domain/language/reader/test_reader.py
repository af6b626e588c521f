"""Understanding instructions: a table of real ones, and what relative wishes do."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.language.wishes.paint import is_dark
from stillroom.domain.plans.plan import (
    SCENE_FILL,
    Light,
    Plan,
    PlanPart,
    Shadow,
    Tone,
    changed,
    starting_plan,
)
from tests.unit.domain.language.sentences import color_of, told_back, told_texts

REAL_INSTRUCTIONS = [
    ("bg_replace", "纯白背景，底部自然软阴影", "white", "backdrop shadow", ()),
    ("bg_replace", "pure white background, soft natural shadow", "white", "backdrop shadow", ()),
    ("bg_replace", "深色高级渐变背景，突出金属质感", "gradient", "backdrop detail", ()),
    (
        "bg_replace",
        "dark premium gradient background, emphasise the metal",
        "gradient",
        "backdrop detail",
        (),
    ),
    ("optimize", "柔和自然光，校正偏色，保留杯身文字", "white", "light tone", ()),
    ("optimize", "soft natural light, fix the colour cast, keep the lettering", "white", "light tone", ()),
    ("bg_replace", "清爽浅蓝渐变背景", "gradient", "backdrop", ()),
    ("bg_replace", "fresh light-blue gradient background", "gradient", "backdrop", ()),
    ("optimize", "提亮画面，去除噪点，纯白背景", "white", "backdrop tone detail", ()),
    ("optimize", "brighten, remove noise, pure white background", "white", "backdrop tone detail", ()),
    ("bg_replace", "浅灰色平铺背景，去除褶皱阴影", "color", "backdrop light", ()),
    (
        "bg_replace",
        "flat lay on light grey, even light",
        "color",
        "backdrop light",
        ("flat lay on light grey",),
    ),
    ("optimize", "校正白平衡，提亮暗部，浅灰背景", "color", "backdrop light tone", ()),
    (
        "optimize",
        "fix white balance, lift the shadows, light grey background",
        "color",
        "backdrop light tone",
        (),
    ),
    ("bg_replace", "奶油色背景，柔和自然光", "color", "backdrop light", ()),
    ("bg_replace", "cream background, soft natural light", "color", "backdrop light", ()),
    ("bg_replace", "浅色大理石台面，柔光", "scene", "backdrop light", ()),
    ("bg_replace", "light marble top, soft light", "scene", "backdrop light", ()),
    ("optimize", "去除偏黄，保留灯光氛围", "white", "tone", ()),
    ("optimize", "remove the yellow cast, keep the glow", "white", "tone", ()),
    ("optimize", "一键优化：白底、柔和阴影、提升清晰度", "white", "backdrop shadow detail", ()),
    (
        "optimize",
        "one-click optimise: white background, soft shadow, sharper",
        "white",
        "backdrop shadow detail",
        (),
    ),
    ("bg_replace", "中式茶席背景，浅景深", "scene", "backdrop", ("中式茶席背景",)),
    (
        "bg_replace",
        "Chinese tea-table setting, shallow depth of field",
        "scene",
        "backdrop",
        ("Chinese tea-table setting",),
    ),
    ("bg_replace", "黑色背景，轮廓光", "color", "backdrop light", ()),
    ("bg_replace", "black background with rim light", "color", "backdrop light", ()),
    ("bg_replace", "大理石台面，高级感柔光", "scene", "backdrop light", ()),
    ("bg_replace", "marble surface, luxurious soft light", "scene", "backdrop light", ()),
    ("optimize", "白底软阴影，增强金属质感", "white", "backdrop shadow detail", ()),
    ("optimize", "white background with soft shadow, crisper metal", "white", "backdrop shadow detail", ()),
    ("bg_replace", "纯白背景，居中构图", "white", "backdrop framing", ()),
    ("bg_replace", "pure white background, centred", "white", "backdrop framing", ()),
    ("optimize", "白底软阴影，还原帆布本色", "white", "backdrop shadow tone", ()),
    (
        "optimize",
        "white background with soft shadow, true canvas colour",
        "white",
        "backdrop shadow tone",
        (),
    ),
    ("bg_replace", "夏日海滩感浅色背景", "scene", "backdrop", ()),
    ("bg_replace", "moody dark background", "gradient", "backdrop", ()),
    ("bg_replace", "暗黑风浅色背景", "color", "backdrop", ()),
    (
        "bg_replace",
        "summery light beach background",
        "white",
        "",
        ("summery light beach background",),
    ),
    ("optimize", "自然光增强，白底软阴影", "white", "backdrop shadow light tone", ()),
    (
        "optimize",
        "enhance daylight, white background with soft shadow",
        "white",
        "backdrop shadow light tone",
        (),
    ),
    ("bg_replace", "深灰背景，聚光效果", "gradient", "backdrop light", ()),
    ("bg_replace", "dark grey background, spotlight", "gradient", "backdrop light", ()),
]


@pytest.mark.parametrize(("operation", "words", "backdrop", "asked", "not_understood"), REAL_INSTRUCTIONS)
def test_a_real_instruction_gives_the_plan_a_person_would_expect(
    operation: str, words: str, backdrop: str, asked: str, not_understood: tuple[str, ...]
) -> None:
    understood = understand(words, starting_plan(operation))
    assert understood.plan.backdrop.kind == backdrop
    assert understood.asked == tuple(asked.split())
    assert understood.plan.asked == understood.asked
    assert told_texts(understood) == not_understood


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("暖一点", "warmer"),
        ("冷一点", "cooler"),
        ("亮一点", "brighter"),
        ("暗一点", "darker"),
        ("大一点", "larger"),
        ("小一点", "smaller"),
        ("阴影淡一点", "lighter shadow"),
        ("阴影深一点", "darker shadow"),
        ("阴影柔和一点", "softer shadow"),
        ("不要阴影", "no shadow"),
        ("光从左边来", "light from the left"),
        ("光从右边来", "light from the right"),
        ("透明背景", "transparent background"),
        ("居中", "centred"),
        ("降噪", "denoise"),
        ("保留背景", "keep the background"),
        ("背景虚化", "blur the background"),
    ],
)
def test_both_languages_mean_the_same(zh: str, en: str) -> None:
    assert understand(zh, Plan()).plan == understand(en, Plan()).plan


def test_warmer_is_a_step_of_25_mired_from_where_it_was() -> None:
    once = understand("warmer", Plan()).plan
    assert once.tone.mired == 25.0
    assert understand("再暖一点", once).plan.tone.mired == 50.0
    assert understand("cooler", once).plan.tone.mired == 0.0


def test_larger_is_a_factor_of_1_12_and_smaller_takes_it_back() -> None:
    larger = understand("larger", Plan()).plan
    assert larger.framing.fill == pytest.approx(Plan().framing.fill * 1.12, abs=1e-4)
    assert understand("小一点", larger).plan.framing.fill == pytest.approx(Plan().framing.fill, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        ("产品占画面85%", "framing", "fill", 0.85),
        ("fill 80% of the frame", "framing", "fill", 0.8),
        ("提亮100%", "tone", "exposure_ev", 1.0),
        ("shadow 50% lighter", "shadow", "strength", 0.5),
        ("稍微暖一点", "tone", "mired", 15.0),
        ("much warmer", "tone", "mired", 40.0),
        ("去除偏黄", "tone", "mired", -25.0),
        ("光从左边打过来", "light", "azimuth_deg", -60.0),
        ("lit from the right", "light", "azimuth_deg", 60.0),
        ("硬阴影", "shadow", "kind", "hard"),
    ],
)
def test_a_wish_sets_the_value_it_names(words: str, part: str, name: str, value: object) -> None:
    assert getattr(getattr(understand(words, Plan()).plan, part), name) == value


@pytest.mark.parametrize(
    ("words", "color"),
    [
        ("#F0E0D0 background", "#f0e0d0"),
        ("背景换成#abc", "#aabbcc"),
        ("奶油色背景", color_of("奶油色")),
        ("黑底", color_of("black")),
        ("change the background to navy blue", color_of("navy blue")),
        ("light grey", color_of("浅灰色")),
    ],
)
def test_a_plain_colour_becomes_the_backdrop(words: str, color: str) -> None:
    backdrop = understand(words, Plan()).plan.backdrop
    assert (backdrop.kind, backdrop.color) == ("color", color)


def test_light_and_dark_shades_of_a_colour_differ_in_the_right_direction() -> None:
    assert is_dark(color_of("深蓝"))
    assert not is_dark(color_of("浅蓝"))
    assert color_of("light blue") == color_of("浅蓝色")


def test_a_gradient_between_two_named_colours_uses_both() -> None:
    backdrop = understand("蓝到粉渐变背景", Plan()).plan.backdrop
    assert (backdrop.kind, backdrop.color, backdrop.edge_color) == (
        "gradient",
        color_of("蓝"),
        color_of("粉"),
    )


@pytest.mark.parametrize("words", ["把产品做成3D旋转动画", "add a kitten next to it", "加一个“新品”标签"])
def test_unreadable_clause_is_returned_in_the_users_words(words: str) -> None:
    told_back(words, Plan())


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        ("木纹背景", "wood_oak"),
        ("on a wooden table", "wood_oak"),
        ("把产品放在木桌上", "wood_oak"),
        ("大理石台面", "marble_white"),
        ("white marble background", "marble_white"),
        ("窗光", "natural_light"),
        ("自然光窗边背景", "natural_light"),
        ("window light background", "natural_light"),
        ("浅色木纹", "wood_oak"),
        ("深色石板背景", "slate_dark"),
        ("dark slate", "slate_dark"),
        ("亚麻布背景", "linen"),
        ("linen cloth background", "linen"),
        ("水泥台面背景", "concrete_ledge"),
        ("concrete ledge background", "concrete_ledge"),
        ("石膏展台背景", "podium_plaster"),
        ("plaster podium background", "podium_plaster"),
        ("庭院石台背景", "stone_garden"),
        ("garden stone background", "stone_garden"),
        ("暖灰背景纸", "paper_grey"),
        ("warm grey paper background", "paper_grey"),
        ("不要木纹，用大理石", "marble_white"),
        ("no wood, use marble", "marble_white"),
    ],
)
def test_a_scene_word_sets_its_scene_and_is_understood(words: str, scene: str) -> None:
    understood = understand(words, starting_plan("bg_replace"))
    assert (understood.plan.backdrop.kind, understood.plan.backdrop.scene) == ("scene", scene)
    assert not understood.told_back


def test_paper_of_a_colour_has_that_colour() -> None:
    for words in ("浅粉色背景纸", "pale pink paper background"):
        backdrop = understand(words, Plan()).plan.backdrop
        assert (backdrop.scene, backdrop.color) == ("paper_tint", color_of("浅粉色"))


def test_a_scene_wish_without_a_name_leaves_the_scene_open() -> None:
    for words in ("换个场景图", "lifestyle scene"):
        backdrop = understand(words, Plan()).plan.backdrop
        assert (backdrop.kind, backdrop.scene) == ("scene", None)


def test_unwanted_scene_is_replaced_by_white() -> None:
    wood = understand("木纹背景", Plan()).plan
    assert understand("不要木纹", wood).plan.backdrop.kind == "white"
    assert understand("不要大理石", wood).plan.backdrop == wood.backdrop


def test_unknown_colour_of_a_scene_is_reported() -> None:
    for words in ("black marble", "绿色大理石台面", "a pink wooden table"):
        understood = understand(words, Plan())
        assert understood.plan == Plan()
        assert [told.reason for told in understood.told_back] == ["not_possible"]


def test_several_wishes_in_one_sentence_are_all_carried_out() -> None:
    understood = understand("背景换成木纹，光从左边来，暖一点", starting_plan("bg_replace"))
    plan = understood.plan
    assert (plan.backdrop.scene, plan.light.azimuth_deg, plan.tone.mired) == ("wood_oak", -60.0, 25.0)
    assert understood.asked == ("backdrop", "light", "tone")
    assert not understood.told_back


def test_a_product_in_a_scene_is_smaller_unless_its_size_was_named() -> None:
    assert understand("木纹背景", Plan()).plan.framing.fill == SCENE_FILL
    assert understand("木纹背景，产品占画面80%", Plan()).plan.framing.fill == 0.8


@pytest.mark.parametrize("words", ["保留木纹质感", "keep the wood handle"])
def test_wood_as_a_material_of_the_product_sets_no_scene(words: str) -> None:
    assert understand(words, Plan()).plan.backdrop == Plan().backdrop


def test_unknown_scene_is_reported_and_keeps_the_backdrop() -> None:
    understood = understand("墨绿色丝绒背景，暖一点", Plan())
    assert told_texts(understood) == ("墨绿色丝绒背景",)
    assert understood.plan.backdrop == Plan().backdrop
    assert understood.plan.tone.mired == 25.0


def test_a_colour_of_the_product_is_not_taken_for_a_backdrop() -> None:
    assert understand("换成红色的杯子", Plan()).plan.backdrop == Plan().backdrop
    assert understand("keep the red label", Plan()).asked == ()


def test_white_balance_is_not_a_white_background() -> None:
    understood = understand("校正白平衡", changed(Plan(), "backdrop", kind="keep"))
    assert understood.asked == ("tone",)
    assert understood.plan.backdrop.kind == "keep"


def test_lifting_the_shadows_changes_the_light_and_keeps_the_cast_shadow() -> None:
    understood = understand("lift the shadows", Plan())
    assert understood.asked == ("light",)
    assert understood.plan.shadow == Plan().shadow


@pytest.mark.parametrize(
    "words", ["", "   ", "。，！", "请帮我处理一下这张图片，谢谢", "please make it look nice"]
)
def test_an_instruction_without_a_request_changes_nothing(words: str) -> None:
    understood = understand(words, Plan())
    assert understood.plan == Plan()
    assert not understood.told_back


def on_wood() -> Plan:
    return understand("木纹背景，光从左边来，暖一点，阴影深一点", starting_plan("bg_replace")).plan


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("恢复原来的光线", "light"),
        ("光线恢复原样", "light"),
        ("restore the original light", "light"),
        ("恢复原来的颜色", "tone"),
        ("undo the shadow", "shadow"),
        ("阴影恢复默认", "shadow"),
        ("恢复原来的大小", "framing"),
    ],
)
def test_restoring_one_part_keeps_the_others(words: str, part: PlanPart) -> None:
    before, understood = on_wood(), understand(words, on_wood())
    assert understood.asked == (part,)
    assert not understood.told_back
    for other in ("backdrop", "light", "shadow", "tone", "detail"):
        fresh = Plan() if other == part else before
        assert getattr(understood.plan, other) == getattr(fresh, other)


@pytest.mark.parametrize("words", ["全部还原", "reset everything"])
def test_reset_keeps_the_scene(words: str) -> None:
    plan = understand(words, on_wood()).plan
    assert (plan.light, plan.shadow, plan.tone) == (Plan().light, Plan().shadow, Plan().tone)
    assert plan.backdrop == on_wood().backdrop
    assert plan.framing.fill == SCENE_FILL


@pytest.mark.parametrize("words", ["全部还原", "全部恢复", "reset everything", "reset all"])
@pytest.mark.parametrize(
    "shown", [Plan(tone=Tone(mired=25)), Plan(light=Light(azimuth_deg=60)), Plan(shadow=Shadow(strength=0.5))]
)
def test_reset_is_carried_out_whatever_the_picture_shows(shown: Plan, words: str) -> None:
    understood = understand(words, shown)
    assert understood.told_back == ()
    assert (understood.plan.tone, understood.plan.light, understood.plan.shadow) == (
        Tone(),
        Light(),
        Shadow(),
    )


@pytest.mark.parametrize(
    "words", ["不要改光线", "光线不变", "don't change the light", "keep the same colours", "保持产品不变"]
)
def test_kept_parts_are_understood_and_unchanged(words: str) -> None:
    understood = understand(words, on_wood())
    assert understood.plan == on_wood().model_copy(update={"asked": ()})
    assert (understood.asked, told_texts(understood)) == ((), ())


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        ("放大10%", "framing", "fill", 0.726),
        ("80% fill", "framing", "fill", 0.8),
        ("放大到85%", "framing", "fill", 0.85),
        ("占画面一半", "framing", "fill", 0.5),
        ("向右移5%", "framing", "x", 0.55),
        ("move left 10%", "framing", "x", 0.4),
        ("曝光+0.5", "tone", "exposure_ev", 0.5),
        ("-1 EV", "tone", "exposure_ev", -1.0),
        ("饱和度降低10%", "tone", "saturation", 0.9),
        ("对比度提高20%", "tone", "contrast", 0.2),
        ("色温5000K", "tone", "mired", 46.25),
        ("warmer by 20 mired", "tone", "mired", 45.0),
        ("光从右上方来", "light", "elevation_deg", 58.0),
        ("光从左后方打来", "light", "azimuth_deg", -90.0),
        ("光不要从左边来", "light", "azimuth_deg", 60.0),
        ("阴影落在左边", "shadow", "direction_deg", -90.0),
        ("shadow to the right", "shadow", "direction_deg", 90.0),
        ("longer shadow", "shadow", "length", 1.6),
        ("影子拉长", "shadow", "length", 1.6),
        ("阴影太长了", "shadow", "length", 0.6),
        ("加一点倒影", "shadow", "reflection", 0.5),
        ("9:16", "framing", "aspect", "9:16"),
        ("画面改成竖版", "framing", "aspect", "3:4"),
        ("crop to 4:5 for instagram", "framing", "aspect", "4:5"),
        ("landscape, please", "framing", "aspect", "4:3"),
        ("rotate 10° clockwise", "framing", "rotation_deg", 10.0),
        ("往左转一点", "framing", "rotation_deg", -5.0),
        ("it's leaning to the left", "framing", "rotation_deg", 5.0),
        ("去掉暖色", "tone", "mired", 0.0),
        ("not too warm", "tone", "mired", 0.0),
        ("别太亮", "tone", "exposure_ev", -0.35),
        ("背景暗一点", "backdrop", "exposure_ev", -0.4),
        ("背景虚化", "backdrop", "blur", 0.6),
        ("换回白底", "backdrop", "scene", None),
    ],
)
def test_numbers_corners_and_refusals_are_understood(words: str, part: str, name: str, value: object) -> None:
    understood = understand(words, on_wood())
    assert getattr(getattr(understood.plan, part), name) == value
    assert not understood.told_back


@pytest.mark.parametrize("words", ["7:3", "旋转90度"])
def test_impossible_request_is_reported_and_changes_nothing(words: str) -> None:
    told_back(words, on_wood().model_copy(update={"asked": ()}))


def test_a_brighter_backdrop_of_a_scene_leaves_the_product_as_it_is() -> None:
    plan = understand("背景亮一点", on_wood()).plan
    assert plan.backdrop.exposure_ev > 0
    assert plan.tone == on_wood().tone


def test_a_clause_longer_than_any_sentence_is_told_back_beside_the_others() -> None:
    understood = understand(f"亮一点，{'放太' * 200}", Plan())
    assert understood.asked == ("tone",)
    assert told_texts(understood) == ("放太" * 200,)
