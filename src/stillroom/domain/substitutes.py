"""Which plan is carried out instead where the product could not be cut out."""

from stillroom.domain.generation import Operation, Wanted
from stillroom.domain.plans import changed, scene_kept

_STEPS_EV = (0.0, 0.15, -0.15, 0.3)
"""By how much candidates differ that would otherwise show the same photo."""


def without_product(wanted: Wanted, operation: Operation) -> Wanted:
    """The photo with its own ground, in the light and tone that are wanted: never a blank picture.

    Args:
        wanted: What should have been made.
        operation: In a later turn the plans differ by themselves.
    """
    plan = scene_kept(wanted.plan)
    if operation is not Operation.REFINE:
        step = _STEPS_EV[max(0, wanted.ordinal - 1) % len(_STEPS_EV)]
        plan = changed(plan, "tone", exposure_ev=plan.tone.exposure_ev + step)
    return Wanted(wanted.ordinal, plan)
