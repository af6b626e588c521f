"""Reading of clauses without punctuation between them, and of wordings that stand for plainer ones."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import changed
from tests.unit.domain.language.sentences import WHITE, directions_of, heard

WITH_REFLECTION = changed(WHITE, "shadow", reflection=0.5)


@pytest.mark.parametrize("words", ["影子、背景都暗一点", "影子以及背景都要暗一点", "影子背景都暗一点"])
def test_joined_parts_share_one_wish(words: str) -> None:
    assert heard(words).asked == ("backdrop", "shadow")


@pytest.mark.parametrize(
    ("words", "field"),
    [("要柔和光线", "light"), ("把产品放大到画面的九成", "framing"), ("右边留白多一点", "framing")],
)
def test_an_adjective_before_its_noun_begins_no_second_wish(words: str, field: str) -> None:
    assert set(understand(words, WHITE).asked) <= {field}


@pytest.mark.parametrize(
    "clauses",
    [
        ("影子淡一点", "产品亮一点"),
        ("产品大点", "影子不动"),
        ("颜色太淡", "影子太短"),
        ("影子调淡", "产品调亮"),
        ("影子稍微短", "产品稍微暗"),
        ("影子别太重了", "饱和度再低点"),
        ("提亮产品", "背景换成灰色"),
        ("照片有点冷", "锐化一下产品"),
        ("产品能不能别这么暗", "想让影子短一点"),
        ("产品往左移一点", "把对比度调高"),
        ("影子淡一点", "产品颜色显得太艳"),
        ("影子能淡点吗", "背景能浅点吗"),
        ("缩小一点", "放到右边"),
        ("缩小三分之一", "放右下角"),
        ("场景换成大理石台面", "左边打光", "饱和度低一点"),
        ("加亮", "加暖", "加对比"),
        ("要亮", "要暖"),
        ("不是变暗", "是变亮"),
        ("影子淡一点", "但别没有了"),
        ("照片有点灰", "想要通透一点"),
        ("影子淡淡的", "背景亮一点"),
        ("影子越淡越好", "产品越大越好"),
        ("背景弄浅一点", "影子就去掉吧"),
        ("不要影子了", "亮度提高", "饱和度也提高"),
        ("去掉影子", "加倒影"),
        ("稍微加点对比", "影子柔和一点"),
        ("放水泥台上", "左侧硬光", "影子往右"),
        ("影子浅点", "背景太暗了"),
        ("影子去掉", "再亮一点"),
        ("提亮产品", "压暗背景", "柔化影子"),
        ("对比拉高", "饱和降低", "曝光加半档"),
        ("白底/", "影子淡一点/", "产品大一点"),
    ],
)
def test_chinese_wishes_without_commas_give_the_plan_of_those_with_commas(clauses: tuple[str, ...]) -> None:
    apart = heard("，".join(clauses))
    assert apart.asked
    assert heard("".join(clauses)).plan == apart.plan


@pytest.mark.parametrize(
    "clauses",
    [
        ("shadow softer", "product bigger"),
        ("bg pale blue", "shadow softer", "product bigger"),
        ("brighter background", "darker product"),
        ("less shadow", "more reflection"),
        ("white background", "softer shadow", "bigger product"),
        ("transparent background", "no shadow", "bigger"),
        ("no shadow", "white background", "brighter product"),
        ("make the background grey", "make the shadow softer", "make the product bigger"),
        ("shadow要soft一点", "product大一点"),
        ("整体bright一点点", "contrast高一点"),
    ],
)
def test_english_wishes_without_commas_give_the_plan_of_those_with_commas(clauses: tuple[str, ...]) -> None:
    apart = heard(", ".join(clauses))
    assert apart.asked
    assert heard(" ".join(clauses)).plan == apart.plan


def test_a_size_after_a_complaint_that_asks_for_the_opposite_is_the_products() -> None:
    asked = heard("the shadow is way too dark and it looks small so bigger please").asked
    assert asked == ("shadow", "framing")


@pytest.mark.parametrize(
    "words",
    [
        *("same for the shadow", "the same for the shadow please", "光压低一点暖一点", "产品也可以再大点"),
        "less of the shadow, more of the product",
    ],
)
def test_a_direction_without_an_effect_or_a_reference_without_a_wish_is_told_back(words: str) -> None:
    assert understand(words, WHITE).told_back


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("影子别改但是要亮一点", ("tone",)),
        ("don't change the shadow but make it brighter", ("tone",)),
        ("keep the shadow but make it softer", ("shadow",)),
        ("倒影去掉再亮一点点", ("shadow", "tone")),
        ("don't make it brighter just warmer", ("tone",)),
    ],
)
def test_a_wish_after_a_kept_or_removed_part_changes_what_it_names(
    words: str, asked: tuple[str, ...]
) -> None:
    assert heard(words, WITH_REFLECTION).asked == asked


@pytest.mark.parametrize(
    ("words", "same"),
    [
        # Things that are joined share what is said of one.
        ("影子跟背景都淡一点", "影子淡一点，背景淡一点"),
        ("提亮产品和影子", "提亮产品，提亮影子"),
        ("光柔一点，影子也是", "光柔一点，影子柔一点"),
        ("光柔一点影子也一样", "光柔一点，影子柔一点"),
        ("brighten the product and the shadow a bit", "brighten the product, brighten the shadow a bit"),
        ("softer light and shadow", "softer light, softer shadow"),
        (
            "make the shadow and the reflection stronger",
            "make the shadow stronger, make the reflection stronger",
        ),
        ("the light softer, the shadow too", "the light softer, the shadow softer"),
        ("darken the background, also the shadow", "darken the background, darken the shadow"),
        ("darker background, same for the shadow", "darker background, darker shadow"),
        ("soften the light and do the same with the shadow", "soften the light, soften the shadow"),
        # Wishes after a colon, a number of a list or a reason.
        ("two changes: grey background and shadow softer", "grey background, shadow softer"),
        ("step 1 grey background step 2 product bigger", "grey background, product bigger"),
        ("第一步背景灰色第二步产品放大", "背景灰色，产品放大"),
        (
            "the light is from the right so the shadow should fall left",
            "the light is from the right, shadow left",
        ),
        ("little bigger, little brighter", "a little bigger, a little brighter"),
        ("its too dark and too far away", "too dark, too small"),
        # States that a comma joins, and a comparison inside a complaint.
        ("a softer, darker shadow", "a softer darker shadow"),
        ("a softer and darker shadow", "a softer darker shadow"),
        ("can I get a lighter, cleaner background", "can I get a lighter cleaner background"),
        ("影子太黑了像个洞，虚一点", "影子太黑了，虚一点"),
        ("the shadow is too black like a hole, lighten it", "the shadow is too black, lighten it"),
        # Synonyms, limits and parts that stay.
        ("亮一点，但不要太亮", "亮一点"),
        ("暖一点但不要太暖", "暖一点"),
        ("产品不变，木纹背景", "木纹背景"),
        ("其他不变，背景换成大理石", "大理石"),
        ("不要动产品，只换背景为木纹", "木纹背景"),
        ("keep everything else, change background to wood", "wood background"),
        ("background 换成 marble，不要 shadow", "大理石，不要阴影"),
        ("bg 不要换，brighter", "保留背景，亮一点"),
        ("don't 换背景", "保留背景"),
        ("更暗的背景", "背景暗一点"),
        ("亮度 +20%", "亮度+20%"),
        # Typos.
        ("blurr the background", "blur the background"),
        ("wite background", "white background"),
        ("shaddow softer", "shadow softer"),
    ],
)
def test_a_sentence_gives_the_plan_of_its_plain_wording(words: str, same: str) -> None:
    assert heard(words).plan == heard(same).plan


@pytest.mark.parametrize(
    ("words", "same"),
    [
        (
            "i shot this at home and it looks awful please put it on marble and make it brighter",
            "on marble, brighter",
        ),
        ("我在家里拍的很丑帮我换成大理石然后亮一点", "换成大理石然后亮一点"),
        ("if it is too dark, brighten it", "brighter"),
    ],
)
def test_a_wish_after_a_report_is_carried_out(words: str, same: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan == heard(same).plan
    assert understood.told_back


def test_comparatives_without_a_comma_are_wishes_of_their_own() -> None:
    after = heard("brighter bigger no shadow").plan
    assert after.tone.exposure_ev > WHITE.tone.exposure_ev
    assert after.framing.fill > WHITE.framing.fill
    assert after.shadow.kind == "none"


def test_comparatives_before_a_noun_are_of_that_noun() -> None:
    after = heard("softer darker shadow").plan
    assert after.shadow.softness > WHITE.shadow.softness
    assert after.shadow.strength > WHITE.shadow.strength
    assert (after.tone, after.light) == (WHITE.tone, WHITE.light)


@pytest.mark.parametrize("words", ["more contrast less saturation", "less saturation more contrast"])
def test_two_measures_follow_each_other_without_a_conjunction(words: str) -> None:
    assert directions_of(words) == {"tone.contrast": True, "tone.saturation": False}


@pytest.mark.parametrize(
    ("plainly", "words"),
    [
        ("swap the wall for a warm off-white", "could we swap the wall for, like, a warm off-white?"),
        ("make it a bit warmer", "make it, um, a bit warmer"),
        ("brighter and softer shadow", "brighter, um, and softer shadow"),
        ("产品放大一点", "那个，产品，呃，放大一点"),
    ],
)
def test_hesitations_change_nothing(plainly: str, words: str) -> None:
    assert heard(words).plan == heard(plainly).plan != WHITE


def test_not_a_bit_of_something_is_a_refusal() -> None:
    assert heard("凉一度都不行，我要暖暖的").plan.tone.mired > 0
