"""Step from the acts of a text to a plan; those that have no place on it are told back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from stillroom.domain.language import acts
from stillroom.domain.language.acts import ONLY_NAMED, OPPOSITE, Act, in_turn
from stillroom.domain.language.clauses.phrases import is_comparative, is_lack
from stillroom.domain.language.conflicts import OTHER_COLOUR, contradictions, standing
from stillroom.domain.language.doubts import Labels, is_doubtful, labels_between
from stillroom.domain.language.reading import Reading, within
from stillroom.domain.language.sentence_model import Chances
from stillroom.domain.language.wishes.added import LAID
from stillroom.domain.language.wishes.backdrop_changes import VIGNETTE, blurs, is_lit_by_sun, stages
from stillroom.domain.language.wishes.complaints import FEELING
from stillroom.domain.language.wishes.keeping import KEPT_SIZE
from stillroom.domain.language.wishes.named_effects import GRADED_EFFECTS
from stillroom.domain.language.wishes.placing import NEARER
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokens import NUMBER, Token, is_share, kinds
from stillroom.domain.plans.plan import PLAN_PARTS, Backdrop, Plan, PlanPart, changed
from stillroom.domain.told_back import Stretch, Why


@dataclass(frozen=True, slots=True)
class Carried:
    """A reading carried into a plan, act by act.

    Attributes:
        base: The plan before it.
        plan: The plan after it.
        told: What is told back.
        asked: The parts that it speaks of.
        done: The acts that have an effect.
        idle: Those that ask for what is so already.
        graded: The figures of which a text says which way they go.
        refused: The labels of what it says not to do.
    """

    base: Plan
    plan: Plan
    told: tuple[Stretch, ...]
    asked: frozenset[PlanPart] = frozenset()
    done: tuple[Act, ...] = ()
    idle: tuple[Act, ...] = ()
    graded: frozenset[str] = frozenset()
    refused: Labels = frozenset()


def carry(reading: Reading, base: Plan, chances: Chances) -> Carried:
    """Carry the acts of a text into a plan; those that are improbable are told back."""
    plan = base
    told = list(reading.told)
    asked: set[PlanPart] = set()
    done, idle, graded, refused = list[Act](), list[Act](), set[str](), set[str]()
    wanted = sorted(standing(reading.acts), key=_order)
    contrary = contradictions(wanted, base)
    for act in wanted:
        after = None if act in contrary else _after(act, plan, reading)
        said = within(act.span, reading)
        if act.mood == "refused" and act.key != "backdrop":
            if after is None or after == plan:
                told.append(Stretch(*act.span, "refused"))
                continue
            if not any(word.text in _STATES_LACK for word in said):
                refused |= _labels_of(plan, after)
            after = plan
        if after and act.mood == "wish" and _asks_why(said):
            refused |= _labels_of(plan, after)
            told.append(Stretch(*act.span, "ambiguous"))
            continue
        if after is None:
            refused |= {"shadow.reflection+"} if act.do is acts.reflects_no_more else set()
            if act.mood != "style":
                told.append(_told(act, base, is_contrary=act in contrary))
            continue
        is_graded = _is_graded(act, said)
        is_exact = is_graded or any(NUMBER in word for word in said)
        # No label means black and white.
        may_be_doubted = chances and after.tone.saturation and _may_be_doubted(act, wanted, reading)
        # "A reflection, but faint" makes one weaker that the same text asks for.
        doubts = partial(is_doubtful, chances=chances, is_exact=is_exact, is_elliptic=_is_elliptic(act, said))
        if may_be_doubted and doubts(plan, after) and doubts(base, after):
            doubt = Stretch(*act.span, "ambiguous", DOUBTED)
            if act.mood == "style":  # none of its parts is meant: "make the leather look less shiny"
                others = tuple(one for one in reading.acts if (one.span, one.mood) != (act.span, "style"))
                return carry(replace(reading, acts=others, told=(*reading.told, doubt)), base, chances)
            told.append(doubt)
            continue
        changes = parts_between(plan, after)
        is_idle = not changes and act.part is not None and act.mood != "refused"
        (idle if is_idle else done).append(act)
        if is_graded:
            graded |= {path for path, _ in labels_between(plan, after)}
        graded |= {"light.elevation_deg"} if _is_power(act, said) else set()
        # Hard light has hard shadows; a scene's framing is only a consequence.
        if act.part and (act.part in changes or not changes):
            changes = {act.part} | (changes & {"shadow"})
        asked |= changes
        plan = after
    if any(act.key == KEPT_SIZE for act in wanted):
        plan = changed(plan, "framing", fill=base.framing.fill)
    sets = (frozenset(one) for one in (graded, refused))
    return Carried(base, plan, tuple(told), frozenset(asked), tuple(done), tuple(idle), *sets)


_STATES_LACK = ("doesn't", "does not", "didn't", "isn't", "is not", "aren't", "没有", "没", "无")
"""Negations that rather miss a thing than refuse it: "doesn't feel cosy at all"."""
DOUBTED = "doubted"
"""Topic of a wish that the grammar has read and the sentence model finds improbable."""
_TOPICS = {LAID: "prop", FEELING: "feeling", "rotation": "rotation", VIGNETTE: "vignette"}
_TOPICS |= dict.fromkeys(("place", "place.x", "place.y", "place.fault"), "place")
_TOPICS[OTHER_COLOUR] = "contrary"
_TOPICS |= dict.fromkeys(("light.side", "shadow.side", *OPPOSITE), "side")
SETTLED = frozenset((*_TOPICS.values(), "contrary", "own", "recolour")) - {"feeling"}
"""Topics of what is told back because only the seller knows what is meant, or because nobody can do it.

The sentence model may know what a feeling asks for ("a horrible harsh look").
"""


def _may_be_doubted(act: Act, wanted: Sequence[Act], reading: Reading) -> bool:
    """Whether an act asks for the same on every plan, and none replaces it.

    Not one for a style that is all that a phrase says, nor for a colour that is all that the text says, nor
    one that no label names: the model knows nothing of them. Nor a ratio, whose words are exact.
    """
    said = within(act.span, reading)
    later = wanted[wanted.index(act) + 1 :]
    root = act.key.partition(".")[0]
    is_replaced = any(one.part == act.part and one.key in (act.key, root) for one in later)
    is_alone = all(one.mood == "style" for one in wanted) or all(
        word.any("style", "filler", "more", "to", "too", "degree") for word in said
    )
    is_style = act.mood == "style" and is_alone
    is_colour = act.key == "backdrop.colour" and all(
        word.any("colour", "shade", "filler", "very") for word in reading.words
    )
    is_backed = act.key == "backdrop" and any(
        word.isa("backed_by", "backed_by$", "^backed_by") for word in said
    )
    is_unknown = is_backed or act.key in ("aspect", LAID, VIGNETTE, *OPPOSITE) or act.key.endswith(NEARER)
    is_unknown |= act.key == "rotation" and any(NUMBER in word for word in said)
    is_unknown |= act.key == "exposure_ev" and any(amounts.stops(word.text) is not None for word in said)
    is_unknown |= _is_power(act, said)
    return not (act.part is None or is_style or is_colour or is_replaced or is_unknown)


def _order(act: Act) -> tuple[bool, bool, bool]:
    """Styles come before wishes; the sun, the view and a vignette belong to the backdrop that is set."""
    return act.mood != "style", act.do is is_lit_by_sun, act.key in ("backdrop.view", VIGNETTE)


def _after(act: Act, plan: Plan, reading: Reading) -> Plan | None:
    """Return the plan after an act; None if it has no place in this text or on this plan."""
    if act.mood == "refused" and act.key == "backdrop" and reading.told:
        return None  # what shall replace it was not understood
    if act.key in ONLY_NAMED and any(_is_of_ground(one, act, reading) for one in reading.told):
        return None  # beside the backdrop that is told back it is rather what that is like
    elsewhere = _blurred_elsewhere(reading, plan) if (act.part, act.key) == ("backdrop", "blur") else None
    return elsewhere or act.do(plan)


_NOT_THERE: tuple[Why, str] = ("refused", "no_reflection")


def _told(act: Act, base: Plan, *, is_contrary: bool) -> Stretch:
    """Return an act that has no place as what is told back of it."""
    if is_contrary:
        return Stretch(*act.span, "ambiguous", "contrary")
    if act.do is acts.reflects_no_more:
        is_polished = base.backdrop.kind == "scene" and not lexicon().scene(base.backdrop.scene).is_matt
        return Stretch(*act.span, *(("not_possible", "polished") if is_polished else _NOT_THERE))
    return Stretch(*act.span, act.why, _TOPICS.get(act.key, ""))


def _blurred_elsewhere(reading: Reading, plan: Plan) -> Plan | None:
    """Blur the scene nearest to a missing place, not the photo's background that it should replace."""
    missing = [one for one in reading.told if one.why == "not_possible"]
    if not missing or plan.backdrop != Backdrop() or plan.is_of_picture:
        return None
    places = [
        word.get("near_scene") or None
        for word in reading.words
        if word.any("near_scene", "painted")
        and any(one.start <= word.start and word.end <= one.end for one in missing)
    ]
    return in_turn(stages(places[-1]), blurs(1))(plan) if places else None


_GROUNDS = ("scene", "near_scene", "painted")


def _is_of_ground(told: Stretch, act: Act, reading: Reading) -> bool:
    """Whether a backdrop is told back: one that does not exist, or one before that was not understood."""
    if told.why == "not_possible":
        return "_" in told.topic
    return told.start < act.span[0] and any(
        word.get("part") == "backdrop" or word.any(*_GROUNDS)
        for word in within((told.start, told.end), reading)
    )


def _is_elliptic(act: Act, words: Sequence[Token]) -> bool:
    """Whether a brightness is of the shadow or the light only because the phrase before names it."""
    is_named = any(word.any("part", "effect", "property", "side") for word in words)
    return act.part in ("shadow", "light") and any(word.axis == "bright" for word in words) and not is_named


_FIGURES = kinds("brightness darkness contrast saturation sharpness warmth coolness opacity length size blur")
"""Properties whose names leave no doubt of which figure goes up or down."""


def _is_graded(act: Act, words: Sequence[Token]) -> bool:
    """Whether a text says which way an act goes: "less pale", "make it gloomy", "太亮", "it got darker"."""
    is_made = words[:1] != [] and words[0].text.startswith("make ")
    figures = [
        word for word in words if word.get("property") in _FIGURES or word.get("effect") in GRADED_EFFECTS
    ]
    others = [word for word in words if word.any("property", "adjective", "quality") and word not in figures]
    is_figure = len(figures) == 1 and not others and any(word.any("more", "less") for word in words)
    # "下边太空了", "hug the bottom edge", "bigger margins": the model has hardly seen any of them.
    is_room = any(word.get("property") == "margin" for word in words)
    if act.key == "fill":
        is_room &= any(is_comparative(word) and not word.text.startswith("tight") for word in words)
    else:
        is_room &= any(word.any("too", "not_enough", "more", "less") for word in words)
        is_room |= any(word.get("property") == "edge" for word in words)
        is_room &= act.key in ("place.x", "place.y")
    complains = act.mood == "complaint" and any(
        word.get("mood") in ("why", "report")
        or "too_after" in word
        or is_comparative(word)
        or (word.any("neg", "not_too") and is_lack(words, i))
        for i, word in enumerate(words)
    )
    return (
        complains
        or is_figure
        or is_room
        or (is_made and _names_state(words[-1]))
        or any(
            ("past" in after and before.any("more", "less"))
            or (before.text == "so much" and is_comparative(after))
            or (_names_state(after) and before.any("more", "less", "too", "not_too"))
            for before, after in pairwise(words)
        )
    )


def _is_power(act: Act, words: Sequence[Token]) -> bool:
    """Whether words ask for more or less light, and not for a lamp that is higher or lower.

    Shares and factors do ("half the light"), and verbs such as "pump up".
    """
    verbs = [word for word in words if word.any("more", "less") and word.text not in ("more", "less")]
    is_graded = any("side" not in verb for verb in verbs) and any(one.get("part") == "light" for one in words)
    is_measured = any(is_share(one) or (NUMBER in one and amounts.times(one.text)) for one in words)
    return act.key == "exposure_ev" and (is_graded or is_measured)


def _asks_why(words: Sequence[Token]) -> bool:
    """Whether words ask why something was done; "怎么" alone rather asks how to do it."""
    why = next((word for word in words if word.get("mood") == "why"), None)
    if why is None or any("neg" in word for word in words):
        return False
    is_done = any(word.text in ("did", "又") or word.text.endswith("了") for word in words)
    return is_done or why.text in ("为什么", "为啥", "干嘛", "凭什么")


def _labels_of(plan: Plan, after: Plan) -> set[str]:
    return set[str]().union(*(labels for _, labels in labels_between(plan, after)))


def _names_state(word: Token) -> bool:
    return "fault" in word or word.get("adjective").endswith(("+", "-"))


def parts_between(before: Plan, after: Plan) -> set[PlanPart]:
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in PLAN_PARTS)
    return {part for part, old, new in pairs if old is not new and old != new}
