"""Parts of an instruction that are not carried out: the user's words, the reason and a suggestion."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from stillroom.domain.words import Words

Why = Literal["not_understood", "not_possible", "ambiguous", "refused"]
"""`refused`: nothing to change, because the picture lacks what shall go or shows already what is wished."""

WayOut = Literal["undo", "fix_cutout"]
"""Action of a page in place of the words: go back a step, or open the correction of the cut-out."""

NOTICES: Mapping[Why, str] = {
    "not_understood": "NOT_UNDERSTOOD",
    "not_possible": "NOT_POSSIBLE",
    "ambiguous": "AMBIGUOUS",
    "refused": "REFUSED",
}
"""Codes of the notices on words that a job does not carry out."""

_SUGGESTIONS: Mapping[Why, Words] = {
    "not_understood": Words(
        zh="换一种说法，例如“背景换成浅灰色”或“影子淡一点”",
        en="Say it in other words, such as “light grey background” or “softer shadow”.",
    ),
    "not_possible": Words(
        zh="可以改背景、影子、光线、色调、大小和位置，也可以选带绿植的场景，例如“花园场景”",
        en="Ask for another backdrop, shadow, light, tone, size or place, or a scene such as “in a garden”.",
    ),
    "ambiguous": Words(
        zh="请说明要换成什么，例如“白色背景”或“大理石台面”",
        en="Say what it should be instead, such as “white background” or “marble table”.",
    ),
    "refused": Words(
        zh="请说明要改什么，例如“影子淡一点”", en="Say what to change, such as “softer shadow”."
    ),
}
NOTHING = "nothing"
"""Topic of a text that asks for no change at all."""
_TOPICS: dict[str, Words] = {
    NOTHING: Words(
        zh="请说想改什么，例如“背景换成浅灰色”或“影子淡一点”",
        en="Say what to change, such as “light grey background” or “softer shadow”.",
    ),
    "prop": Words(
        zh="不能添加物品；可以选一个自带布置的场景，例如“花园场景”或“窗边自然光”",
        en="Things cannot be added. Choose a scene that has them, such as “in a garden” or “by a window”.",
    ),
    "text": Words(
        zh="文字和标志请在导出后添加；这里可以留出空白，例如“右边多留白”",
        en="Add lettering after the export. Room for it can be left here: “more space on the right”.",
    ),
    "retouch": Words(
        zh="产品本身不修改；可以试“降噪”“提亮”或“清晰一点”",
        en="The product itself is not altered. Try “denoise”, “brighter” or “sharper”.",
    ),
    "cutout": Words(
        zh="抠图可以手动修：点「修正抠图」，点一下多出来或缺少的地方",
        en="Repair the cut-out by hand: press ‘Fix the cut-out’ and tap what is left over or missing.",
    ),
    "recolour": Words(
        zh="产品颜色不改；可以改背景颜色，例如“浅灰色背景”",
        en="The product keeps its colour. The backdrop can change: “light grey background”.",
    ),
    "format": Words(
        zh="画面比例：请在画幅菜单中选择，例如 3:4", en="Ratio: choose it in the frame menu, such as 3:4."
    ),
    "file": Words(
        zh="尺寸和格式在导出时选择；照片够大时，图片自动做到4096像素",
        en="Choose size and format when you export. Pictures have up to 4096 px if the photo has them.",
    ),
    "own": Words(
        zh="请在场景旁的「自己的背景」里选一张，或点「上传图片」",
        en="Choose it under ‘Your own’ beside the scenes, or press ‘Add a picture’ there.",
    ),
    "pose": Words(
        zh="产品的角度以照片为准，请换一张照片", en="The angle is that of the photo: upload another one."
    ),
    "place": Words(
        zh="位置和留白请按画面的比例说，例如“往左移10%”“放右下角”或“上面留三分之一”",
        en="Name places in shares of the picture: “10% to the left”, “bottom right”, “top third empty”.",
    ),
    "rotation": Words(
        zh="请说明往哪边转，例如“顺时针转5度”", en="Say which way to turn it, such as “rotate 5° clockwise”."
    ),
    "side": Words(
        zh="请说明是哪一边，例如“光从左边来”或“影子往右”",
        en="Name the side, such as “light from the left” or “shadow to the right”.",
    ),
    "animate": Words(zh="这里只做静态图片", en="Only still pictures are made here."),
    "copies": Words(
        zh="一张图只做一个产品；多款请用批量", en="One product per picture. Use a batch for several."
    ),
    "kept": Words(
        zh="照片自己的背景里，影子和角度改不了；请先换背景，例如“白色背景”或“大理石台面”",
        en="The photo's own background keeps its shadow and angle. Choose another: “white background”.",
    ),
    "feeling": Words(
        zh="请说明要改什么，例如“亮一点”“对比度高一点”“影子淡一点”或“大理石台面”",
        en="Say what to change, such as “brighter”, “more contrast”, “softer shadow” or “marble table”.",
    ),
    "contrary": Words(
        zh="两个要求互相矛盾，请只留一个，例如“放大一点”",
        en="These contradict each other. Say only one, such as “a bit larger”.",
    ),
    "no_reflection": Words(
        zh="图里没有加倒影；台面自带的反光属于场景，换个场景就没有了",
        en="There is no reflection. The sheen of a polished table belongs to its scene.",
    ),
    "backdrop": Words(
        zh="点「撤销」回到上一个背景，或直接说背景，例如“大理石背景”；照片自己的背景请说“原图背景”",
        en="Press Undo for the backdrop before, or name one: “marble background”, “original background”.",
    ),
    "polished": Words(
        zh="这个场景的台面是抛光的，倒影属于台面；请选哑光的场景，例如“亚麻布”或“石膏展台”",
        en="The table of this scene is polished. Choose a matt scene, such as “linen” or “plaster podium”.",
    ),
    "undo": Words(
        zh="请说明恢复什么，例如“恢复原来的光线”，或点「撤销」",
        en="Say what to take back, such as “restore the original light”, or press Undo.",
    ),
}
_ALREADY: dict[str, Words] = {
    "white": Words(zh="背景已经是白色了", en="The background is white already."),
    "color": Words(zh="背景已经是这个颜色了", en="The background has that colour already."),
    "gradient": Words(zh="背景已经是渐变了", en="The background is a gradient already."),
    "transparent": Words(zh="背景已经是透明的了", en="The background is transparent already."),
    "scene": Words(zh="已经在这个场景里了", en="The picture shows that scene already."),
    "picture": Words(zh="已经在用自己的背景图了", en="Your own backdrop is there already."),
    "keep": Words(zh="已经是照片原来的背景了", en="The background is that of the photo already."),
    "backdrop": Words(zh="背景已经是这样了", en="The background is like that already."),
    "square": Words(zh="已经是方图了", en="The picture is square already."),
    "aspect": Words(zh="已经是这个比例了", en="The picture has that ratio already."),
    "framing": Words(zh="产品的大小和位置已经是这样了", en="The product has that size and place already."),
    "straight": Words(
        zh="照片已经扶正了；还歪的话，可以说“顺时针转3度”",
        en="The photo is straightened already. If it still leans, say “rotate 3° clockwise”.",
    ),
    "shadow": Words(zh="影子已经是这样了", en="The shadow is like that already."),
    "light": Words(zh="光线已经是这样了", en="The light is like that already."),
    "tone": Words(zh="亮度和颜色已经是这样了", en="Brightness and colour are like that already."),
    "detail": Words(zh="清晰度和细节已经是这样了", en="Sharpness and detail are like that already."),
}
"""Suggestions for wishes that the picture fulfils already, by part or kind of backdrop."""
_TOPICS |= {f"already.{name}": words for name, words in _ALREADY.items()}
_NEAREST: Mapping[str, Words] = {
    "wood_oak": Words(zh="木桌", en="wooden table"),
    "marble_white": Words(zh="大理石台面", en="marble table"),
    "natural_light": Words(zh="窗边自然光", en="window light"),
    "slate_dark": Words(zh="深色石板", en="dark slate"),
    "concrete_ledge": Words(zh="水泥台面", en="concrete ledge"),
    "stone_garden": Words(zh="花园场景", en="garden"),
}
"""Words by which an available scene can be asked for."""
_SCENES: Mapping[str, Words] = {
    scene: Words(
        zh=f"没有这个场景；最接近的是“{words.zh}”",
        en=f"There is no such scene. The nearest one is “{words.en}”.",
    )
    for scene, words in _NEAREST.items()
}
_WAYS_OUT: Mapping[str, WayOut] = {"undo": "undo", "backdrop": "undo", "cutout": "fix_cutout"}
"""By topic."""
_SENTENCES: Mapping[str, Words] = {
    "not_understood": Words(zh="没有看懂{texts}", en="Not understood: {texts}"),
    "not_possible": Words(zh="这里做不到{texts}", en="Not possible here: {texts}"),
    "ambiguous": Words(zh="没有说清楚要改成什么：{texts}", en="Not clear what is wanted: {texts}"),
    "refused": Words(zh="不用改：{texts}", en="Nothing to change: {texts}"),
}
_SHOWN = 3


class Stretch(NamedTuple):
    """A range of the text that is not carried out, with the reason and the topic of its suggestion."""

    start: int
    end: int
    why: Why
    topic: str = ""


class ToldBack(NamedTuple):
    """Words that were not carried out, and the reason.

    Attributes:
        text: The clause as the user wrote it.
        topic: What it is about, if there is a suggestion for that: `prop`, `format`, a scene that is near, or
            `already.` and what the picture shows already.
        within: The whole text, whose language the suggestion has.
    """

    text: str
    reason: Why
    topic: str = ""
    within: str = ""

    @property
    def words(self) -> Words:
        """The suggestion in both languages."""
        return _TOPICS.get(self.topic) or _SCENES.get(self.topic) or _SUGGESTIONS[self.reason]

    @property
    def suggestion(self) -> str:
        """A suggestion in the language of the whole text."""
        return self.words.like(self.within or self.text)

    @property
    def way_out(self) -> WayOut | None:
        """An action of the page that does what the words ask for."""
        return _WAYS_OUT.get(self.topic)

    @property
    def params(self) -> dict[str, str | None]:
        """Serialise for clients."""
        return {
            "text": self.text,
            "reason": self.reason,
            "suggestion": self.suggestion,
            "way_out": self.way_out,
        }


def asks_for_nothing(told: Sequence[ToldBack]) -> bool:
    """Whether a text was told back because it asks for no change at all."""
    return any(one.topic == NOTHING for one in told)


def in_language(told: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return parameters of what was told back with the suggestion in a language, `zh` or `en`."""
    return {**told, "suggestion": _suggestion_of(told).to(language)}


def sentence(told: Sequence[Mapping[str, Any]]) -> Words:
    """Return one sentence about the parts not carried out for the first reason, with the first suggestion.

    Args:
        told: As in `ToldBack.params`; at least one.
    """
    why: Why = told[0]["reason"]
    texts = [str(one["text"]) for one in told if one["reason"] == why][:_SHOWN]
    said = _SENTENCES[why]
    suggestion = _suggestion_of(told[0])
    return Words(
        zh=said.zh.format(texts="、".join(f"“{text}”" for text in texts)) + f"。{suggestion.zh}。",
        en=said.en.format(texts=", ".join(f"“{text}”" for text in texts)) + f". {suggestion.en}",
    )


def _suggestion_of(told: Mapping[str, Any]) -> Words:
    """Return a suggestion in both languages, from parameters that have it in one."""
    given = told.get("suggestion", "")
    every = (*_TOPICS.values(), *_SCENES.values())
    return next((words for words in every if given in (words.zh, words.en)), _SUGGESTIONS[told["reason"]])
