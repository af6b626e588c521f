"""Step 6, doubts about a change of a plan that the sentence model finds improbable.

The model and this module speak of changes in *labels*: a field with a direction (`tone.mired+`) or a state
(`shadow.kind=none`).
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.words.lexicon import language_file
from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.plan import Plan
from stillroom.domain.words import Words

IMPROBABLE, POSSIBLE, PROBABLE = 0.2, 0.4, 0.75
"""Probability to which a change is doubtful, from which a wish may be meant, and from which one is missed."""

_KEPT = "backdrop.kind=keep"
"""Label of a background that stays: never doubted or missed, for there are a hundred ways to say so."""

Labels = frozenset[str]

_FROM_ZERO = (
    "backdrop.blur",
    "shadow.reflection",
    "light.fill",
    "light.rim",
    "detail.denoise",
    "detail.sharpen",
)
"""Figures of which there can be none."""
TOLD = "told"
"""Label of what is told back."""


class Label(BaseModel):
    """Meaning of a label.

    Attributes:
        says: Plain words for it; empty if it leaves open which colour or which scene is meant.
        weaker: Plain words in a text that removes and refuses nothing: "the rim is a bit fierce".
        alike: Labels of other wishes that are carried out by the same change.
        step: A wish for one step of it, or for this side, in both languages; None for other states.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: str = ""
    weaker: str = ""
    alike: tuple[str, ...] = ()
    step: Words | None = None


class LabelFile(BaseModel):
    """Content of `labels.json`: the labels, in the order of the fitted networks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    labels: dict[str, Label]


LABELS = LabelFile.model_validate_json(language_file("labels.json")).labels

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
    named = [label for path, state in states.items() if (label := f"{path}={state}") in LABELS]
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
    if path == "backdrop.color":
        yield from ("backdrop.kind=painted", "tone.saturation+", "tone.saturation-")
        yield from ("tone.mired+", "tone.mired-")
        yield _shade(change)
    if path == "backdrop.edge_color":
        yield _shade(change)
    if f"{path}+" in LABELS:
        yield f"{path}{_way(_figure(change.old), _figure(change.new))}"
    if path == "detail.denoise" and change.old is None and change.new:
        yield f"{path}+"  # "gentle denoise" is less than a grainy photo gets, and more than another
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


def is_doubtful(
    base: Plan,
    plan: Plan,
    chances: Mapping[str, float],
    *,
    is_exact: bool = False,
    is_elliptic: bool = False,
) -> bool:
    """Whether a change of a plan has a figure of this part that the text improbably asks for.

    Not of another colour of the same kind of backdrop, which has no label.

    Args:
        is_exact: Whether the text says which way the figure goes; the grammar reads that.
        is_elliptic: Whether the text leaves out the part; then a wish for another figure of it is no reason.
    """
    is_shade = base.backdrop.kind == plan.backdrop.kind
    return any(
        max(
            chances[label]
            for label in _explaining("" if is_elliptic else path, _both_ways(labels) if is_exact else labels)
        )
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
    goes = "shadow.kind=none" in states_of(plan) - states_of(base)
    if goes and chances.get("shadow.kind=none", 0.0) >= POSSIBLE:
        done |= _OF_SHADOW  # of what goes nothing more is asked
    return tuple(label for label in meant if label not in done)


_OF_SHADOW = {one for one in LABELS if one.startswith("shadow.") and not one.startswith("shadow.reflection")}


def _value(plan: Plan, path: str) -> float | None:
    part, _, name = path.partition(".")
    value: float | None = getattr(getattr(plan, part), name)
    return value


@cache
def _explaining(path: str, labels: Labels) -> Set[str]:
    """Return the labels of wishes that change a figure so, on purpose or along with others."""
    alike = {other for label in labels for other in LABELS[label].alike}
    return labels | alike | {label for label in LABELS if path and _frees(label, path)}


def _frees(label: str, path: str) -> bool:
    wished = label.rstrip("+-").partition("=")[0]
    part = wished.partition(".")[0]
    free: Sequence[str] = f"{_FOLLOWS.get(wished, '')} {_FOLLOWS.get(part, '')}".split()
    return wished != path and path.partition(".")[0] in free
