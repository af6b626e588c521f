"""Nouns of goods: a wish reads the same whatever the product is."""

import pytest

from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import WHITE, heard, told_back

SCENE = changed(WHITE, "backdrop", kind="scene", scene="wood_oak")
ENGLISH = (
    *(
        "mug",
        "lipstick",
        "cat tree",
        "candle",
        "tea tin",
        "towel",
        "poster",
        "sticker",
        "notebook",
        "gift box",
    ),
    *("gift box", "coffee beans", "olive oil", "drill", "teddy bear"),
)
CHINESE = (
    *("杯子", "口红", "花瓶", "蜡烛", "毛巾", "相框", "饼干", "咖啡豆", "红酒", "蜂蜜", "礼盒", "折扇"),
)


def read(words: str, base: Plan = SCENE) -> list[Change]:
    return list(changes_between(base, heard(words, base).plan))


@pytest.mark.parametrize(
    "frame",
    [
        *("centre the {}", "make the {} bigger", "move the {} to the left", "the {} looks crooked"),
        *("photo of a {}, make it warmer", "the shadow of the {} is too dark", "soften the shadow of the {}"),
        *("can you make the colours of the {} more vivid", "blur everything behind the {}"),
        *("the {} should fill 80% of the frame", "navy backdrop for the {}", "sharpen the {}"),
    ],
)
@pytest.mark.parametrize("noun", ENGLISH[1:])
def test_english_goods_read_alike(noun: str, frame: str) -> None:
    assert read(frame.format(noun)) == read(frame.format(ENGLISH[0]))


@pytest.mark.parametrize(
    "frame",
    [
        *(
            "{}居中",
            "{}歪了",
            "{}大一点",
            "{}亮一点",
            "{}往左移一点",
            "给{}换个白底",
            "{}的影子太重了",
            "这是{}，暖一点",
        ),
        *("{}下面加个淡淡的影子", "卖{}的，要干净的白底", "把{}放在大理石上", "{}后面的背景虚化"),
    ],
)
@pytest.mark.parametrize("noun", CHINESE[1:])
def test_chinese_goods_read_alike(noun: str, frame: str) -> None:
    assert read(frame.format(noun)) == read(frame.format(CHINESE[0]))


@pytest.mark.parametrize(
    "words", ["地毯太暗了", "窗帘太暗了", "the rug is too dark", "the hammer is too dark"]
)
def test_goods_that_are_also_a_room_or_work_are_the_product_where_something_is_said_of_them(
    words: str,
) -> None:
    understood = heard(words, SCENE)
    assert understood.asked == ("tone",)
    assert understood.plan.tone.exposure_ev > 0


@pytest.mark.parametrize(
    "words",
    ["add a candle", "加个花瓶", "旁边放一本书", "去掉贴纸", "mirror it", "杯子后面放绿植", "放在地毯上"],
)
def test_goods_that_shall_be_added_or_removed_are_told_back(words: str) -> None:
    told_back(words)


@pytest.mark.parametrize("words", ["remove the background behind the sunglasses", "把口红后面的背景去掉"])
def test_the_background_behind_a_product_is_the_background(words: str) -> None:
    assert heard(words).plan.backdrop.kind == "transparent"


def test_a_size_that_is_refused_and_room_that_is_wished_for_both_make_the_product_smaller() -> None:
    assert heard("花瓶别放太大留点空").plan.framing.fill < WHITE.framing.fill
