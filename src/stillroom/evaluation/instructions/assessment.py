"""Read all sentences of a file, and count the verdicts on how they were read."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stillroom.domain.language.reader import Understanding
from stillroom.domain.plans.plan import Plan
from stillroom.evaluation.instructions.judging import Judgement, ReadingClass, judge
from stillroom.evaluation.instructions.sentences import Sentence

Read = Callable[[str, Plan], Understanding]


@dataclass(frozen=True, slots=True)
class Assessed:
    """A sentence, how it was read, and how long that took."""

    sentence: Sentence
    understanding: Understanding
    judgement: Judgement
    ms: float

    @property
    def verdict(self) -> ReadingClass:
        return self.judgement.verdict


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of the classes in a set of sentences."""

    counts: Mapping[ReadingClass, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def share(self, *classes: ReadingClass) -> float:
        return sum(self.counts.get(one, 0) for one in classes) / max(1, self.total)

    @property
    def right(self) -> float:
        """The share that is right or rightly told back."""
        return self.share(*(one for one in ReadingClass if one.is_right))

    def as_json(self) -> dict[str, Any]:
        """Serialise, with the shares in percent."""
        shares = {one.value: round(100 * self.share(one), 1) for one in ReadingClass}
        return {"sentences": self.total, "right_or_told_back": round(100 * self.right, 1), **shares}


def assess(sentences: Sequence[Sentence], read: Read) -> tuple[Assessed, ...]:
    """Read and judge every sentence, in the order of the file."""
    if sentences:
        # Load the word lists, which are no part of the times; no text of the file may be cached by it.
        read(f"{sentences[0].text} ", sentences[0].start)
    return tuple(_assessed(sentence, read) for sentence in sentences)


def _assessed(sentence: Sentence, read: Read) -> Assessed:
    began = time.perf_counter()
    understanding = read(sentence.text, sentence.start)
    ms = (time.perf_counter() - began) * 1000.0
    return Assessed(sentence, understanding, judge(sentence, understanding.plan, understanding.told_back), ms)


def tally(assessed: Sequence[Assessed]) -> Tally:
    return Tally(Counter(one.verdict for one in assessed))


def tallies(assessed: Sequence[Assessed], key: Callable[[Sentence], str | None]) -> dict[str, Tally]:
    """Count the classes by a property of the sentences; None leaves a sentence out."""
    groups: dict[str, list[Assessed]] = defaultdict(list)
    for one in assessed:
        if (name := key(one.sentence)) is not None:
            groups[name].append(one)
    return {name: tally(members) for name, members in sorted(groups.items())}


@dataclass(frozen=True, slots=True)
class Paraphrases:
    """Right sentences of all paraphrase groups, and groups in which every sentence is right."""

    sentences: Tally
    groups: int
    whole_groups: int

    def as_json(self) -> dict[str, Any]:
        """Serialise, with shares in percent."""
        return {
            "groups": self.groups,
            "groups_all_right": self.whole_groups,
            "groups_all_right_share": round(100 * self.whole_groups / max(1, self.groups), 1),
            **self.sentences.as_json(),
        }


def paraphrases(assessed: Sequence[Assessed]) -> Paraphrases:
    by_group = tallies(assessed, lambda sentence: sentence.group)
    whole = sum(1 for group in by_group.values() if group.right == 1.0)
    members = [one for one in assessed if one.sentence.group is not None]
    return Paraphrases(tally(members), len(by_group), whole)
