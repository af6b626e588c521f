"""Step 6, doubts about a change of a plan that the sentence model finds improbable.

The model and this module speak of changes in *labels*: a field with a direction (`tone.mired+`) or a state
(`shadow.kind=none`).
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache

from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.plan import Plan

IMPROBABLE, POSSIBLE, PROBABLE = 0.2, 0.4, 0.75
"""Probability to which a change is doubtful, from which a wish may be meant, and from which one is missed."""

_KEPT = "backdrop.kind=keep"
"""Label of a background that stays: never doubted or missed, for there are a hundred ways to say so."""

Labels = frozenset[str]

_FIGURES: Mapping[str, str] = {
    "backdrop": "blur exposure_ev",
    "shadow": "strength softness length reflection",
    "light": "elevation_deg strength fill rim",
    "tone": "white_balance mired exposure_ev contrast saturation",
    "framing": "fill x y rotation_deg",
    "detail": "denoise sharpen clarity",
}
_FROM_ZERO = (
    "backdrop.blur",
    "shadow.reflection",
    "light.fill",
    "light.rim",
    "detail.denoise",
    "detail.sharpen",
)
"""Figures of which there can be none."""
_ASPECTS = "1:1 3:4 4:5 2:3 16:9 9:16 4:3 photo"
_SIDES = "left right front back"
_STATES: Mapping[str, str] = {
    "backdrop.kind": "painted scene transparent keep",
    "backdrop.view": "above",
    "shadow.kind": "none hard some",
    "shadow.direction_deg": _SIDES,
    "light.azimuth_deg": "left right front keep",
    "framing.x": "centre",
    "framing.y": "centre",
    "framing.aspect": _ASPECTS,
    "detail.straighten": "yes",
}
TOLD = "told"
"""Label of what is told back."""
LABELS = (
    *(f"{part}.{name}{way}" for part, names in _FIGURES.items() for name in names.split() for way in "+-"),
    *(f"{path}={state}" for path, states in _STATES.items() for state in states.split()),
    TOLD,
)

_ALIKE: Mapping[str, str] = {
    "light.fill+": "light.strength- shadow.softness+ tone.contrast- tone.exposure_ev+",
    "light.fill-": "light.strength+",
    "light.strength+": "shadow.kind=hard shadow.softness- tone.contrast+",
    "light.azimuth_deg=front": "light.elevation_deg+ light.elevation_deg- light.strength+ light.strength-",
    "shadow.softness+": "light.strength-",
    "shadow.softness-": "light.strength+",
    "shadow.kind=hard": "light.strength+ shadow.softness-",
    "shadow.kind=some": "shadow.strength+ shadow.softness+",
    "shadow.kind=none": "shadow.strength-",
    "tone.mired+": "tone.white_balance+ tone.white_balance-",
    "tone.mired-": "tone.white_balance+ tone.white_balance-",
    "tone.white_balance+": "tone.mired+ tone.mired-",
    "tone.white_balance-": "tone.mired+ tone.mired-",
    "detail.clarity+": "tone.contrast+ detail.sharpen+",
    "detail.clarity-": "detail.sharpen-",
    "detail.sharpen+": "detail.clarity+",
    "detail.sharpen-": "detail.clarity-",
    "tone.exposure_ev+": "light.fill+",
    "framing.x+": "framing.x=centre",
    "framing.x-": "framing.x=centre",
    "framing.y+": "framing.y=centre",
    "framing.y-": "framing.y=centre",
    "framing.rotation_deg+": "detail.straighten=yes",
    "framing.rotation_deg-": "detail.straighten=yes",
    "light.strength-": "tone.exposure_ev-",
}
"""Labels of other wishes that are carried out by the same change."""
_FOLLOWS: Mapping[str, str] = {
    "shadow": "shadow",
    "light": "light shadow",
    "backdrop.kind": "framing backdrop shadow",
    "framing.x": "framing",
    "framing.y": "framing",
    "tone.exposure_ev": "light",
}
"""Parts of which a wish for a figure, or a part, may change other figures along with it."""


def states_of(plan: Plan) -> Labels:
    """Return the states that a plan is in."""
    backdrop, shadow, light, framing = plan.backdrop, plan.shadow, plan.light, plan.framing
    is_open = backdrop.kind in ("keep", "transparent", "scene") and backdrop.scene != "paper_tint"
    has_none = shadow.kind == "none" or shadow.strength == 0
    states = {
        "backdrop.kind": backdrop.kind if is_open else "painted",
        "backdrop.view": backdrop.view,
        "shadow.kind": "none" if has_none else "some",
        "shadow.direction_deg": _side(shadow.direction_deg),
        "light.azimuth_deg": _azimuth(light.azimuth_deg),
        "framing.x": "centre" if _is_middle(framing.x) else "",
        "framing.y": "centre" if _is_middle(framing.y) else "",
        "framing.aspect": framing.aspect,
        "detail.straighten": "yes" if plan.detail.straighten else "",
    }
    named = [f"{path}={state}" for path, state in states.items() if state in _STATES[path].split()]
    named += ["shadow.kind=hard"] if shadow.kind == "hard" else []
    is_paper = backdrop.kind == "scene" and (backdrop.scene or "").startswith("paper")
    return frozenset([*named, "backdrop.kind=scene", "backdrop.kind=painted"] if is_paper else named)


def _is_middle(place: float | None) -> bool:
    return place is None or abs(place - 0.5) < 0.03


def _side(degrees: float | None) -> str:
    if degrees is None:
        return ""
    if abs(degrees) <= 30:
        return "front"
    return "back" if abs(degrees) >= 150 else "left" if degrees < 0 else "right"


def _azimuth(degrees: float | None) -> str:
    if degrees is None:
        return "keep"
    return "front" if abs(degrees) <= 20 else "left" if degrees < 0 else "right"


def labels_between(base: Plan, plan: Plan) -> list[tuple[str, Labels]]:
    """Return each figure that differs, with the labels that say how."""
    new = states_of(plan) - states_of(base)
    if plan.backdrop.kind == "scene" != base.backdrop.kind:
        new |= {state for state in states_of(plan) if state.startswith("backdrop.kind")}
    is_repainted = base.backdrop.color != plan.backdrop.color  # the edge changes along with the middle
    named = [
        (f"{change.part}.{change.field}", frozenset(_labels(change, new)))
        for change in changes_between(base, plan)
        if not (is_repainted and change.field == "edge_color")
    ]
    return [(path, labels) for path, labels in named if labels]


def _labels(change: Change, new: Labels) -> Iterator[str]:
    path = f"{change.part}.{change.field}"
    yield from (label for label in new if label.startswith(f"{path}="))
    if path in ("backdrop.kind", "backdrop.scene", "backdrop.color"):
        yield from (label for label in new if label.startswith("backdrop."))
    if path == "backdrop.color" and not any(label.startswith("backdrop.kind") for label in new):
        yield from ("backdrop.kind=painted", "tone.saturation+", "tone.saturation-")
        yield from ("tone.mired+", "tone.mired-")
        yield _shade(change)
    if path == "backdrop.edge_color":
        yield _shade(change)
    if f"{path}+" in LABELS:
        yield f"{path}{_way(_figure(change.old), _figure(change.new))}"
    if path == "shadow.kind" and change.old == "hard":
        yield "shadow.softness+"
    if path == "framing.rotation_deg" and not change.new:
        yield "detail.straighten=yes"


def _shade(change: Change) -> str:
    return f"backdrop.exposure_ev{_way(_lightness(change.old), _lightness(change.new))}"


def _figure(value: object) -> float:
    return float(value) if isinstance(value, float | int) else 0.5


def _lightness(colour: object) -> float:
    red, green, blue = bytes.fromhex(str(colour)[1:])
    return 0.2 * red + 0.7 * green + 0.1 * blue


def _way(old: float, new: float) -> str:
    return "+" if new > old else "-"


def is_doubtful(base: Plan, plan: Plan, chances: Mapping[str, float], *, is_exact: bool = False) -> bool:
    """Whether a change of a plan has a figure of this part that the text improbably asks for.

    Not of another colour of the same kind of backdrop, which has no label. Which way an exact figure goes is
    left to the grammar.
    """
    is_shade = base.backdrop.kind == plan.backdrop.kind
    return any(
        max(chances[label] for label in _explaining(path, _both_ways(labels) if is_exact else labels))
        <= IMPROBABLE
        for path, labels in labels_between(base, plan)
        if _KEPT not in labels and not (is_shade and path == "backdrop.color")
    )


def _both_ways(labels: Labels) -> Labels:
    return labels | {f"{label[:-1]}{way}" for label in labels if label[-1] in "+-" for way in "+-"}


def missed(base: Plan, plan: Plan, chances: Mapping[str, float], least: float) -> tuple[str, ...]:
    """Return the labels of a least probability that the plan after a text does not have."""
    meant = [label for label, chance in chances.items() if chance >= least and label != TOLD]
    if not meant:
        return ()
    done = states_of(plan).union(*(_explaining("", labels) for _, labels in labels_between(base, plan)))
    done |= {f"{path}-" for path in _FROM_ZERO if not _value(plan, path)}
    done |= {_KEPT} if base.is_of_picture and base.backdrop == plan.backdrop else set()
    done |= {"backdrop.exposure_ev+"} if plan.backdrop.kind == "white" else set()
    return tuple(label for label in meant if label not in done)


def _value(plan: Plan, path: str) -> float | None:
    part, _, name = path.partition(".")
    value: float | None = getattr(getattr(plan, part), name)
    return value


@cache
def _explaining(path: str, labels: Labels) -> Set[str]:
    """Return the labels of wishes that change a figure so, on purpose or along with others."""
    alike = {other for label in labels for other in _ALIKE.get(label, "").split()}
    return labels | alike | {label for label in LABELS if path and _frees(label, path)}


def _frees(label: str, path: str) -> bool:
    wished = label.rstrip("+-").partition("=")[0]
    part = wished.partition(".")[0]
    free: Sequence[str] = f"{_FOLLOWS.get(wished, '')} {_FOLLOWS.get(part, '')}".split()
    return wished != path and path.partition(".")[0] in free
