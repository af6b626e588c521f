"""Parser of backdrops: scenes, materials, colours, gradients, transparency."""

import re
from collections.abc import Mapping
from itertools import pairwise

from stillroom.domain.language.acts import Do, impossible
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes import backdrop_changes, paint
from stillroom.domain.language.wishes.colours import BLACK, NAMED, WHITE, Ground, coloured
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokens import UNKNOWN, Token
from stillroom.domain.plans.plan import Plan


def read_backdrop(phrase: Phrase) -> None:
    """Read the backdrop that a phrase asks for, refuses or keeps."""
    grounds = _named(phrase) + coloured(phrase)
    wanted = [ground for ground in grounds if phrase.status[ground.at[-1]] in ("", "keep")]
    refused = [ground for ground in grounds if phrase.status[ground.at[-1]] in ("neg", "none")]
    for ground in grounds:
        before = phrase.left(ground.at[0])
        is_of_it = bool(ground.at[0]) and not before.any("part", "product_part", "property", "side", UNKNOWN)
        phrase.use(*ground.at, *([ground.at[0] - 1] if is_of_it else []))
    if not grounds:
        return
    if wanted and mark_given(phrase):
        return
    if wanted and _is_replaced(phrase, wanted):
        phrase.use_known()
        phrase.act(None, "", impossible, why="ambiguous")
        return
    if not phrase.has("adjective") or wanted:
        phrase.use(*phrase.all("part", "backdrop"))
    wanted = _housed(phrase, wanted)
    wanted = _without_sun(phrase, grounds, wanted)
    scenes = {ground.name for ground in wanted if ground.kind in ("scene", "near_scene")}
    if len(scenes) > 1:
        phrase.act(None, "", impossible, why="ambiguous")
    elif wanted:
        _set(phrase, wanted)
    elif refused:
        for ground in refused:
            _refuse(phrase, ground)


_STATES = frozenset(("is", "too", "not_too", "not_enough", "enough"))
_GRADES = frozenset(("quality", "more", "less", "degree", "effect"))
_GIVING = frozenset(("to", "add", "undo", "instead_of", "neg", "none", "from", "keep", "quality"))
_MODIFIED = frozenset(("property", "product_part", "prop", "side"))


def mark_given(phrase: Phrase) -> bool:
    """Note the scene or colour that an English sentence speaks of without asking for it.

    "The wooden tray is too dark" may be about the goods: it asks for no wooden table.
    """
    named = ((i, kind) for i, one in enumerate(phrase.tokens) for kind in ("scene", "colour") if kind in one)
    at, kind = next(named, (0, ""))
    if (
        not kind
        or not phrase.tokens[at].text.isascii()
        or _is_sun(phrase, Ground(kind, phrase.tokens[at].get(kind), (at,)))
    ):
        return False
    before, after = phrase.tokens[:at], phrase.tokens[at + 1 :]
    verbs = [one for one in before if one.of(_GIVING)]
    if not all(one.isa("^make") for one in verbs) or phrase.has("liked"):
        return False
    definite = any(one.isa("determiner$") for one in (*phrase.fillers, *verbs))
    states = any(one.of(_STATES) or ("to" in one and one.isa("^must")) for one in after)
    grades = any(one.of(_GRADES) for one in after)
    is_ground = any(one.get("part") == "backdrop" and one.text != "base" for one in phrase.tokens)
    is_noun = bool(after) and after[0].of(_MODIFIED)  # "marble texture more visible"
    is_scene = kind == "scene" and (states or (grades and is_noun))
    if is_ground or not ((definite and (states or grades)) or is_scene):
        return False
    phrase.given = phrase.tokens[at].get(kind)
    return True


def _without_sun(phrase: Phrase, grounds: list[Ground], wanted: list[Ground]) -> list[Ground]:
    """Read the sun beside another scene as light on that: "on marble in morning light"."""
    if not _REPLACED.search(phrase.texts("to")):
        old = [one for one in grounds if phrase.status[one.at[-1]] == "old"]
        wanted = [*old, *wanted] if all(_is_sun(phrase, one) for one in wanted) else wanted
    scenes = [ground for ground in wanted if ground.kind in ("scene", "near_scene")]
    suns = [ground for ground in scenes if _is_sun(phrase, ground)]
    if not suns or len(suns) == len(scenes):
        return wanted
    phrase.act("light", "light.side", backdrop_changes.is_lit_by_sun)
    return [ground for ground in wanted if ground not in suns]


def _is_sun(phrase: Phrase, ground: Ground) -> bool:
    if ground.kind != "scene":
        return False
    after = phrase.right(ground.at[-1])
    is_of_light = after.get("part") == "light" or after.get("effect") == "soft_light"
    shines = is_of_light and ground.name == "natural_light"  # "窗边的自然光"
    return shines or bool(SUNLIGHT.search(phrase.tokens[ground.at[-1]].text))


SUNLIGHT = re.compile(
    r"sun(?!lit|ny|room)|light$|light (?:through|coming)"
    r"|晨光|阳光(?!房|窗台)|日光|太阳|窗光|窗边光|[照洒透]进"
)
"""Words for light that stand for the scene by a window only where no other one is."""
_REPLACED = re.compile(r"换|改|change|switch|replace|swap|trade")


def _is_replaced(phrase: Phrase, wanted: list[Ground]) -> bool:
    """Whether a backdrop shall go without another one being named: "swap the wood for something lighter"."""
    verb = next((i for i, one in enumerate(phrase.tokens) if "to" in one and _REPLACED.search(one.text)), -1)
    after = phrase.tokens[wanted[-1].at[-1] + 1 :]
    is_open = phrase.drops("anything") and any("to" in one or one.get("part") == "backdrop" for one in after)
    is_open |= not after and verb + 1 == wanted[0].at[0] and "the" in phrase.dropped  # "replace the oak"
    return verb > wanted[-1].at[-1] or (0 <= verb < wanted[0].at[0] and is_open)


def _housed(phrase: Phrase, wanted: list[Ground]) -> list[Ground]:
    """Read a material and "room" as the room with walls or a floor of it: "oak room", "水泥地的房间"."""
    rooms = [i for i, token in enumerate(phrase.tokens) if token.isa("room")]
    scenes = [ground for ground in wanted if ground.kind == "scene" and ground.at[-1] not in rooms]
    if not rooms or len(scenes) != 1 or rooms[-1] <= scenes[0].at[0]:
        return wanted
    phrase.use(*rooms)
    name = lexicon().scene(scenes[0].name).room or scenes[0].name
    kept = [one for one in wanted if one is not scenes[0] and one.at[-1] not in rooms]
    return [*kept, Ground("scene", name, scenes[0].at)] if name.startswith("room") else wanted


def _named(phrase: Phrase) -> list[Ground]:
    found = []
    for i, token in enumerate(phrase.tokens):
        kind = next((kind for kind in NAMED if kind in token), "")
        if kind and i not in phrase.used:
            found.append(Ground(kind, token.get(kind), (i,)))
    return found


def _set(phrase: Phrase, wanted: list[Ground]) -> None:
    """Add the act of what is wanted; of several scenes the last counts."""
    colours = [ground.name for ground in wanted if ground.kind == "colour"]
    kinds = {ground.name for ground in wanted if ground.kind == "kind"}
    scenes = [ground for ground in wanted if ground.kind in ("scene", "near_scene")]
    if "black" in kinds:
        colours.append(BLACK)
    if "paper" in kinds and not scenes:
        phrase.act("backdrop", "backdrop", _paper(colours, kinds))
    elif scenes:
        _stage(phrase, scenes[-1], colours)
    elif "gradient" in kinds or (
        len(colours) == 2 and phrase.has("side", "top") and phrase.has("side", "bottom")
    ):
        sides = [i for i in phrase.all("side") if phrase.tokens[i].get("side") not in ("left", "right")]
        phrase.use(*sides, *(phrase.qualities("bright", "deep") if sides else ()))
        phrase.act("backdrop", "gradient" if not colours else "backdrop", _gradient(phrase, colours))
    elif any(_are_two(*pair) for pair in pairwise(wanted)):
        phrase.act(None, "", impossible, why="ambiguous")  # "black and gold": in which places?
    elif colours:
        if phrase.before.has("kind", "paper"):
            phrase.act("backdrop", "backdrop", _paper(colours, kinds))  # "seamless paper, light blue"
            return
        named = phrase.has("part", "backdrop") or bool(kinds) or len(wanted) > 1
        named |= phrase.any("to", "undo", "add")
        key = "backdrop" if named else "backdrop.colour"
        named |= phrase.drops("one") and phrase.before.has("part", "backdrop")
        states = phrase.has("is") or phrase.drops("stating")
        if _has_turned_out(phrase) or (not named and (states or phrase.antecedent.is_unread)):
            phrase.act(None, "", impossible, why="ambiguous")  # "here it's basically yellow", "拍成橙色了"
            return
        old = [phrase.tokens[i].get("colour") for i, status in enumerate(phrase.status) if status == "old"]
        do = backdrop_changes.paints(colours[-1])
        if any(old) and not phrase.has("part", "backdrop"):
            do = backdrop_changes.repaints(next(filter(None, old)), do)
        if any(_SURFACE.search(token.text) for token in phrase.tokens if "part" in token):
            do = backdrop_changes.unless_scene(do)
        phrase.act("backdrop", key, do, why="ambiguous" if any(old) else "not_possible")
    else:
        key, do = next((_KINDS[kind] for kind in _KINDS if kind in kinds), ("clean", backdrop_changes.cleans))
        phrase.act("backdrop", key, do)


def _has_turned_out(phrase: Phrase) -> bool:
    """Whether a phrase only reports the colour that something has become: "都成奶黄的了"."""
    verb = phrase.texts("to")
    is_report = verb.endswith("成") and phrase.has("past") and not _REPLACED.search(verb)
    return is_report and not phrase.has("part", "backdrop")


def _are_two(one: Ground, other: Ground) -> bool:
    """Whether two different colours are listed next to each other."""
    are_colours = one.kind == other.kind == "colour" and one.name != other.name
    return are_colours and one.at[-1] + 1 == other.at[0]


_KINDS: Mapping[str, tuple[str, Do]] = {
    "white": ("backdrop", backdrop_changes.paints(WHITE)),
    "transparent": ("backdrop.cut", backdrop_changes.cuts_out),
    "any_scene": ("backdrop", backdrop_changes.stages(None)),
    "tinted": ("backdrop", backdrop_changes.stands_on_paper(paint.PASTEL)),
}
"""Key and change of backdrops without a scene and a colour, the most exact first."""
_SURFACE = re.compile(r"table|counter|desk|wall|floor|surface|[桌台墙地]")
"""Parts of a scene, which has their colours."""


def _paper(colours: list[str], kinds: set[str]) -> Do:
    if not colours:
        return backdrop_changes.stands_on_paper(paint.PASTEL if "tinted" in kinds else None)
    return backdrop_changes.stands_on_paper(None if colours[-1] in ("#b4b6ba", "#cfcac2") else colours[-1])


def _gradient(phrase: Phrase, colours: list[str]) -> Do:
    said = [token for token, status in zip(phrase.tokens, phrase.status, strict=True) if not status]
    sides = [token.get("side") for token in said if token.get("side") in ("top", "bottom")]
    shades = [sign for token in said if (sign := _brightness(token))]
    if sides and shades and len(colours) < 2:
        # "上浅下深", "light on top, dark below"; a single one is at the last side.
        side, sign = (sides[0], shades[0]) if len(sides) == len(shades) else (sides[-1], shades[-1])
        brighter, darker = paint.gradient_of(colours[0] if colours else paint.PLAIN)
        top_is_brighter = (side, sign) in (("top", "+"), ("bottom", "-"))
        return backdrop_changes.paints_gradient(
            *((darker, brighter) if top_is_brighter else (brighter, darker))
        )
    if not colours:
        return backdrop_changes.grades
    if sides and len(colours) == 1:
        return backdrop_changes.fades(colours[0], is_top=sides[-1] == "top")
    first, *others = colours[:2]
    # The outer colour is that of the top; without sides it is brightest around the product.
    is_outer = bool(others) and (sides[0] != "bottom" if sides else others == [WHITE])
    return backdrop_changes.paints_gradient(*((*others, first) if is_outer else (first, *others)))


def _brightness(token: Token) -> str:
    """The sign of a word for brighter or darker; empty for others, and for the names of colours."""
    meaning = token.get("adjective") or token.get("quality")
    if "colour" in token or meaning[:-1] not in ("bright", "deep"):
        return ""
    return "+" if meaning in ("bright+", "deep-") else "-"


def read_light_pool(phrase: Phrase) -> None:
    """Read a pool of light by its description: "中间亮四周暗的灰色背景"."""
    centre, rim = phrase.all("side", "center"), phrase.all("side", "beside") + phrase.all("property", "edge")
    said = [(i, (one.get("quality") or one.get("adjective"))) for i, one in enumerate(phrase.tokens)]
    bright, dark = ([i for i, meaning in said if meaning == f"bright{sign}"] for sign in "+-")
    is_ground = phrase.has("part", "backdrop") or phrase.has("kind", "gradient")
    is_ground |= bool(rim and bright and dark) and not phrase.parts
    if not (is_ground and centre and (bright or dark)) or any(phrase.status):
        return
    names = [one.name for one in coloured(phrase)]
    phrase.use_known()
    if rim and bright and dark and (centre[0] < rim[0]) == (bright[0] < dark[0]):
        pool = backdrop_changes.paints_pool(names[-1]) if names else backdrop_changes.pools
        phrase.act("backdrop", backdrop_changes.VIGNETTE, pool)
    else:
        phrase.act(None, "", impossible)


_WANTING = ("to", "undo", "instead_of", "neg", "none", "add")
"""Kinds of words beside which the name of a scene is surely a wish for it."""


def _stage(phrase: Phrase, ground: Ground, colours: list[str]) -> None:
    if ground.kind == "scene" and set(colours) <= set(lexicon().scene(ground.name).colours):
        is_named = phrase.has("part", "backdrop") or phrase.any(*_WANTING)
        # "白底，然后木纹桌面", not "然后突出木纹"
        is_named |= phrase.is_next and not phrase.any("adjective", "quality", "property", "effect")
        is_named &= not (phrase.has("part", "shadow") or phrase.has("part", "light"))
        # "daylight from the window"
        shines = "from" in phrase.left(ground.at[0])
        shines &= phrase.has("effect") or phrase.has("part", "light")
        if shines:
            phrase.use(*phrase.all("part", "light"))
        is_light = (_is_sun(phrase, ground) or shines) and not _REPLACED.search(phrase.texts("to"))
        do = backdrop_changes.is_lit_by_sun if is_light else backdrop_changes.stages(ground.name)
        phrase.act("backdrop", "backdrop" if is_named else "backdrop.scene", do)
        above = [i for i in phrase.all("side", "top") if phrase.tokens[i].text.startswith("from")]
        if above and not is_light and phrase.parts <= {"product", "backdrop"}:
            phrase.use(*above)
            phrase.act("backdrop", "backdrop.view", backdrop_changes.looks_from_above)
    else:
        phrase.tell("not_possible", ground.name)
        phrase.is_heard = True


def _refuse(phrase: Phrase, ground: Ground) -> None:
    """Add what a refused backdrop comes to: white if it is there now, else nothing."""
    if (ground.kind, ground.name) == ("kind", "gradient"):
        phrase.act("backdrop", "gradient.none", backdrop_changes.flattens)
    else:
        phrase.act("backdrop", "backdrop", _without(ground), "refused", "ambiguous")


def _without(ground: Ground) -> Do:
    def do(plan: Plan) -> Plan | None:
        old = plan.backdrop
        stands = ground.kind == "scene" and old.kind == "scene" and old.scene == ground.name
        stands = stands or (ground.kind == "colour" and old.kind == "color" and old.color == ground.name)
        return backdrop_changes.paints(WHITE)(plan) if stands else None

    return do
