"""Files of sentences: instructions, and what each must do to the plan."""

import json
import unicodedata
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.plans.plan import PicturePlan, Plan, starting_plan
from stillroom.domain.told_back import Why
from stillroom.evaluation.instructions.conditions import Condition, checked_path, condition_of

Kind = Literal[
    "plain",
    "paraphrase",
    "mixed",
    "complaint",
    "style",
    "undo",
    "number",
    "colour",
    "position",
    "prop",
    "refusal",
    "typo",
    "cantonese",
]
"""`mixed`: several wishes in one sentence."""


def _conditions(raw: object) -> tuple[Condition, ...]:
    if isinstance(raw, dict) and raw:
        return tuple(condition_of(path, test) for path, test in raw.items())
    raise ValueError(f"expected an object of fields and tests, not {raw!r}")


def _listed(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


Conditions = Annotated[tuple[Condition, ...], BeforeValidator(_conditions)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Path = Annotated[str, BeforeValidator(lambda raw: checked_path(str(raw)))]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Wish(_Entry):
    """One thing that a sentence asks for.

    Attributes:
        clause: The words that ask for it; empty for the whole text.
        any: Alternatives; the wish is done if all conditions of one of them hold.
        nearly: Alternatives that are not exact; with the rest told back, the wish is partly done.
        told_back: The wish is told back if a told-back text contains one of these.
        reason: The right reasons when it is told back; empty accepts all.
    """

    clause: str = ""
    any: tuple[Conditions, ...] = ()
    nearly: tuple[Conditions, ...] = ()
    told_back: Strings = ()
    reason: Annotated[tuple[Why, ...], BeforeValidator(_listed)] = ()

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.any and not self.told_back:
            raise ValueError("a wish needs `any`, `told_back` or both")
        return self

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(condition.path for conditions in self.any for condition in conditions)


class Expectation(_Entry):
    """One right reading of a sentence.

    Attributes:
        wishes: Everything that is asked.
        may_change: Fields and parts that may change as a consequence.
        unchanged: Fields and parts that must stay, even if a wish names their part.
        may_tell: Texts that may be told back although nothing is asked there; True for all.
    """

    wishes: tuple[Wish, ...]
    may_change: tuple[Path, ...] = ()
    unchanged: tuple[Path, ...] = ()
    may_tell: Literal[True] | Strings = ()


class Sentence(_Entry):
    """An instruction and its right readings.

    Attributes:
        lang: `mixed` is Chinese and English in one sentence.
        part: `tune` sentences may be used to improve the reader, `check` ones only to measure it.
        base: Plan of the picture to refine; None is the operation's starting plan.
        group: Sentences of a group ask for the same in other words.
    """

    id: str = Field(min_length=1)
    lang: Literal["zh", "en", "mixed"]
    part: Literal["tune", "check"] | None = Field(default=None, alias="set")
    text: str = Field(min_length=1, max_length=500)
    operation: Literal["optimize", "bg_replace", "refine"]
    base: PicturePlan | None = None
    kind: Kind
    group: str | None = None
    expect: Expectation
    alternatives: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.base is not None and self.operation != "refine":
            raise ValueError("base: only a refine has one")
        for expectation in self.expectations:
            quoted = () if expectation.may_tell is True else expectation.may_tell
            for wish in expectation.wishes:
                quoted = (*quoted, *wish.told_back, wish.clause)
            for words in quoted:
                if plain(words) not in plain(self.text):
                    raise ValueError(f"“{words}” does not occur in the text")
        return self

    @property
    def start(self) -> Plan:
        return self.base or starting_plan(self.operation)

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        return (self.expect, *self.alternatives)


def plain(text: str) -> str:
    """Normalise a text for comparison: without case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def sentences_of(text: str, name: str) -> tuple[Sentence, ...]:
    """Parse a file of sentences.

    Args:
        text: A JSON list of objects.

    Raises:
        ValidationFailed: The file is invalid; the error names the sentence and what is wrong there.
    """
    sentences: dict[str, Sentence] = {}
    for number, raw in enumerate(_items(text, name), 1):
        try:
            sentence = Sentence.model_validate(raw)
        except ValidationError as error:
            raise ValidationFailed(f"{name}, {_place(raw, number, text)}: {_first_of(error)}.") from error
        if sentence.id in sentences:
            raise ValidationFailed(f"{name}, {_place(raw, number, text)}: this id occurs twice.")
        sentences[sentence.id] = sentence
    if not sentences:
        raise ValidationFailed(f"{name} contains no sentences.")
    return tuple(sentences.values())


def _items(text: str, name: str) -> list[object]:
    try:
        items = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise ValidationFailed(f"{name}, line {error.lineno}: not JSON ({error.msg}).") from error
    if not isinstance(items, list):
        raise ValidationFailed(f"{name}: expected a JSON list of sentences.")
    return items


def _place(raw: object, number: int, text: str) -> str:
    """Return the line of a sentence's id, or its number if it has none."""
    if not isinstance(raw, dict) or "id" not in raw:
        return f"sentence {number}"
    before, _, _ = text.rpartition(json.dumps(raw["id"], ensure_ascii=False))
    line = before.count("\n") + 1
    return f"line {line} ({raw['id']})"


def _first_of(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"])
    why = first["msg"].removeprefix("Value error, ")
    return f"{where}: {why}" if where else why
