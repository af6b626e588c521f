"""Questions and answers of reader models: the prompt, the JSON schema, and the validation of replies."""

import json
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stillroom.domain.plans.plan import PLAN_PARTS
from stillroom.domain.plans.read_as import READABLE, FieldChange, described_fields
from stillroom.domain.ports.readers import MAX_CLAUSES, ClauseAnswer, ReaderQuestion
from stillroom.domain.providers.readers import Readers
from stillroom.providers.readers.chats import Message, list_of, object_of

M = TypeVar("M", bound=BaseModel)

MAX_CHANGES = 8
MAX_REPLY_CHARACTERS = 20_000

_TEXT = {"type": "string"}

SCHEMA = object_of(
    clauses=list_of(
        object_of(
            clause={"type": "integer"},
            verdict={"type": "string", "enum": ["changes", "cannot", "unclear"]},
            changes=list_of(
                object_of(part={"type": "string", "enum": list(PLAN_PARTS)}, field=_TEXT, value=_TEXT)
            ),
        )
    )
)


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    part: Annotated[str, Field(max_length=20)]
    field: Annotated[str, Field(max_length=30)]
    value: Annotated[str, Field(max_length=100)] | float | bool | None


class _Clause(BaseModel):
    model_config = ConfigDict(extra="forbid")

    clause: Annotated[int, Field(ge=0, lt=MAX_CLAUSES)]
    verdict: Literal["changes", "cannot", "unclear"]
    changes: Annotated[list[_Change], Field(max_length=MAX_CHANGES)]


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")

    clauses: Annotated[list[_Clause], Field(max_length=MAX_CLAUSES)]


def message_for(question: ReaderQuestion, readers: Readers) -> Message:
    """Return the message for a question; its texts are JSON strings, so they cannot end the data."""
    plan = {
        part: {name: getattr(getattr(question.plan, part), name) for name in names}
        for part, names in READABLE.items()
    }
    user = {
        "text": question.text,
        "clauses": dict(enumerate(question.clauses)),
        "operation": question.operation.value,
        "plan": plan,
        "scenes": {name: words.en for name, words in question.scenes.items()},
    }
    system = "\n".join((readers.instruction, *described_fields()))
    return Message(system, json.dumps(user, ensure_ascii=False), SCHEMA)


def answers_in(text: str, question: ReaderQuestion) -> tuple[ClauseAnswer, ...]:
    """Parse a reply; return its answers in the order of the clauses, of several for one clause the first.

    Raises ValueError, also for an answer to a clause that was not asked about.
    """
    reply = parsed(text, _Reply)
    found: dict[int, ClauseAnswer] = {}
    for item in reply.clauses:
        if item.clause >= len(question.clauses):
            raise ValueError("the reply answers a clause that was not asked about")
        changes = tuple(FieldChange(change.part, change.field, change.value) for change in item.changes)
        found.setdefault(item.clause, ClauseAnswer(item.clause, item.verdict, changes))
    return tuple(found[at] for at in sorted(found))


def parsed(text: str, shape: type[M]) -> M:
    """Parse the object in a reply; a code fence and prose around it are ignored. Raises ValueError."""
    if len(text) > MAX_REPLY_CHARACTERS:
        raise ValueError("the reply is too long")
    start, end = text.find("{"), text.rfind("}")
    try:
        return shape.model_validate(json.loads(text[start : end + 1], parse_constant=_no_constant))
    except (ValidationError, RecursionError) as error:
        raise ValueError("the reply does not fit the schema") from error


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
