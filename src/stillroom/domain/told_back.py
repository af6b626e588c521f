"""Parts of an instruction that are not carried out: the user's words, the reason and a suggestion."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from stillroom.domain.words import Words

Why = Literal["not_understood", "not_possible", "ambiguous", "refused"]
"""`refused`: the user asks to leave out something that the picture does not contain."""

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
_TOPICS: dict[str, Words] = {
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
    "recolour": Words(
        zh="产品颜色不改；可以改背景颜色，例如“浅灰色背景”",
        en="The product keeps its colour. The backdrop can change: “light grey background”.",
    ),
    "format": Words(
        zh="画面比例：请在画幅菜单中选择，例如 3:4", en="Ratio: choose it in the frame menu, such as 3:4."
    ),
    "file": Words(zh="尺寸和格式在导出时选择", en="Choose size and format when you export."),
    "pose": Words(
        zh="产品的角度以照片为准，请换一张照片", en="The angle is that of the photo: upload another one."
    ),
    "animate": Words(zh="这里只做静态图片", en="Only still pictures are made here."),
    "copies": Words(
        zh="一张图只做一个产品；多款请用批量", en="One product per picture. Use a batch for several."
    ),
    "undo": Words(
        zh="请说明恢复什么，例如“恢复原来的光线”，或点“撤销”",
        en="Say what to take back, such as “restore the original light”, or press Undo.",
    ),
}
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
_SENTENCES: Mapping[str, Words] = {
    "not_understood": Words(zh="没有看懂{texts}", en="Not understood: {texts}"),
    "not_possible": Words(zh="这里做不到{texts}", en="Not possible here: {texts}"),
    "ambiguous": Words(zh="只说了{texts}，没有说要换成什么", en="Not clear what is wanted: {texts}"),
    "refused": Words(zh="图里本来就没有，不用改：{texts}", en="Nothing to change: {texts}"),
}
_SHOWN = 3
_HAN = re.compile(r"[\u4e00-\u9fff]")


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
        topic: What it is about, if there is a suggestion for that: `prop`, `format` or a scene that is near.
    """

    text: str
    reason: Why
    topic: str = ""

    @property
    def suggestion(self) -> str:
        """A suggestion in the language of the text."""
        words = _TOPICS.get(self.topic) or _SCENES.get(self.topic) or _SUGGESTIONS[self.reason]
        return words.zh if _HAN.search(self.text) else words.en

    @property
    def params(self) -> dict[str, str]:
        """Serialise for clients."""
        return {"text": self.text, "reason": self.reason, "suggestion": self.suggestion}


def sentence(told: Sequence[Mapping[str, Any]]) -> Words:
    """Return one sentence about the parts not carried out, with a suggestion for the first reason.

    Args:
        told: As in `ToldBack.params`; at least one.
    """
    why: Why = told[0]["reason"]
    texts = [str(one["text"]) for one in told if one["reason"] == why][:_SHOWN]
    said, suggestion = _SENTENCES[why], _SUGGESTIONS[why]
    return Words(
        zh=said.zh.format(texts="、".join(f"“{text}”" for text in texts)) + f"。{suggestion.zh}。",
        en=said.en.format(texts=", ".join(f"“{text}”" for text in texts)) + f". {suggestion.en}",
    )
