"""Reads what names its own figure: effects such as "rim light", amounts with units, styles."""

import re
from collections.abc import Mapping

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Do, adds, impossible, in_turn, scales, sets, stays
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes import backdrop_changes
from stillroom.domain.language.wishes.backdrop_changes import backed
from stillroom.domain.language.wishes.degrees import add_effect, degree_of, is_of_present, quality_of
from stillroom.domain.language.wishes.effects import Degree
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.lexicon import lexicon, step_of
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart, roomier_for_scene

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
_MEASURED = ("rim_light", "lift_shadows", "denoise")
"""Effects whose key is a field that is a share of its most: "rim light at 30%"."""
_LESS: Mapping[str, Do] = {
    "denoise": acts.denoises_less,
    "rim_light": adds("light", "rim", -0.35),
    **dict.fromkeys(("lift_shadows", "even_light"), adds("light", "fill", -0.4)),
    "soft_light": acts.light_hardens,
}
"""The contrary of effects that have a degree: "less fill light", "降噪弱一点"."""
_FILLING = ("lift_shadows", "even_light")
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
    own = {"rim_light": "bright", "soft_light": "soft"}.get(name, "")  # "gentle daylight": it is soft anyway
    degrees = [j for j in phrase.qualities("strong", "deep", "true", own) if "colour" not in phrase.right(j)]
    phrase.use(*degrees)
    part, key, do = _EFFECTS[name]
    is_less = phrase.has("less") or any(quality_of(phrase, j)[1] < 0 for j in degrees)
    do = _LESS.get(name, do) if is_less else do
    do = _measured(phrase, name, is_less=is_less) or do
    if name in _LESS:
        phrase.use(*phrase.all("less"))
    status = phrase.status[i]
    if not status and name in _COMPANIONS:
        phrase.act(*_COMPANIONS[name])
    if phrase.any("too", "not_too", "less") and name in (*_SOFTENED, "rim_light"):
        softer = adds("light", "fill", 0.25) if name in _SOFTENED else impossible
        phrase.use(*phrase.all("adjective"))
        phrase.act("light", "fill", softer, "complaint")
    elif status in ("neg", "none") and name != "white_balance":
        _read_off(phrase, i, name)
    elif status == "neg":
        is_off = _is_correction(phrase, i)
        phrase.act(part if is_off else None, key, _OFF[name] if is_off else stays)
    elif status != "keep":
        phrase.act(part, key, do, "complaint" if name == "product_only" else "wish")


def _measured(phrase: Phrase, name: str, *, is_less: bool) -> Do | None:
    """Return the change of an effect whose share is said, None without one."""
    numbers = [i for i in phrase.all(NUMBER) if amounts.share(phrase.tokens[i].text) is not None]
    part, figure, _ = _EFFECTS[name]
    if name not in _MEASURED or part is None or not numbers:
        return None
    said = phrase.tokens[numbers[0]].text
    share = amounts.share(said) or 0.0
    phrase.use(numbers[0], *phrase.all("more"), *phrase.all("less"))
    is_less |= said[0] == "-"
    is_step = (is_less or phrase.has("more") or said[0] == "+") and not phrase.has("to")
    if is_step and figure != "denoise":
        return scales(part, figure, 1 - share) if is_less else adds(part, figure, share)
    return sets(part, **{figure: share})


def _is_correction(phrase: Phrase, i: int) -> bool:
    """Whether a word is for correcting a cast, not for the cast itself."""
    words = phrase.tokens[i].text + phrase.texts("to") + phrase.texts("filler")
    return any(verb in words for verb in ("校", "修", "白平衡", "balance", "correct", "fix", "调"))


_CORRECTS = re.compile(
    r"[扶校调拉摆转放弄掰扳][正直平一]|校|水平|straighten|level|align|square|upright|correct|fix"
)
"""Verbs that straighten; the other words of the effect say that something is crooked."""


def _read_off(phrase: Phrase, i: int, name: str) -> None:
    part, key, do = _EFFECTS[name]
    if name == "straighten" and not _CORRECTS.search(phrase.tokens[i].text):
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


def read_numbers(phrase: Phrase) -> None:
    """Read amounts whose property is in the number or in the verb: stops, kelvins, "fills 80%"."""
    for i in phrase.all(NUMBER)[:6]:  # more would only take time
        said = phrase.tokens[i].text
        if phrase.status[i] in ("neg", "none"):
            continue
        if said.strip().endswith("k") and "warm" not in _axes(phrase):
            phrase.use(i, *phrase.all("property", "temperature"), *phrase.all("part", "light"))
            _read_kelvin(phrase, said)
        elif amounts.stops(said) is not None and not _axes(phrase) and not phrase.all("property"):
            sign = -1 if "-" in said or phrase.has("less") else 1
            grounds = phrase.all("part", "backdrop")
            phrase.use(i, *phrase.all("more"), *phrase.all("less"), *grounds)
            if grounds:
                add_effect(phrase, "backdrop", "bright", Degree(sign, amount=said), "wish")
            else:
                phrase.act("tone", "exposure_ev", acts.exposes(sign, said, 1.0))
        elif _is_share_of(phrase, "shadow", said):
            _read_share(phrase, i, "strength", acts.shadow_opacity(amounts.share(said) or 0.0))
        elif _is_share_of(phrase, "reflection", said):
            _read_share(phrase, i, "reflection", sets("shadow", reflection=amounts.share(said)))
        elif (phrase.has("fills") or _is_bound_of_size(phrase) or _is_size(phrase, said)) and {
            token.get("side") for token in phrase.tokens
        } <= {"", "center"}:
            _read_fills(phrase, i)
        else:
            _read_scale(phrase, i)


def _read_share(phrase: Phrase, i: int, figure: str, do: Do) -> None:
    """Read the share that a shadow or reflection shall have, of the most or of what it is: "现在的一半"."""
    factor = amounts.times(phrase.tokens[i].text)
    is_of_now = phrase.has("original") or phrase.tokens[i].text == "half" or factor is not None
    is_of_now |= phrase.drops("now") and phrase.any("to", "less")  # "倒影现在两成" states it
    phrase.use(i, *phrase.all("part"), *phrase.all("property"), *phrase.all("original"), *phrase.all("less"))
    phrase.use(*_adding(phrase), *(phrase.all("degree") if _adding(phrase) else ()))
    share = amounts.share(phrase.tokens[i].text) or 0.0
    sign = {"+": 1, "-": -1}.get(phrase.tokens[i].text[0], 0)
    if sign:  # "shadow -20%"
        is_scaled = figure == "strength"
        change = (
            scales("shadow", figure, 1 + sign * share) if is_scaled else adds("shadow", figure, sign * share)
        )
        phrase.act("shadow", figure, change)
        return
    scaled = scales("shadow", figure, factor or share)
    phrase.act("shadow", figure, (lambda plan: scaled(plan) or do(plan)) if is_of_now else do)


def _read_kelvin(phrase: Phrase, said: str) -> None:
    """Read a colour temperature; one that no light has is a difference: "lower it by 300K"."""
    kelvin = amounts.number(said) or 0.0
    if kelvin >= acts.LEAST_KELVIN:
        phrase.act("tone", "mired", acts.sets_kelvin(kelvin))
    elif phrase.any("less", "more") or said[0] in "+-":
        warms = phrase.has("less") or said[0] == "-"
        if any(act.key == "mired" and act.mood == "complaint" for act in phrase.before.acts):
            warms = phrase.fault < 0  # "偏暖了，降300K" lowers the warmth
        phrase.use_all("more", "less")
        phrase.act("tone", "mired", acts.warms_by_kelvin(1 if warms else -1, kelvin))
    else:
        phrase.act(None, "", impossible, why="ambiguous")


def _axes(phrase: Phrase) -> set[str]:
    return {phrase.tokens[j].axis for j in phrase.qualities()}


def _is_share_of(phrase: Phrase, part: str, said: str) -> bool:
    """Whether a share is the opacity of the shadow or the reflection: "shadow at 40%"."""
    is_meant = not phrase.parts and phrase.antecedent.part == part and phrase.texts("to")[-1:] == "到"
    is_meant |= _is_of_added(phrase, part)
    is_amount = amounts.share(said) is not None or (part != "product" and amounts.times(said) is not None)
    if not (is_meant or phrase.all("part", part)) or not is_amount:
        return False
    if is_meant:
        return not phrase.any("property", "adjective", "quality")
    if phrase.any("quality", "adjective", "less") or is_of_present(phrase):
        return False
    if not set(phrase.all("more")) <= set(_adding(phrase)):
        return False
    return all(token.get("property") in ("", "opacity") for token in phrase.tokens)


def _adding(phrase: Phrase) -> list[int]:
    """Verbs that add the part that is named after them: "add a reflection of 30%", unlike "影子加三成"."""
    parts = phrase.all("part")
    return [i for i in phrase.all("add") if parts and i < parts[0]]


def _is_of_added(phrase: Phrase, part: str) -> bool:
    """Whether only an amount is said, of the shadow or reflection that was wished for just before."""
    before = phrase.before
    if not before.has("part", part) or before.any("less", "quality", "adjective"):
        return False
    is_added = any(act.part == "shadow" and act.mood == "wish" for act in before.acts)
    return is_added and all(one.any(NUMBER, "filler", "to") for one in phrase.tokens)


def _is_bound_of_size(phrase: Phrase) -> bool:
    """Whether a share bounds the product's size: "产品不超过画面的一半", "no bigger than half the frame"."""
    if not phrase.has("bound"):
        return False
    is_of_frame = phrase.has("part", "picture") or phrase.has("frame")
    is_of_frame |= any("bound" in one and _SIZES.search(one.text) for one in phrase.tokens)
    is_of_size = any((act.part, act.key) == ("framing", "fill") for act in phrase.before.acts[-1:])
    # "Larger, but no more than 10%" says how much.
    shares = (amounts.share(phrase.tokens[i].text) or 0.0 for i in phrase.all(NUMBER))
    is_of_frame |= is_of_size and any(share >= _LEAST_BOUND for share in shares)
    is_of_product = phrase.parts <= {"product", "picture"} and not phrase.has("property")
    return is_of_frame and is_of_product


_LEAST_BOUND = 0.4
"""Share from which a bound after a wish for another size is one of the picture."""
_SIZES = re.compile("big|large|small|[大小]于")


def _is_size(phrase: Phrase, said: str) -> bool:
    """Whether only the product and a share are named: "product at 80%", "centred at 80%"."""
    named = all(
        token.any("part", "to", "filler", NUMBER) or token.get("side") == "center" for token in phrase.tokens
    )
    return named and not phrase.has("past") and _is_share_of(phrase, "product", said)


def _read_fills(phrase: Phrase, i: int) -> None:
    said = phrase.tokens[i].text
    number = amounts.number(said) if amounts.is_bare(said) else None
    share = amounts.share(said) or (number and (number if number < 1 else number / 100))
    if share and said[0] not in "+-":
        phrase.use(i, *phrase.qualities("big"), *phrase.all("part"), *phrase.all("property", "size"))
        bounds = phrase.all("bound")
        do = sets("framing", fill=share)
        if bounds:
            do = acts.bounds_size(share, is_least=phrase.tokens[bounds[0]].get("bound") == "least")
        phrase.use(*bounds, *phrase.all("effect", "fill_frame"))
        phrase.act("framing", f"fill{BOUND}" if bounds else "fill", do)


BOUND = ".bound"
"""End of the key of a bound of the size, which holds for the wish before it: "larger, but at most 80%"."""


def _read_scale(phrase: Phrase, i: int) -> None:
    """Read "shrink it to half", which is of its present size, and "to 80% of the original"."""
    said = phrase.tokens[i].text
    sizes = phrase.qualities("big")
    is_size = bool(sizes) or phrase.has("property", "size")
    if not is_size or phrase.has("part", "shadow") or phrase.has("property", "margin"):
        return
    share = amounts.share(said)
    frame = phrase.has("part", "picture")
    grows = any(phrase.tokens[j].get("quality") == "big+" for j in sizes)  # "enlarge it by half"
    is_half = share == 0.5 and not frame and not grows
    if share is None or not (is_half or phrase.has("original") or phrase.drops("now")):
        return
    phrase.use(i, *sizes, *phrase.all("property", "size"), *phrase.all("part"))
    phrase.act("framing", "fill", acts.scales("framing", "fill", share))


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


def read_filling(phrase: Phrase) -> None:
    """Read "takes up too much room": a complaint of size."""
    if not phrase.has("fills"):
        return
    too, lack = phrase.any("too", "too_after"), phrase.lacks
    wished = phrase.all("more") or phrase.all("less")
    is_of_light = phrase.texts("fills") == "fill" or phrase.has("part", "dark_side")  # or of the frame
    if phrase.all("fills") and wished and not (too or is_of_light or phrase.has(NUMBER)):
        sign = 1 if phrase.has("more") else -1
        phrase.use(*wished, *phrase.all("part"))
        add_effect(phrase, "size", "", degree_of(phrase, sign), "wish")
        return
    if not (too or lack) or not phrase.parts <= {"product", "picture"}:
        return
    phrase.use(*phrase.all("part"), *phrase.all("property", "margin"), *phrase.all("more"))
    small = phrase.all("adjective", "big-") + phrase.all("less")
    phrase.use(*small)
    sign = 1 if small or lack else -1
    add_effect(phrase, "size", "", degree_of(phrase, sign, is_fault=True), "complaint")


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
