"""What the words of an instruction mean, in Chinese and in English."""

from dataclasses import dataclass
from functools import lru_cache

from stillroom.domain.language.readings import Reading
from stillroom.domain.language.vocabulary import COURTESY, FILLER, RULES
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart


@dataclass(frozen=True, slots=True)
class Understanding:
    """How an instruction was read.

    Attributes:
        plan: `base` with the instruction carried into it.
        asked: The parts that the instruction speaks of.
        not_understood: The user's own words that found no meaning, in their order.
        is_heard: Whether any of the words found one, if only to leave something as it is.
    """

    plan: Plan
    asked: tuple[PlanPart, ...]
    not_understood: tuple[str, ...]
    is_heard: bool


def understand(text: str, base: Plan) -> Understanding:
    """Read an instruction as a change of a plan.

    Args:
        text: What the user said, Chinese or English or both.
        base: The plan that relative wishes act on.
    """
    reading = read_once(text).on(base)
    reading.settle()
    asked = tuple(part for part in PLAN_PARTS if part in reading.asked)
    plan = reading.plan.model_copy(update={"asked": asked})
    return Understanding(plan, asked, reading.leftovers(FILLER, COURTESY), reading.is_heard)


@lru_cache(maxsize=256)
def read_once(text: str) -> Reading:
    """Search a text for the words of all rules.

    A job reads the same words on many plans, and the search takes nearly all of the time.
    """
    reading = Reading(text, Plan())
    for rule in RULES:
        reading.apply(rule)
    return reading
