"""Reads one phrase: keeping, undoing, props, sides, backdrops, effects, qualities, styles, in this order."""

from collections.abc import Mapping, Sequence

from stillroom.domain.language import acts
from stillroom.domain.language.acts import impossible, sets
from stillroom.domain.language.clauses.phrases import GROUND, Phrase, is_lack
from stillroom.domain.language.wishes import backdrops
from stillroom.domain.language.wishes.degrees import read_fault
from stillroom.domain.language.wishes.formats import read_format, read_rotation
from stillroom.domain.language.wishes.going_on import MOVES
from stillroom.domain.language.wishes.grounds import read_ground, read_vignette
from stillroom.domain.language.wishes.keeping import read_kept, read_undo
from stillroom.domain.language.wishes.named_effects import read_effects, read_numbers, read_styles
from stillroom.domain.language.wishes.paint import read_painted
from stillroom.domain.language.wishes.placing import read_light_side, read_place
from stillroom.domain.language.wishes.props import is_ground, read_props, read_recolour
from stillroom.domain.language.wishes.qualities import read_qualities
from stillroom.domain.language.words.tokens import Token


def read_phrase(phrase: Phrase) -> None:
    """Read a phrase; what is not understood stays in `rest`."""
    if not phrase.tokens:
        return
    _disambiguate(phrase)
    is_wish = phrase.has("to") and not any(phrase.has(kind) for kind in ("keep", "neg", "else"))
    if "except" in phrase.tokens[0] and is_wish:
        del phrase.tokens[0], phrase.status[0]  # "除了背景换成米色": a wish, and nothing else
    if phrase.has("except") or phrase.has("fine", "accepted") or _is_praise(phrase):
        _read_aside(phrase)
        return
    disliked = [i for i, token in enumerate(phrase.tokens) if token.get("adjective") == "ugly"]
    if disliked and phrase.has("side") and not _names_new(phrase):
        read_fault(phrase, disliked[0], "ugly")
        return
    for read in (
        read_undo,
        read_kept,
        read_format,
        read_rotation,
        read_props,
        read_recolour,
        read_light_side,
        read_numbers,
        read_effects,
        read_vignette,
        read_place,
        read_painted,
        _read_ground_unless_fault,
        read_qualities,
        _read_bare_parts,
        read_styles,
    ):
        read(phrase)
    _use_companions(phrase)


_COMPANIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "backdrop": (
        ("property", "colour"),
        ("property", "opacity"),
        ("property", "edge"),
        ("property", "size"),
        ("side", "beside"),
    ),
    "shadow": (("property", "edge"), ("property", "opacity"), ("side", "bottom"), ("side", "beside")),
    "light": (("property", "opacity"),),
    "framing": (("property", "position"), ("property", "size"), ("part", "picture"), ("side", "beside")),
}
"""Words that name an aspect of a part, and add nothing to a wish that was read about it."""


def _use_companions(phrase: Phrase) -> None:
    for act in phrase.acts:
        for kind, meaning in _COMPANIONS.get(act.part or "", ()):
            phrase.use(*phrase.all(kind, meaning))
    if any(act.key == "denoise" for act in phrase.acts):
        phrase.use(*phrase.all("part", "dark_side"))
    if any(act.key == "rim" for act in phrase.acts):
        phrase.use(
            *phrase.all("side", "behind"), *phrase.all("side", "beside"), *phrase.all("property", "edge")
        )
    if phrase.has("kind", "transparent") and phrase.acts:
        phrase.use(*(i for i, token in enumerate(phrase.tokens) if token.text == "png"))
    if phrase.has("kind", "gradient") and phrase.acts:
        phrase.use(*(i for i in phrase.all("side") if phrase.tokens[i].get("side") not in ("left", "right")))


def _is_praise(phrase: Phrase) -> bool:
    fine = [token for token in phrase.tokens if "fine" in token]
    if fine and all("filler" in token for token in fine) and any(phrase.has(kind) for kind in GROUND):
        return False  # "ok so background grey paper"
    if phrase.has("enough") and not any(phrase.has(kind) for kind in ("neg", "not_enough", "to")):
        return True
    if any(phrase.has(kind) for kind in ("adjective", "quality")) and phrase.has("degree"):
        return False  # "this is fine, just a bit darker"
    wished = ("too", "neg", "not_too", "not_enough", "quality", "more", "less", "to", "add", "none", "undo")
    return phrase.has("fine") and not any(phrase.has(kind) for kind in wished)


def _read_aside(phrase: Phrase) -> None:
    """Read praise, which asks for nothing, and exceptions, which are not understood."""
    phrase.use(*range(len(phrase.tokens)))
    if phrase.has("fine", "accepted") and phrase.has("scene"):
        phrase.tell("ambiguous")  # "没有竹席的话亚麻也行"
    elif phrase.has("except") and not (phrase.has("else") and (phrase.has("keep") or phrase.has("neg"))):
        phrase.tell("ambiguous")
    else:
        phrase.act(None, "")


def _disambiguate(phrase: Phrase) -> None:
    """Drop senses that the next word rules out: "light" before a noun or a colour is a quality."""
    _turn_sides(phrase)
    _settle_words(phrase)
    for i, token in enumerate(phrase.tokens):
        after = phrase.tokens[i + 1] if i + 1 < len(phrase.tokens) else None
        drop: set[str] = set()
        if token.text in _PARTICLE_VERBS:
            _join_particle(phrase, i)
            continue
        if (
            token.text == "light"
            and i
            and "part" in phrase.tokens[0]
            and after is not None
            and "degree" in after
        ):
            drop = {"part"}
        elif token.text == "light" and after is not None:
            nouns = ("colour", "kind", "scene", "property")
            is_quality = any(kind in after for kind in nouns) or after.get("part") in ("shadow", "backdrop")
            drop = {"part"} if is_quality else {"adjective", "shade"}
        elif token.text == "light" and not (i and "too" in phrase.tokens[i - 1]):
            drop = {"adjective", "shade"}
        elif token.text == "light":
            drop = {"part"}
        elif token.text == "光" and after is not None and "degree" in after and i + 2 >= len(phrase.tokens):
            phrase.tokens[i] = type(token)(token.start, token.end, "亮", {"adjective": "bright+"})
        elif token.get("colour") == "#ffffff" and "adjective" not in token and _is_lacking(phrase, i):
            phrase.tokens[i] = Token(token.start, token.end, token.text, {"adjective": "bright+"})
        elif token.get("side") == "behind" and phrase.has("colour") and not phrase.has("part"):
            phrase.tokens[i] = Token(token.start, token.end, token.text, {"part": "backdrop"})
        elif token.text.startswith("behind ") and phrase.has("part", "shadow"):
            phrase.tokens[i] = Token(token.start, token.end, token.text, {"side": "behind"})
        elif token.text == "look" and i and {"adjective", "quality"} & set(phrase.tokens[i - 1].senses):
            drop = {"too"}  # "a moody dark look"
        elif token.get("effect") == "product_only" and any("quality" in one for one in phrase.tokens[:i]):
            phrase.tokens[i] = Token(token.start, token.end, token.text, {"part": "product"})
        elif token.get("effect") == "product_only" and after is not None and "filler" not in after:
            # "只要主体大一点", "其他都不要动"
            senses = (
                {"else": "", "neg": ""} if "to" in after and token.text[-1] == "要" else {"part": "product"}
            )
            phrase.tokens[i] = Token(token.start, token.end, token.text, senses)
        elif (
            token.text in ("sort of", "kind of") and i and not {"is", "to"} & set(phrase.tokens[i - 1].senses)
        ):
            drop = {"too"}  # "an oatmeal sort of colour"
        elif token.get("effect") == "even_light" and after is not None and "colour" in after:
            phrase.tokens[i] = Token(token.start, token.end, token.text, {"shade": "light"})
        elif token.get("style") == "natural" and phrase.has("part", "shadow"):
            phrase.tokens[i] = Token(token.start, token.end, token.text, {"natural": "", "degree": "usual"})
        elif token.text == "looking" and i and "natural" in phrase.tokens[i - 1]:
            phrase.tokens[i] = Token(token.start, token.end, token.text, {"degree": "usual"})
        elif token.text == "highlight" and after is not None and "property" in after:
            drop = {"part"}
        if drop:
            senses = {kind: meaning for kind, meaning in token.senses.items() if kind not in drop}
            phrase.tokens[i] = type(token)(token.start, token.end, token.text, senses)


def _is_lacking(phrase: Phrase, i: int) -> bool:
    """Whether there is too little of a colour: "not white enough"."""
    after = phrase.tokens[i + 1 : i + 2]
    return any(is_lack(phrase.tokens, j) for j in range(i)) or any("enough" in one for one in after)


def _settle_words(phrase: Phrase) -> None:
    """Drop words that only close a wish or measure a move, and the ground that a shadow lies on."""
    tokens = phrase.tokens
    lies = phrase.has("part", "reflection") or phrase.has("part", "shadow")
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else token
        closes = (
            "fine" in token and i == len(tokens) - 1 and phrase.has("to") and token.get("fine") != "accepted"
        )
        closes &= not phrase.has("else")
        if token.text == "to" and not i and _is_bare_state(tokens[1:]) and not _IS.isdisjoint(phrase.dropped):
            tokens[i] = Token(token.start, token.end, token.text, {"too": "much"})  # "its to dark"
            continue
        is_way = "none" in token and token.text.endswith(("go", "goes")) and i < len(tokens) - 1
        if is_way:
            tokens[i] = Token(token.start, token.end, token.text, {"to": ""})
            continue
        is_also = token.text == "too" and i == len(tokens) - 1
        is_lowered = token.text.startswith("drop") and any(one.text in ("down", "lower") for one in tokens)
        measures = "add" in token and "side" in before and token.text[-1] in "点些"
        is_ground = lies and before.text == "on" and token.text in _GROUNDS and not phrase.has("adjective")
        lifted = _LIFTED.get(token.text)
        if lifted and _moves_product(phrase):
            tokens[i] = Token(token.start, token.end, token.text, {"side": lifted})
        if is_lowered and phrase.has("part", "product"):
            tokens[i] = Token(token.start, token.end, token.text, {"to": ""})
            phrase.status[i:] = [""] * len(tokens[i:])
        if closes or measures or is_ground or is_also:
            senses = {"degree": "usual", "filler": ""} if measures else {"filler": ""}
            tokens[i] = Token(token.start, token.end, token.text, senses)


_LIFTED = {"raise": "top", "lift": "top", "lower": "bottom"}


def _moves_product(phrase: Phrase) -> bool:
    parts = {token.get("part") for token in phrase.tokens if "part" in token}
    others = ("property", "scene", "adjective", "quality", "side", "prop")
    return parts == {"product"} and not any(phrase.has(kind) for kind in others)


_IS = frozenset(("its", "it's", "is", "it"))


def _is_bare_state(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and "adjective" in tokens[0] and "part" not in tokens[0]


_GROUNDS = frozenset(("surface", "table", "floor", "ground", "tabletop", "counter", "desk"))
_SCALES = frozenset(("brightness", "contrast", "saturation", "sharpness", "texture", "warmth", "opacity"))


def _turn_sides(phrase: Phrase) -> None:
    """Read "up" and "down" of a figure as more and less of it: "亮度往下压", "contrast, a bit up"."""
    is_of_figure = phrase.context.rstrip("!") in _SCALES and not phrase.has("part")
    is_of_figure |= phrase.has("part", "reflection") and any(t.text in ("up", "down") for t in phrase.tokens)
    is_of_figure &= not any(token.text in MOVES for token in phrase.tokens)
    if not is_of_figure and not any(token.get("property") in _SCALES for token in phrase.tokens):
        return
    for i, token in enumerate(phrase.tokens):
        kind = {"top": "more", "bottom": "less"}.get(token.get("side"))
        if kind and token.text not in ("above", "overhead", "from above", "below", "underneath"):
            directions = any(
                {"more", "less", "quality"} & set(one.senses) and one.text[0] not in "拉提"
                for one in phrase.tokens
                if one is not token
            )
            senses = {"filler": ""} if directions else {kind: ""}
            phrase.tokens[i] = Token(token.start, token.end, token.text, senses)


_PARTICLE_VERBS = frozenset(("tone", "turn", "dial", "bring", "bump", "take", "pull", "crank", "knock"))
"""Verbs that say "more" with "up" and "less" with "down", before or after what they are about."""


_AWAY = frozenset(("out", "off", "away"))


def _join_particle(phrase: Phrase, i: int) -> None:
    last = len(phrase.tokens) - 1
    if phrase.tokens[last].text == "again" and phrase.tokens[last - 1].text in _AWAY:
        again = phrase.tokens[last]
        phrase.tokens[last] = Token(again.start, again.end, again.text, {"filler": ""})
        last -= 1
    reduces = phrase.tokens[last].text == "back" and phrase.tokens[i].text in (
        "knock",
        "dial",
        "pull",
        "tone",
    )
    if (reduces or phrase.tokens[last].text in _AWAY) and last > i + 1:
        verb, away = phrase.tokens[i], phrase.tokens[last]
        is_less = phrase.has("property") and not phrase.has("property", "blur")
        kind = "less" if is_less or phrase.has("degree") else "none"
        phrase.tokens[i] = Token(verb.start, verb.end, verb.text, {kind: ""})
        phrase.tokens[last] = Token(away.start, away.end, away.text, {"filler": ""})
        if kind == "none":
            phrase.status[i + 1 :] = ["none"] * (last - i)
        else:
            phrase.status[i:] = [""] * (last + 1 - i)
        return
    for j in range(i + 1, len(phrase.tokens)):
        particle = phrase.tokens[j]
        if particle.text in ("up", "down"):
            kind = "more" if particle.text == "up" else "less"
            verb = phrase.tokens[i]
            phrase.tokens[i] = Token(verb.start, verb.end, verb.text, {kind: ""})
            phrase.tokens[j] = Token(particle.start, particle.end, particle.text, {"filler": ""})


def _read_ground_unless_fault(phrase: Phrase) -> None:
    """Read the backdrop, unless its word is the subject of a quality: "the table is too dark"."""
    graded = any(phrase.has(kind) for kind in ("too", "not_too", "lean", "past"))
    graded = graded or (
        phrase.has("very")
        and not phrase.has("to")
        and any(t.text[0] > "\u4e00" for t in phrase.tokens if "very" in t)
    )
    graded = graded or any(
        "is" in one and other.get("adjective").startswith("cast")
        for one, other in zip(phrase.tokens, phrase.tokens[1:], strict=False)
    )
    ugly = any(
        token.get("adjective") in ("ugly", "clean-") and token.text not in ("花", "off", "bad")
        for token in phrase.tokens
    )
    qualities = phrase.all("adjective") or phrase.all("quality")
    grounds = [i for i, token in enumerate(phrase.tokens) if "scene" in token or "near_scene" in token]
    is_made = all(token.text in ("make", "make the", "让", "把") for token in phrase.tokens if "to" in token)
    is_graded = phrase.has("degree") or phrase.has("quality")
    if grounds and is_graded and is_made and any(i > grounds[0] for i in qualities):
        return  # "the wood a bit darker" is no wish for wood
    if (graded or ugly) and qualities and not (phrase.has("to") and _names_new(phrase)):
        return
    read_ground(phrase)


def _names_new(phrase: Phrase) -> bool:
    """Whether a backdrop is named after a verb of change."""
    verbs = [i for i, token in enumerate(phrase.tokens) if "to" in token and "part" not in token]
    return any(
        is_ground(phrase, i) or "colour" in phrase.tokens[i]
        for i in range((verbs or [len(phrase.tokens)])[0] + 1, len(phrase.tokens))
        if "adjective" not in phrase.tokens[i]
    )


def _read_bare_parts(phrase: Phrase) -> None:
    """Read parts without any quality: a shadow is wanted or not; a backdrop needs a name."""
    grounds = phrase.all("part", "backdrop")
    for i in phrase.all("part"):
        part, status = phrase.tokens[i].get("part"), phrase.status[i]
        if i in phrase.used:
            continue
        if status == "neg" and _is_denied(phrase, i):
            phrase.use(i)
            phrase.act(None, "")
        elif part == "shadow":
            if phrase.has("natural") and not status and (phrase.has("degree") or phrase.has("more")):
                phrase.use(i, *phrase.all("more"), *phrase.all("adjective", "true"))
                phrase.act("shadow", "softness", acts.shadow_softness(1))
                continue
            if any("degree" in token and "add" not in token for token in phrase.tokens[i + 1 :]):
                continue  # "more heavenly": something of it was not understood
            if phrase.is_shared and len(phrase.tokens) == 1:
                continue  # what "and" joins to it says what is wanted
            phrase.use(i)
            if status in ("neg", "none"):
                phrase.act("shadow", "shadow.none", sets("shadow", kind="none"))
            elif not status and _is_only_named(phrase, i):
                phrase.act("shadow", "shadow", acts.shadow_appears)
            elif not status:
                phrase.act("shadow", "", impossible, why="ambiguous")
        elif part == "reflection":
            phrase.use(i)
            is_wanted = status not in ("neg", "none")
            phrase.act("shadow", "reflection", acts.reflects if is_wanted else acts.reflects_no_more)
        elif part == "highlight":
            phrase.use(i)
            phrase.act(None, "", impossible)
        elif part == "backdrop" and status in ("neg", "none") and not phrase.acts:
            phrase.use(*grounds)
            if len(grounds) > 1:  # a thing within the backdrop
                phrase.act(None, "", impossible)
            else:
                _read_no_ground(phrase, i, status)
        elif part == "backdrop" and not phrase.acts and not phrase.told:
            if not phrase.rest[1:] or phrase.has("to"):
                phrase.use(i)
                phrase.act("backdrop", "backdrop.fault", impossible, "complaint", "ambiguous")
        elif part == "product" and status == "none" and not phrase.has("part", "shadow") and not phrase.acts:
            phrase.use(i)
            phrase.act(None, "", impossible)
        elif part in ("product", "picture"):
            phrase.use(i)
            if (
                status == "neg"
                and not phrase.acts
                and any("动" in token.text or token.text == "move" for token in phrase.tokens)
            ):
                phrase.act("framing", "place")


_DENIALS = frozenset(("not", "not the", "it's not", "不是", "并不是"))


def _is_denied(phrase: Phrase, i: int) -> bool:
    """Whether only another part is meant than one that is named: "not the shadow, the light"."""
    return any(token.text in _DENIALS for token in phrase.tokens[:i]) and i == len(phrase.tokens) - 1


def _is_only_named(phrase: Phrase, i: int) -> bool:
    """Whether nothing after a part says how it shall be: "shadow in the foreground", "影子拉到画面边"."""
    if phrase.has("previous") or phrase.has("original"):
        return False
    return not any(
        ("to" in token and token.text not in _WANTED)
        or "style" in token
        or token.get("side") in ("beside", "behind", "top")
        for token in phrase.tokens[i + 1 :]
    )


_WANTED = frozenset(("要", "来", "有", "加", "加上", "please"))


def _read_no_ground(phrase: Phrase, i: int, status: str) -> None:
    """A background that is not wanted is cut away; without its table a picture is plain."""
    words = ("背景", "底", "后", "background", "backdrop", "bg", "behind")
    if not any(word in phrase.tokens[i].text for word in words):
        phrase.act("backdrop", "clean", backdrops.cleans)
    elif status == "none" or not (
        phrase.has("to") or any(token.text.endswith("like") for token in phrase.tokens)
    ):
        phrase.act("backdrop", "backdrop", backdrops.cuts_out)
    else:
        phrase.act("backdrop", "backdrop.fault", impossible, "complaint", "ambiguous")
