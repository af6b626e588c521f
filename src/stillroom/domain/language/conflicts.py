"""Step 6, conflicts between acts: complaints with a remedy, contradictions, overruled styles."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from stillroom.domain.language.acts import ONLY_NAMED, OPPOSITE, Act, impossible
from stillroom.domain.language.wishes.backdrop_changes import is_lit_by_sun
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.plans.plan import Plan


def standing(acts: tuple[Act, ...]) -> list[Act]:
    """Drop complaints that the text has its own remedy for, and styles of parts that it speaks of."""
    grounded = any(act.key == "shadow" and act.mood == "complaint" for act in acts)
    acts = tuple(act for act in acts if not (grounded and act.key == "shadow.none"))
    wishes = [act for act in acts if act.mood == "wish"]
    rooms = {_scene_of(act) for act in acts}
    words = lexicon()
    floors = [act for act in acts if words.scene(_scene_of(act)).room in rooms]
    backdrops = [wish for wish in wishes if wish not in floors]
    found: list[Act] = []
    if any((act.part, act.key) == ("framing", "rotation") for act in wishes):
        # "It is leaning, tip it 3° to the left": the angle is the whole remedy.
        acts = tuple(act for act in acts if (act.part, act.key) not in _STRAIGHT)
    for act in acts:
        if act in floors:
            continue
        surer = _surer(act, backdrops) if act.key in ONLY_NAMED else None
        if surer:
            after = act.do(Plan())
            if surer.do(Plan()) != after:
                key = OTHER_COLOUR if _is_of_other_colour(_scene_of(surer), after) else act.key
                found.append(replace(act, do=impossible, why="ambiguous", key=key))
            continue
        if act.key in OPPOSITE and any(one.key == act.key for one in found):
            continue
        if act.mood == "complaint" and (_is_answered(act, wishes, acts) or _is_repeated(act, found)):
            continue
        if act.mood == "style" and _is_overruled(act, found, wishes, acts):
            continue
        is_replaced = act.part == "backdrop" and any(wish.key.startswith("backdrop") for wish in wishes)
        if act.mood == "refused" and is_replaced:
            continue
        found.append(act)
    return found


OTHER_COLOUR = "backdrop.other_colour"
"""Key of a colour that the scene beside it does not have: "marble, black"."""


def _is_of_other_colour(scene: str, after: Plan | None) -> bool:
    own = lexicon().scene(scene).colours
    if not own or after is None or after.backdrop.kind != "color":
        return False
    return after.backdrop.color not in own


def _scene_of(act: Act) -> str:
    after = act.do(Plan()) if act.part == "backdrop" else None
    return (after.backdrop.scene or "") if after else ""


_STRAIGHT = ((None, "rotation"), ("detail", "straighten"))
"""Acts of a straightening."""


def _surer(act: Act, wishes: Sequence[Act]) -> Act | None:
    """Return a wish for a backdrop that is surer than one that is only named."""
    surer = next((w for w in wishes if w.key == "backdrop" or (w.key, act.key) == ONLY_NAMED), None)
    if surer is None or is_lit_by_sun not in (act.do, surer.do):
        return surer
    after = (surer if act.do is is_lit_by_sun else act).do(Plan())
    return None if after and after.backdrop.kind == "scene" else surer  # the sun shines on the other scene


def _is_overruled(act: Act, found: list[Act], wishes: list[Act], acts: tuple[Act, ...]) -> bool:
    """Whether a style's backdrop, with the tones that suit it, gives way to one that is named.

    So does a part that an earlier style has set already.
    """
    brings_backdrop = any((one.part, one.span, one.mood) == ("backdrop", act.span, "style") for one in acts)
    yields_to = {"backdrop": ("backdrop", "tone"), "tone": ("backdrop",)}.get(act.part or "", ())
    is_named = brings_backdrop and any(wish.part in yields_to for wish in wishes)
    return is_named or any(one.mood == "style" and one.part == act.part for one in found)


def _is_answered(act: Act, wishes: list[Act], acts: tuple[Act, ...]) -> bool:
    """Whether the text has its own remedy: a wish for the same figure, or a later one for the whole part."""
    if act.key == "" or act.part is None:
        return False
    return any(
        wish.key == act.key
        or act.key.endswith(".fault")
        or act.key.startswith(f"{wish.key}.")  # "居中啊，偏左了"
        or (wish.key in (act.part, f"{act.part}.none") and acts.index(act) < acts.index(wish))
        for wish in wishes
        if wish.part == act.part
    )


def contradictions(acts: Sequence[Act], base: Plan) -> list[Act]:
    """Return wishes that move one figure to opposite sides, of which none is sure."""
    by_key: dict[tuple[str, str], list[tuple[Act, Plan]]] = {}
    for act in acts:
        is_wish = act.mood == "wish" or (act.mood == "complaint" and act.part == "tone")
        if is_wish and act.part not in (None, "backdrop") and act.do is not impossible:
            same = by_key.setdefault((act.part, act.key), [])
            if len(same) < _MOST_COMPARED and (after := act.do(base)) is not None:
                same.append((act, after))
    found = []
    for (part, _), same in by_key.items():
        if any(_is_opposite(base, one, other, part) for (_, one), (_, other) in combinations(same, 2)):
            found += [act for act, _ in same]
    for lit, light in by_key.get(("light", "light.side"), ()):
        for cast, shadow in by_key.get(("shadow", "shadow.side"), ()):
            if (light.light.azimuth_deg or 0) * (shadow.shadow.direction_deg or 0) > 0:
                found += [lit, cast]  # a shadow falls away from the light
    return found


def _is_opposite(base: Plan, one: Plan, other: Plan, part: str) -> bool:
    figures = [getattr(plan, part).model_dump() for plan in (base, one, other)]
    if part == "framing" and len({"photo", one.framing.aspect, other.framing.aspect}) == 3:
        return True  # "要一张竖的，一张方的"
    return any(
        all(isinstance(figure[name], int | float) for figure in figures)
        and (figures[1][name] - old) * (figures[2][name] - old) < 0
        for name, old in figures[0].items()
    )


def already(act: Act, plan: Plan) -> str:
    """Return the topic of an act that asks for what a picture shows already."""
    if act.part == "backdrop" and act.key != "blur":
        return f"already.{plan.backdrop.kind}"
    if act.key == "aspect":
        return "already.square" if plan.framing.aspect == "1:1" else "already.aspect"
    return "already.straight" if act.key == "straighten" else f"already.{act.part}"


_MOST_COMPARED = 4
"""Complaints about one figure that are compared; bounds the time to read a text of nothing else."""


def _is_repeated(act: Act, found: list[Act]) -> bool:
    """Whether a complaint stands already; "not too dark" after "not too bright" is another one."""
    same = [one for one in found if (one.part, one.key, one.mood) == (act.part, act.key, "complaint")]
    if act.part == "tone" and same and act.do is not impossible:
        return not _is_opposite(Plan(), same[0].do(Plan()) or Plan(), act.do(Plan()) or Plan(), "tone")
    return bool(act.key and same)
