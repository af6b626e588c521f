"""An instruction while it is read: what of it is understood, what is refused, and what is still open."""

import re
from collections.abc import Callable
from typing import NamedTuple

from stillroom.domain.cues import cues_of
from stillroom.domain.letters import plain
from stillroom.domain.plans import Plan, PlanPart, changed
from stillroom.domain.refusing import (
    DENIED,
    MARKS,
    NO,
    REFUSED,
    REMOVAL,
    TAKEN,
    begins_with_no,
    refusal,
    says_no,
)

_NO = re.compile(rf"{NO}|{REMOVAL}|不|无|没")
_ANY_NO = re.compile(
    r"[不没无别勿莫甭]|去掉|去除|取消|删|移除|拿掉|停止|免了|算了|禁止|杜绝|避免|拒绝|(?<![a-z])[a-z]*no"
    r"|n't|nt |never|without|neither"
    r"|avoid|instead|rather|remove|stop|but|except|unwanted|off"
)
_FIGURE = re.compile(r"\d\s*(?:%|倍|度|档|挡|成|×|x\b|ev|stop|percent|times|mired|px|像素)|百分之|[+-]\s*\d")
_CLAUSE = re.compile(r"[^,，;；。!！?？\n]+")
_WORDS = re.compile(r"[\u4e00-\u9fff].*?[\u4e00-\u9fff]|[a-z]{3,}", re.DOTALL)
_STRETCH = re.compile(rf"(?:[^,.;:!?，。；：！？、\n{MARKS}{REFUSED}]|(?<=\d)\.(?=\d))+")


class Reading:
    """An instruction being read: each rule takes away the words it has understood.

    Attributes:
        text: As the user wrote it.
        open: The same in plain letters, marks standing for what was read.
        asked: The parts that it speaks of.
        unknown: Stretches of the text that are told back.
        denied: Stretches that refuse a backdrop: told back unless another one is asked for.
    """

    def __init__(self, text: str, base: Plan) -> None:
        self.text = text
        self.open = self._said = plain(text)
        self._clauses = [clause.span() for clause in _CLAUSE.finditer(self.open)]
        self.plan = base
        self.asked: set[PlanPart] = set()
        self.unknown: list[tuple[int, int]] = []
        self.denied: list[tuple[int, int]] = []
        self._refused: list[tuple[int, int]] = []
        self._is_left = False
        self._is_new = base.product_transform is None
        self._has_no = bool(_ANY_NO.search(self.open))

    def apply(self, rule: "Rule") -> None:
        """Carry out a rule wherever it matches; no words reach across a comma."""
        said = [cue for cue in rule.cues if cue in self._said]
        if rule.cues and not said:
            return
        for start, end in self._clauses:
            if not rule.cues or any(self._said.find(cue, start, end) >= 0 for cue in said):
                self._apply_within(start, end, rule.pattern, rule.act)

    def _apply_within(self, position: int, stop: int, pattern: re.Pattern[str], act: "Act") -> None:
        while match := pattern.search(self.open, position, stop):
            start, end = match.span("old") if "old" in pattern.groupindex else match.span()
            position = max(end, position + 1)
            refused = refusal(self.open, start, end) if self._has_no else None
            if refused:
                self._refuse(match, act, refused)
                self._mark(REFUSED, start, end)
                continue
            act(self, match)
            self._mark(DENIED if self._has_no and begins_with_no(match.group()) else TAKEN, start, end)

    def change(self, part: PlanPart, **fields: object) -> None:
        if part == "backdrop" and fields.get("kind", "scene") != "scene":
            fields = {"scene": None, "mirrored": None, "exposure_ev": 0.0, **fields}
        self.plan = changed(self.plan, part, **fields)
        self.asked.add(part)

    def leaves(self, part: PlanPart) -> None:
        """Note that a part stays as it is; a picture that goes on from another leaves all unasked parts."""
        self._is_left = True
        if self._is_new:
            self.asked.add(part)

    def puzzled_by(self, match: re.Match[str]) -> None:
        self.unknown.append(match.span())

    @property
    def is_heard(self) -> bool:
        """Whether any of the words meant something."""
        return bool(self.asked) or self._is_left or TAKEN in self.open or DENIED in self.open

    def leftovers(self, filler: re.Pattern[str]) -> tuple[str, ...]:
        """What no rule took and is more than filler, as the user wrote it."""
        told = [*self.unknown, *(() if "backdrop" in self.asked else self.denied)]
        for start, end in self._refused:
            for no in _NO.finditer(self.open, start, end):
                self._mark(REFUSED, *no.span())
        for stretch in _STRETCH.finditer(self.open):
            said = stretch.group()
            words = filler.sub(" ", said)
            if _WORDS.search(words) or _FIGURE.search(said) or says_no(said):
                told.append(stretch.span())
        return tuple(words for a, b in _joined(told) if (words := self.text[a:b].strip(" -'\"“”‘’()（）")))

    def _refuse(self, match: re.Match[str], act: "Act", stretch: tuple[int, int]) -> None:
        """Carry out nothing: what is refused stays as it is, or is told back where that means nothing."""
        self._refused.append(stretch)
        trial = Reading("", self.plan)
        act(trial, match)
        if "backdrop" in trial.asked:
            self._deny_backdrop(trial.plan, stretch)
        elif trial.plan == self.plan:
            self.unknown.append(stretch)
        else:
            for part in trial.asked:
                self.leaves(part)

    def _deny_backdrop(self, wanted: Plan, stretch: tuple[int, int]) -> None:
        old, new = self.plan.backdrop, wanted.backdrop
        stands = (old.kind, old.scene, old.color) == (new.kind, new.scene, new.color)
        if stands and old.kind not in ("white", "keep"):
            self.change("backdrop", kind="white", scene=None, mirrored=None)
        else:
            self.denied.append(stretch)

    def _mark(self, mark: str, start: int, end: int) -> None:
        self.open = self.open[:start] + mark * (end - start) + self.open[end:]


Act = Callable[[Reading, re.Match[str]], None]
"""Carries one understood wish into the plan being read."""


class Rule(NamedTuple):
    """Words and what they mean.

    Attributes:
        cues: Stretches of which a text must have one for the pattern to match; none if that is not known.
    """

    pattern: re.Pattern[str]
    act: Act
    cues: tuple[str, ...]


Rules = tuple[Rule, ...]
"""Words and what they mean, in the order in which they are tried."""


def rule(pattern: str, act: Act) -> Rule:
    return Rule(re.compile(pattern), act, cues_of(pattern))


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
