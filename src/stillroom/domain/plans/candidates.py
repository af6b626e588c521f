"""Candidates: alternative plans of one instruction, which differ visibly and contradict none of its words."""

from collections.abc import Callable

from stillroom.domain.plans.plan import Plan, PlanPart, changed, roomier_for_scene


def candidate_plans(plan: Plan, count: int, operation: str) -> tuple[Plan, ...]:
    """Return alternative plans to compare; none contradicts the instruction.

    Args:
        plan: The literal reading of the instruction; becomes the first candidate.
        count: Number of plans, 1 to 4.
        operation: `optimize`, `bg_replace` or `refine`.

    Returns:
        `count` plans that differ from each other.
    """
    variations = _refine_variations(plan) if operation == "refine" else _new_variations(plan, operation)
    plans = [plan]
    for vary in variations:
        other = vary(plan)
        if other not in plans:
            plans.append(other)
    return tuple(plans[:count])


_Variation = Callable[[Plan], Plan]


def _unless_asked(part: PlanPart, **fields: object) -> _Variation:
    return lambda plan: plan if part in plan.asked else changed(plan, part, **fields)


def _scaled(part: PlanPart, factor: float, *names: str) -> _Variation:
    """Multiply some fields of a part; saturation is scaled by its distance from 1."""

    def scale(plan: Plan) -> Plan:
        old = getattr(plan, part)
        values = {name: getattr(old, name) * factor for name in names if name != "saturation"}
        if "saturation" in names:
            values["saturation"] = 1.0 + (old.saturation - 1.0) * factor
        return changed(plan, part, **values)

    return scale


def _scaled_unless_asked(part: PlanPart, factor: float, *names: str) -> _Variation:
    scale = _scaled(part, factor, *names)
    return lambda plan: plan if part in plan.asked else scale(plan)


def _brighter_by(ev: float) -> _Variation:
    return lambda plan: changed(plan, "tone", exposure_ev=plan.tone.exposure_ev + ev)


def _closer_and_deeper(plan: Plan) -> Plan:
    # A product that fills the canvas cannot be enlarged; more clarity makes the candidate differ anyway.
    crisper = _unless_asked("detail", clarity=0.2)(plan)
    return _scaled_unless_asked("shadow", 1.35, "strength")(_CLOSER(crisper))


def scene_kept(plan: Plan) -> Plan:
    """Return the plan with the photo's own backdrop, and its proportions unless others were asked for."""
    return _unless_asked("framing", aspect="photo")(changed(plan, "backdrop", kind="keep"))


_CLOSER = _scaled_unless_asked("framing", 1.16, "fill")
_ROOMIER = _scaled_unless_asked("framing", 0.88, "fill")
_CRISPER = _unless_asked("detail", clarity=0.35, sharpen=0.7)


def _wider_and_side_lit(plan: Plan) -> Plan:
    """More room around the product, and a longer shadow under light from the left."""
    lit = _unless_asked("light", azimuth_deg=-50.0, strength=0.5)(plan)
    return _scaled_unless_asked("framing", 0.8, "fill")(
        _scaled_unless_asked("shadow", 1.5, "length", "strength")(lit)
    )


def _roomier_and_reflected(plan: Plan) -> Plan:
    """More room around the product, on a sheet of acrylic that reflects it."""
    return _ROOMIER(_unless_asked("shadow", reflection=0.4)(plan))


def _in_scene(scene: str) -> _Variation:
    return lambda plan: roomier_for_scene(changed(plan, "backdrop", kind="scene", scene=scene, mirrored=None))


_ON_LIGHT_GREY = _unless_asked(
    "backdrop", kind="gradient", color="#fafafa", edge_color="#d9dadc", shape="sweep"
)
_EVERYDAY_SCENES = ("natural_light", "marble_white", "wood_oak")
_NEIGHBOURS: dict[str | None, tuple[str, ...]] = {
    None: ("wood_oak", "marble_white"),
    "wood_oak": ("natural_light", "linen"),
    "natural_light": ("wood_oak", "marble_white"),
    "marble_white": ("natural_light", "concrete_ledge"),
    "paper_grey": ("concrete_ledge", "podium_plaster"),
    "concrete_ledge": ("podium_plaster", "slate_dark"),
    "linen": ("wood_oak", "natural_light"),
    "slate_dark": ("concrete_ledge", "wood_oak"),
    "podium_plaster": ("paper_grey", "concrete_ledge"),
    "stone_garden": ("natural_light", "wood_oak"),
    "room_oak": ("room_concrete", "room_stone"),
    "room_concrete": ("room_oak", "room_stone"),
    "room_stone": ("room_oak", "room_concrete"),
}
# Fallback that differs at either end of the range; too small to contradict the instruction.
_NUDGES = tuple(_brighter_by(ev) for ev in (0.15, -0.15, 0.22, -0.22, 0.3, -0.3))


def _relit(step_ev: float, zoom: float, x: float) -> _Variation:
    """Another light on the scene and another crop of it; the product's own light and colour stay."""

    def vary(plan: Plan) -> Plan:
        ev = plan.backdrop.exposure_ev + step_ev
        plan = changed(plan, "backdrop", exposure_ev=ev)
        if "framing" in plan.asked or plan.product_transform is not None:
            return plan
        return changed(plan, "framing", fill=plan.framing.fill * zoom, x=x)

    return vary


_DIMMER_AND_CLOSER, _LIGHTER_AND_WIDER = _relit(-0.6, 1.3, 0.5), _relit(0.4, 0.72, 0.42)
_BRIGHTER_AND_CLOSER = _relit(0.9, 1.3, 0.5)
_DARK = frozenset(("slate_dark",))  # a dimmer light would hardly show on them


def _scene_variations(scene: str | None) -> tuple[_Variation, ...]:
    """Return variations of a scene that differ at thumbnail size.

    Two of them stay in it: a neighbour would contradict the colour of a paper, and comes third elsewhere.
    """
    nearby = tuple(_neighbour(name) for name in _NEIGHBOURS.get(scene, ()))
    first, second = _DIMMER_AND_CLOSER, _LIGHTER_AND_WIDER
    if scene in _DARK:
        first = _BRIGHTER_AND_CLOSER
    return (first, nearby[0], second, *nearby[1:]) if nearby else (first, second)


def _neighbour(scene: str) -> _Variation:
    return lambda plan: changed(plan, "backdrop", scene=scene, mirrored=None, view=None)


def _new_variations(plan: Plan, operation: str) -> tuple[_Variation, ...]:
    """Return variations for a new picture, those of unspecified parts first."""
    brighter = _brighter_by(0.2) if "tone" not in plan.asked else _CRISPER
    rest = (_CLOSER, _CRISPER, brighter, _ROOMIER, *_NUDGES)
    if "backdrop" not in plan.asked and operation == "optimize":
        return (scene_kept, _ON_LIGHT_GREY, _closer_and_deeper, *rest)
    if not plan.asked:
        # Words about anything else, such as the light, ask for no scene.
        return (*(_in_scene(scene) for scene in _EVERYDAY_SCENES), *rest)
    if plan.backdrop.kind in ("keep", "transparent"):
        return (brighter, *rest)
    if plan.backdrop.kind == "scene":
        return (*_scene_variations(plan.backdrop.scene), *rest)
    return (_closer_and_deeper, _wider_and_side_lit, _roomier_and_reflected, brighter, *rest)


_STRENGTHS: dict[PlanPart, tuple[tuple[str, ...], tuple[float, float, float]]] = {
    "light": (("strength", "fill", "rim"), (1.2, 0.75, 0.6)),
    "tone": (("mired", "exposure_ev", "contrast", "saturation"), (1.5, 0.6, 2.0)),
    "shadow": (("strength",), (1.25, 0.75, 1.5)),
    "framing": (("fill",), (1.06, 0.94, 1.12)),
    "detail": (("sharpen", "clarity"), (1.4, 0.7, 1.8)),
}


def _refine_variations(plan: Plan) -> tuple[_Variation, ...]:
    """Return variations of the strength of what was asked; a new backdrop brings its own shadow."""
    if "backdrop" in plan.asked and plan.backdrop.kind == "scene":
        return (*_scene_variations(plan.backdrop.scene), *_NUDGES)
    asked = [part for part in _STRENGTHS if part in plan.asked]
    if "backdrop" in plan.asked and "shadow" not in asked and plan.shadow.kind != "none":
        asked.append("shadow")
    steps = [
        _scaled(part, _STRENGTHS[part][1][step], *_STRENGTHS[part][0]) for step in range(3) for part in asked
    ]
    return (*steps, *_NUDGES)
