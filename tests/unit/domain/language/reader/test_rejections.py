"""Requests that cannot be carried out: reported with a reason, nothing changes."""

import re

import pytest

from stillroom.domain.errors import PromptInvalid
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, starting_plan
from stillroom.domain.told_back import ToldBack, sentence
from stillroom.domain.words import texts_in
from tests.unit.domain.language.sentences import WHITE, on_marble, told_back, told_texts

PROPS = [
    *("add a plant", "add some eucalyptus leaves", "put a few flowers next to it", "add a green leaf"),
    *("eucalyptus leaves in the corner", "a sprig of leaves next to the bottle", "add water droplets"),
    *("add a big leafy plant", "加一大片热带绿叶"),
    *("add a small vase beside the product", "scatter rose petals around it", "some flowers on the left"),
    *("加一束绿植", "加点绿叶", "旁边放一盆绿植", "角落加几片尤加利叶", "摆点鲜花做点缀", "加点花"),
    *("撒一些花瓣", "右边放一本书", "来点水珠", "加上绿植点缀", "前景放几片叶子", "旁邊放一盆綠植"),
]


@pytest.mark.parametrize("words", PROPS)
def test_prop_is_rejected_and_keeps_the_backdrop(words: str) -> None:
    for base in (WHITE, on_marble()):
        understood = understand(words, base)
        assert understood.plan.backdrop == base.backdrop
        assert understood.asked == ()
        assert [told.reason for told in understood.told_back] == ["not_possible"]
        assert told_texts(understood) == (words,)
        assert not understood.is_carried_out


def test_other_wishes_are_applied_beside_a_rejected_prop() -> None:
    understood = understand("加一束绿植，暖一点", on_marble())
    assert understood.asked == ("tone",)
    assert told_texts(understood) == ("加一束绿植",)
    assert understood.is_carried_out


@pytest.mark.parametrize(
    ("words", "base", "reason"),
    [
        ("独角兽", WHITE, "not_understood"),
        ("a modern kitchen", WHITE, "not_possible"),
        ("把杯子改成红色", WHITE, "not_possible"),
        ("背景暗一点", Plan(backdrop=starting_plan("refine").backdrop), "not_possible"),
        ("换个背景", WHITE, "ambiguous"),
        ("I don't like the wood", WHITE, "ambiguous"),
        ("不要左光，不要右光，不要顶光", starting_plan("optimize"), None),
    ],
)
def test_rejected_clause_has_a_reason(words: str, base: Plan, reason: str | None) -> None:
    understood = understand(words, base)
    assert {told.reason for told in understood.told_back} == ({reason} if reason else set())
    assert understood.is_carried_out == (reason is None)


@pytest.mark.parametrize(
    "words", ["暖一点", "保留文字", "keep the logo", "背景不变", "不要放大", "影子淡一点，独角兽"]
)
def test_clause_with_any_effect_is_applied(words: str) -> None:
    assert understand(words, on_marble()).is_carried_out


@pytest.mark.parametrize("words", ["一键优化", "make it nicer please", "hello, make it nicer"])
def test_instruction_without_a_request_reports_nothing(words: str) -> None:
    assert understand(words, WHITE).told_back == ()


@pytest.mark.parametrize(
    "words",
    [
        *("hello", "hi there", "ok", "thanks!", "no", "nope", "looks great, thanks", "keep everything"),
        *("你好", "谢谢", "好的", "好的，谢谢", "不", "别动", "保持现在这样", "挺好的", "👍 棒"),
    ],
)
def test_greeting_thanks_or_refusal_asks_for_nothing(words: str) -> None:
    for base in (WHITE, PICTURE):
        understood = understand(words, base)
        assert understood.plan == base
        assert [told.topic for told in understood.told_back] == ["nothing"]
        assert not understood.is_carried_out


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        ("7:3", "choose it in the frame menu"),
        ("画面比例7:3", "画幅菜单"),
        ("把瓶身上的划痕修掉", "产品本身不修改"),
        ("make the mug red", "keeps its colour"),
        ("undo that", "press Undo"),
        ("modern kitchen background", "“marble table”"),
        ("厨房背景", "“大理石台面”"),
        ("no reflection", "There is no reflection"),
        ("放到太空里", "没有这个场景"),
        ("make it 4096 px large", "when you export"),
        ("2048 px", "up to 4096 px"),
        ("3000像素", "在导出时选择"),
        ("use my own backdrop", "‘Your own’"),
        ("用我自己的背景", "「自己的背景」"),
        ("写上促销两个字", "文字和标志请在导出后添加"),
        ("去掉倒影", "图里没有加倒影"),
        ("rotate it 10 degrees", "which way to turn"),
        ("旋转10度", "往哪边转"),
    ],
)
def test_rejected_clause_has_a_suggestion(words: str, suggestion: str) -> None:
    (told,) = understand(words, WHITE).told_back
    assert told.text == words
    assert suggestion in told.suggestion


PICTURE = WHITE.model_copy(update={"product_transform": (1.0, 0.0, 5.0, 0.0, 1.0, 6.0)})


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        ("change the background back to white", "The background is white already."),
        ("white background", "The background is white already."),
        ("背景换回白色", "背景已经是白色了。"),
        ("square", "The picture is square already."),
        ("方图", "已经是方图了。"),
        ("soft shadow", "The shadow is like that already."),
        ("把它扶正", "照片已经扶正了；还歪的话，可以说“顺时针转3度”。"),
    ],
)
def test_a_wish_that_the_picture_already_fulfils_is_told_back(words: str, suggestion: str) -> None:
    understood = understand(words, PICTURE)
    assert [(told.reason, told.suggestion) for told in understood.told_back] == [("refused", suggestion)]
    assert not understood.is_carried_out
    assert understood.asked == ()
    assert understand(words, WHITE).told_back == ()


@pytest.mark.parametrize("words", ["white background, softer shadow", "白底，影子柔一点"])
def test_a_fulfilled_wish_beside_a_change_is_not_told_back(words: str) -> None:
    understood = understand(words, PICTURE)
    assert understood.is_carried_out
    assert understood.asked == ("shadow",)
    assert understood.told_back == ()


@pytest.mark.parametrize("words", ["keep the background white", "keep the background", "no blur", "不要放大"])
def test_a_wish_to_keep_something_is_not_told_back(words: str) -> None:
    understood = understand(words, PICTURE)
    assert understood.told_back == ()
    assert understood.asked == ()


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        *((words, "cutout") for words in ("halo around the edges", "old tablecloth is still visible")),
        *((words, "cutout") for words in ("I can still see the carpet behind it", "there's a white outline")),
        *((words, "cutout") for words in ("产品边缘有白边", "透明瓶子后面还能看到桌布", "抠图没抠干净")),
        *((words, "retouch") for words in ("remove the watermark", "get rid of the price tag", "把吊牌P掉")),
        *((words, "retouch") for words in ("get my reflection out of the kettle", "壶上手机的倒影去掉")),
        *((words, "text") for words in ("add a watermark", 'put "SALE 20% OFF" at the top')),
        *(
            (words, "prop")
            for words in ("add a sprig of lavender next to it", "add a unicorn", "加个模特拿着它")
        ),
        *(
            (words, "own")
            for words in ("use my own background picture", "用我的背景图", "用我店里的那张图当背景")
        ),
    ],
)
def test_an_impossible_wish_is_told_back_with_its_topic(words: str, topic: str) -> None:
    understood = understand(words, PICTURE)
    assert [(told.reason, told.topic) for told in understood.told_back] == [("not_possible", topic)]
    assert understood.plan == PICTURE


@pytest.mark.parametrize("words", ["larger, smaller", "放大，缩小"])
def test_contradictions_are_named_as_such(words: str) -> None:
    assert {told.topic for told in understand(words, WHITE).told_back} == {"contrary"}


def test_the_error_for_a_fulfilled_wish_exists_in_both_languages() -> None:
    words = sentence([told.params for told in understand("背景换回白色", PICTURE).told_back])
    assert words.zh == "不用改：“背景换回白色”。背景已经是白色了。"
    assert words.en == "Nothing to change: “背景换回白色”. The background is white already."


def test_a_suggestion_is_in_the_language_of_the_words() -> None:
    chinese, english = (understand(words, WHITE).told_back[0] for words in ("独角兽", "a unicorn"))
    assert chinese.suggestion.startswith("换一种说法")
    assert english.suggestion.startswith("Say it in other words")


def test_every_suggestion_is_a_whole_sentence_in_both_languages() -> None:
    texts = texts_in("told_back")
    scenes = [ToldBack("", "not_possible", scene).words for scene in texts["scenes"]]
    for words in [*texts["reasons"].values(), *texts["topics"].values(), *scenes]:
        assert words.zh.endswith("。")
        assert words.en.endswith(".")


def test_error_names_rejected_clauses_and_suggestions_in_both_languages() -> None:
    told = [told.params for told in understand("独角兽，加一束绿植", WHITE).told_back]
    words = PromptInvalid.words({"told_back": told})
    assert words == sentence(told)
    assert words.zh == "没有看懂“独角兽”。换一种说法，例如“背景换成浅灰色”或“影子淡一点”。"
    assert words.en.startswith("Not understood: “独角兽”. Say it in other words, such as “light grey")
    assert PromptInvalid.words({}).zh == PromptInvalid.title().zh


@pytest.mark.parametrize(
    "words",
    [
        *(
            "is the background white?",
            "要不要换成木纹？",
        ),
        "I already made it brighter",
        *(
            'the label reads "extra bright"',
            "the background is grey",
            "it isn't blurry",
        ),
        *("softer pillow", "white floating shelf", "make the handle wooden", "white or grey background"),
        *("marble and wood", "往左往右", "set contrast to 1.2", "不要动光线和影子"),
        *("去掉背景里的杂物", "瓶身上的灰去掉", "the shadow on the left is too long", "红色看着像橙色"),
        *("the right shoe", "living room lamp", "perfect for any living room", "客厅用的台灯", "对比度很高"),
        *("original packaging", "室内拍的", "客厅还是厨房好", "make the hoodie slate grey"),
    ],
)
def test_a_clause_with_an_unexplained_word_changes_nothing(words: str) -> None:
    for base in (WHITE, on_marble()):
        assert understand(words, base).plan.model_copy(update={"asked": ()}) == base


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("soft shadow but not too dark", ()),
        ("remove the shadow and reflection", ()),
        ("暖一点，" * 80, None),
    ],
)
def test_an_understood_clause_beside_an_unreadable_one_is_applied(
    words: str, told: tuple[str, ...] | None
) -> None:
    understood = understand(words, WHITE)
    assert understood.is_carried_out
    assert told is None or told_texts(understood) == told


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        ("undo that", "undo"),
        ("刚才那步不要了", "undo"),
        ("go back to the previous background", "undo"),
        ("抠图没抠干净", "fix_cutout"),
        ("Fix the cut-out", "fix_cutout"),
        ("修正抠图", "fix_cutout"),
        ("add a unicorn", None),
    ],
)
def test_a_told_back_clause_names_the_action_of_the_page_that_helps(words: str, way_out: str | None) -> None:
    [told] = understand(words, on_marble()).told_back
    assert told.way_out == way_out
    assert told.params["way_out"] == way_out


@pytest.mark.parametrize(
    "words",
    [
        *("undo that", "go back to the previous background", "抠图没抠干净", "用我自己的背景图"),
        *("looks cheap", "add a unicorn", "put our slogan on it", "make it red", "brighter and darker"),
    ],
)
def test_phrases_quoted_in_a_suggestion_are_understood(words: str) -> None:
    for told in understand(words, on_marble()).told_back:
        for phrase in re.findall("“([^”]+)”", told.words.zh + told.words.en):
            assert not understand(phrase, WHITE).told_back, phrase


@pytest.mark.parametrize(
    "words",
    [
        # Complaints with no or several remedies.
        *("长投影", "右边太亮了", "高光太亮", "背景太黄", "逆光太强", "too much backlight"),
        *("偏暖", "颜色偏黄", "偏红", "can't see the shadow"),
        # Requests that no field of the plan stands for.
        *("去掉倒影", "四角太暗", "把四角提亮", "the corners are too dark"),
        *("make the middle brighter", "lower the camera", "raise the camera a bit", "镜头低一点"),
        *("实物偏红一点", "除了背景都不要动"),
        # Refusals of something that is not there.
        *("不要文字", "没有水印", "别太花", "no people"),
    ],
)
def test_a_clause_without_one_clear_change_is_told_back_and_changes_nothing(words: str) -> None:
    told_back(words)
