"""Things to add are told back, whatever their words stand for elsewhere: a material, goods, a colour."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Backdrop, PicturePlan, Plan, starting_plan
from tests.unit.domain.language.sentences import WHITE, heard, on_marble, told_back

MATERIALS = [
    *(
        "add a marble coaster",
        "add a slate tile",
        "add a concrete block",
        "add a window",
        "add a piece of wood",
    ),
    *("put a linen napkin under it", "lay a marble slab beneath it", "place a stone next to it"),
    *("surround it with oranges", "surround it with stones", "scatter oranges around it", "add a few stones"),
    *("put it on a wooden tray", "put it in a wooden box", "place it on a wooden stool"),
    *(
        "加块大理石",
        "加一块木头",
        "旁边放块石头",
        "放块石头在旁边",
        "加个窗户",
        "加个水泥块",
        "添一块石板",
        "加块布",
    ),
    *("放在大理石托盘上", "放在木托盘上", "用橙子围起来", "加点石头", "来一块石头放旁边"),
    "throw in some oranges",
]
GOODS = [
    *(
        "add a coffee cup",
        "add a mug next to it",
        "add a blue box",
        "add another bottle",
        "add mugs around it",
    ),
    *("put a plate under it", "put it on a stool", "add two mugs", "with a teapot on the left"),
    *("加个咖啡杯", "加个茶杯", "加个白色盘子", "加个蓝色盒子", "旁边摆一个杯子", "下面放个盘子", "加茶杯"),
    *("放在盘子上", "旁边放一只碗", "垫个杯垫", "来个盘子", "再来个杯子"),
    "add a mug on a wooden table",
]
LAID = ["垫个石头", "垫一块木板", "下面垫块大理石", "底下垫个石板"]


def _pictures() -> list[Plan]:
    grey = Backdrop(kind="color", color="#b4b6ba", edge_color="#b4b6ba")
    oak = Backdrop(kind="scene", scene="wood_oak")
    return [
        on_marble(),
        *(on_marble().model_copy(update={"backdrop": one}) for one in (grey, oak, Backdrop())),
    ]


@pytest.mark.parametrize("words", [*MATERIALS, *GOODS])
def test_a_counted_thing_to_add_changes_nothing_and_is_told_back(words: str) -> None:
    for base in (WHITE, starting_plan("refine"), *_pictures()):
        understood = understand(words, base)
        assert changes_between(base, understood.plan) == ()
        assert [(told.reason, told.topic) for told in understood.told_back] == [("not_possible", "prop")]


@pytest.mark.parametrize("words", LAID)
def test_a_material_laid_under_a_finished_picture_is_a_thing_to_add(words: str) -> None:
    for base in _pictures():
        understood = understand(words, base)
        assert changes_between(base, understood.plan) == ()
        assert [(told.reason, told.topic) for told in understood.told_back] == [("not_possible", "prop")]
    assert understand(words, PicturePlan()).told_back[0].reason == "not_possible"
    assert understand(words, WHITE).plan.backdrop.kind == "scene"


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        # Surfaces and backdrops beside a verb that adds things.
        *(("换成大理石", "marble_white"), ("加个大理石背景", "marble_white"), ("on marble", "marble_white")),
        *(("加个大理石台面", "marble_white"), ("on a wooden board", "wood_oak")),
        *(("put a mug on a wooden table", "wood_oak"), ("加木纹背景", "wood_oak")),
        *(("stick the watch on some black stone", "slate_dark"), ("下面垫黑石板", "slate_dark")),
        *(("add a garden background", "stone_garden"), ("放一个杯子在木桌上", "wood_oak")),
        # Plants as a scene and not as a prop; sun without a surface.
        *(("绿植背景", "stone_garden"), ("换成有植物的场景", "stone_garden")),
        ("add a plant background", "stone_garden"),
        *(("加点花园的感觉", "stone_garden"), ("加点树叶影", "natural_light")),
        *(("add leaf shadows", "natural_light"), ("晨光", "natural_light")),
        *(("morning light", "natural_light"), ("change it to sunlight", "natural_light")),
        # A product that is transparent or of another material than the scene.
        *(("透明瓶子放在大理石上", "marble_white"), ("transparent bottle on marble", "marble_white")),
        # Scenes that replace a refused one, a complaint or the present one.
        *(("木纹不好看，换大理石", "marble_white"), ("the wood is ugly, use marble", "marble_white")),
        ("I don't like the wood, go for marble", "marble_white"),
        ("木纹有点假，换成大理石台面", "marble_white"),
        *(("wood looks fake. try concrete", "concrete_ledge"), ("亚麻布就很好", "linen")),
        *(("不要大理石，木板就不错", "wood_oak"), ("水泥墙就挺好，光从左边来", "concrete_ledge")),
        *(("不是大理石，是木头桌面", "wood_oak"), ("could you do the same but on slate?", "slate_dark")),
        *(("same thing but on slate please", "slate_dark"), ("不是大理石是木头桌面", "wood_oak")),
        ("放到石头台面上，黑一点的那种石板", "slate_dark"),
        # A floor is part of the room that is named.
        *(("a loft with concrete", "room_concrete"), ("living room, light wooden floor", "room_oak")),
    ],
)
def test_a_surface_or_a_backdrop_that_is_wished_for_sets_its_scene(words: str, scene: str) -> None:
    assert heard(words).plan.backdrop.scene == scene


def test_a_floor_named_beside_its_room_is_not_told_back() -> None:
    assert understand("a loft with concrete", WHITE).told_back == ()


def test_a_style_leaves_the_tones_alone_where_a_room_and_its_floor_are_named() -> None:
    assert understand("放水泥地上，阁楼loft，酷一点", WHITE).plan.tone == WHITE.tone


def test_plants_on_a_table_are_told_back_beside_its_scene() -> None:
    understood = understand("on a garden table with plants", WHITE)
    assert understood.plan.backdrop.scene == "stone_garden"
    assert understood.told_back


@pytest.mark.parametrize(
    "words", ["杯子加点倒影", "give my mug a reflection", "add a reflection to the bottle"]
)
def test_a_reflection_added_to_the_product_is_not_taken_for_a_thing(words: str) -> None:
    assert understand(words, WHITE).plan.shadow.reflection > 0


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        ("换成水泥地的客厅", "room_concrete"),
        ("石头地面的客厅", "room_stone"),
        ("concrete living room", "room_concrete"),
        ("客厅", "room_oak"),
    ],
)
def test_a_living_room_has_the_floor_that_is_named_with_it(words: str, scene: str) -> None:
    assert understand(words, WHITE).plan.backdrop.scene == scene


def test_how_a_thing_that_cannot_be_added_shall_look_changes_nothing() -> None:
    told_back("put a second candle behind it out of focus")


def test_a_logo_of_ones_own_is_no_goods_that_the_backdrop_suits() -> None:
    assert [one.text for one in understand("白底，搭我家的logo", WHITE).told_back] == ["搭我家的logo"]
