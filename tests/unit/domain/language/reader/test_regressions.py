"""Sentences that earlier versions misread."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Framing, Plan, changed, starting_plan
from tests.unit.domain.language.sentences import WHITE, heard, on_marble

KEPT = [
    "keep the background",
    "保留背景",
    "背景不变",
    "背景保持不变",
    "don't change the background",
    "别换背景",
]
PHOTOS = ["保留原来的背景", "原背景保留", "keep the original background", "保留照片的背景"]


@pytest.mark.parametrize("words", KEPT)
@pytest.mark.parametrize("more", ["", ", but warmer", " but make it warmer", "，暖一点"])
def test_kept_background_is_that_of_the_current_picture(words: str, more: str) -> None:
    marble = on_marble()
    understood = heard(words + more, marble)
    assert understood.plan.backdrop == marble.backdrop
    assert understood.asked == (("tone",) if more else ())
    assert understood.is_carried_out


@pytest.mark.parametrize("words", [*KEPT, *PHOTOS])
def test_before_there_is_a_picture_the_kept_background_is_the_photos_own(words: str) -> None:
    for operation in ("optimize", "bg_replace"):
        assert heard(words, starting_plan(operation)).plan.backdrop.kind == "keep"


@pytest.mark.parametrize("words", PHOTOS)
def test_the_photos_own_background_is_brought_back_by_name(words: str) -> None:
    assert heard(words, on_marble()).plan.backdrop.kind == "keep"


@pytest.mark.parametrize(
    ("words", "color"),
    [
        ("make the background grey", "#b4b6ba"),
        ("make the backdrop pink", "#f0bcc4"),
        ("make the background blue", "#5f93d4"),
        ("make the background black", "#121315"),
        ("make background beige", "#e9dcc6"),
        ("把背景弄成灰色", "#b4b6ba"),
        ("背景弄成粉色", "#f0bcc4"),
        ("把背景整成蓝色的", "#5f93d4"),
        ("bright red background #D21F3C", "#d21f3c"),
        ("background #D21F3C", "#d21f3c"),
    ],
)
def test_background_set_to_a_colour_has_that_colour(words: str, color: str) -> None:
    for base in (WHITE, on_marble()):
        backdrop = heard(words, base).plan.backdrop
        assert (backdrop.kind, backdrop.color) == ("color", color)


@pytest.mark.parametrize(
    "words", ["make the background darker", "make the backdrop a bit darker", "darken the background"]
)
def test_background_made_darker_is_darker(words: str) -> None:
    assert heard(words, on_marble()).plan.backdrop.exposure_ev < 0


@pytest.mark.parametrize(
    "words",
    [
        *("影子要淡", "影子要浅一点", "影子应该淡一些", "影子淡一点", "淡淡的影子", "轻微的阴影", "陰影要淡"),
        *(
            "faint shadow",
            "a faint shadow",
            "add a faint drop shadow",
            "with a subtle shadow",
            "very light shadow",
        ),
    ],
)
def test_a_faint_shadow_is_weaker(words: str) -> None:
    for base in (WHITE, on_marble()):
        understood = heard(words, base)
        assert understood.asked == ("shadow",)
        assert understood.plan.shadow.strength < base.shadow.strength


def test_replaced_material_gives_way_to_the_named_one() -> None:
    assert heard("lose the wood, go with stone", on_marble()).plan.backdrop.scene == "stone_garden"
    assert understand("lose the wood", WHITE).plan.backdrop.scene is None


def test_complaint_about_top_light_does_not_turn_it_on() -> None:
    light = heard("太死亡顶光了吧").plan.light
    assert light.azimuth_deg is None
    assert light.fill > 0


@pytest.mark.parametrize("words", ["缩小到一半", "shrink it to half", "缩小为一半"])
def test_half_size_is_relative_to_the_current_size(words: str) -> None:
    assert heard(words).plan.framing.fill == pytest.approx(WHITE.framing.fill / 2)
    assert heard("产品占画面的一半").plan.framing.fill == 0.5


@pytest.mark.parametrize(
    "words", ["没影子，像贴上去的", "没有影子，看起来像贴上去的一样", "no shadow, looks pasted on"]
)
def test_a_product_that_looks_pasted_on_gets_a_shadow(words: str) -> None:
    bare = WHITE.model_copy(update={"shadow": WHITE.shadow.model_copy(update={"kind": "none"})})
    for base in (WHITE, bare):
        assert heard(words, base).plan.shadow.kind == "soft"


def test_a_brighter_background_is_not_a_brighter_product() -> None:
    plan = heard("背景整得亮堂点儿", on_marble()).plan
    assert plan.backdrop.exposure_ev > 0
    assert plan.tone.exposure_ev == 0


@pytest.mark.parametrize(
    ("words", "y"), [("产品位置高一点", 0.64), ("位置偏高了", 0.76), ("the mug sits a bit too low", 0.64)]
)
def test_higher_is_a_wish_and_too_high_a_complaint(words: str, y: float) -> None:
    standing = Plan(framing=Framing(y=0.7))
    assert heard(words, standing).plan.framing.y == pytest.approx(y)


@pytest.mark.parametrize(
    ("words", "azimuth"),
    [
        ("move the light source over to the right", 60.0),
        ("the light should come from the right", 60.0),
        ("have the lamp shine from the left", -60.0),
        ("光从头顶打下来", 0.0),
        ("左边来点柔光", -60.0),
    ],
)
def test_a_light_comes_from_the_side_that_is_named(words: str, azimuth: float) -> None:
    understood = heard(words, Plan())
    assert understood.plan.light.azimuth_deg == azimuth
    assert understood.asked == ("light",)


def test_support_below_the_product_does_not_move_it() -> None:
    understood = understand("grey woollen mat underneath", Plan())
    assert understood.plan == Plan()
    assert [told.text for told in understood.told_back] == ["grey woollen mat underneath"]


@pytest.mark.parametrize("title", ["cooler bag", "leg warmers"])
def test_a_title_that_begins_like_a_wish_changes_nothing(title: str) -> None:
    understood = understand(f"{title}, on marble", Plan())
    assert understood.asked == ("backdrop",)
    assert [told.text for told in understood.told_back] == [title]


def test_a_share_of_the_frame_is_the_share_that_is_named() -> None:
    assert heard("占满九成画面", Plan()).plan.framing.fill == pytest.approx(0.9)


def test_a_tag_question_refuses_nothing() -> None:
    assert heard("bit gloomy isn't it", Plan()).plan.tone.exposure_ev > 0


@pytest.mark.parametrize(
    "words",
    [
        "只降噪，不要锐化",
        "别再提亮了",
        "找个模特戴上这顶帽子",
        "现在在左边",
    ],
)
def test_a_refused_or_described_change_changes_no_other_value(words: str) -> None:
    base = WHITE.model_copy(update={"backdrop": WHITE.backdrop.model_copy(update={"blur": 0.4})})
    plan = understand(words, base).plan
    assert (plan.tone, plan.light, plan.framing) == (base.tone, base.light, base.framing)
    assert plan.detail.sharpen == base.detail.sharpen


def test_an_exact_figure_replaces_the_vague_wish_beside_it() -> None:
    assert understand("可以压暗，但是不能偏色，往下压半档", WHITE).plan.tone.exposure_ev == -0.5
    assert understand("先裁16:9，横幅用", WHITE).plan.framing.aspect == "16:9"


@pytest.mark.parametrize(
    "words",
    [
        "亮一点，算了，影子淡一点",
        "放大一点，不对，影子淡一点",
        "背景换成灰色，当我没说，影子淡一点",
        "锐化一下，还是不要了，影子淡一点",
        "make it bigger, no wait, lighter shadow",
        "grey background, scratch that, lighter shadow",
        "warmer, sorry i meant lighter shadow",
    ],
)
def test_wish_retracted_in_the_same_sentence_is_not_applied(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.asked == ("shadow",)
    assert understood.plan.shadow.strength < WHITE.shadow.strength


@pytest.mark.parametrize(
    "words",
    [
        *("不用锐化", "no need to brighten it", "光不用从左边来", "再亮就过了"),
        *("亮是亮了，但还行", "暗就暗吧，没关系", "don't make it any brighter", "no brighter than this"),
        "影子本来就淡，不用管",
    ],
)
def test_an_unneeded_change_or_a_description_of_the_picture_changes_nothing(words: str) -> None:
    assert understand(words, WHITE).plan.model_copy(update={"asked": ()}) == WHITE


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("没有我想要的那么亮", 1),
        ("略显亮", -1),
        ("a bit on the dark side", 1),
        ("the picture got darker", 1),
    ],
)
def test_statement_contrary_to_the_goal_is_a_complaint(words: str, sign: int) -> None:
    assert understand(words, WHITE).plan.tone.exposure_ev * sign > 0


def test_size_and_reflection_are_taken_back_alone() -> None:
    framing = Framing(fill=0.85, x=0.4, rotation_deg=8.0)
    assert understand("大小变回去", Plan(framing=framing)).plan.framing == Framing(x=0.4, rotation_deg=8.0)
    shadow = Plan().shadow.model_copy(update={"reflection": 0.5, "length": 1.8})
    plan = understand("restore the original reflection", Plan(framing=framing, shadow=shadow)).plan
    assert plan.framing == framing
    assert (plan.shadow.reflection, plan.shadow.length) == (0.0, 1.8)


@pytest.mark.parametrize(
    "words",
    [
        "strong light from the left",
        "bright light from the left",
        "stronger light from the left",
        "intense light coming from the left",
        "左侧强光",
        "强光从左边打过来",
        "左边来的强光",
        "明亮的光从左边来",
        "光从左边来，强一点",
        "左侧光强一点",
    ],
)
def test_light_with_a_side_has_its_own_strength_and_leaves_the_exposure(words: str) -> None:
    plan = heard(words).plan
    assert plan.tone == WHITE.tone
    assert plan.light.azimuth_deg == -60.0
    assert plan.light.strength == 0.75


@pytest.mark.parametrize("words", ["strong light from behind", "背后来的强光", "soft light from the left"])
def test_light_from_behind_and_soft_light_leave_the_exposure(words: str) -> None:
    understood = heard(words)
    assert understood.asked == ("light",)
    assert understood.plan.tone == WHITE.tone


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("shadow twice as long", 2.0),
        ("shadow three times as long", 3.0),
        ("shadow half as long", 0.5),
        ("shadow 1.5 times longer", 1.5),
        ("影子长一倍", 2.0),
        ("影子长三倍", 3.0),
        ("影子拉长两倍", 2.0),
        ("影子短一半", 0.5),
        ("double the shadow length", 2.0),
        ("half the shadow length", 0.5),
        ("影子长度减半", 0.5),
        ("影子长度增加50%", 1.5),
    ],
)
def test_factor_of_a_shadow_is_exact(words: str, length: float) -> None:
    assert heard(words).plan.shadow.length == length


@pytest.mark.parametrize(
    "words",
    [
        "长长的影子",
    ],
)
def test_long_shadow_is_longer(words: str) -> None:
    understood = heard(words)
    assert understood.asked == ("shadow",)
    assert understood.plan.shadow.length > 1.0


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        ("put it on a marble countertop with morning light", "marble_white"),
        ("on marble in the morning light", "marble_white"),
        ("大理石台面,晨光", "marble_white"),
        ("晨光，大理石台面", "marble_white"),
        ("放在木桌上，有阳光", "wood_oak"),
        ("oak table with soft window light", "wood_oak"),
    ],
)
def test_sun_beside_a_surface_is_light_on_it(words: str, scene: str) -> None:
    understood = heard(words)
    assert understood.plan.backdrop.scene == scene
    assert understood.asked == ("backdrop", "light")
    assert understood.plan.light.azimuth_deg is not None


MEANT: list[tuple[str, str, str, object]] = [
    ("要那种悬浮感，不要影子", "shadow", "kind", "none"),
    ("floating look, no shadow", "shadow", "kind", "none"),
    ("just a contact shadow", "shadow", "length", 0.0),
    ("莫兰迪灰绿背景", "backdrop", "color", "#9aa89a"),
    ("ring light look", "light", "azimuth_deg", 0.0),
    ("产品居中占八成", "framing", "fill", 0.8),
    ("rotate ccw by 8 deg", "framing", "rotation_deg", -8.0),
    ("put it in the lower third", "framing", "y", 2 / 3),
    ("banner 16:9", "framing", "aspect", "16:9"),
    ("vertical 9:16 for stories", "framing", "aspect", "9:16"),
]


@pytest.mark.parametrize(("words", "part", "field", "value"), MEANT)
def test_everyday_wish_sets_the_figure_that_it_names(
    words: str, part: str, field: str, value: object
) -> None:
    understood = heard(words, starting_plan("bg_replace"))
    found = getattr(getattr(understood.plan, part), field)
    assert found == (pytest.approx(value, abs=0.01) if isinstance(value, float) else value)
    assert understood.plan.tone == starting_plan("bg_replace").tone


@pytest.mark.parametrize(
    ("words", "is_warmer"),
    [
        ("色温降低500K", False),
        ("lower the temperature by 300K", False),
        ("temp -300K", False),
        ("色温提高500K", True),
        ("raise the temperature by 300K", True),
    ],
)
def test_small_number_of_kelvins_is_a_step_as_in_photo_programs(words: str, is_warmer: bool) -> None:
    mired = heard(words, WHITE).plan.tone.mired
    assert 0 < (mired if is_warmer else -mired) < 20


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("brighter but not too much", "brighter"),
        ("色彩鲜艳些但别过头", "色彩鲜艳些"),
        ("稍微往右下移动", "往右下移动"),
    ],
)
def test_bounded_wish_is_a_smaller_step(words: str, plain: str) -> None:
    def step(text: str) -> float:
        plan = heard(text, WHITE).plan
        return plan.tone.exposure_ev + plan.tone.saturation + plan.framing.x

    assert step("") < step(words) < step(plain)


def test_shadow_comes_back_without_touching_the_reflection() -> None:
    bare = changed(changed(WHITE, "shadow", kind="none"), "shadow", reflection=0.3)
    shadow = heard("bring the shadow back", bare).plan.shadow
    assert (shadow.kind, shadow.reflection) == ("soft", 0.3)
