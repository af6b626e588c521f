"""Prompts for models: templates filled in with the request and with what must stay unchanged."""

from collections.abc import Sequence

from stillroom.application.jobs.briefs import Brief
from stillroom.domain.exports.platforms import Platform
from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.providers.requests import Operation

_FRONT_DEGREES = 20.0  # of azimuth; within it a light comes from the camera's side
_WARM, _COOL = 4600.0, 6800.0  # kelvin; daylight lies between them
_HARD, _SOFT = 0.35, 0.7  # softness of a light, 0 hard to 1 overcast


def template_for(
    operation: Operation, chosen: str | None, templates: Sequence[PromptTemplate]
) -> PromptTemplate | None:
    """Return the picked template, or the operation's plain one; None if the catalogue has neither."""
    own = [template for template in templates if template.operation is operation]
    picked = next((template for template in own if template.id == chosen), None)
    return picked or next((template for template in own if template.wish is None), None)


def instruction_for(
    template: PromptTemplate | None,
    context: Context,
    plan: Plan,
    platform: Platform | None,
    brief: Brief,
) -> str:
    """Return the complete prompt.

    Args:
        template: Template to fill; without one the user's own words are the prompt.
        brief: The user's words, standing wishes, and which of them the picture to refine does not show.
    """
    if template is None:
        return "; ".join(filter(None, (brief.prompt, _by_hand(brief))))
    return template.fill(
        {
            "instruction": _asked(brief),
            "constraints": " ".join(_constraints(template.operation, context, plan)),
            "platform": platform.name.en if platform else "",
            "wishes": _wishes(brief),
        }
    )


def scene_for(template: PromptTemplate | None, brief: Brief) -> str:
    """Return what is asked for without rules, for models that take only a description of the scene."""
    look = template.wish.en if template is not None and template.wish is not None else ""
    return "; ".join(filter(None, (look, _asked(brief))))


def _asked(brief: Brief) -> str:
    return "; ".join(filter(None, (*brief.revised, brief.prompt, _by_hand(brief))))


def _by_hand(brief: Brief) -> str:
    """Return what the user set directly as words, for models that do not read plans."""
    return brief.by_hand.en if brief.by_hand else ""


def _constraints(operation: Operation, context: Context, plan: Plan) -> list[str]:
    """Return sentences on measured facts that the plan does not change."""
    sentences = []
    if "light" not in plan.asked and (light := _light(context, plan)):
        sentences.append(light)
    if "tone" not in plan.asked and (measured := context.color_tone.sure("kelvin")) is not None:
        kelvin = 1e6 / (1e6 / measured + plan.tone.mired)
        sentences.append(f"The light on the product is {_warmth(kelvin)}; keep it so.")
    if operation is not Operation.OPTIMIZE and "framing" not in plan.asked:
        sentences.append("Keep the product's position, size and angle exactly as in the first picture.")
    if context.logo_anchor is not None:
        sentences.append("The lettering on the product stays letter for letter as it is, in its place.")
    return sentences


def _light(context: Context, plan: Plan) -> str | None:
    """Return where the light comes from, by earlier wishes or by measurement; None when unknown."""
    if plan.light.azimuth_deg is not None:
        return f"The key light comes from the {_side(plan.light.azimuth_deg)}; keep it so."
    azimuth_deg, softness = context.lighting.sure("azimuth_deg"), context.lighting.sure("softness")
    if azimuth_deg is None:
        return None
    kind = "" if softness is None else ("hard " if softness < _HARD else "soft " if softness > _SOFT else "")
    return f"The {kind}key light comes from the {_side(azimuth_deg)}, as it does in the photo."


def _side(azimuth_deg: float) -> str:
    return "front" if abs(azimuth_deg) <= _FRONT_DEGREES else ("left" if azimuth_deg < 0 else "right")


def _warmth(kelvin: float) -> str:
    tone = "warm" if kelvin < _WARM else "cool" if kelvin > _COOL else "neutral daylight"
    return f"{tone}, about {round(kelvin / 100) * 100:.0f} K"


def _wishes(brief: Brief) -> str:
    """Return the wishes of earlier turns as sentences, because the model may not know those turns."""
    held = [wish.text for wish in brief.standing if not wish.locked and wish.text not in brief.revised]
    sentences = []
    if held:
        sentences.append(
            "These wishes of earlier turns still hold, the later before the earlier: " + _listed(held)
        )
    if brief.dropped:
        sentences.append(
            "These do not hold any more; take back what is seen of them: " + _listed(brief.dropped)
        )
    return " ".join(sentences)


def _listed(texts: Sequence[str]) -> str:
    return "; ".join(texts) + "."
