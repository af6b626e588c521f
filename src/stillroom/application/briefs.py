"""From words to plans: what each operation starts from, and what its words change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stillroom.domain.generation import Operation
from stillroom.domain.instructions import understand
from stillroom.domain.jobs import Job
from stillroom.domain.plans import PLAN_PARTS, Plan, candidate_plans, starting_plan
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.variants import Variant


@dataclass(frozen=True, slots=True)
class Brief:
    """What a job's pictures shall show.

    Attributes:
        plans: One per candidate, in the order of their ordinals.
        not_understood: The user's own words that found no meaning.
    """

    plans: tuple[Plan, ...]
    not_understood: tuple[str, ...]


Start = Callable[[Operation, Variant | None], Plan]


def _from_the_photo(operation: Operation, _: Variant | None) -> Plan:
    return starting_plan(operation)


def _from_the_picture(operation: Operation, base: Variant | None) -> Plan:
    return base.plan if base is not None else starting_plan(operation)


STARTS: Mapping[Operation, Start] = MappingProxyType(
    {
        Operation.OPTIMIZE: _from_the_photo,
        Operation.BG_REPLACE: _from_the_photo,
        Operation.REFINE: _from_the_picture,
    }
)


def brief_of(job: Job, base: Variant | None, template: PromptTemplate | None) -> Brief:
    """Read a job's words.

    Args:
        job: Its prompt says what is wished; its operation where to start.
        base: The picture that a refinement starts from.
        template: What the user picked instead of typing; what they typed as well wins over it.
    """
    plan = STARTS[job.type](job.type, base)
    asked: set[str] = set()
    if template is not None and template.wish is not None:
        picked = understand(template.wish.en, plan)
        plan, asked = picked.plan, set(picked.asked)
    typed = understand(job.prompt, plan)
    plan = typed.plan.model_copy(
        update={"asked": tuple(part for part in PLAN_PARTS if part in asked or part in typed.asked)}
    )
    plans = candidate_plans(plan, max(job.wanted_ordinals), job.type)
    return Brief(tuple(plans[ordinal - 1] for ordinal in job.wanted_ordinals), typed.not_understood)
