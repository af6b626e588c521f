"""Reading of instructions: rules first, then the reader model for what the rules told back."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import anyio

from stillroom.application.instructions.phrases import phrase_of, scene_names
from stillroom.application.instructions.starting_plans import start_of
from stillroom.application.readers.calls import Purpose, ReaderCalls
from stillroom.domain.errors import NotFound
from stillroom.domain.ids import OwnerId, SessionId, VariantId
from stillroom.domain.language.merging import clauses
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.effects import shown_changes
from stillroom.domain.plans.plan import Plan, PlanPart
from stillroom.domain.plans.read_as import ReadAs, has_number, read_as, with_readings
from stillroom.domain.ports import ClauseAnswer, ReaderQuestion, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.ports.readers import MAX_CLAUSES
from stillroom.domain.providers.requests import Operation
from stillroom.domain.told_back import NOTHING, ToldBack
from stillroom.domain.variants import Variant, chosen_among
from stillroom.domain.words import Words

_UNSURE = ("not_understood", "ambiguous")
"""Reasons for which a reader is asked; the rules are certain of the others."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Reading of an instruction.

    Attributes:
        told_back: What is not carried out.
        is_carried_out: Whether any of it has an effect.
        read_as: What the reader model read of the clauses that the rules did not understand.
    """

    base: Plan
    plan: Plan
    told_back: tuple[ToldBack, ...]
    is_carried_out: bool
    read_as: tuple[ReadAs, ...] = ()

    @property
    def reader(self) -> Literal["rules", "model"]:
        """`model` if the reader model contributed to the plan."""
        return "model" if self.read_as else "rules"


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change of the plan, as shown before a job is made.

    Attributes:
        text: The clause that asks for it; the whole instruction if no single clause does.
    """

    part: PlanPart
    field: str
    old: Any
    new: Any
    text: str
    label: Words


@dataclass(frozen=True, slots=True)
class Preview:
    """A reading with its changes as shown."""

    reading: Reading
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True)
class Instructions:
    """Reads instructions; nothing is stored except the record of a reader's call.

    `_calls` is None when no reader model is configured.
    """

    _unit_of_work: UnitOfWorkFactory
    _calls: ReaderCalls | None

    async def preview(
        self,
        text: str,
        owner_id: OwnerId,
        *,
        session_id: SessionId | None = None,
        variant_id: VariantId | None = None,
        operation: Operation | None = None,
        ask_reader: bool = True,
    ) -> Preview:
        """Read an instruction without making a job.

        Args:
            session_id: For a refinement without `variant_id`, its newest picture is the base.
            operation: By default `refine` with a picture, else `bg_replace`.

        Raises:
            NotFound: The session or the variant does not exist.
        """
        base = await self._base(session_id, variant_id, owner_id, operation)
        operation = operation or (Operation.REFINE if variant_id else Operation.BG_REPLACE)
        session_id = session_id or (base.session_id if base else None)
        start = start_of(operation, base)
        reading = await self.read(text, start, operation, Purpose(owner_id, session_id), ask_reader)
        return Preview(reading, await anyio.to_thread.run_sync(shown, text, reading))

    async def read(
        self, text: str, base: Plan, operation: Operation, purpose: Purpose, ask_reader: bool = True
    ) -> Reading:
        """Read an instruction on a plan."""
        reading = await anyio.to_thread.run_sync(by_rules, text, base, operation)
        if self._calls is None or not ask_reader:
            return reading
        question = _question(reading, text, operation)
        if question is None:
            return reading
        answer = await self._calls.ask(question, purpose)
        return reading if answer is None else _completed(reading, question, answer.value)

    async def reader_price(
        self, text: str, operation: Operation, owner_id: OwnerId, variant_id: VariantId | None = None
    ) -> int:
        """Return the most that the reader model would cost, in millionths of a US dollar. Raises NotFound."""
        if self._calls is None:
            return 0
        start = start_of(operation, await self._base(None, variant_id, owner_id, operation))
        reading = await anyio.to_thread.run_sync(by_rules, text, start, operation)
        question = _question(reading, text, operation)
        return 0 if question is None else self._calls.price(question)

    async def _base(
        self,
        session_id: SessionId | None,
        variant_id: VariantId | None,
        owner_id: OwnerId,
        operation: Operation | None,
    ) -> Variant | None:
        if session_id is None and variant_id is None:
            return None
        async with self._unit_of_work(read_only=True) as tx:
            return await base_in(tx, session_id, variant_id, owner_id, operation)


async def base_in(
    tx: UnitOfWork,
    session_id: SessionId | None,
    variant_id: VariantId | None,
    owner_id: OwnerId,
    operation: Operation | None,
) -> Variant | None:
    """Return the picture that a turn starts from; without a named one, a refinement takes the newest.

    Raises NotFound.
    """
    if session_id is not None:
        await tx.sessions.get(session_id, owner_id)
    if variant_id is not None:
        variant = await tx.variants.get(variant_id, owner_id)
        if session_id is not None and variant.session_id != session_id:
            raise NotFound(f"No variant {variant_id} in this session.")
        return variant
    if session_id is not None and operation is Operation.REFINE:
        return await _newest(tx, session_id)
    return None


def _question(reading: Reading, text: str, operation: Operation) -> ReaderQuestion | None:
    """Return what to ask a reader; None if the rules are certain of everything."""
    # Exact numbers and hex colours are read by the rules or not at all.
    unread = [told.text for told in reading.told_back if told.reason in _UNSURE and not has_number(told.text)]
    # A clause that is repeated is asked about once.
    asked = tuple(dict.fromkeys(unread))[:MAX_CLAUSES]
    return ReaderQuestion(operation, text, asked, reading.plan, scene_names()) if asked else None


def by_rules(text: str, base: Plan, operation: Operation) -> Reading:
    """Read an instruction by rules alone.

    What the backdrop hides is told back: single clauses, or the whole text of a refinement of which the
    picture would show nothing. Such a text is `refused` if it changes no field of the plan at all.
    """
    understood = understand(text, base)
    told, plan = understood.told_back, understood.plan
    visible = shown_changes(base, plan)
    hidden = set(changes_between(base, plan)).difference(visible)
    topic = "kept" if plan.backdrop.kind == "keep" else ""
    if operation is Operation.REFINE and not visible:
        if hidden:
            return Reading(base, base, (*told, ToldBack(text, "not_possible", topic)), is_carried_out=False)
        told = told or (ToldBack(text, "refused", NOTHING),)
    # A new picture carries out a text that only rejects the old background.
    is_answered = operation is not Operation.REFINE and any(one.reason == "ambiguous" for one in told)
    if hidden:
        told += tuple(
            ToldBack(one, "not_possible", topic, text) for one in _hidden_clauses(text, base, hidden)
        )
    return Reading(base, plan, told, understood.is_carried_out or is_answered)


def _hidden_clauses(text: str, base: Plan, hidden: Collection[Change]) -> Iterator[str]:
    """Yield the clauses that change only fields that the picture does not show."""
    fields = {(change.part, change.field) for change in hidden}
    for clause in clauses(text, base):
        changes = changes_between(base, understand(clause, base).plan)
        if changes and fields.issuperset((change.part, change.field) for change in changes):
            yield clause if clause in text else text


async def _newest(tx: UnitOfWork, session_id: SessionId) -> Variant | None:
    for job in reversed(await tx.jobs.of_session(session_id)):
        if variants := await tx.variants.of_job(job.id):
            return chosen_among(variants)
    return None


def _completed(reading: Reading, question: ReaderQuestion, answers: Iterable[ClauseAnswer]) -> Reading:
    """Add what the reader read; an invalid answer to a clause leaves that clause told back."""
    plan, accepted = reading.plan, list[ReadAs]()
    told = {one.text: one for one in reading.told_back}
    for item in answers:
        clause = question.clauses[item.clause]
        if item.verdict == "cannot":
            told[clause] = ToldBack(clause, "not_possible")
        elif item.verdict == "changes":
            try:
                found = read_as(clause, item.changes, plan, question.scenes, reading.plan.asked)
            except ValueError:
                continue
            plan = with_readings(plan, [found])
            accepted.append(found)
            del told[clause]
    return replace(
        reading,
        plan=plan,
        told_back=tuple(told.values()),
        is_carried_out=reading.is_carried_out or bool(accepted),
        read_as=tuple(accepted),
    )


def shown(text: str, reading: Reading) -> tuple[ShownChange, ...]:
    """Return the changes of a reading, each with its clause and a label of its own.

    Fields that describe the same thing, such as the kind and the scene of a backdrop, are one change. What
    the backdrop hides is none, nor is the framing that a scene brings, which the text does not ask for.
    """
    causes = dict(_causes(text, reading))
    by_label: dict[Words, ShownChange] = {}
    for change in shown_changes(reading.base, reading.plan):
        if change.part == "framing" and "framing" not in reading.plan.asked:
            continue
        label = phrase_of(change, reading.plan)
        cause = causes.get((change.part, change.field), text)
        by_label.setdefault(label, ShownChange(*change, text=cause, label=label))
    return tuple(by_label.values())


def _causes(text: str, reading: Reading) -> Iterator[tuple[tuple[PlanPart, str], str]]:
    """Yield the clause that asks for each changed field, later clauses after earlier ones."""
    for clause in clauses(text, reading.base):
        for change in changes_between(reading.base, understand(clause, reading.base).plan):
            # A follow-up is a clause in other words than those of the text.
            yield (change.part, change.field), clause if clause in text else text
    for found in reading.read_as:
        for part, fields in found.changes.items():
            for field in fields:
                yield (part, field), found.text
