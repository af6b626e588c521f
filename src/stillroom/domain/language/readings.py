"""State of the parser: text that is understood, refused or still unread."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from stillroom.domain.language.cues import cues_of
from stillroom.domain.language.letters import plain
from stillroom.domain.language.refusals import (
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
from stillroom.domain.plans.plan import Plan, PlanPart, changed
from stillroom.domain.told_back import Stretch, ToldBack, Why

_NO = re.compile(rf"{NO}|{REMOVAL}|不|无|没")
_ANY_NO = re.compile(
    r"[不没无别勿莫甭唔]|去掉|去除|取消|删|移除|拿掉|停止|免了|算了|禁止|杜绝|避免|拒绝|(?<![a-z])[a-z]*no"
    r"|n't|nt |never|without|neither"
    r"|avoid|instead|rather|remove|stop|lose|ditch|but|except|unwanted|off"
)
_FIGURE = re.compile(r"\d\s*(?:%|倍|度|档|挡|成|×|x\b|ev|stop|percent|times|mired|px|像素)|百分之|[+-]\s*\d")
_CLAUSE = re.compile(r"[^,，;；。!！?？\n]+")
_WORDS = re.compile(r"[\u4e00-\u9fff].*?[\u4e00-\u9fff]|[a-z]{3,}", re.DOTALL)
_SPACES = re.compile(r"[ \t\u00a0\u3000]{2,}")
_TOO_BEFORE = re.compile(r"(?:(?<![不别要])(?:太过?|过于)|(?<!not )(?<![a-z])too(?: much)?)\s*$")
_TOO_AFTER = re.compile(
    r"(?:真的|实在|感觉|看着|显得|有点|还是|也|都|的)?(?:太过?|过于)(?:[\u4e00-\u9fff]){1,3}"
    r"| ?(?:(?:is|are|looks?|seems?) )?(?:a bit |way |much |far )?too [a-z]+"
)
_LETTER = re.compile(r"[\u4e00-\u9fffa-z0-9]")
_TRIPLE = re.compile(
    r"(?<![\d.])\d{1,3}(?:[ \t]{0,3}[,，、][ \t]{0,3}\d{1,3}){2}(?![\d.]|[ \t]{0,3}[,，、][ \t]{0,3}\d)"
)
_AROUND = " -'\"“”‘’()（）"
_STRETCH = re.compile(rf"(?:[^,.;:!?，。；：！？、\n{MARKS}{REFUSED}]|(?<=\d)\.(?=\d))+")


class Reading:
    """An instruction being read: each rule takes away the words it has understood.

    Attributes:
        text: As the user wrote it, each space once.
        open: The same in plain letters, marks standing for what was read.
        asked: The parts that it speaks of.
        unknown: Stretches of the text that are told back.
        denied: Stretches that refuse a backdrop: told back unless another one is asked for.
    """

    def __init__(self, text: str, base: Plan) -> None:
        self.text = _SPACES.sub(" ", text)
        self.open = self._said = _TRIPLE.sub(_joined_triple, plain(self.text))
        self._clauses = [clause.span() for clause in _CLAUSE.finditer(self.open)]
        self.plan = base
        self.asked: set[PlanPart] = set()
        self.unknown: list[Stretch] = []
        self.denied: list[tuple[int, int]] = []
        self.complaints: list[Complaint] = []
        self._base = base
        self._steps: list[_Step] = []
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
            step = self._step(match, act, start, end)
            if self._carry_out(step):
                self._steps.append(step)
                self._mark(step.mark, *step.taken)

    def _step(self, match: re.Match[str], act: "Act", start: int, end: int) -> "_Step":
        if self._has_no and (refused := refusal(self.open, start, end)):
            return _Step(match, act, self.open, REFUSED, (start, end), refused)
        if too_much := self._too_much(start, end):
            return _Step(match, act, self.open, TAKEN, too_much, too_much)
        says_no_itself = self._has_no and begins_with_no(match.group())
        return _Step(match, act, self.open, DENIED if says_no_itself else TAKEN, (start, end))

    def _carry_out(self, step: "_Step") -> bool:
        """Whether the step's words have a meaning here; which they have is the same on every plan."""
        if step.stretch is None:
            return step.act(self, step.match) is not False
        if step.mark == REFUSED:
            return self._refuse(step.match, step.act, step.stretch)
        self._tell_too_much(step.match, step.act, step.stretch)
        return True

    def on(self, base: Plan) -> "Reading":
        """The same words carried into another plan, without a new search for them."""
        other = Reading(self.text, base)
        for step in self._steps:
            other.open = step.open
            other._carry_out(step)
        other.open = self.open
        return other

    def _too_much(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch that says there is too much of something, with the words for it."""
        before = _TOO_BEFORE.search(self.open, max(0, start - 12), start)
        after = _TOO_AFTER.match(self.open, end)
        if not before and not after:
            return None
        return before.start() if before else start, after.end() if after else end

    def _tell_too_much(self, match: re.Match[str], act: "Act", stretch: tuple[int, int]) -> None:
        """More of what there is too much of would be the opposite."""
        trial = Reading("", self.plan)
        act(trial, match)
        trial.settle()
        if "backdrop" in trial.asked:
            self.denied.append(stretch)
        else:
            self.unknown.append(Stretch(*stretch, "ambiguous"))

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

    def puzzled_by(self, match: re.Match[str], why: Why = "not_possible") -> None:
        self.unknown.append(Stretch(*match.span(), why))

    def is_next(self, end: int, start: int) -> bool:
        """Whether a place is in the clause of another one or in the one after it."""
        first = next((i for i, (_, stop) in enumerate(self._clauses) if end <= stop), 0)
        second = next((i for i, (_, stop) in enumerate(self._clauses) if start < stop), 0)
        return 0 <= second - first <= 1 and end <= start

    def settle(self) -> None:
        """Answer the complaints for which the text has no remedy of its own."""
        for complaint in self.complaints:
            trial = Reading("", self.plan)
            complaint.act(trial, complaint.match)
            self.unknown += trial.unknown
            self.denied += trial.denied
            if not self._is_answered(trial):
                self.plan = trial.plan
            self.asked |= trial.asked
        self.complaints.clear()

    def _is_answered(self, trial: "Reading") -> bool:
        """Whether a wish moved something the same way already that a complaint would move."""
        if "backdrop" in trial.asked & self.asked:
            return True
        for part in trial.asked & self.asked:
            before, now, then = (getattr(plan, part) for plan in (self._base, self.plan, trial.plan))
            for name in type(now).model_fields:
                old, new, other = (getattr(fields, name) for fields in (before, now, then))
                if old != new != other and _goes_on(old, new, other):
                    return True
        return False

    @property
    def is_heard(self) -> bool:
        """Whether any of the words meant something."""
        return bool(self.asked) or self._is_left or TAKEN in self.open or DENIED in self.open

    def leftovers(self, filler: re.Pattern[str], courtesy: re.Pattern[str]) -> tuple[ToldBack, ...]:
        """Return the clauses that cannot be carried out, as the user wrote them, in text order.

        Args:
            filler: Words without a meaning of their own beside others.
            courtesy: Those of them that also alone ask for nothing.
        """
        told = [
            Stretch(*span, "not_understood") for span in self._clauses if self._is_unheard(*span, courtesy)
        ]
        told += self._told()
        for start, end in self._refused:
            for no in _NO.finditer(self.open, start, end):
                self._mark(REFUSED, *no.span())
        for stretch in _STRETCH.finditer(self.open):
            said = stretch.group()
            words = courtesy.sub(" ", filler.sub(" ", said))
            if _WORDS.search(words) or _FIGURE.search(said) or says_no(said):
                told.append(Stretch(*stretch.span(), "not_understood"))
        return tuple(
            ToldBack(words, why)
            for a, b, why in _joined(told)
            if (words := self.text[a:b].strip(_AROUND).rstrip("."))
        )

    def _told(self) -> list[Stretch]:
        """Return the spans of recognised clauses that cannot be carried out."""
        denied = [] if "backdrop" in self.asked else [Stretch(*span, "ambiguous") for span in self.denied]
        return [*self.unknown, *denied]

    @property
    def is_carried_out(self) -> bool:
        """Whether any of the words has its effect, if only to leave something as it is."""
        if self.asked or self._is_left:
            return True
        told = {place for start, end, _ in self._told() for place in range(start, end)}
        return any(letter in MARKS and place not in told for place, letter in enumerate(self.open))

    def _is_unheard(self, start: int, end: int, courtesy: re.Pattern[str]) -> bool:
        said = self.open[start:end]
        if any(mark in said for mark in (TAKEN, DENIED, REFUSED)):
            return False
        return bool(_LETTER.search(courtesy.sub(" ", said)))

    def _refuse(self, match: re.Match[str], act: "Act", stretch: tuple[int, int]) -> bool:
        """Carry out nothing: what is refused stays as it is, or is told back where that means nothing."""
        trial = Reading("", self.plan)
        if act(trial, match) is False:
            return False
        self._refused.append(stretch)
        trial.settle()
        if "backdrop" in trial.asked:
            self._deny_backdrop(trial.plan, stretch)
        elif trial.plan == self.plan:
            self.unknown.append(Stretch(*stretch, "refused"))
        else:
            for part in trial.asked:
                self.leaves(part)
        return True

    def _deny_backdrop(self, wanted: Plan, stretch: tuple[int, int]) -> None:
        old, new = self.plan.backdrop, wanted.backdrop
        stands = (old.kind, old.scene, old.color) == (new.kind, new.scene, new.color)
        if stands and old.kind not in ("white", "keep"):
            self.change("backdrop", kind="white", scene=None, mirrored=None)
        else:
            self.denied.append(stretch)

    def _mark(self, mark: str, start: int, end: int) -> None:
        self.open = self.open[:start] + mark * (end - start) + self.open[end:]


Act = Callable[[Reading, re.Match[str]], bool | None]
"""Carries one understood wish into the plan being read; False if it does not apply after all."""


class _Step(NamedTuple):
    """One match of a rule.

    Attributes:
        open: What was still open when it matched.
        mark: What stands for its words from then on.
        taken: The words that it takes away.
        stretch: The words that refuse it, or find too much of it; None for a plain wish.
    """

    match: re.Match[str]
    act: Act
    open: str
    mark: str
    taken: tuple[int, int]
    stretch: tuple[int, int] | None = None


class Complaint(NamedTuple):
    """What is found fault with: answered at the end, unless the text has a remedy of its own.

    Attributes:
        remedy: Pattern of the words that, standing alone in the next clause, only say the same again.
    """

    act: Act
    match: re.Match[str]
    remedy: re.Pattern[str] | None


@dataclass(frozen=True, eq=False)
class Rule:
    """Words and what they mean.

    Attributes:
        words: A regular expression, read when it is needed: all two hundred together take half a second.
        act: What is done where it matches.
    """

    words: str
    act: Act

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words, to be searched for."""
        return re.compile(self.words)

    @cached_property
    def cues(self) -> tuple[str, ...]:
        """Stretches of which a text must have one for the pattern to match; none if that is not known."""
        return cues_of(self.words)


Rules = tuple[Rule, ...]
"""Words and what they mean, in the order in which they are tried."""


def _joined_triple(match: re.Match[str]) -> str:
    """Three channels of a colour, which no comma takes apart."""
    return re.sub("[,，、]", "/", match.group())


def _goes_on(old: object, new: object, other: object) -> bool:
    """Whether a figure that moved would move on the same way; all else that changed is settled."""
    if isinstance(old, float) and isinstance(new, float) and isinstance(other, float):
        return (new > old) == (other > new)
    return True


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """The stretches in order, those that overlap as one, which has the most telling of their reasons."""
    joined: list[Stretch] = []
    for one in sorted(stretches):
        if joined and one.start < joined[-1].end:
            start, end, why = joined[-1]
            joined[-1] = Stretch(start, max(one.end, end), one.why if why == "not_understood" else why)
        else:
            joined.append(one)
    return joined
