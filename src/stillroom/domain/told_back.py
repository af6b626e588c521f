"""Parts of an instruction that are not carried out: the user's words, the reason and a suggestion."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

from stillroom.domain.words import Words, texts_in

Why = Literal["not_understood", "not_possible", "ambiguous", "refused"]
"""`refused`: nothing to change, because the picture lacks what should go or already shows the wish."""

WayOut = Literal["undo", "fix_cutout"]
"""Action of a page in place of the words: go back a step, or open the correction of the cut-out."""

NOTICES: Mapping[Why, str] = {why: why.upper() for why in get_args(Why)}
"""Codes of the notices on words that a job does not carry out."""

NOTHING = "nothing"
"""Topic of a text that asks for no change at all."""

_TEXTS = texts_in("told_back")

_SCENES: Mapping[str, Words] = {
    scene: Words(
        zh=f"没有这个场景；最接近的是“{words.zh}”。",
        en=f"There is no such scene. The nearest one is “{words.en}”.",
    )
    for scene, words in _TEXTS["scenes"].items()
}
"""Suggestions by the scene that is nearest to what was asked for."""

_SUGGESTIONS = {**_SCENES, **_TEXTS["topics"]}
"""By topic; `already.` and a part or kind of backdrop is for wishes that the picture fulfils already."""

_WAYS_OUT: Mapping[str, WayOut] = {"undo": "undo", "backdrop": "undo", "cutout": "fix_cutout"}
"""By topic."""

_SHOWN = 3
"""Clauses that one sentence quotes."""


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
        return _SUGGESTIONS.get(self.topic) or _TEXTS["reasons"][self.reason]

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
            "topic": self.topic,
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
    said = _TEXTS["sentences"][why]
    suggestion = _suggestion_of(told[0])
    return Words(
        zh=said.zh.format(texts="、".join(f"“{text}”" for text in texts)) + f"。{suggestion.zh}",
        en=said.en.format(texts=", ".join(f"“{text}”" for text in texts)) + f". {suggestion.en}",
    )


def _suggestion_of(told: Mapping[str, Any]) -> Words:
    """Return a suggestion in both languages; errors of earlier releases have it in one alone."""
    if "topic" not in told and (given := told.get("suggestion")):
        return Words(zh=given, en=given)
    return _SUGGESTIONS.get(told.get("topic", "")) or _TEXTS["reasons"][told["reason"]]
