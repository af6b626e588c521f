"""Acts: wishes as changes of a plan, each with its part, the figure that it decides and a function."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from stillroom.domain.language.words import amounts
from stillroom.domain.plans.plan import PLAN_PARTS, SCENE_FILL, Plan, PlanPart, changed
from stillroom.domain.told_back import Why

MIRED_STEP = 25.0  # one "warmer": a clear yet natural step of colour temperature
DAYLIGHT_MIRED = 153.75  # D65, the white of sRGB
LEAST_KELVIN = 1500.0  # of candle light, about the lowest of any light
FILL_STEP = 1.12  # one "larger"
EV_STEP = 0.35  # one "brighter", in stops
_GRAINY_DENOISE = 0.8  # as much as "denoise" asks for
PLACE_STEP = 0.06  # one "to the left", as a share of the picture

Do = Callable[[Plan], Plan | None]
"""Carries a wish into a plan; None if this plan has no place for it."""

Mood = Literal["wish", "complaint", "refused", "style"]

ONLY_NAMED = ("backdrop.scene", "backdrop.colour")
"""Keys of backdrops that are only named: beside one that is wished for they may be said of something else."""

OPPOSITE = ("light.opposite", "shadow.opposite")
"""Keys of the side that is not the present one, which only the plan tells."""


@dataclass(frozen=True, slots=True)
class Act:
    """One wish of a text.

    Attributes:
        part: The part that it speaks of; None if it only says that something stays as it is.
        key: Figure that it decides. Of a complaint and a wish about one figure, only the wish counts.
        do: Carries it out.
        span: The clause of the text that it was read from.
        mood: `complaint` asks for a remedy, `refused` for leaving out what the act would do.
        why: The reason that is told back if it cannot be carried out.
    """

    part: PlanPart | None
    key: str
    do: Do
    span: tuple[int, int]
    mood: Mood = "wish"
    why: Why = "not_possible"


def stays(plan: Plan) -> Plan:
    """Leave a plan as it is."""
    return plan


def impossible(_plan: Plan) -> None:
    """Carry out nothing: no plan has a place for the wish."""


def sets(part: PlanPart, **fields: object) -> Do:
    return lambda plan: changed(plan, part, **fields)


def adds(part: PlanPart, name: str, step: float, factor: float = 1.0) -> Do:
    """Multiply a figure and add to it; None where it is at its limit already."""

    def do(plan: Plan) -> Plan | None:
        after = changed(plan, part, **{name: getattr(getattr(plan, part), name) * factor + step})
        return None if (step or factor != 1) and after == plan else after

    return do


def scales(part: PlanPart, name: str, factor: float) -> Do:
    """Multiply a figure; None where it is at its limit already."""
    return adds(part, name, 0.0, factor)


def eases(part: PlanPart, name: str, share: float) -> Do:
    """Take back a share of what a figure differs from its default, or of all of it; None without any."""
    fresh = getattr(getattr(Plan(), part), name) or 0.0

    def do(plan: Plan) -> Plan | None:
        old = getattr(getattr(plan, part), name)
        step = old if old is None or old == fresh else old - fresh
        return changed(plan, part, **{name: old - share * step}) if step else None

    return do


def in_turn(*acts: Do) -> Do:
    """Carry out several acts; None if none of them has a place."""

    def do(plan: Plan) -> Plan | None:
        done: Plan | None = None
        for act in acts:
            done = act(done or plan) or done
        return done

    return do


def exposes(sign: int, words: str, steps: float) -> Do:
    """By stops, by a share or by a number as on a slider; without a number by steps."""
    stops, share, times, number = (
        read(words) for read in (amounts.stops, amounts.share, amounts.times, amounts.number)
    )
    is_fraction = "/" in words and words[0] in "+-"  # "exposure +1/3", as on a camera
    if stops is not None:
        ev = sign * stops
    elif share is not None and is_fraction:
        ev = sign * share
    elif share is not None:
        ev = _stops_of(1 + sign * share)
    elif times:
        ev = sign * abs(_stops_of(times))
    elif number is not None:
        ev = sign * number if number <= 2 else _stops_of(1 + sign * number / 100)
    else:
        ev = sign * EV_STEP * steps
    return adds("tone", "exposure_ev", ev)


def exposes_to(share: float) -> Do:
    """Expose to a share of the photo's own brightness."""
    return sets("tone", exposure_ev=_stops_of(share))


def _stops_of(factor: float) -> float:
    return math.log2(max(0.1, factor))


def sizes(sign: int, words: str, steps: float, *, is_target: bool) -> Do:
    """Scale the product by a factor, a share or steps; a share may be a target: that of the picture.

    A target that is larger than the product, though it shall shrink, is one of its present size.
    """
    times, share = amounts.times(words), amounts.share(words)
    if share is not None and is_target and share <= 1:
        fills, scaled = sets("framing", fill=share), scales("framing", "fill", share)
        return lambda plan: (scaled if sign < 0 and share > plan.framing.fill else fills)(plan)
    if share is not None and is_target:
        factor = share  # "scale it to 120%"
    elif times:
        factor = times if sign > 0 or times < 1 else 1 / times
    elif share is not None:
        factor = 1 + sign * share
    else:
        factor = FILL_STEP ** (sign * steps)
    return scales("framing", "fill", factor)


def _with_shadow(plan: Plan, **fields: object) -> Plan:
    """Change the shadow; where there is none, a soft one."""
    kind = "soft" if plan.shadow.kind == "none" else plan.shadow.kind
    return changed(plan, "shadow", **{"kind": kind, **fields})


def shadow_strength(sign: int, share: float | None, steps: float) -> Do:
    def do(plan: Plan) -> Plan:
        shadow = plan.shadow
        if shadow.kind == "none":
            return changed(plan, "shadow", kind="soft", strength=1.0 if sign > 0 else 0.6)
        step = (1.5 if sign > 0 else 0.6) ** (1.0 if steps == 1.0 else steps)
        factor = step if share is None else 1 + sign * share
        return changed(plan, "shadow", strength=shadow.strength * factor)

    return do


def shadow_length(sign: int, share: float | None, steps: float) -> Do:
    def do(plan: Plan) -> Plan:
        factor = (1.6 if sign > 0 else 0.6) ** steps if share is None else 1 + sign * share
        return _with_shadow(plan, length=plan.shadow.length * factor)

    return do


def reflects(plan: Plan) -> Plan:
    """Add a reflection on the ground, or make the one that is there stronger."""
    return changed(plan, "shadow", reflection=plan.shadow.reflection + 0.5)


def reflects_no_more(plan: Plan) -> Plan | None:
    """Remove an added reflection; that of polished ground belongs to the scene."""
    return changed(plan, "shadow", reflection=0.0) if plan.shadow.reflection else None


def shadow_falls(direction_deg: float) -> Do:
    return lambda plan: _with_shadow(plan, direction_deg=direction_deg)


def turns_over(part: Literal["light", "shadow"], angle: str) -> Do:
    """Turn the light or the shadow to the other side; nothing where its side is not known."""

    def do(plan: Plan) -> Plan | None:
        degrees = getattr(getattr(plan, part), angle)
        return changed(plan, part, **{angle: -degrees}) if degrees else None

    return do


def shadow_softness(sign: int, share: float | None, steps: float) -> Do:
    step, kind = (1.75, "soft") if sign > 0 else (0.57, "hard")
    factor = step**steps if share is None else 1 + sign * share
    return lambda plan: changed(plan, "shadow", kind=kind, softness=plan.shadow.softness * factor)


def shadow_appears(plan: Plan) -> Plan:
    """Set a soft shadow; one that is there stays."""
    return changed(plan, "shadow", kind="soft")


def shadow_grounds(plan: Plan) -> Plan:
    """Add a shadow below a product that looks pasted on, or make the one that is there stronger."""
    shadow = plan.shadow
    if shadow.kind == "none":
        return changed(plan, "shadow", kind="soft", strength=max(1.0, shadow.strength))
    return changed(plan, "shadow", strength=1.3 * shadow.strength)


def shadow_opacity(share: float) -> Do:
    return lambda plan: _with_shadow(plan, strength=share)


def shadow_edge_softens(plan: Plan) -> Plan:
    """Soften a hard shadow; a soft one is as wished already."""
    if plan.shadow.kind != "hard":
        return plan
    return changed(plan, "shadow", kind="soft", softness=max(1.0, plan.shadow.softness))


def moves(dx: float, dy: float) -> Do:
    def do(plan: Plan) -> Plan:
        x, y = plan.framing.x, 0.5 if plan.framing.y is None else plan.framing.y
        return changed(plan, "framing", **({"x": x + dx} if dx else {}), **({"y": y + dy} if dy else {}))

    return do


def moves_over(way: int, step: float) -> Do:
    """Move the product by a step to a side, or to the third there if it is in the other half."""

    def do(plan: Plan) -> Plan | None:
        is_over = (plan.framing.x - 0.5) * way < -PLACE_STEP
        return changed(plan, "framing", x=0.5 + way / 6) if is_over else moves(way * step, 0)(plan)

    return do


def bounds(part: PlanPart, name: str, share: float, *, is_least: bool) -> Do:
    """Let a figure be at most, or at least, a share; what there is none of becomes as much."""
    nearer = max if is_least else min

    def do(plan: Plan) -> Plan:
        old = getattr(getattr(plan, part), name)
        return changed(plan, part, **{name: nearer(old, share) if old else share})

    return do


def leaves_free(across: int, down: int, share: float) -> Do:
    """Leave a share of the picture free on one side: the product goes to the middle of the rest."""

    def do(plan: Plan) -> Plan:
        at = {
            name: 0.5 - way * share / 2 for name, way in (("x", across), ("y", down)) if way and share < 0.8
        }
        return changed(plan, "framing", fill=min(plan.framing.fill, 1 - share), **at)

    return do


def leaves_margin(share: float, sign: int, *, is_target: bool) -> Do:
    """Leave a share of the picture free on each side of the product, or that share more or less than now."""

    def do(plan: Plan) -> Plan | None:
        fill = 1 - 2 * share
        if not 0 < share < 0.5:
            return None
        if is_target:
            return changed(plan, "framing", fill=fill)
        if sign < 0:
            return changed(plan, "framing", fill=1 - (1 - plan.framing.fill) * (1 - share))
        return changed(plan, "framing", fill=min(plan.framing.fill * (1 - share), fill))

    return do


def removes_cast(mired: float) -> Do:
    """Correct a cast whose colour was named: the name is surer than any measurement."""
    return in_turn(sets("tone", white_balance=1.0), adds("tone", "mired", mired))


def loses_tint(sign: int, otherwise: Do) -> Do:
    """Take back a warm or cold tint that was asked for; without one do something else."""
    fresh = sets("tone", mired=0.0)
    return lambda plan: (fresh if plan.tone.mired * sign > 0 else otherwise)(plan)


def sets_kelvin(kelvin: float) -> Do:
    """Set the colour temperature of the light, seen by a camera that is set to daylight."""
    return sets("tone", mired=1e6 / min(12000.0, max(2500.0, kelvin)) - DAYLIGHT_MIRED)


def warms_by_kelvin(sign: int, step: float) -> Do:
    """Shift the colour temperature: a warmer light has a lower one."""

    def do(plan: Plan) -> Plan:
        kelvin = 1e6 / max(1.0, DAYLIGHT_MIRED + plan.tone.mired)
        return changed(plan, "tone", mired=1e6 / max(1000.0, kelvin - sign * step) - DAYLIGHT_MIRED)

    return do


def sharpens(steps: float = 1.0) -> Do:
    """Sharpen to a level that shows, or a little more what is that sharp already."""

    def do(plan: Plan) -> Plan:
        detail = plan.detail
        sharpen = max(0.5 + 0.35 * steps, detail.sharpen + 0.2 * steps)
        return changed(plan, "detail", sharpen=sharpen, clarity=detail.clarity + 0.1 * steps)

    return do


def denoises_by(share: float) -> Do:
    """Denoise by a share more or less; where the photo decides, than a grainy one would get."""

    def do(plan: Plan) -> Plan | None:
        strength = _GRAINY_DENOISE if plan.detail.denoise is None else plan.detail.denoise
        return changed(plan, "detail", denoise=strength * (1 + share)) if strength else None

    return do


def detail_softens(steps: float) -> Do:
    """Take back sharpening and local contrast, as far as there is any."""

    def do(plan: Plan) -> Plan | None:
        detail = plan.detail
        if not detail.sharpen and not detail.clarity:
            return None
        sharpen, clarity = detail.sharpen - 0.35 * steps, detail.clarity - 0.45 * steps
        return changed(plan, "detail", sharpen=sharpen, clarity=clarity)

    return do


light_hardens: Do = in_turn(adds("light", "fill", -0.25), scales("shadow", "softness", 0.6))
"""Less light from everywhere, and edges of the shadow to match."""


def light_rises(step: float) -> Do:
    """Raise the key light; the photo's own gives way to one from the front."""
    return lambda plan: adds("light", "elevation_deg", step)(_with_key_light(plan))


def light_stands(elevation_deg: float) -> Do:
    """Set the height of the key light; the photo's own gives way to one from the front."""
    return lambda plan: changed(_with_key_light(plan), "light", elevation_deg=elevation_deg)


def _with_key_light(plan: Plan) -> Plan:
    return changed(plan, "light", azimuth_deg=plan.light.azimuth_deg or 0.0)


def restores(part: PlanPart | None, *names: str) -> Do:
    """Take back what was asked of fields of a part, of a part, or of all; the photo's backdrop is `keep`."""

    def do(plan: Plan) -> Plan:
        if part == "backdrop" and not names:
            return changed(
                plan, "backdrop", kind="keep", scene=None, mirrored=None, exposure_ev=0.0, blur=0.0
            )
        fresh = Plan()
        for each in PLAN_PARTS:
            if part == each or (part is None and each != "backdrop"):
                fields = getattr(fresh, each).model_dump()
                wanted = names or [name for name in fields if name not in ("canvas", "aspect")]
                plan = changed(plan, each, **{name: fields[name] for name in wanted})
        if part in ("framing", None) and plan.backdrop.kind == "scene" and not names:
            plan = changed(plan, "framing", fill=SCENE_FILL)
        return plan

    return do
