"""Recognises things to add by how they are counted: "add a mug" names no product, "加块大理石" no scene."""

import re

from stillroom.domain.language.acts import Do
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.backdrop_changes import stages
from stillroom.domain.language.words.tokens import Token
from stillroom.domain.plans.plan import Backdrop, Plan

_ADDS = re.compile(
    r"^(?:[加添补摆放配搭撒]|再?来|add|includ|insert|incorporat|throw in|toss in|bring in|scatter|sprinkle"
    r"|pop in|drop in|chuck in|drape|hang|lay|place|put|with|a couple of|a few|some|surround|decorat|garnish)"
)
_LAYS = re.compile(r"^[垫铺]")
"""Verbs with which a material is laid under the product."""
_SURROUNDS = re.compile(r"^(?:surround|scatter|sprinkle|decorat|garnish)")
_MAY_PLACE = re.compile(r"^(?:[放摆]|put|place|lay|with)")
"""Verbs that place the product too, so that only an article shows that another thing is meant."""
_ONTO = re.compile(r"(?:^| )(?:on|onto|in|into)$|^(?:放在|放到|摆在|摆到)$")
_PIECE = re.compile(
    r"(?:石|石头|石子|石材|石块|石片|木头|[板块砖墩桩]|[石板木]子|布|麻|料|帘|窗|窗户"
    r"|圆柱子?|柱体|立柱|几何体|石膏体?|水泥|混凝土|[原实松橡榉榆]木|[板页]岩)$"
    r"|(?:^|[- ])(?:wood|wooden|oak|timber|planks?|boards?|panels?|slabs?|blocks?|crates?|tiles?|plates?"
    r"|coasters?|napkins?|cloths?|tablecloths?|sheets?|throws?|fabric|linen|cotton|burlap|muslin|textile|stones?"
    r"|rocks?|boulders?|slate|marble|granite|quartz|concrete|cement|windows?|cylinders?|shapes?|basalt|birch|pine|carrara|cheesecloth|flagstones?|gauze|hardwood|hessian|jute|sackcloth|plaster|flax|risers?|bench|bust)$"
)
"""Ends of names of scenes that are materials or pieces of them, not places or surfaces to stand on."""
_MEASURES = frozenset("个块只束枝片把张几条根扇盏堆串盒双点些")
LAID = "backdrop.laid"
"""Key of a material laid under the product."""
_GROUND = ("scene", "near_scene", "painted", "kind")


def read_added(phrase: Phrase) -> None:
    """Tell back a thing to add that goods, a material or a colour of fruit are named by."""
    found = _thing_added(phrase)
    if found is None:
        _read_laid(phrase)
        return
    phrase.use(*range(len(phrase.tokens)))
    is_refused = phrase.status[found] == "neg"
    phrase.tell("refused" if is_refused else "not_possible", "" if is_refused else "prop")


def _thing_added(phrase: Phrase) -> int | None:
    """Return the index of the thing that a phrase adds or stands the product on."""
    if _names_backdrop(phrase) or phrase.any("keep", "undo", "kind", "effect"):
        return None
    for at, verb in enumerate(phrase.tokens):
        is_added = ("add" in verb or verb.text[0] in "放摆来再") and bool(_ADDS.search(verb.text))
        is_onto = bool(_ONTO.search(verb.text))
        thing = _object(phrase, at) if is_added or is_onto else None
        if thing is None or phrase.status[thing] in ("none", "keep"):
            continue
        stands = any(_ONTO.search(one.text) and "add" not in one for one in phrase.tokens[:at])
        if is_added and not stands and _is_thing(phrase, at, thing):
            return thing
        if is_onto and _is_support(phrase, at, thing):
            return thing
    return None


def _names_backdrop(phrase: Phrase) -> bool:
    return any(one.get("part") == "backdrop" and "side" not in one for one in phrase.tokens)


def _object(phrase: Phrase, verb: int) -> int | None:
    """Return the index of the noun after a verb, behind what describes it."""
    for i in range(verb + 1, len(phrase.tokens)):
        token = phrase.tokens[i]
        if is_made_of(phrase, i):
            continue
        is_last = i + 1 == len(phrase.tokens) or "side" in phrase.tokens[i + 1]
        if "part" in token or token.any(*_GROUND) or is_last:
            return i
    return None


def is_made_of(phrase: Phrase, i: int) -> bool:
    """Whether the name of a scene only says what the thing after it is made of: "a wooden tray"."""
    token, after = phrase.tokens[i], phrase.right(i)
    if "scene" not in token or not _PIECE.search(token.text) or _is_longer(token):
        return False
    return ("prop" in after or _names_goods(after)) and after.start - token.end <= 1


def _is_thing(phrase: Phrase, verb: int, thing: int) -> bool:
    token, rest = phrase.tokens[thing], phrase.tokens[thing + 1 :]
    sides = [one for one in rest if "side" in one or one.text[0] in "放摆在"]
    surrounds = any(_SURROUNDS.search(one.text) for one in phrase.tokens[: verb + 1])
    is_around = surrounds or phrase.has("side", "beside")
    if phrase.tokens[verb].text[0] in "再来" and (len(sides) < len(rest) or ("scene" in token and not sides)):
        return False  # "来个大理石台面", "来个杯子的白底图"
    if _names_goods(token):
        parts = any("part" in one and one.get("part") != "product" for one in rest)
        grounds = any("scene" in one or "colour" in one or "part" in one for one in rest)
        may_stand = grounds and _MAY_PLACE.search(phrase.tokens[verb].text)
        return not (parts or may_stand) and _is_indefinite(phrase, verb, thing)
    if "scene" in token:
        is_piece = bool(_PIECE.search(token.text)) and not _is_longer(token)
        counted = _is_counted(phrase, verb, thing) or is_around
        return surrounds or (is_piece and counted)
    is_fruit = "colour" in token and token.text.isascii() and _is_longer(token)  # "oranges"
    return is_fruit and (is_around or _is_counted(phrase, verb, thing))


def _names_goods(token: Token) -> bool:
    return token.get("part") == "product" and not token.isa("generic")


def _is_longer(token: Token) -> bool:
    """Whether a name has something after it: a place, "一块大理石上", or the ending of a plural."""
    return token.end - token.start > len(token.text)


def _between(phrase: Phrase, verb: int, thing: int) -> list[Token]:
    """Return the fillers between a verb and its object."""
    first, last = phrase.tokens[verb].end, phrase.tokens[thing].start
    return [one for one in phrase.fillers if first <= one.start and one.end <= last]


def _is_counted(phrase: Phrase, verb: int, thing: int) -> bool:
    text = phrase.tokens[verb].text
    said = _between(phrase, verb, thing)
    name = phrase.tokens[thing].text
    measures = name[0] in _MEASURES or name.startswith("a ")  # "块布", "a cloth"
    measures |= any(one.text[-1] in _MEASURES for one in (phrase.tokens[verb], *said))
    return measures or any(one.isa("^article") for one in said) or text in ("a few", "some", "a couple of")


def _is_indefinite(phrase: Phrase, verb: int, thing: int) -> bool:
    """Whether goods are no product: counted, or after a verb that places nothing without "the"."""
    text = phrase.tokens[verb].text
    if _is_counted(phrase, verb, thing):
        return True
    if _MAY_PLACE.search(text) or any(one.isa("determiner") for one in _between(phrase, verb, thing)):
        return False
    return phrase.tokens[thing].start - phrase.tokens[verb].end <= 1


def _is_support(phrase: Phrase, verb: int, thing: int) -> bool:
    """Whether goods are what the product shall stand on or in: "put it on a stool", "放在盘子上"."""
    token = phrase.tokens[thing]
    if not _names_goods(token) or thing + 2 < len(phrase.tokens):
        return False
    said = {one.text for one in _between(phrase, verb, thing)}
    return _is_longer(token) if token.is_han else not {"a", "an"}.isdisjoint(said)


def _read_laid(phrase: Phrase) -> None:
    """Read a counted material under the product: a scene before there is a picture, then a thing to add."""
    verb = next((i for i, token in enumerate(phrase.tokens) if _LAYS.search(token.text)), None)
    thing = None if verb is None else _object(phrase, verb)
    if verb is None or thing is None or phrase.status[thing]:
        return
    if _names_backdrop(phrase) or not _is_counted(phrase, verb, thing):
        return
    token = phrase.tokens[thing]
    if _names_goods(token):
        phrase.use(*range(len(phrase.tokens)))
        phrase.tell("not_possible", "prop")
    elif "scene" in token and _PIECE.search(token.text):
        phrase.use(*range(len(phrase.tokens)))
        phrase.act("backdrop", LAID, _lays(token.get("scene")))


def _lays(scene: str) -> Do:
    def do(plan: Plan) -> Plan | None:
        is_picture = plan.is_of_picture or plan.backdrop != Backdrop()
        return None if is_picture else stages(scene)(plan)

    return do
