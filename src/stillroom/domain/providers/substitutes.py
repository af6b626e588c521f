"""Which plan is carried out instead where the product could not be cut out, or was cut out badly."""

from stillroom.domain.plans.plan import Plan, changed, scene_kept
from stillroom.domain.providers.requests import PREVIEW_ORDINAL, Operation, Wanted

_STEPS_EV = (0.0, 0.15, -0.15, 0.3)
"""By how much candidates differ that would otherwise show the same photo."""


def without_product(wanted: Wanted, operation: Operation) -> Wanted:
    """The photo with its own ground, in the light and tone that are wanted: never a blank picture.

    Args:
        wanted: What should have been made.
        operation: What the job does.
    """
    plan = scene_kept(wanted.plan)
    # A later turn that asks for another tone brings it in several strengths by itself.
    if operation is not Operation.REFINE or "tone" not in plan.asked:
        step = _STEPS_EV[max(0, wanted.ordinal - 1) % len(_STEPS_EV)]
        plan = changed(plan, "tone", exposure_ev=plan.tone.exposure_ev + step)
    return Wanted(wanted.ordinal, plan)


def scene_first(wanted: Wanted, operation: Operation) -> Wanted:
    """The photo's own scene in the first place, which shows no bad outline, and the packshot in the scene's.

    Who asked for a ground, or goes on from a picture, gets what they asked for.

    Args:
        wanted: What should have been made.
        operation: What the job does.
    """
    plan = wanted.plan
    if operation is Operation.REFINE or "backdrop" in plan.asked:
        return wanted
    if wanted.ordinal in (PREVIEW_ORDINAL, 1):
        return Wanted(wanted.ordinal, scene_kept(plan))
    if plan.backdrop.kind == "keep":
        return Wanted(wanted.ordinal, _packshot(plan))
    return wanted


def _packshot(plan: Plan) -> Plan:
    white = changed(plan, "backdrop", kind="white")
    return white if "framing" in plan.asked else changed(white, "framing", shape="square")
