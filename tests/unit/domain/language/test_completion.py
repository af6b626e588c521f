"""Completion: wishes that the sentence model is sure of are carried out in plain words."""

import pytest

from stillroom.domain.language.doubts import LABELS, PROBABLE, TOLD, labels_between, missed, states_of
from stillroom.domain.language.plain_words import words_for
from stillroom.domain.language.reader import read as standing
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Backdrop, Detail, Framing, Light, Plan, Shadow, Tone
from tests.unit.domain.language.sentences import PICTURE, told_back, told_texts

OPEN = {TOLD, "light.azimuth_deg=keep", "framing.aspect=photo"} | {
    f"backdrop.kind={kind}" for kind in ("painted", "scene", "keep")
}
"""Labels that leave open what is meant, or that only some plans can follow."""
RARE = {"tone.white_balance-"}
STARTS = (
    Plan(
        shadow=Shadow(reflection=0.5, direction_deg=20, softness=2),
        light=Light(azimuth_deg=10, fill=0.5, rim=0.5, strength=0.4),
        detail=Detail(denoise=0.4, sharpen=0.4, clarity=0.4),
    ),
    Plan(backdrop=Backdrop(kind="scene", scene="wood_oak", blur=0.5), shadow=Shadow(kind="none")),
)


@pytest.mark.parametrize("label", sorted(set(LABELS) - OPEN - RARE))
def test_plain_words_of_a_label_make_the_change_it_names(label: str) -> None:
    says = words_for(label, "", [])
    read = [(base, understand(says, base, is_doubted=False)) for base in STARTS]
    done = [
        states_of(one.plan).union(*(labels for _, labels in labels_between(base, one.plan)))
        for base, one in read
        if not one.told_back
    ]
    assert any(label in labels for labels in done)


@pytest.mark.parametrize(
    ("text", "part", "field"),
    [
        ("整张图灰蒙蒙罩着层纱", "tone", "contrast"),
        ("轮廓描一圈亮边", "light", "rim"),
        ("long shadow", "shadow", "length"),
    ],
)
def test_a_wish_that_no_rule_reads_is_carried_out_where_the_model_is_sure(
    text: str, part: str, field: str
) -> None:
    read = understand(text, Plan())
    assert not read.told_back
    assert read.asked == (part,)
    assert getattr(getattr(read.plan, part), field) > getattr(getattr(Plan(), part), field)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("画面偏暗", ("tone",)),
        ("绿得太假，饱和降降", ("tone",)),
        ("make the soft source softer still and drop its height a little", ("light",)),
        ("背景#1C1C1E，杯子两边都要勾边光", ("backdrop", "light")),
    ],
)
def test_a_wish_that_the_grammar_rejects_is_carried_out_if_the_model_sees_no_other(
    text: str, asked: tuple[str, ...]
) -> None:
    read = understand(text, Plan())
    assert (read.told_back, read.asked) == ((), asked)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("buyers say it is too dark", "tone"),
        ("瓶子是不是有点斜？", "detail"),
        ("why is the shadow so hard", "shadow"),
    ],
)
def test_a_report_or_a_question_that_implies_a_wish_is_carried_out(text: str, part: str) -> None:
    read = understand(text, Plan())
    assert not read.told_back
    assert part in read.asked


@pytest.mark.parametrize(
    "text",
    [
        # Reports and questions that imply no wish.
        *("I tried making it darker", "the last one was warmer"),
        # A figure that the grammar has changed, and a wish that is neither done nor told back.
        "绣花鞋再大点儿，贴着下边放",
        # Unknown words and amounts.
        *("the shadow should zorbl away softly", "轮廓饕餮一圈亮边", "the shadow should melt away 3 times"),
    ],
)
def test_a_text_that_cannot_be_completed_with_certainty_is_told_back_whole(text: str) -> None:
    told_back(text, Plan())


def test_an_unknown_side_of_the_light_is_asked_for_and_not_guessed() -> None:
    read = understand("flip the light to the other side", Plan())
    assert read.plan == Plan()
    assert [told.topic for told in read.told_back] == ["side"]


def test_a_completed_wish_does_not_reverse_what_the_grammar_has_done() -> None:
    told_back("key light at 60 degrees elevation", Plan(light=Light(azimuth_deg=-45)))


def test_a_backdrop_that_was_not_read_is_told_back_with_what_is_said_beside_it() -> None:
    told_back("the sari on zorbly beige with golden hour light", Plan())


@pytest.mark.parametrize(
    "text",
    [
        "the sari on plain beige",
        "booties against a plain beige",
        "lip gloss trio on beige",
        "杯子放在米色上",
    ],
)
def test_a_colour_that_the_product_stands_on_or_before_is_painted(text: str) -> None:
    read = understand(text, Plan())
    assert (read.plan.backdrop.color, read.told_back) == ("#e9dcc6", ())


def test_warm_light_is_no_colour_of_the_backdrop_beside_it() -> None:
    plan = understand("navy background, golden hour light", Plan()).plan
    assert (plan.backdrop.color, plan.tone.mired) == ("#1f3154", 25.0)


def test_a_rim_that_is_missed_beside_a_side_of_the_light_is_told_back() -> None:
    text = "灯换到右边，强度大些，阴影跟着拉长，香水瓶边缘要有一道高光"
    read = understand(text, Plan())
    assert read.plan.light.rim > 0 or "香水瓶边缘要有一道高光" in "".join(told_texts(read))


def test_a_stretch_that_asks_for_one_thing_is_completed_beside_what_is_told_back() -> None:
    read = understand("put a cat next to it, 影子要是再长点就完美了", Plan())
    assert read.plan.shadow.length > Plan().shadow.length
    assert told_texts(read) == ("put a cat next to it",)


@pytest.mark.parametrize(
    ("text", "rim"), [("The rim is a bit fierce", 0.45), ("边缘那道亮光去掉吧,反而不自然", 0.0)]
)
def test_less_of_a_light_is_a_step_unless_the_text_removes_it(text: str, rim: float) -> None:
    assert understand(text, Plan(light=Light(rim=0.8))).plan.light.rim == rim


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("return brightness to normal but leave the contrast", "exposure_ev"),
    ],
)
def test_a_completed_wish_of_a_text_that_takes_back_restores_the_default(text: str, field: str) -> None:
    base = Plan(tone=Tone(mired=40, exposure_ev=0.8))
    read = understand(text, base)
    assert read.plan == base.model_copy(
        update={"tone": base.tone.model_copy(update={field: 0.0}), "asked": ("tone",)}
    )


def test_completion_leaves_a_kept_backdrop_unchanged() -> None:
    read = understand("no shadow, 保留背景", STARTS[1])
    assert read.plan.backdrop == STARTS[1].backdrop


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The object now appears larger than life; kindly reduce it by about a seventh", "fill"),
        ("比起正中間，我比較想放左邊三分之一的位置", "x"),
    ],
)
def test_a_share_that_the_grammar_does_not_read_is_not_guessed(text: str, part: str) -> None:
    read = understand(text, Plan())
    assert getattr(read.plan.framing, part) == getattr(Plan().framing, part)
    assert read.told_back


def test_a_completed_wish_has_the_same_effect_as_a_standing_wish() -> None:
    text = "看不见影子"
    assert standing(Plan(), [text]).shadow == understand(text, Plan()).plan.shadow


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("flat lay on light wood for this lino print", "wood_oak"),
        ("put it in a nice garden, window light if you like", "stone_garden"),
        ("wood or slate, whichever you fancy", ""),
        ("a kitchen with a wooden worktop", ""),
        ("somewhere nice", ""),
    ],
)
def test_scene_is_completed_only_where_the_text_names_one(text: str, scene: str) -> None:
    says = words_for("backdrop.kind=scene", text, [text])
    assert bool(says) == bool(scene)
    if says:
        assert understand(says, Plan(), is_doubted=False).plan.backdrop.scene == scene


@pytest.mark.parametrize(
    ("label", "text", "says"),
    [
        (
            "framing.rotation_deg-",
            "tilt the card about 10 degrees anticlockwise, jaunty like",
            "逆时针转10度",
        ),
        ("shadow.strength-", "halve the shadow please so it is nicer", "影子淡50%"),
        ("tone.contrast-", "contrast down by 20% on the chess set", "对比度低20%"),
        ("shadow.strength-", "the shadow down to 20%", ""),
        ("shadow.strength-", "shadow down 20% or 30%", ""),
        ("framing.aspect=16:9", "rotate 10 degrees and make it 16:9", "16:9"),
    ],
)
def test_completed_figure_changes_by_the_only_amount_of_its_piece(label: str, text: str, says: str) -> None:
    assert words_for(label, text, [text]) == says


def test_amount_is_not_guessed_where_two_pieces_ask_for_the_figure() -> None:
    pieces = ["the shadow is too dark by 20%", "a lighter shadow please"]
    assert words_for("shadow.strength-", ", ".join(pieces), pieces) == ""


def test_place_on_one_axis_explains_the_middle_that_the_text_names_for_the_other() -> None:
    low = Plan(framing=Framing(y=0.7))
    assert missed(Plan(), low, {"framing.y=centre": 0.9}, PROBABLE) == ()
    assert missed(
        Plan(framing=Framing(y=0.3)), Plan(framing=Framing(y=0.3)), {"framing.y=centre": 0.9}, PROBABLE
    )


def test_told_pieces_are_dropped_where_they_only_repeat_what_is_done() -> None:
    read = understand("硬影子，边缘要利落", Plan())
    assert read.plan.shadow.kind == "hard"
    assert not read.told_back


@pytest.mark.parametrize(
    "text",
    [
        "Hello, this is a fountain pen box. It leans a little, please level it. Regards, Bettina",
        "亮一点，我们店周五上新，暗部也别糊",
        "影子淡一点，这是给我妈店里用的",
        "there's a green cast, take it out and leave the brightness",
        "再往左边一点，字压到边了",
    ],
)
def test_chatter_beside_a_wish_is_not_told_back(text: str) -> None:
    assert not understand(text, Plan()).told_back


@pytest.mark.parametrize("text", ["陶瓷花瓶下面要有点倒影", "玻璃花瓶底下来点倒影"])
def test_the_product_is_not_taken_for_a_prop_where_the_model_is_sure_of_a_wish(text: str) -> None:
    read = understand(text, Plan())
    assert not read.told_back
    assert read.plan.shadow.reflection > 0


def test_what_cannot_be_done_stays_told_back_beside_chatter_that_does_not() -> None:
    read = understand("a bit warmer, it's going up on Monday, and put a cat beside it", Plan())
    assert [one.text for one in read.told_back] == ["and put a cat beside it"]


@pytest.mark.parametrize("text", ["rotate it 3度，逆时针", "a touch anticlockwise, it's off by 2 degrees"])
def test_an_amount_in_another_piece_that_is_told_back_is_not_left_out(text: str) -> None:
    read = understand(text, Plan())
    assert (read.plan.framing, bool(read.told_back)) == (Framing(), True)


@pytest.mark.parametrize(
    "text", ["our old barn is lovely, leave it in behind, a bit warmer", "我家那面砖墙挺有味道的，留着当背景"]
)
def test_a_background_that_shall_stay_is_kept_at_the_start(text: str) -> None:
    assert understand(text, Plan()).plan.backdrop.kind == "keep"


@pytest.mark.parametrize("text", ["contrast down by half", "反差降一半"])
def test_half_of_the_contrast_is_taken_back(text: str) -> None:
    assert understand(text, Plan(tone=Tone(contrast=0.4))).plan.tone.contrast == 0.2


def test_a_step_that_shall_not_be_undone_stays() -> None:
    warm = Plan(tone=Tone(mired=30))
    assert understand("don't undo the warmth", warm).plan.tone == warm.tone


def test_a_side_that_is_given_in_degrees_is_not_guessed() -> None:
    read = understand("shadow direction: 40 degrees to the left", Plan())
    assert (read.plan.shadow, bool(read.told_back)) == (Shadow(), True)


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("sage green behind the soap bars", "#a9b8a0"),
        ("turquoise behind the vase, and a bit bigger", "#3fbfb5"),
    ],
)
def test_the_only_colour_that_asks_for_a_backdrop_paints_it(text: str, colour: str) -> None:
    read = understand(text, Plan())
    assert (read.plan.backdrop.kind, read.plan.backdrop.color) == ("color", colour)
    assert not read.told_back


@pytest.mark.parametrize(
    "text", ["the red bag on a plain backdrop", "墨绿色丝绒背景", "lilac for the scrunchies"]
)
def test_a_colour_of_the_goods_or_of_a_cloth_paints_no_backdrop(text: str) -> None:
    assert understand(text, Plan()).plan.backdrop.kind in ("white", "gradient")


def test_a_piece_that_repeats_a_wish_in_other_words_is_not_told_back() -> None:
    base = Plan(backdrop=Backdrop(kind="scene", scene="linen", exposure_ev=0.5))
    read = understand("the backdrop is too bright compared with the whisky glass, take it down a notch", base)
    assert read.plan.backdrop.exposure_ev < 0.5
    assert not read.told_back


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("too much contrast, the black lace is just a blob", "tone"),
        ("太黃喇，調返白啲", "tone"),
        ("It is too much yellow, my enamel is white like the milk", "tone"),
        ("shadow's way too heavy, lighten it up", "shadow"),
    ],
)
def test_what_follows_an_answered_complaint_is_not_told_back(text: str, part: str) -> None:
    read = understand(text, PICTURE)
    assert read.asked == (part,)
    assert not read.told_back


def test_a_remark_about_a_backdrop_that_is_replaced_is_not_told_back() -> None:
    read = understand("颗粒太重了，背景也乱，换纯色的吧", Plan())
    assert read.asked == ("backdrop", "detail")
    assert not read.told_back


def test_a_size_beside_a_room_and_its_floor_is_read() -> None:
    beside = understand("loft with concrete, bike quite big in it", Plan()).plan
    assert beside.framing.fill == understand("loft, bike quite big in it", Plan()).plan.framing.fill


def test_what_follows_a_wish_is_told_back_if_nothing_comes_of_it() -> None:
    read = understand("Keep my own background, just fix the lighting on the bag", Plan())
    assert read.told_back


@pytest.mark.parametrize("text", ["Way too dark, make the tin 3 cm wider", "太暗了，背景弄得梦幻一点"])
def test_an_amount_or_a_backdrop_after_an_answered_complaint_stays_told_back(text: str) -> None:
    assert understand(text, PICTURE).told_back


def test_a_piece_with_an_amount_of_its_own_stays_told_back() -> None:
    read = understand("shadow is coming too dark, do it by 30 percent na, rest all ok", Plan())
    assert "do it by 30 percent na" in told_texts(read)


@pytest.mark.parametrize(
    ("text", "fill"),
    [
        ("Make the candle fill about 90% of the frame", 0.9),
        ("the ring should take up some 60 percent of the picture", 0.6),
        ("纯白，罐子撑满画面八成", 0.8),
    ],
)
def test_a_share_of_the_frame_that_the_product_fills_is_exact(text: str, fill: float) -> None:
    read = understand(text, Plan())
    assert read.plan.framing.fill == fill
    assert not read.told_back


def test_the_ratio_of_the_photo_is_completed() -> None:
    read = understand("Photo shape same as my original, not square", Plan())
    assert read.plan.framing.aspect == "photo"
    assert not read.told_back


def test_the_ratio_of_the_photo_is_not_taken_from_words_for_the_photo_alone() -> None:
    assert words_for("framing.aspect=photo", "as in the original photo", []) == ""
    assert words_for("framing.aspect=photo", "original proportions please", [])


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("影子拖得老长，搞得像快下班了", {"shadow.length"}),
        ("这批竹篮在仓库角落拍的，暗，而且边上发青，麻烦处理", {"tone.white_balance", "tone.exposure_ev"}),
    ],
)
def test_what_is_surely_meant_the_other_way_round_is_carried_out(text: str, changed: set[str]) -> None:
    read = understand(text, Plan())
    assert {f"{one.part}.{one.field}" for one in changes_between(Plan(), read.plan)} == changed
    assert not read.told_back


def test_what_is_sure_is_carried_out_beside_what_is_told_back_as_ambiguous() -> None:
    read = understand("背景太喧宾夺主，压一压，字要突出", Plan())
    assert read.plan.backdrop.color == "#666666"
    assert [(one.text, one.reason) for one in read.told_back] == [
        ("背景太喧宾夺主", "ambiguous"),
        ("字要突出", "not_possible"),
    ]
