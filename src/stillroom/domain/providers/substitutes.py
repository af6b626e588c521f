"""Fallback plans for photos whose product was not found or was cut out badly."""

from stillroom.domain.plans.candidates import scene_kept
from stillroom.domain.plans.plan import changed
from stillroom.domain.providers.requests import PREVIEW_ORDINAL, Operation, Wanted

_STEPS_EV = (0.0, 0.15, -0.15, 0.3)
"""Exposure steps in stops that tell apart candidates of the same photo."""


def without_product(wanted: Wanted, operation: Operation) -> Wanted:
    """Plan for the photo with its own backdrop in the wanted light and tone, never a blank picture."""
    plan = scene_kept(wanted.plan)
    # Refinements that ask for a tone already vary its strength per candidate.
    if operation is not Operation.REFINE or "tone" not in plan.asked:
        step = _STEPS_EV[max(0, wanted.ordinal - 1) % len(_STEPS_EV)]
        plan = changed(plan, "tone", exposure_ev=plan.tone.exposure_ev + step)
    return Wanted(wanted.ordinal, plan)


def scene_first(wanted: Wanted, operation: Operation) -> Wanted:
    """Keep the photo's backdrop in the first candidate, which hides a bad outline; use white in others.

    Refinements, and plans whose backdrop the user asked for, are unchanged.
    """
    plan = wanted.plan
    if operation is Operation.REFINE or "backdrop" in plan.asked:
        return wanted
    if wanted.ordinal in (PREVIEW_ORDINAL, 1):
        return Wanted(wanted.ordinal, scene_kept(plan))
    if plan.backdrop.kind != "keep":
        return wanted
    white = changed(plan, "backdrop", kind="white")
    return Wanted(
        wanted.ordinal, white if "framing" in plan.asked else changed(white, "framing", aspect="1:1")
    )
