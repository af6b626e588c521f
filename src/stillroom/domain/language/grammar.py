"""Reads one phrase: keeping, undoing, props, sides, backdrops, effects, qualities, styles, in this order."""

from collections.abc import Mapping

from stillroom.domain.language import acts, amounts, backdrops
from stillroom.domain.language.acts import Do, adds, impossible, in_turn, sets
from stillroom.domain.language.grounds import read_ground
from stillroom.domain.language.phrases import Phrase
from stillroom.domain.language.placing import read_light_side, read_place
from stillroom.domain.language.qualities import read_qualities
from stillroom.domain.language.styles import style_parts
from stillroom.domain.language.tokens import NUMBER, UNKNOWN, Token
from stillroom.domain.plans.plan import PlanPart

_NOUNS = ("part", "property", "scene", "kind", "product_part", "effect", "else", "colour", "adjective")
_GROUND = ("scene", "near_scene", "painted", "colour")
_CLAIM = ("too", "very", "not_too")


def read_phrase(phrase: Phrase) -> None:
    """Read a phrase; what is not understood stays in `rest`."""
    _disambiguate(phrase)
    if phrase.has("except") or _is_praise(phrase):
        _read_aside(phrase)
        return
    for read in (
        _read_undo,
        _read_kept,
        _read_props,
        _read_recolour,
        read_light_side,
        _read_numbers,
        _read_effects,
        read_place,
        _read_ground_unless_fault,
        read_qualities,
        _read_bare_parts,
        _read_styles,
    ):
        read(phrase)


def _is_praise(phrase: Phrase) -> bool:
    refused = ("too", "neg", "not_too", "not_enough", "quality", "more", "less")
    return phrase.has("fine") and not any(phrase.has(kind) for kind in refused)


def _read_aside(phrase: Phrase) -> None:
    """Read praise, which asks for nothing, and exceptions, which are not understood."""
    phrase.use(*range(len(phrase.tokens)))
    if phrase.has("except") and not phrase.has("else"):
        phrase.tell("ambiguous")
    else:
        phrase.act(None, "")


def _disambiguate(phrase: Phrase) -> None:
    """Drop senses that the next word rules out: "light" before a noun or a colour is a quality."""
    for i, token in enumerate(phrase.tokens):
        after = phrase.tokens[i + 1] if i + 1 < len(phrase.tokens) else None
        drop: set[str] = set()
        if token.text in _PARTICLE_VERBS:
            _join_particle(phrase, i)
            continue
        if token.text == "light" and after is not None:
            nouns = ("colour", "kind", "scene", "property")
            is_quality = any(kind in after for kind in nouns) or after.get("part") in ("shadow", "backdrop")
            drop = {"part"} if is_quality else {"adjective", "shade"}
        elif token.text == "light" and not (i and "too" in phrase.tokens[i - 1]):
            drop = {"adjective", "shade"}
        elif token.text == "light":
            drop = {"part"}
        elif token.text == "光" and after is not None and "degree" in after and i + 2 >= len(phrase.tokens):
            phrase.tokens[i] = type(token)(token.start, token.end, "亮", {"adjective": "bright+"})
        elif token.text == "highlight" and after is not None and "property" in after:
            drop = {"part"}
        if drop:
            senses = {kind: meaning for kind, meaning in token.senses.items() if kind not in drop}
            phrase.tokens[i] = type(token)(token.start, token.end, token.text, senses)


_PARTICLE_VERBS = frozenset(("tone", "turn", "dial", "bring", "bump", "take", "pull", "crank"))
"""Verbs that say "more" with "up" and "less" with "down", before or after what they are about."""


def _join_particle(phrase: Phrase, i: int) -> None:
    for j in range(i + 1, len(phrase.tokens)):
        particle = phrase.tokens[j]
        if particle.text in ("up", "down"):
            kind = "more" if particle.text == "up" else "less"
            verb = phrase.tokens[i]
            phrase.tokens[i] = Token(verb.start, verb.end, verb.text, {kind: ""})
            phrase.tokens[j] = Token(particle.start, particle.end, particle.text, {"filler": ""})


_FIELDS: Mapping[str, tuple[PlanPart | None, tuple[str, ...]]] = {
    "brightness": ("tone", ("exposure_ev",)),
    "bright": ("tone", ("exposure_ev",)),
    "contrast": ("tone", ("contrast",)),
    "saturation": ("tone", ("saturation",)),
    "vivid": ("tone", ("saturation",)),
    "temperature": ("tone", ("mired",)),
    "warm": ("tone", ("mired",)),
    "colour": ("tone", ()),
    "sharpness": ("detail", ("sharpen",)),
    "sharp": ("detail", ()),
    "texture": ("detail", ("clarity",)),
    "size": ("framing", ()),
    "big": ("framing", ("fill",)),
    "position": ("framing", ("x", "y")),
    "backdrop": ("backdrop", ()),
    "shadow": ("shadow", ()),
    "light": ("light", ()),
    "center": ("framing", ("x", "y")),
    "rim_light": ("light", ("rim",)),
}
"""Fields that a word stands for when it is taken back; no fields are all of the part."""


def _read_undo(phrase: Phrase) -> None:
    """Read what is taken back: of a part, of a property, of all, or of the step before."""
    is_back = phrase.has("undo") or (phrase.has("original") and _names_part(phrase))
    is_dropped = phrase.has("previous") and (phrase.has("neg") or phrase.has("none"))
    if not (is_back or is_dropped) or _names_ground(phrase) or phrase.has("effect", "white_balance"):
        return
    if not phrase.has("all") and not _names_part(phrase) and phrase.context.rstrip("!") in _FIELDS:
        part, names = _FIELDS[phrase.context.rstrip("!")]
        phrase.use(*range(len(phrase.tokens)))
        phrase.act(part, f"{part}.undo", acts.restores(part, *names))
        return
    for kind in ("part", "property", "quality", "adjective", "side", "effect"):
        for i in phrase.all(kind):
            name = phrase.tokens[i].get(kind).rstrip("+-")
            if name in _FIELDS and (kind != "adjective" or not phrase.has("part")):
                part, names = _FIELDS[name]
                phrase.use(*range(len(phrase.tokens)))
                phrase.act(part, f"{part}.undo", acts.restores(part, *names))
                return
    if phrase.has("all") or phrase.has("else"):
        phrase.use(*range(len(phrase.tokens)))
        phrase.act(None, "undo", acts.restores(None))
    elif not any(UNKNOWN in token for token in phrase.tokens) and not phrase.has("keep"):
        phrase.use(*range(len(phrase.tokens)))
        phrase.tell("ambiguous", "undo")


def _names_part(phrase: Phrase) -> bool:
    return bool(phrase.all("part") or phrase.all("property")) and not phrase.has("too")


def _names_ground(phrase: Phrase) -> bool:
    return any(
        kind in token and phrase.status[i] in ("", "old")
        for i, token in enumerate(phrase.tokens)
        for kind in (*_GROUND, "kind")
        if not ("adjective" in token and kind == "colour")
    )


def _read_kept(phrase: Phrase) -> None:
    """Read what shall stay: a backdrop by act, everything else by doing nothing."""
    kept = [i for i, status in enumerate(phrase.status) if status == "keep" and i not in phrase.used]
    kept += [i for i in _unchanged(phrase) if i not in phrase.used]
    if phrase.has("property", "margin"):
        return
    if phrase.has("else"):
        others = phrase.all("else")
        if phrase.has("keep") or phrase.has("neg"):
            phrase.use(*others, *kept, *phrase.all("product_part"), *phrase.all("part", "picture"))
            phrase.act(None, "")
            return
    nouns = [i for i in kept if any(kind in phrase.tokens[i] for kind in _NOUNS)]
    if not nouns:
        return
    predicate = [i for i in nouns if "adjective" in phrase.tokens[i] and _is_predicate(phrase, i)]
    ground = [i for i in nouns if phrase.tokens[i].get("part") == "backdrop"]
    painted = [i for i in kept if any(kind in phrase.tokens[i] for kind in (*_GROUND, "kind"))]
    if ground and not predicate and not _is_state(ground[-1], painted):
        phrase.use(*kept)
        phrase.act(None, "backdrop", backdrops.keeps(is_photos=phrase.has("original")))
    elif not predicate and not ground:
        phrase.use(*kept)
        phrase.act(None, "")
    else:
        for i in (*predicate, *painted):
            phrase.status[i] = ""


_CHANGES = (
    "换",
    "改",
    "动",
    "变",
    "调",
    "碰",
    "郁",
    "change",
    "touch",
    "alter",
    "modify",
    "edit",
    "adjust",
    "replac",
    "chang",
    "alter",
    "swap",
    "switch",
    "edit",
    "modif",
)


def _unchanged(phrase: Phrase) -> list[int]:
    """Return the nouns that shall not be changed: "do not change the light", "光线不要动"."""
    verbs = [token.text for token in phrase.tokens if "to" in token]
    if any("成" in verb or "为" in verb or "到" in verb for verb in verbs) or _names_ground(phrase):
        return []
    if any("quality" in token or ("adjective" in token and "part" not in token) for token in phrase.tokens):
        return []
    if not any(change in verb for verb in verbs for change in _CHANGES):
        return []
    if any("移" in verb or "move" in verb for verb in verbs):
        return []
    nouns = ("part", "property", "product_part")
    return [
        i
        for i, token in enumerate(phrase.tokens)
        if phrase.status[i] == "neg" and any(kind in token for kind in nouns)
    ]


def _is_predicate(phrase: Phrase, i: int) -> bool:
    """Whether a quality follows what it is of: "keep the shadow soft", not "keep the soft shadow"."""
    after = phrase.tokens[i + 1 :]
    return not any("part" in token or "property" in token or "product_part" in token for token in after)


def _is_state(ground: int, painted: list[int]) -> bool:
    """Whether a colour or kind follows the noun: "keep the background white"."""
    return any(i > ground for i in painted)


def _read_props(phrase: Phrase) -> None:
    """Tell back things that cannot be added, and work that cannot be done."""
    props = [i for i in phrase.all("prop") if _is_prop(phrase, i)]
    if phrase.has("add"):
        props += phrase.all("painted")
    elif phrase.all("painted") and all(phrase.status[i] == "" for i in phrase.all("painted")):
        phrase.use(*range(len(phrase.tokens)))
        phrase.tell("not_possible")
        return
    added = [i for i, token in enumerate(phrase.tokens) if "add" in token]
    props += [i for i in phrase.all("product_part") if added and added[0] < i and not phrase.status[i]]
    works = [i for i in phrase.all("impossible") if _is_work(phrase, i)] + phrase.all("ratio")
    if not props and not works:
        return
    if works and phrase.texts("ratio") in ("1:1", "1：1") and not phrase.all("impossible"):
        phrase.use(*works)
        phrase.act("framing", "shape", sets("framing", shape="square"))
        return
    first = min([*props, *works])
    adds_ = [i for i, token in enumerate(phrase.tokens[:first]) if "add" in token]
    begin = adds_[0] if adds_ else first
    kept_grounds = [
        i
        for i in range(len(phrase.tokens))
        if (i < begin or i > first) and _is_ground(phrase, i) and not works
    ]
    phrase.use(*(i for i in range(len(phrase.tokens)) if i not in kept_grounds))
    topic = phrase.tokens[works[0]].get("impossible") or "format" if works else "prop"
    refused = props and all(phrase.status[i] in ("neg", "none") for i in props) and not works
    phrase.tell("refused" if refused else "not_possible", "" if refused else topic)


def _is_prop(phrase: Phrase, i: int) -> bool:
    token = phrase.tokens[i]
    if phrase.status[i] == "keep":
        return False
    if _is_product(phrase, i):
        return False
    others = {"colour", "scene", "part", "adjective", "property", "product_part", "style", "kind"} & set(
        token.senses
    )
    if others:
        return any("add" in one for one in phrase.tokens[:i]) and not any(
            phrase.has(kind) for kind in _CLAIM
        )
    after = phrase.tokens[i + 1] if i + 1 < len(phrase.tokens) else None
    return not (after is not None and (after.get("part") in ("backdrop", "shadow") or "colour" in after))


def _is_product(phrase: Phrase, i: int) -> bool:
    """Whether a thing is the product itself: "put the candle on a podium"."""
    before = any(token.text in ("put", "place", "set", "把", "将") for token in phrase.tokens[:i])
    on = [
        j
        for j in range(i + 1, len(phrase.tokens))
        if phrase.tokens[j].text in ("on", "in", "onto", "放在", "放到")
    ]
    return before and any(_is_ground(phrase, j) for j in range(on[0], len(phrase.tokens))) if on else False


def _is_work(phrase: Phrase, i: int) -> bool:
    return phrase.status[i] != "keep"


def _is_ground(phrase: Phrase, i: int) -> bool:
    token = phrase.tokens[i]
    return any(kind in token for kind in ("scene", "near_scene", "kind")) and "prop" not in token


def _read_recolour(phrase: Phrase) -> None:
    """Tell back a colour for the product; a colour that only describes it is left alone."""
    products = phrase.all("part", "product")
    colours = [
        i for i in phrase.all("colour") if "adjective" not in phrase.tokens[i] or not phrase.has("degree")
    ]
    if not products or not colours or (phrase.has("part", "backdrop") and not phrase.has("to")):
        return
    last = colours[-1]
    describes = any(product == last + 1 for product in products)
    if phrase.has("too") or phrase.has("lean") or phrase.status[last] in ("keep", "neg", "none"):
        return
    others = {phrase.tokens[i].get("part") for i in phrase.all("part")} - {"product", "picture"}
    if phrase.has("to") and not others and not _stands_on(phrase, products[0], last):
        phrase.use(*range(len(phrase.tokens)))
        phrase.tell("not_possible", "recolour")
    elif describes:
        phrase.use(last, last + 1)


def _stands_on(phrase: Phrase, product: int, colour: int) -> bool:
    """Whether a colour is what the product stands on: "put the bottle on white"."""
    between = phrase.tokens[product + 1 : colour]
    return any(token.text in ("on", "in", "放在", "against") for token in between)


def _read_numbers(phrase: Phrase) -> None:
    """Read amounts whose property is in the number or in the verb: stops, kelvins, "fills 80%"."""
    for i in phrase.all(NUMBER):
        said = phrase.tokens[i].text
        status = phrase.status[i]
        if status in ("neg", "none"):
            continue
        warm = any((t.get("quality") or t.get("adjective")).startswith("warm") for t in phrase.tokens)
        if said.strip().endswith("k") and not warm:
            phrase.use(i, *phrase.all("property", "temperature"), *phrase.all("part", "light"))
            kelvin = amounts.number(said) or 0.0
            phrase.act("tone", "mired", acts.sets_kelvin(kelvin))
        elif amounts.stops(said) is not None and not phrase.all("quality") and not phrase.all("property"):
            sign = -1 if "-" in said or phrase.has("less") else 1
            phrase.use(i, *phrase.all("more"), *phrase.all("less"))
            phrase.act("tone", "exposure_ev", acts.exposes(sign, said, 1.0))
        elif _is_shadow_amount(phrase, said):
            phrase.use(i, *phrase.all("part"))
            phrase.act("shadow", "strength", acts.shadow_opacity(amounts.share(said) or 0.0))
        elif phrase.has("fills") and not phrase.all("side"):
            _read_fills(phrase, i)
        else:
            _read_scale(phrase, i)


def _is_shadow_amount(phrase: Phrase, said: str) -> bool:
    """Whether a share is the opacity of the shadow: "shadow at 40%"."""
    if not phrase.all("part", "shadow") or amounts.share(said) is None:
        return False
    return not any(phrase.has(kind) for kind in ("quality", "adjective", "more", "less", "property"))


def _read_fills(phrase: Phrase, i: int) -> None:
    share = amounts.share(phrase.tokens[i].text)
    if share:
        phrase.use(i, *phrase.all("part"), *phrase.all("property", "size"))
        phrase.act("framing", "fill", sets("framing", fill=share))


def _read_scale(phrase: Phrase, i: int) -> None:
    """Read "shrink it to half", which is of its present size, and "to 80% of the original"."""
    said = phrase.tokens[i].text
    sizes = [j for j in (*phrase.all("quality"), *phrase.all("adjective")) if _axis(phrase, j) == "big"]
    share, times = amounts.share(said), amounts.times(said)
    is_size = bool(sizes) or phrase.has("property", "size")
    if not is_size or phrase.has("part", "shadow") or phrase.has("property", "margin"):
        return
    frame = phrase.has("part", "picture")
    if share is not None and ((share == 0.5 and not frame) or phrase.has("original")):
        factor = share
    elif times and not phrase.has("quality", "big-"):
        factor = times
    else:
        return
    phrase.use(i, *sizes, *phrase.all("property", "size"), *phrase.all("part"))
    phrase.act("framing", "fill", acts.scales("framing", "fill", factor))


def _axis(phrase: Phrase, i: int) -> str:
    token = phrase.tokens[i]
    return (token.get("quality") or token.get("adjective")).rstrip("+-")


_EFFECTS: Mapping[str, tuple[PlanPart | None, str, Do]] = {
    "keep_backdrop": (None, "backdrop", backdrops.keeps(is_photos=False)),
    "rim_light": ("light", "rim", sets("light", rim=0.7)),
    "top_light": ("light", "light.side", sets("light", azimuth_deg=0.0, elevation_deg=75.0)),
    "front_light": ("light", "light.side", sets("light", azimuth_deg=0.0, elevation_deg=25.0)),
    "side_light": ("light", "light.side", sets("light", azimuth_deg=-60.0)),
    "soft_light": ("light", "fill", adds("light", "fill", 0.25)),
    "hard_light": ("light", "fill", acts.light_hardens),
    "even_light": ("light", "fill", adds("light", "fill", 0.4)),
    "lift_shadows": ("light", "fill", adds("light", "fill", 0.4)),
    "daylight": ("tone", "exposure_ev", adds("tone", "exposure_ev", 0.25)),
    "spotlight": ("backdrop", "spotlight", backdrops.spotlights),
    "white_balance": ("tone", "white_balance", sets("tone", white_balance=1.0)),
    "denoise": ("detail", "denoise", sets("detail", denoise=0.8)),
    "straighten": ("detail", "straighten", sets("detail", straighten=True)),
    "sharpen": ("detail", "sharpen", acts.sharpens),
    "flat_lay": ("framing", "place", sets("framing", y=0.5)),
    "fill_frame": ("framing", "fill", sets("framing", fill=0.92)),
    "square": ("framing", "shape", sets("framing", shape="square")),
    "product_only": ("backdrop", "backdrop", backdrops.cuts_out),
}
_OFF: Mapping[str, Do] = {
    "denoise": sets("detail", denoise=0.0),
    "sharpen": sets("detail", sharpen=0.0),
    "straighten": sets("detail", straighten=False),
    "white_balance": sets("tone", white_balance=0.0),
}
_SOFTENED = frozenset(("top_light", "hard_light", "side_light", "front_light"))


def _read_effects(phrase: Phrase) -> None:
    for i in phrase.all("effect"):
        name = phrase.tokens[i].get("effect")
        if name not in _EFFECTS or _is_quality_instead(phrase, i, name):
            continue
        parts = ("light", "product", "picture")
        phrase.use(i, *(j for j in phrase.all("part") if phrase.tokens[j].get("part") in parts))
        beside = ("strong", "deep", "true", "bright") if name == "rim_light" else ("strong", "deep", "true")
        phrase.use(*(j for k in ("adjective", "quality") for j in phrase.all(k) if _axis(phrase, j) in beside))
        part, key, do = _EFFECTS[name]
        if name == "daylight":
            phrase.act("light", "fill", adds("light", "fill", 0.15))
        if name == "spotlight":
            phrase.act("light", "light.height", sets("light", elevation_deg=62.0))
        if any(kind in token for kind in ("too", "not_too") for token in phrase.tokens) and name in (
            *_SOFTENED,
            "rim_light",
        ):
            softer = adds("light", "fill", 0.25) if name in _SOFTENED else impossible
            phrase.use(*phrase.all("adjective"))
            phrase.act("light", "fill", softer, "complaint")
        elif phrase.status[i] in ("neg", "none") and name != "white_balance":
            _read_off(phrase, name)
        elif phrase.status[i] == "neg" and name == "white_balance" and _is_correction(phrase, i):
            phrase.act(part, key, _OFF[name])
        elif name == "keep_backdrop":
            phrase.act(part, key, do)
        elif phrase.status[i] != "keep":
            phrase.act(part, key, do, "complaint" if name == "product_only" else "wish")


def _is_correction(phrase: Phrase, i: int) -> bool:
    """Whether a word is for correcting a cast, not for the cast itself."""
    words = phrase.tokens[i].text + phrase.texts("to") + phrase.texts("filler")
    return any(verb in words for verb in ("校", "修", "白平衡", "balance", "correct", "fix", "调"))


def _read_off(phrase: Phrase, name: str) -> None:
    part, key, do = _EFFECTS[name]
    if name in _OFF:
        phrase.act(part, key, _OFF[name])
    elif name == "rim_light":
        phrase.act(part, key, sets("light", rim=0.0))
    else:
        phrase.act(part, key, do, "refused", "ambiguous")


def _is_quality_instead(phrase: Phrase, i: int, name: str) -> bool:
    """Whether a degree next to the word makes it a quality: "sharpen less", "soft light" in a complaint."""
    faults = ("less", "too", "not_too", "very", "too_after", NUMBER)
    if name == "sharpen" and any(phrase.has(kind) for kind in faults):
        return True
    return name == "straighten" and "side" in phrase.tokens[i]


def _read_ground_unless_fault(phrase: Phrase) -> None:
    """Read the backdrop, unless its word is the subject of a quality: "the table is too dark"."""
    graded = any(phrase.has(kind) for kind in ("too", "not_too", "lean", "past"))
    graded = graded or (
        phrase.has("very")
        and not phrase.has("to")
        and any(t.text[0] > "\u4e00" for t in phrase.tokens if "very" in t)
    )
    ugly = any(
        token.get("adjective") in ("ugly", "clean-") and token.text not in ("花", "off", "bad")
        for token in phrase.tokens
    )
    qualities = phrase.all("adjective") or phrase.all("quality")
    if (graded or ugly) and qualities and not (phrase.has("to") and _names_new(phrase)):
        return
    read_ground(phrase)


def _names_new(phrase: Phrase) -> bool:
    """Whether a backdrop is named after a verb of change."""
    verbs = [i for i, token in enumerate(phrase.tokens) if "to" in token and "part" not in token]
    return any(
        _is_ground(phrase, i) or "colour" in phrase.tokens[i]
        for i in range((verbs or [len(phrase.tokens)])[0] + 1, len(phrase.tokens))
        if "adjective" not in phrase.tokens[i]
    )


def _read_bare_parts(phrase: Phrase) -> None:
    """Read parts without any quality: a shadow is wanted or not; a backdrop needs a name."""
    for i in phrase.all("part"):
        part, status = phrase.tokens[i].get("part"), phrase.status[i]
        if i in phrase.used:
            continue
        if part == "shadow":
            phrase.use(i)
            if status in ("neg", "none"):
                phrase.act("shadow", "shadow.none", sets("shadow", kind="none"))
            elif not status:
                phrase.act("shadow", "shadow", acts.shadow_appears)
        elif part in ("reflection", "highlight"):
            phrase.use(i)
            phrase.act(None, "", impossible)
        elif part == "backdrop" and status in ("neg", "none") and not phrase.acts:
            phrase.use(i)
            _read_no_ground(phrase, i, status)
        elif part == "backdrop" and not phrase.acts and not phrase.told:
            if not phrase.rest[1:] or phrase.has("to"):
                phrase.use(i)
                phrase.act("backdrop", "backdrop.fault", impossible, "complaint", "ambiguous")
        elif part in ("product", "picture"):
            phrase.use(i)
            if (
                status == "neg"
                and not phrase.acts
                and any("动" in token.text or token.text == "move" for token in phrase.tokens)
            ):
                phrase.act("framing", "place")


def _read_no_ground(phrase: Phrase, i: int, status: str) -> None:
    """A background that is not wanted is cut away; without its table a picture is plain."""
    words = ("背景", "底", "后", "background", "backdrop", "bg", "behind")
    if not any(word in phrase.tokens[i].text for word in words):
        phrase.act("backdrop", "clean", backdrops.cleans)
    elif status == "none" or not phrase.has("to"):
        phrase.act("backdrop", "backdrop", backdrops.cuts_out)
    else:
        phrase.act("backdrop", "backdrop.fault", impossible, "complaint", "ambiguous")


def _read_styles(phrase: Phrase) -> None:
    """Read a style where nothing else was read; beside a wish its name only describes."""
    found = phrase.all("style")
    if phrase.acts or phrase.told:
        phrase.use(*found)
        return
    for i in found:
        phrase.use(i)
        if phrase.status[i] in ("neg", "none") or any(
            token.text in ("too", "太", "过于") for token in phrase.tokens
        ):
            phrase.act(None, "", impossible, why="ambiguous")
            continue
        for part, do in style_parts(phrase.tokens[i].get("style")):
            phrase.act(part, f"{part}.style", in_turn(do), "style")
