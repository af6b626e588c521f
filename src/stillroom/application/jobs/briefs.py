"""Briefs: turn the words and standing wishes of a job into plans."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stillroom.application.instructions.phrases import phrases_of, summary_of
from stillroom.application.instructions.starting_plans import start_of
from stillroom.domain.jobs.job import Job
from stillroom.domain.language.merging import (
    Settled,
    beyond,
    clauses,
    is_overruled,
    parts_of,
    settled,
    without_the_dropped,
)
from stillroom.domain.language.reader import (
    followed,
    read,
    understand,
    wish_corrected_by,
    wishes_withdrawn_by,
)
from stillroom.domain.language.turns.corrections import corrected
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.changes import with_changes
from stillroom.domain.plans.plan import PLAN_PARTS, Context, Plan
from stillroom.domain.plans.read_as import with_readings
from stillroom.domain.plans.wishes import BY_HAND, Wish, Wishes, in_order, of_every_path
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.providers.requests import Operation
from stillroom.domain.told_back import ToldBack
from stillroom.domain.variants import Variant
from stillroom.domain.words import Words


@dataclass(frozen=True, slots=True)
class Brief:
    """Plans of a job's candidates, with the wishes they are computed from.

    Attributes:
        plans: One per candidate, in the order of their ordinals.
        prompt: The user's words, with the wishes that a follow-up is about.
        told_back: Words of the user that are not carried out.
        read_as: What a reader model read of other such words, as phrases by clause.
        by_hand: What is set directly, as one phrase; None if nothing is.
        standing: Wishes of earlier turns that still hold, in order.
        new: The wishes that this job adds.
        replaced: Pairs of a wish and the older one that it replaced.
        withdrawn: Wishes that the prompt takes back by their names.
        revised: Texts of wishes that a user wrote or reworded and that the picture does not show yet.
        dropped: Texts of wishes that the picture shows and that no longer hold.
    """

    plans: tuple[Plan, ...]
    prompt: str
    told_back: tuple[ToldBack, ...]
    standing: Wishes
    new: Wishes
    replaced: tuple[tuple[Wish, Wish], ...] = ()
    withdrawn: Wishes = ()
    revised: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    read_as: Mapping[str, Words] = field(default_factory=dict)
    by_hand: Words | None = None

    def added_to(self, wishes: Sequence[Wish]) -> Wishes:
        """Return the standing wishes after this job, keeping edits that the user made meanwhile."""
        gone = {old.id for old in (*(old for _, old in self.replaced), *self.withdrawn)}
        return in_order(wish for wish in (*wishes, *self.new) if wish.id not in gone)


def standing_wishes(context: Context, job: Job, base: Variant | None) -> Wishes:
    """Return the standing wishes on the path to a job; starting from the photo, those of no path."""
    if base is None or job.type is not Operation.REFINE:
        return of_every_path(context.wishes)
    return in_order(context.paths.get(base.job_id, ()))


def brief_of(
    job: Job, base: Variant | None, template: PromptTemplate | None, wishes: Wishes = (), turn: int = 1
) -> Brief:
    """Build the brief of a job from its prompt, template, direct changes and standing wishes.

    Direct changes come last: where the prompt or a wish speaks of the same field, they win. A wish of which
    nothing is left to see by them is replaced, like a wish that a later one replaces.

    Args:
        job: Its prompt contains the wishes; its operation selects the starting plan.
        template: Template that the user picked; the prompt takes precedence over it.
    """
    start = start_of(job.type, base)
    if job.restore is not None:
        again = start.model_copy(update={"asked": ()})
        return Brief((again,) * len(job.wanted_ordinals), job.prompt, (), standing=wishes, new=())
    said, meant = _wishes_of(job, start, template, turn), wish_corrected_by(job.prompt, start)
    withdrawn = _last_of(wishes, wishes_withdrawn_by(job.prompt, start))
    after = _after(settled([one for one in wishes if one not in withdrawn], said, meant), said, job)
    new = [wish for wish in after.wishes if wish not in wishes]
    # A wish that the prompt corrects or takes back is in the plan while the prompt is read.
    shown = (*after.wishes, *withdrawn)
    held = [one for one in wishes if not one.locked and (one in shown or one.text == meant)]
    plan, moved = without_the_dropped(start, [wish.text for wish in held])
    asked = set(moved)
    if template is not None and template.wish is not None:
        picked = understand(template.wish.en, plan)
        plan, asked = picked.plan, asked | set(picked.asked)
    typed = understand(job.prompt, plan)
    texts = [wish.text for wish in after.wishes if not wish.locked]
    revised = beyond([wish.text for wish in held], start.said)
    completed = with_readings(typed.plan, job.read_as)
    asked |= set(completed.asked) | parts_of(revised)
    plan = completed.model_copy(
        update={
            "asked": tuple(part for part in PLAN_PARTS if part in asked),
            "said": tuple(texts),
            # Less of a wish adds none; the next follow-up is about the same.
            "said_last": len(new) or (_said_last(start, withdrawn) if typed.is_carried_out else 0),
        }
    )
    plans = _candidates(with_changes(plan, job.changes or {}), job)
    overruled = [old.text for _, old in after.replaced]
    unknown = [told for text in revised for told in understand(text, start).told_back]
    read_as = {found.text for found in job.read_as}
    return Brief(
        plans=tuple(plans[ordinal - 1] for ordinal in job.wanted_ordinals),
        prompt=_in_context(job.prompt, start),
        told_back=(*unknown, *(told for told in typed.told_back if told.text not in read_as)),
        standing=tuple(wish for wish in after.wishes if wish not in new),
        new=tuple(wish for wish in after.wishes if wish in new),
        replaced=after.replaced,
        withdrawn=withdrawn,
        revised=revised,
        dropped=beyond(start.said, [*texts, *overruled]),
        read_as=phrases_of(job.read_as, typed.plan),
        by_hand=summary_of(job),
    )


def _last_of(wishes: Wishes, texts: Sequence[str]) -> Wishes:
    """Return the wishes with some texts, in order; of more wishes with one text than are named, the last."""
    left, found = Counter(texts), list[Wish]()
    for one in reversed(wishes):
        if left[one.text] and not one.locked:
            left[one.text] -= 1
            found.append(one)
    return tuple(reversed(found))


def _said_last(start: Plan, withdrawn: Wishes) -> int | None:
    """Return how many wishes of the last turn stand after some were taken back."""
    if not withdrawn:
        return start.said_last
    return len(beyond(start.said_last_turn, [wish.text for wish in withdrawn]))


def _in_context(prompt: str, start: Plan) -> str:
    """Return words with the earlier wishes that they are about: "more (warmer)", "undo the move (left)"."""
    is_follow_up = followed(prompt, start) != (start, corrected(prompt))
    about = wishes_withdrawn_by(prompt, start) or start.said_last_turn
    return f"{prompt} ({'; '.join(about)})" if is_follow_up else prompt


def _after(said: Settled, new: Wishes, job: Job) -> Settled:
    """Return the wishes that stand after a job, and those that it replaces.

    The changes of a recipe replace none: they record what its own words led to.
    """
    changes = job.changes if job.changes and job.before is not None else {}
    gone = [wish for wish in said.wishes if not wish.locked and is_overruled(wish.text, changes)]
    phrase = summary_of(job)
    hand = [Wish(id=job.id, text=phrase.en, turn=BY_HAND, words=phrase)] if phrase else []
    return Settled(
        tuple(wish for wish in said.wishes if wish not in gone),
        (
            *(pair for pair in said.replaced if pair[1] not in new and pair[0] not in gone),
            *((wish, old) for wish in hand for old in gone),
        ),
    )


def _candidates(plan: Plan, job: Job) -> tuple[Plan, ...]:
    """Return the plans of all candidates up to the last wanted one; none varies what was set directly."""
    count = max(job.wanted_ordinals)
    if job.type is not Operation.REFINE or not job.changes:
        return candidate_plans(plan, count, job.type)
    # Candidates of a refinement vary the strength of what was asked for.
    words = tuple(part for part in plan.asked if not job.changes.get(part))
    varied = candidate_plans(plan.model_copy(update={"asked": words}), count, job.type)
    return tuple(one.model_copy(update={"asked": plan.asked}) for one in varied)


def _wishes_of(job: Job, plan: Plan, template: PromptTemplate | None, turn: int) -> Wishes:
    """Split the template and the prompt of a job into single wishes."""
    said: list[tuple[str, PromptTemplate | None]] = []
    if template is not None and template.wish is not None:
        said.append((template.wish.en, template))
        plan = read(plan, [template.wish.en])
    said += [(clause, None) for clause in clauses(job.prompt, plan)]
    name = job.id.removeprefix("job_")
    return tuple(
        Wish(
            id=f"wsh_{name}_{number:02d}",
            text=text,
            turn=turn,
            words=None if source is None else source.wish,
        )
        for number, (text, source) in enumerate(said, 1)
    )
