"""Reads effects that are named, such as "rim light", and styles."""

import re
from collections.abc import Mapping, Sequence

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Do, adds, impossible, in_turn, scales, sets, stays
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes import backdrop_changes
from stillroom.domain.language.wishes.backdrop_changes import backed
from stillroom.domain.language.wishes.degrees import (
    bounded,
    quality_of,
    share_at,
    steps_of,
)
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.lexicon import lexicon, step_of
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart, changed, roomier_for_scene

_EFFECTS: Mapping[str, tuple[PlanPart | None, str, Do]] = {
    "keep_backdrop": (None, "backdrop", backdrop_changes.keeps(is_photos=False)),
    "no_blur": (None, "blur", sets("backdrop", blur=0.0)),
    "floats": ("shadow", "shadow.none", sets("shadow", kind="none")),
    "contact_shadow": ("shadow", "length", sets("shadow", kind="soft", length=0.0)),
    "rim_light": ("light", "rim", sets("light", rim=0.7)),
    "top_light": ("light", "light.side", sets("light", azimuth_deg=0.0, elevation_deg=75.0)),
    "front_light": ("light", "light.side", sets("light", azimuth_deg=0.0, elevation_deg=25.0)),
    "side_light": ("light", "light.side", sets("light", azimuth_deg=-60.0)),
    "soft_light": ("light", "fill", adds("light", "fill", 0.25)),
    "hard_light": ("light", "fill", acts.light_hardens),
    **dict.fromkeys(("even_light", "lift_shadows"), ("light", "fill", adds("light", "fill", 0.4))),
    "daylight": ("tone", "exposure_ev", adds("tone", "exposure_ev", 0.25)),
    "spotlight": ("backdrop", "spotlight", backdrop_changes.spotlights),
    "vignette": ("backdrop", backdrop_changes.VIGNETTE, backdrop_changes.vignettes),
    "white_balance": ("tone", "white_balance", sets("tone", white_balance=1.0)),
    "denoise": ("detail", "denoise", sets("detail", denoise=0.8)),
    "straighten": ("detail", "straighten", sets("detail", straighten=True)),
    "sharpen": ("detail", "sharpen", acts.sharpens()),
    "view_above": ("backdrop", "backdrop.view", backdrop_changes.looks_from_above),
    "fill_frame": ("framing", "fill", sets("framing", fill=0.92)),
    "clear_glass": ("backdrop", "glass", sets("backdrop", shows_through=True)),
    "no_glass": ("backdrop", "glass", sets("backdrop", shows_through=False)),
    "product_only": ("backdrop", "backdrop", backdrop_changes.cuts_out),
}
_COMPANIONS: Mapping[str, tuple[PlanPart | None, str, Do]] = {
    "daylight": ("light", "fill", adds("light", "fill", 0.15)),
    "straighten": (None, "rotation", sets("framing", rotation_deg=0.0)),
    "spotlight": ("light", "light.height", sets("light", elevation_deg=62.0)),
}
"""Changes of another figure that an effect brings with it."""
_OFF: Mapping[str, Do] = {
    "clear_glass": sets("backdrop", shows_through=False),
    "denoise": sets("detail", denoise=0.0),
    "sharpen": sets("detail", sharpen=0.0),
    "straighten": sets("detail", straighten=False),
    "white_balance": sets("tone", white_balance=0.0),
    "rim_light": sets("light", rim=0.0),
    "lift_shadows": sets("light", fill=0.0),
    "hard_light": adds("light", "fill", 0.25),
    "vignette": backdrop_changes.flattens,
}
GRADED_EFFECTS = ("rim_light", "lift_shadows", "denoise")
"""Effects of which there is more or less; their key is a field, a share of its most: "rim light at 30%"."""
_LESS: Mapping[str, Do] = {"denoise": acts.denoises_by(-0.5), "soft_light": acts.light_hardens}
"""The contrary of effects: "降噪弱一点"."""
_FILLING = ("lift_shadows", "even_light")
_GRADED: Mapping[str, tuple[str, float, float]] = {
    "rim_light": ("rim", 0.7, 0.35),
    **dict.fromkeys(_FILLING, ("fill", 0.4, 0.25)),
}
"""Figure of an effect of which there may be more or less: what it is at first, and by how much it changes."""
_SIDES = frozenset(("top_light", "front_light", "side_light"))
_SOFTENED = frozenset(("top_light", "hard_light", "side_light", "front_light"))


def read_effects(phrase: Phrase) -> None:
    """Read effects that are named, such as "rim light" and "sharpen"."""
    for i in phrase.all("effect"):
        name = phrase.tokens[i].get("effect")
        if name not in _EFFECTS or _is_quality_instead(phrase, i, name):
            continue
        is_of_scene = name == "soft_light" and phrase.has("scene", "natural_light")
        sides = [j for j in phrase.all("effect") if phrase.tokens[j].get("effect") in _SIDES]
        is_replaced = phrase.status[i] == "old" or (phrase.has("to") and i in sides[:-1])
        if is_of_scene or is_replaced:
            phrase.use(i)  # it comes with the scene, or another one replaces it
        else:
            _read_effect(phrase, i, name)


def _read_effect(phrase: Phrase, i: int, name: str) -> None:
    parts = ("light", "product", "picture", *(("dark_side", "shadow") if name in _FILLING else ()))
    phrase.use(i, *(j for j in phrase.all("part") if phrase.tokens[j].get("part") in parts))
    # "Gentle daylight" is soft anyway.
    own = {"rim_light": "bright", "soft_light": "soft"}.get(name, "")
    degrees = [j for j in phrase.qualities("strong", "deep", "true", own) if "colour" not in phrase.right(j)]
    phrase.use(*degrees)
    part, key, do = _EFFECTS[name]
    is_gentle = name == "denoise" and (phrase.has("part", "light") or bool(phrase.qualities("soft")))
    way = -1 if is_gentle else _way(phrase, degrees)  # "gentle denoise", "light denoise"
    if name in _GRADED:
        is_reduced = _blames(phrase) or (phrase.has("less") and not phrase.has("add"))
        do = _graded(name, way, steps_of(phrase), is_reduced=is_reduced)
        phrase.use_all("more", "less", "degree")
    elif way < 0 and name in _LESS:
        do = _LESS[name]
        phrase.use_all("more", "less")
    do = _measured(phrase, name, is_less=way < 0) or do
    status = phrase.status[i]
    if not status and name in _COMPANIONS:
        phrase.act(*_COMPANIONS[name])
    if phrase.any("too", "not_too", "less") and name in _SOFTENED:
        phrase.use(*phrase.all("adjective"))
        phrase.act("light", "fill", adds("light", "fill", 0.25), "complaint")
    elif status in ("neg", "none") and name != "white_balance":
        _read_off(phrase, i, name)
    elif status == "neg":
        is_off = _is_correction(phrase, i)
        phrase.act(part if is_off else None, key, _OFF[name] if is_off else stays)
    elif status != "keep":
        phrase.act(part, key, do, "complaint" if name == "product_only" else "wish")


def _way(phrase: Phrase, degrees: Sequence[int]) -> int:
    """Return 1 if more of an effect is asked, -1 if less, else 0: "补光太多", "not enough rim light"."""
    signs = {quality_of(phrase, j)[1] for j in degrees}
    is_less = phrase.has("less") or -1 in signs
    is_more = 1 in signs or any("add" not in phrase.tokens[j] for j in phrase.all("more"))
    way = is_more - is_less
    if phrase.lacks:
        return 1
    return -(way or 1) if _blames(phrase) or (way and phrase.has("past")) else way


def _blames(phrase: Phrase) -> bool:
    is_much = any("not_too" in one and "less" not in one for one in phrase.tokens)
    return is_much or phrase.any("too", "too_after")


def _graded(name: str, sign: int, steps: float, *, is_reduced: bool) -> Do:
    """Return the change of an effect of which there may be more or less; a faint one is half a usual one.

    Args:
        is_reduced: Whether it shall be less than it is, which has no place where there is none.
    """
    figure, first, step = _GRADED[name]

    def do(plan: Plan) -> Plan | None:
        old = getattr(plan.light, figure)
        if is_reduced and sign < 0 and not old:
            return None  # of what the photo has itself
        if old and sign:
            return adds("light", figure, sign * step * steps)(plan)
        if old and name in _FILLING:
            return adds("light", figure, first * steps)(plan)
        return changed(plan, "light", **{figure: first * (0.5 if sign < 0 else steps)})

    return do


def _measured(phrase: Phrase, name: str, *, is_less: bool) -> Do | None:
    """Return the change of an effect whose share is said, None without one."""
    numbers = [
        i for i in phrase.all(NUMBER) if share_at(phrase, i) is not None or _times(phrase, i) is not None
    ]
    part, figure, _ = _EFFECTS[name]
    if name not in GRADED_EFFECTS or part is None or not numbers:
        return None
    said = phrase.tokens[numbers[0]].text
    share = share_at(phrase, numbers[0]) or 0.0
    phrase.use(numbers[0], *phrase.all("more"), *phrase.all("less"))
    if do := bounded(phrase, part, figure, share):
        return do
    is_less |= said[0] == "-"
    is_target = any(token.text != "by" for token in phrase.tokens if "to" in token)
    is_step = (is_less or phrase.has("more") or said[0] == "+") and not is_target
    if amounts.factor(said) and not phrase.any("more", "add"):
        ratio = _times(phrase, numbers[0]) or share
        of_present = acts.denoises_by(ratio - 1) if figure == "denoise" else scales(part, figure, ratio)
        first = sets(part, **{figure: share}) if share else impossible  # of none there is no double
        return lambda plan: (of_present if getattr(getattr(plan, part), figure) else first)(plan)
    if not is_step:
        return sets(part, **{figure: share})
    if figure == "denoise":
        return acts.denoises_by(-share if is_less else share)
    return scales(part, figure, 1 - share) if is_less else adds(part, figure, share)


def _times(phrase: Phrase, i: int) -> float | None:
    return amounts.times(phrase.tokens[i].text)


def _is_correction(phrase: Phrase, i: int) -> bool:
    """Whether a word is for correcting a cast, not for the cast itself."""
    words = phrase.tokens[i].text + phrase.texts("to") + phrase.texts("filler")
    return any(verb in words for verb in ("校", "修", "白平衡", "balance", "correct", "fix", "调"))


CORRECTS = re.compile(
    r"[扶校调拉摆转放弄掰扳][正直平一]|^正|校|水平|straighten|level|align|square|upright|correct|fix"
)
"""Verbs that straighten; the other words of the effect say that something is crooked."""


def _read_off(phrase: Phrase, i: int, name: str) -> None:
    part, key, do = _EFFECTS[name]
    if name == "straighten" and not CORRECTS.search(phrase.tokens[i].text):
        phrase.act(part, key, do)  # "别歪着"
    elif name in _OFF:
        phrase.act(part, "light" if part == "light" else key, _OFF[name])
    else:
        phrase.act(part, key, do, "refused", "ambiguous")


def _is_quality_instead(phrase: Phrase, i: int, name: str) -> bool:
    """Whether a degree next to the word makes it a quality: "sharpen less", "soft light" in a complaint."""
    if name == "clear_glass" and phrase.tokens[i].text.endswith("的"):
        return phrase.right(i) is not NO_TOKEN and phrase.right(i).get("part") != "product"  # "玻璃的质感"
    faults = ("less", "too", "not_too", "very", "too_after", "past", NUMBER)
    graded = any("adjective" in token for j, token in enumerate(phrase.tokens) if j != i)
    if name == "sharpen" and (graded or phrase.has("part", "backdrop") or phrase.any(*faults)):
        return True
    return name == "straighten" and "side" in phrase.tokens[i]


def style_parts(name: str) -> tuple[tuple[PlanPart, Do], ...]:
    """Return what a style changes, part by part."""
    changes = lexicon().styles[name]
    return tuple((part, _of(part, changes[part])) for part in PLAN_PARTS if part in changes)


def _of(part: PlanPart, fields: Mapping[str, object]) -> Do:
    if part == "backdrop":
        return _backdrop(fields)
    steps = ((name, value, step_of(value)) for name, value in fields.items())
    return in_turn(
        *(adds(part, name, *step) if step else sets(part, **{name: value}) for name, value, step in steps)
    )


def _backdrop(fields: Mapping[str, object]) -> Do:
    """Set a backdrop, unless a scene was chosen: a style does not replace it."""

    def do(plan: Plan) -> Plan | None:
        if plan.backdrop.kind == "scene":
            return None
        after = backed(plan, **fields)
        return roomier_for_scene(after) if fields["kind"] == "scene" else after

    return do


def read_styles(phrase: Phrase) -> None:
    """Read a style: of the parts that are named, else of all that nothing else was asked of."""
    for i in phrase.all("style"):
        phrase.use(i)
        if phrase.fault and phrase.tokens[i].get("style") == "natural":
            phrase.act(None, "")  # "too warm, more natural": the remedy of the complaint
            continue
        if phrase.status[i] in ("neg", "none") or any("too" in one for one in phrase.tokens[:i]):
            phrase.act(None, "", impossible, why="ambiguous")
            continue
        named = phrase.parts & {"backdrop", "shadow", "light"}
        touched = {act.part for act in phrase.acts if act.mood != "style"}
        describes = i + 1 in phrase.used and phrase.tokens[i + 1].any("part", "effect")
        # "海滩感背景" asks for the backdrop of the style.
        describes = describes and (bool(touched) or named != {"backdrop"})
        if describes or {"backdrop", None} & touched or (named and named <= touched) or phrase.told:
            continue  # it only describes what was read
        changes = [one for one in style_parts(phrase.tokens[i].get("style")) if one[0] not in touched]
        # "More cheerful" goes on from the picture that is there.
        wanted = named or set(PLAN_PARTS) - ({"backdrop"} if phrase.has("more") else set())
        changes = [one for one in changes if one[0] in wanted]
        phrase.use(*(j for part, _ in changes for j in phrase.all("part", part)))
        for part, do in changes:
            phrase.act(part, f"{part}.style", do, "style")
