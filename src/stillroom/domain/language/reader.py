"""Entry point of the parser: reads an instruction as a change of a plan."""

from dataclasses import dataclass
from functools import lru_cache

from stillroom.domain.language.readings import Reading
from stillroom.domain.language.vocabulary import COURTESY, FILLER, RULES
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart
from stillroom.domain.told_back import ToldBack


@dataclass(frozen=True, slots=True)
class Understanding:
    """How an instruction was read.

    Attributes:
        plan: `base` with the instruction carried into it.
        asked: The parts that the instruction speaks of.
        told_back: The user's own words that are not carried out, in their order.
        is_heard: Whether any of the words found a meaning, if only to leave something as it is.
        is_carried_out: Whether any of them has its effect, too.
    """

    plan: Plan
    asked: tuple[PlanPart, ...]
    told_back: tuple[ToldBack, ...]
    is_heard: bool
    is_carried_out: bool

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The words alone of what is told back."""
        return tuple(told.text for told in self.told_back)


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
    is_carried_out = reading.is_carried_out
    told_back = reading.leftovers(FILLER, COURTESY)
    return Understanding(plan, asked, told_back, reading.is_heard, is_carried_out)


@lru_cache(maxsize=256)
def read_once(text: str) -> Reading:
    """Search a text for the words of all rules.

    A job reads the same words on many plans, and the search takes nearly all of the time.
    """
    reading = Reading(text, Plan())
    for rule in RULES:
        reading.apply(rule)
    return reading
