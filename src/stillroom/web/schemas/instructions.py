"""Previews of instructions."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from stillroom.application.instructions.reading import Preview
from stillroom.domain.ids import SessionId, VariantId
from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS
from stillroom.domain.plans.plan import Plan
from stillroom.domain.told_back import ToldBack, WayOut, Why
from stillroom.web.schemas.base import Answer, Body, GivenId
from stillroom.web.schemas.jobs import PlanChange, RequestedOperation


class InstructionRequest(Body):
    """An instruction to read, and the picture or photo that it is about."""

    text: Annotated[str, Field(max_length=4 * MAX_PROMPT_CHARACTERS)]
    session_id: GivenId[SessionId] | None = None
    variant_id: GivenId[VariantId] | None = None
    operation: RequestedOperation = None
    ask_reader: Annotated[
        bool,
        Field(description="False reads by rules alone; for previews while the user types."),
    ] = True


class InstructionChange(PlanChange):
    """A field of the plan that the instruction changes.

    Attributes:
        text: The clause that asks for it.
    """

    text: str


class ToldBackAnswer(Answer):
    """A clause that is not carried out.

    Attributes:
        way_out: Action of a page in place of the words: go back a step, or open the correction of the
            cut-out.
    """

    text: str
    reason: Why
    suggestion: str
    way_out: WayOut | None


class Instruction(Answer):
    """Reading of an instruction; `reader` is `model` if the reader model contributed."""

    reader: Literal["rules", "model"]
    plan: Plan
    changes: list[InstructionChange]
    told_back: list[ToldBackAnswer]


def instruction_answer(preview: Preview, language: str) -> Instruction:
    """Convert a preview, with labels and suggestions in a language, `zh` or `en`."""
    return Instruction.of(
        preview.reading,
        changes=[
            InstructionChange.of(change, from_=change.old, to=change.new, label=change.label.to(language))
            for change in preview.changes
        ],
        told_back=told_back_answers(preview.reading.told_back, language),
    )


def told_back_answers(told_back: Sequence[ToldBack], language: str) -> list[ToldBackAnswer]:
    """Convert clauses that are not carried out, with suggestions in a language."""
    return [ToldBackAnswer.of(told, suggestion=told.words.to(language)) for told in told_back]
