"""Reads one phrase: keeping, undoing, props, sides, backdrops, effects, qualities, styles, in this order.

Step 4 for a single phrase: praise and exceptions are set aside, then each family of wishes reads its words.
"""

from collections.abc import Mapping, Set
from dataclasses import replace
from itertools import pairwise

from stillroom.domain.language import acts
from stillroom.domain.language.acts import impossible, sets
from stillroom.domain.language.clauses.phrases import CONTENT, GROUND, Phrase, Status
from stillroom.domain.language.clauses.senses import settle_senses
from stillroom.domain.language.wishes import backdrop_changes
from stillroom.domain.language.wishes.added import read_added
from stillroom.domain.language.wishes.backdrops import mark_given, read_backdrop, read_light_pool
from stillroom.domain.language.wishes.colours import name_by_colour, read_lean
from stillroom.domain.language.wishes.ellipsis import goes_on_about_view
from stillroom.domain.language.wishes.figures import read_numbers
from stillroom.domain.language.wishes.formats import read_format, read_rotation
from stillroom.domain.language.wishes.keeping import read_kept, read_undo
from stillroom.domain.language.wishes.light_sides import read_light_height, read_light_side
from stillroom.domain.language.wishes.named_effects import read_effects, read_styles
from stillroom.domain.language.wishes.placing import read_place
from stillroom.domain.language.wishes.props import read_elsewhere, read_props, read_recolour
from stillroom.domain.language.wishes.qualities import read_qualities
from stillroom.domain.language.words.tokens import kinds
from stillroom.domain.plans.plan import PlanPart


def read_phrase(phrase: Phrase) -> None:
    """Read a phrase; what is not understood stays in `rest`."""
    if not phrase.tokens:
        return
    settle_senses(phrase)
    name_by_colour(phrase)
    # "不是说影子，说的是产品"
    is_not_meant = "不是说" in phrase.dropped and len(phrase.tokens) == 1 and phrase.any("part", "property")
    if (phrase.has("except") and not _excepts_wish(phrase)) or _is_praise(phrase) or is_not_meant:
        _read_aside(phrase)
        return
    if part := _left_out(phrase):
        phrase.use_known()
        phrase.act(part, f"{part}.fault", impossible, "complaint", "ambiguous")
        return
    if goes_on_about_view(phrase):
        phrase.tell("not_possible", "pose")
    read_elsewhere(phrase)
    if phrase.told:
        return
    for read in (
        read_undo,
        read_kept,
        read_format,
        read_rotation,
        read_added,
        read_props,
        read_recolour,
        read_light_height,
        read_light_side,
        read_numbers,
        read_effects,
        read_light_pool,
        read_place,
        read_lean,
        _read_backdrop_unless_fault,
        read_qualities,
        _read_bare_parts,
        read_styles,
    ):
        read(phrase)
    if phrase.given:
        given = (backdrop_changes.on(phrase.given, act.do) for act in phrase.acts)
        phrase.acts = [
            replace(act, do=do, why="ambiguous") for act, do in zip(phrase.acts, given, strict=True)
        ]
    _use_companions(phrase)


_COMPANIONS: Mapping[str, Mapping[str, Set[str]]] = {
    "backdrop": {"property": kinds("colour opacity edge size"), "side": kinds("beside")},
    "shadow": {"property": kinds("edge opacity"), "side": kinds("bottom beside")},
    "light": {"property": kinds("opacity")},
    "framing": {"property": kinds("position edge size"), "part": kinds("picture"), "side": kinds("beside")},
}
"""Words that name an aspect of a part, and add nothing to a wish that was read about it."""


def _use_companions(phrase: Phrase) -> None:
    for act in phrase.acts:
        for kind, meanings in _COMPANIONS.get(act.part or "", {}).items():
            phrase.use(*(i for i in phrase.all(kind) if phrase.tokens[i].get(kind) in meanings))


def _is_praise(phrase: Phrase) -> bool:
    fine = [token for token in phrase.tokens if "fine" in token]
    asked = CONTENT - {"part", "property", "impossible", "prop", "product_part", "unread"}
    if fine and all("filler" in token for token in fine) and phrase.any(*asked):
        return False  # "ok so background grey paper", "the shadow looks fake ok?"
    if _is_neither(phrase) and len(phrase.tokens) == 4:
        return True  # "不亮也不暗"
    if fine and ("得" in phrase.dropped or _is_neither(phrase)) and fine[-1] is phrase.tokens[-1]:
        return not phrase.any("too", "not_too", "to")  # "亮得刚刚好"
    if phrase.any("adjective", "quality") and phrase.has("degree"):
        return False  # "this is fine, just a bit darker"
    wished = ("too", "neg", "not_too", "not_enough", "quality", "more", "less", "to", "add", "none", "undo")
    said = [token for token in phrase.tokens if "property" not in token]  # "position" is a verb, too
    return phrase.has("fine") and not any(kind in token for token in said for kind in wished)


_PRAISED = frozenset(("fine", "neg", "part", "filler"))


def _left_out(phrase: Phrase) -> PlanPart | None:
    """Return the part that is left out of praise: "I like the light but not the background"."""
    said = (*(phrase.before.tokens if phrase.is_limit else ()), *phrase.tokens)
    if not any("fine" in one for one in said) or not all(one.of(_PRAISED) for one in phrase.tokens):
        return None
    part = phrase.tokens[-1].get("part")
    is_denied = len(phrase.tokens) > 1 and "neg" in phrase.tokens[-2]
    return next((one for one in ("backdrop", "shadow", "light") if is_denied and one == part), None)


def _excepts_wish(phrase: Phrase) -> bool:
    """Whether what is excepted is itself a wish: "除了影子淡一点，其他都不变"."""
    first, *rest = phrase.tokens
    if "except" not in first or not rest or "part" not in rest[0] or phrase.any("all", "else"):
        return False
    to = next((i for i, token in enumerate(rest) if "to" in token), len(rest))
    is_wish = phrase.has("degree") or any(one.of(GROUND) for one in rest[to + 1 :])
    if is_wish:
        phrase.tokens[0] = replace(first, senses={"filler": ""})
    return is_wish


def _is_neither(phrase: Phrase) -> bool:
    """Whether two states are denied, as in "不亮不暗"."""
    denied = [after for one, after in pairwise(phrase.tokens) if "neg" in one and "adjective" in after]
    return len(denied) > 1


def _read_aside(phrase: Phrase) -> None:
    """Read praise, which asks for nothing, and exceptions, which are not understood."""
    phrase.use(*range(len(phrase.tokens)))
    if phrase.has("fine", "accepted") and phrase.has("scene"):
        phrase.tell("ambiguous")  # "没有竹席的话亚麻也行"
    elif phrase.has("except") and not (
        (phrase.has("else") or (phrase.has("all") and not phrase.has("to")))
        and (phrase.any("keep", "neg"))
        and not (phrase.any("none", "adjective", "quality"))
    ):
        phrase.tell("ambiguous")
    else:
        phrase.act(None, "")


def _read_backdrop_unless_fault(phrase: Phrase) -> None:
    """Read the backdrop, unless its word is the subject of a quality: "the table is too dark"."""
    is_fault = phrase.any("too", "not_too", "lean", "past")
    is_fault |= not phrase.has("to") and any("very" in one and one.is_han for one in phrase.tokens)
    is_fault |= any(
        "is" in one and after.get("adjective").startswith("cast") for one, after in pairwise(phrase.tokens)
    )
    is_fault |= any(
        one.get("adjective") in ("ugly", "clean-") and one.text not in ("花", "off", "bad")
        for one in phrase.tokens
    )
    if is_fault and (phrase.all("adjective") or phrase.all("quality")):
        mark_given(phrase)
    else:
        read_backdrop(phrase)


def _read_bare_parts(phrase: Phrase) -> None:
    """Read parts without any quality: a shadow is wanted or not; a backdrop needs a name."""
    for i in phrase.all("part"):
        part, status = phrase.tokens[i].get("part"), phrase.status[i]
        if i in phrase.used:
            continue
        if status == "neg" and _is_denied(phrase, i):
            phrase.use(i)
            phrase.act(None, "")
        elif part == "shadow":
            _read_bare_shadow(phrase, i, status)
        elif part == "reflection":
            phrase.use(i)
            is_wanted = status not in ("neg", "none")
            phrase.act("shadow", "reflection", acts.reflects if is_wanted else acts.reflects_no_more)
        elif part == "backdrop":
            _read_bare_backdrop(phrase, i, status)
        elif part in ("product", "picture"):
            _read_bare_product(phrase, i, status)


def _read_bare_shadow(phrase: Phrase, i: int, status: Status) -> None:
    phrase.use(i)
    if status in ("neg", "none"):
        phrase.act("shadow", "shadow.none", sets("shadow", kind="none"))
    elif not status and _is_only_named(phrase, i):
        phrase.act("shadow", "shadow", acts.shadow_appears)
    elif not status:
        phrase.act("shadow", "", impossible, why="ambiguous")


def _read_bare_backdrop(phrase: Phrase, i: int, status: Status) -> None:
    if phrase.acts:
        return
    if status in ("neg", "none"):
        grounds = [j for j, token in enumerate(phrase.tokens) if token.get("part") == "backdrop"]
        phrase.use(*grounds)
        if len(grounds) > 1:  # a thing within the backdrop
            phrase.act(None, "", impossible)
        else:
            _read_no_ground(phrase, i, status)
    elif not phrase.told and (not phrase.rest[1:] or phrase.has("to")):
        phrase.use(i)
        phrase.act("backdrop", "backdrop.fault", impossible, "complaint", "ambiguous")


def _read_bare_product(phrase: Phrase, i: int, status: Status) -> None:
    phrase.use(i)
    is_product = phrase.tokens[i].get("part") == "product"
    if is_product and status == "none" and not phrase.has("part", "shadow") and not phrase.acts:
        phrase.act(None, "", impossible)


def _is_denied(phrase: Phrase, i: int) -> bool:
    """Whether only another part is meant than one that is named: "not the shadow, the light"."""
    is_denied = any(token.isa("denial") for token in phrase.tokens[:i]) and not phrase.drops("this")
    return is_denied and i == len(phrase.tokens) - 1


def _is_only_named(phrase: Phrase, i: int) -> bool:
    """Whether nothing after a part says how it shall be: "shadow in the foreground", "影子拉到画面边"."""
    return not phrase.any("previous", "original") and not any(
        ("to" in token and not token.isa("wanted"))
        or "style" in token
        or token.get("side") in ("beside", "behind", "top", "bottom")
        for token in phrase.tokens[i + 1 :]
    )


def _read_no_ground(phrase: Phrase, i: int, status: str) -> None:
    """A background that is not wanted is cut away; without its table a picture is plain."""
    words = ("背景", "底", "后", "background", "backdrop", "bg", "behind")
    is_table = not any(word in phrase.tokens[i].text for word in words)
    is_likened = phrase.has("to") or any(token.text.endswith("like") for token in phrase.tokens)
    if status == "neg" and (phrase.drops("this") or (is_likened and not is_table)):
        phrase.act("backdrop", "backdrop.fault", impossible, "complaint", "ambiguous")
    elif is_table:
        phrase.act("backdrop", "clean", backdrop_changes.cleans)
    else:
        phrase.act("backdrop", "backdrop", backdrop_changes.cuts_out)
