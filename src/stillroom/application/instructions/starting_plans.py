"""Starting plans: what an instruction changes."""

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, starting_plan
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import Variant


def start_of(operation: Operation, base: Variant | None) -> Plan:
    """Return the plan that an operation starts from: a picture's for a refinement, else the default."""
    if operation is Operation.REFINE and base is not None:
        return base.plan.as_start()
    return starting_plan(operation)


def start_with(operation: Operation, base: Variant | None, template: PromptTemplate | None) -> Plan:
    """Return the starting plan with a picked template carried out, as a job reads its prompt on it."""
    start = start_of(operation, base)
    if template is None or template.wish is None:
        return start
    return understand(template.wish.en, start).plan
