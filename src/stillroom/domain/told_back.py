"""Parts of an instruction that are not carried out: the user's words, the reason and a suggestion."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from stillroom.domain.words import Words

Why = Literal["not_understood", "not_possible", "ambiguous", "refused"]
"""`refused`: the user asks to leave out something that the picture does not contain."""

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
_SENTENCES: Mapping[str, Words] = {
    "not_understood": Words(zh="没有看懂{texts}", en="Not understood: {texts}"),
    "not_possible": Words(zh="这里做不到{texts}", en="Not possible here: {texts}"),
    "ambiguous": Words(zh="只说了{texts}，没有说要换成什么", en="Not clear what is wanted: {texts}"),
    "refused": Words(zh="图里本来就没有，不用改：{texts}", en="Nothing to change: {texts}"),
}
_SHOWN = 3
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Stretch(NamedTuple):
    """A range of the text that is not carried out, and the reason."""

    start: int
    end: int
    why: Why


class ToldBack(NamedTuple):
    """Words that were not carried out, and the reason."""

    text: str
    reason: Why

    @property
    def suggestion(self) -> str:
        """A suggestion in the language of the text."""
        words = _SUGGESTIONS[self.reason]
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
