"""Tests of reading where the product stands and how much of the picture it takes."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import PICTURE, WHITE, directions_of, figures_of, heard, told_back

ASIDE = changed(WHITE, "framing", x=0.3, y=0.7)


def _place(plan: Plan) -> tuple[float, float | None]:
    return round(plan.framing.x, 2), plan.framing.y and round(plan.framing.y, 2)


@pytest.mark.parametrize(
    ("words", "x", "y", "fill"),
    [
        ("左边留出一半的位置写字", 0.75, None, 0.5),
        ("右边空出三分之一放文字", 0.33, None, 0.67),
        ("leave the top third empty for copy", 0.5, 0.67, 0.67),
        ("keep the top 30% empty", 0.5, 0.65, 0.7),
    ],
)
def test_share_that_stays_free_centres_the_product_in_the_rest(
    words: str, x: float, y: float | None, fill: float
) -> None:
    plan = heard(words).plan
    assert (*_place(plan), round(plan.framing.fill, 2)) == (x, y, fill)


@pytest.mark.parametrize(
    ("words", "x", "y"),
    [
        ("leave room on top for a title", 0.5, 0.58),
        ("上面留白多一点好放文案", 0.5, 0.58),
        ("上边多留点空放标题", 0.5, 0.58),
        ("I need room on the right for a logo", 0.4, None),
        ("copyspace left please", 0.6, None),
        ("给左侧让位", 0.6, None),
        ("keep the left side clear for copy", 0.6, None),
        ("左边太挤", 0.6, None),
        ("no room above it", 0.5, 0.58),
        ("too much gap on the left", 0.4, None),
        ("上面别留那么多空", 0.5, 0.42),
        ("one third from the left", 0.33, None),
        ("30% from the left", 0.3, None),
        ("放在左起40%", 0.4, None),
        ("右起30%的位置", 0.7, None),
        ("放在从左数三分之一的地方", 0.33, None),
        ("放右边三分线", 0.67, None),
        ("put it on the left third line", 0.33, None),
        ("贴着底边放", 0.5, 0.9),
        ("flush with the bottom edge", 0.5, 0.9),
        ("push the product to the far right", 0.9, None),
        ("放到左上角去", 0.33, 0.33),
        ("place it at the lower left third", 0.33, 0.67),
        ("画面上三分之一", 0.5, 0.33),
        ("放到右三分之一线上", 0.67, None),
        ("one quarter from the right", 0.75, None),
        ("往左往上挪", 0.44, 0.44),
        ("up and to the right a touch", 0.54, 0.46),
        ("往右移画面的十分之一", 0.6, None),
        ("往左5个点", 0.45, None),
        ("place it a third of the way down", 0.5, 0.33),
        ("产品别居中，靠左放", 0.33, None),
        ("put it against the left", 0.1, None),
        # "Preferably", "finally" and "so far" name no edge.
        ("最好把产品往右移", 0.56, None),
        ("最后把杯子移到右边", 0.67, None),
        ("so far just put it on the left", 0.33, None),
        ("product on the right side, sage background", 0.67, None),
        ("产品放左边，背景浅灰", 0.33, None),
        ("放左边一点", 0.44, None),
        ("再靠左", 0.44, None),
        ("put it on the left 5%", 0.45, None),
        ("anchor the unit bottom-right, roughly two thirds across", 0.56, 0.56),
    ],
)
def test_the_product_goes_to_the_place_or_makes_the_room_that_is_named(
    words: str, x: float, y: float | None
) -> None:
    assert _place(heard(words).plan) == (x, y)


@pytest.mark.parametrize(
    ("words", "x", "y"),
    [
        ("产品离左边再远一点", 0.36, 0.7),
        ("离下边缘远一点", 0.3, 0.64),
        ("右边顶到边了", 0.24, 0.7),
        ("瓶子右边快出画面了", 0.24, 0.7),
        ("产品稍微高一点", 0.3, 0.66),
        ("it's too low", 0.3, 0.64),
        ("产品有点高，往下放放", 0.3, 0.76),
        ("it's drifted to the left", 0.36, 0.7),
        ("再过左边啲", 0.24, 0.7),
        ("左右居中", 0.5, 0.7),
        ("center it vertically", 0.3, 0.5),
        ("整体上移", 0.3, 0.64),
        ("raise the bottle a touch", 0.3, 0.66),
        ("东西稍微抬高点", 0.3, 0.66),
        ("往下坐一点", 0.3, 0.76),
        ("closer to the right side", 0.36, 0.7),
        ("左边再空一点", 0.4, 0.7),
        ("左右留白一样多", 0.5, 0.7),
        ("bottom centre please", 0.5, 0.67),
        ("居中偏下", 0.5, 0.56),
        ("get it further from the left edge", 0.36, 0.7),
        ("a lot of dead space on the right", 0.4, 0.7),
        ("move it from the left to the center", 0.5, 0.5),
        ("居中，怎么还偏左", 0.5, 0.5),
    ],
)
def test_product_moves_from_where_it_is(words: str, x: float, y: float) -> None:
    assert _place(heard(words, ASIDE).plan) == (x, y)


@pytest.mark.parametrize(
    "words",
    [
        "move it 20px to the left",
        "离底边留50px",
        "10% from the bottom",
        "别放正中间",
        "don't center it",
        "别太居中",
        "not in the corner",
    ],
)
def test_places_that_are_not_clear_are_told_back_with_an_example(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.framing == WHITE.framing
    assert [told.topic for told in understood.told_back] == ["place"]


@pytest.mark.parametrize(
    ("words", "larger"),
    [
        ("边距别太多", True),
        ("顶天立地", True),
        ("裁掉点空白", True),
        ("tighter crop please", True),
        ("构图松一点", False),
        ("crop is too tight", False),
        ("no margins", True),
        ("product at 80%", True),
        ("crop tight around the product", True),
        ("周围空得太厉害", True),
        ("画面别塞那么满", False),
        ("should fill roughly 80 percent of the frame", True),
        ("bigger but leave some margin", True),
        ("大点但四周要留白", True),
    ],
)
def test_framing_changes_the_size(words: str, *, larger: bool) -> None:
    fill = heard(words).plan.framing.fill
    assert fill != WHITE.framing.fill
    assert (fill > WHITE.framing.fill) is larger


@pytest.mark.parametrize(
    ("words", "fill", "x", "y"),
    [
        ("smaller and to the right", False, 0.36, 0.7),
        ("缩小些往下放", False, 0.3, 0.76),
        ("a bit bigger and lower", True, 0.3, 0.76),
    ],
)
def test_size_and_place_are_read_in_one_phrase(words: str, x: float, y: float, *, fill: bool) -> None:
    plan = heard(words, ASIDE).plan
    assert (plan.framing.fill > ASIDE.framing.fill, *_place(plan)) == (fill, x, y)


def test_leaning_words_turn_the_product_and_straighten_it() -> None:
    assert heard("slight tilt to the left").plan.framing.rotation_deg == -3.0
    assert heard("左倾10度").plan.framing.rotation_deg == -10.0
    tilted = changed(WHITE, "framing", rotation_deg=6.0)
    assert heard("歪了一点，帮我调正", tilted).plan.framing.rotation_deg == 0.0


def test_enlarging_one_side_of_the_product_leaves_the_framing() -> None:
    assert understand("左边大一点", WHITE).plan.framing == WHITE.framing


@pytest.mark.parametrize(
    ("words", "aspect"),
    [
        ("小红书封面比例", "3:4"),
        ("抖音竖屏比例", "9:16"),
        ("pinterest ratio", "2:3"),
        ("crop to 4x5", "4:5"),
        ("方图改竖图", "3:4"),
    ],
)
def test_ratio_is_named_by_the_place_where_the_picture_is_shown(words: str, aspect: str) -> None:
    assert heard(words).plan.framing.aspect == aspect


@pytest.mark.parametrize(
    "words",
    [
        # No place in the picture, no side, or a state that is not known.
        *("包左边看不清", "椅子放地上", "可以把产品摆到画面的三分之一处吗", "底下的留着", "还是第一版好"),
        # A view, a lean or the height of a lamp.
        *("鞋子从上往下看", "相机朝下拍", "look down on it", "往右倒一点", "vertical view down"),
        "increase lamp height",
    ],
)
def test_a_sentence_without_a_clear_place_leaves_the_framing_and_is_told_back(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.framing == WHITE.framing
    assert understood.told_back


@pytest.mark.parametrize(
    ("words", "is_lower"),
    [
        ("底部空隙小点", True),
        ("make the bottom gap smaller", True),
        ("上面留白太小", True),
    ],
)
def test_size_of_a_gap_moves_the_product_and_leaves_its_size(words: str, is_lower: bool) -> None:
    framing = heard(words).plan.framing
    assert ((framing.y or 0.5) > 0.5) is is_lower
    assert framing.fill == WHITE.framing.fill


@pytest.mark.parametrize(
    "words",
    [
        "换大理石，但产品大小不要变",
        "换木桌，产品大小保持不变",
        "stone tile room, but leave the size of the lamp alone",
    ],
)
def test_a_product_that_shall_stay_as_large_does_so_in_a_scene(words: str) -> None:
    plan = heard(words, WHITE).plan
    assert plan.backdrop.kind == "scene"
    assert plan.framing.fill == WHITE.framing.fill


@pytest.mark.parametrize("words", ["离左边近一点", "离下边近一点"])
def test_nearer_to_a_side_is_never_away_from_it(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.told_back
    assert understood.plan.framing == WHITE.framing


@pytest.mark.parametrize(("words", "sign"), [("产品歪向左边", 1), ("往左转一点", -1)])
def test_what_leans_to_a_side_is_turned_to_the_other(words: str, sign: int) -> None:
    assert heard(words).plan.framing.rotation_deg * sign > 0


@pytest.mark.parametrize(
    "words",
    [
        "四边留白一样",
        "上下左右留白一样",
        "even out the margins",
        "equal margins all round",
        "same space on every side",
    ],
)
def test_equal_margins_centre_the_product_and_keep_its_size(words: str) -> None:
    assert figures_of(words, changed(PICTURE, "framing", x=0.3, y=0.6)) == {
        "framing.x": 0.5,
        "framing.y": 0.5,
    }


def test_the_frame_that_a_side_is_of_asks_for_no_size() -> None:
    assert [*figures_of("push the chair toward the bottom of the frame")] == ["framing.y"]


def test_a_room_that_is_blurred_is_the_backdrop_and_no_space() -> None:
    scene = changed(PICTURE, "backdrop", kind="scene", scene="room_oak", blur=0.2)
    words = "blur the room more and move the armchair to the right"
    assert [*figures_of(words, scene)] == ["backdrop.blur", "framing.x"]


@pytest.mark.parametrize(
    "words", ["full frame, as big as possible", "fill the whole picture", "产品放到最大"]
)
def test_as_big_as_possible_fills_the_frame(words: str) -> None:
    assert figures_of(words, changed(PICTURE, "framing", fill=0.6)) == {"framing.fill": 0.92}


@pytest.mark.parametrize(
    "words", ["下边太空了", "下面空荡荡的", "底部空白太多", "bottom is too empty", "hug the bottom edge"]
)
def test_too_much_room_below_moves_the_product_down(words: str) -> None:
    assert directions_of(words, changed(PICTURE, "framing", y=0.5)) == {"framing.y": True}


@pytest.mark.parametrize("words", ["背景空空的", "背景空荡荡的"])
def test_an_empty_backdrop_is_told_back(words: str) -> None:
    told_back(words)


@pytest.mark.parametrize(
    ("words", "is_larger"),
    [
        *(("smaller margins", True), ("margin smaller", True)),
        *(("bigger margins please", False), ("make the margins bigger", False)),
    ],
)
def test_a_margin_that_grows_makes_the_product_smaller(words: str, is_larger: bool) -> None:
    assert directions_of(words) == {"framing.fill": is_larger}


@pytest.mark.parametrize(
    ("words", "x"),
    [
        ("place it on the right instead", 0.67),
        ("the mug should be on the right", 0.67),
        ("I want it on the right", 0.67),
        ("move it to the right", 0.67),
        ("move the product over to the right side", 0.67),
        ("改放右边", 0.67),
        ("移到右边", 0.67),
        ("产品靠右边", 0.67),
        ("换到右边", 0.67),
        ("move it right", 0.36),
        ("shift it to the right a bit", 0.36),
        ("往右边挪一点", 0.36),
    ],
)
def test_a_product_goes_to_the_other_side_unless_only_a_way_is_said(words: str, x: float) -> None:
    assert _place(understand(words, ASIDE).plan) == (x, 0.7)
