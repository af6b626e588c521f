"""Reads the phrases of a clause one after the other, each with what the phrase before is about.

Step 4 around `grammar`: the antecedent goes in, and how two phrases bear on each other is settled after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from stillroom.domain.language.acts import ONLY_NAMED, Do, impossible, reflects_no_more, sets
from stillroom.domain.language.clauses.coordination import likewise
from stillroom.domain.language.clauses.phrases import (
    GROUND,
    NO_ANTECEDENT,
    Antecedent,
    Phrase,
    is_content,
    is_thing,
)
from stillroom.domain.language.clauses.splitting import phrases
from stillroom.domain.language.grammar import read_phrase
from stillroom.domain.language.validation import is_valid, settle_alternatives
from stillroom.domain.language.wishes.effects import TABLE
from stillroom.domain.language.wishes.props import topic_of_part
from stillroom.domain.language.words.tokens import NO_TOKEN, UNKNOWN, Token

MOST_PHRASES = 24
"""Phrases of a text that are read, the rest is told back; bounds the time to read it."""
MOST_TOKENS = 240
"""Tokens of a clause that is read, which no sentence reaches; a longer one is told back, too."""


def read_clause(clause: Sequence[Token], found: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases of a clause as read, after those of the clauses before it."""
    parts = list(phrases(_in_turn(_corrected(clause, found), found)))
    last = next((one for one in reversed(found) if one.tokens), None)
    antecedent = _antecedent(last) if last else NO_ANTECEDENT
    for at, phrase in enumerate(parts):
        if len(found) + at >= MOST_PHRASES:
            phrase.tell("not_understood")
            continue
        near = (*found[-_NEAR:], *parts[max(0, at - _NEAR) : at])
        phrase.previous = next((one for one in reversed(near) if not _only_compares(one)), None)
        phrase.antecedent = antecedent
        _limit(phrase)
        phrase.fault = _fault(phrase.before)
        phrase.say(likewise(phrase.tokens, phrase.fillers, phrase.before.tokens))
        read_phrase(phrase)
        _tell_rest(phrase)
        _settle_bare(phrase)
        _settle_beside(phrase, parts[:at])
        antecedent = _antecedent(phrase)
    settle_alternatives(parts)
    return parts


def _corrected(clause: Sequence[Token], found: Sequence[Phrase]) -> list[Token]:
    """Read "是" after "不是" as "而是": what follows it is the wish."""
    tokens = list[Token]()
    is_denied = bool(found) and any(one.isa("denial") for one in found[-1].tokens)
    for token in clause:
        is_instead = is_denied and token.text == "是"
        tokens.append(replace(token, senses={"but": ""}) if is_instead else token)
        is_denied |= token.isa("denial")
    return tokens


def _in_turn(clause: Sequence[Token], found: Sequence[Phrase]) -> Sequence[Token]:
    """Read "再" before a thing or a place as what comes next, after another wish: "锐化，再加倒影"."""
    at = next((i for i, one in enumerate(clause) if set(one.senses) != {"filler"}), len(clause))
    rest = clause[at + 1 :]
    named = next((one for one in rest if set(one.senses) != {"filler"}), NO_TOKEN)
    is_next = bool(found) and at < len(clause) and clause[at].text == "再" and named.any("add", "to", *GROUND)
    if not is_next:
        return clause
    return [*clause[:at], replace(clause[at], senses={"filler": ""}), *rest]


_NEAR = 2
"""Phrases of earlier clauses that a phrase may go on about."""


def _only_compares(phrase: Phrase) -> bool:
    """Whether a phrase only says what the one before is like: "影子太黑了像个洞"."""
    return phrase.aside == "comparison" and not phrase.acts and not phrase.told


def _limit(phrase: Phrase) -> None:
    """Set what a phrase is about that limits what is kept: "keep the shadow but lighter"."""
    if not (phrase.is_limit or phrase.drops("only")):
        return
    kept = _kept(phrase.before) or _set(phrase.before)
    shades = phrase.isa("shade_verb") and not phrase.has("to")
    if kept == "shadow" or (kept and shades):
        phrase.antecedent, phrase.given = Antecedent(kept, is_fault=True), phrase.before.given


def _settle_beside(phrase: Phrase, same_clause: Sequence[Phrase]) -> None:
    """Settle what a phrase and the one before it say about each other."""
    before = phrase.before
    is_bound = any("not_too" in token and "less" not in token for token in phrase.tokens)
    sizes = any(act.key == "fill" for one in same_clause for act in one.acts)
    is_bound |= sizes and _limits_size(phrase)
    if phrase.is_limit and is_bound and any(act.part for one in same_clause for act in one.acts):
        phrase.acts = []  # "soft, but not too dark"
    elif is_bound and _bounds(phrase, before):
        phrase.acts = []  # "背景亮一点，别太亮"
    only_names = bool(phrase.acts) and all(act.key in ONLY_NAMED for act in phrase.acts)
    illustrates = phrase.aside == "comparison" and (only_names or _is_illustration(before, same_clause))
    if _is_likened(phrase, same_clause):
        for one in (same_clause[-1], phrase):
            one.acts.clear()
            one.told.clear()
            one.tell("not_understood")
    elif phrase.aside and (phrase.aside != "comparison" or illustrates):
        _set_aside(phrase)
    elif not phrase.aside and _accepts(phrase, before):
        # "a bit dark, but I don't mind"
        before.acts = [act for act in before.acts if act.mood != "complaint"]
    if phrase.acts:
        _settle_after(phrase, before)


def _is_likened(phrase: Phrase, same_clause: Sequence[Phrase]) -> bool:
    """Whether a part is only named, and a comparison that is not known says how it is: "影子像油渍"."""
    if phrase.aside != "comparison" or phrase.acts or not same_clause:
        return False
    named = same_clause[-1]
    return [act.key for act in named.acts] == ["shadow"] and not named.has("add")


def _settle_after(phrase: Phrase, before: Phrase) -> None:
    """Let a colour refine the one before it, and tell back what does not go with the phrase before."""
    wished = [act for act in before.acts if act.mood == "wish"]
    is_limit = phrase.is_limit or any("but" in one for one in phrase.fillers)
    is_off_centre = ("neg" in phrase.status or is_limit) and phrase.has("side", "center")
    if is_off_centre and any(act.key.startswith("place") for act in wished):
        for one in (before, phrase):  # "towards the middle, but not in it"
            one.acts.clear()
            one.act(None, "place", impossible, why="ambiguous")
    elif _is_of_goods(phrase, before):
        phrase.acts.clear()
        if not any(act.part for act in before.acts):
            phrase.act(None, "", impossible, why="ambiguous")
    elif _is_of_colour(phrase, before):
        phrase.acts.clear()
        phrase.act(None, "", impossible, why="ambiguous")
    elif any(act.key == "backdrop" for act in wished) and _refines(phrase, before):
        phrase.acts = [replace(act, key="backdrop") for act in phrase.acts]


def _is_of_goods(phrase: Phrase, before: Phrase) -> bool:
    """Whether a colour is said of the product, whose colour is spoken of before: "实物大红，图里灰色"."""
    only_paints = all(act.key in ("backdrop", "backdrop.colour") for act in phrase.acts)
    if not (only_paints and phrase.has("colour")) or phrase.any("part", "kind", "scene"):
        return False
    is_right = phrase.texts("to").endswith(("是", " be"))  # "should be red"
    is_named = before.has("part", "product") and before.has("colour") and bool(before.told)
    return is_named or (is_right and any(act.key in _TINTS for act in before.acts))


def _is_of_colour(phrase: Phrase, before: Phrase) -> bool:
    """Whether a phrase goes on about a colour: "off-white with a hint of warm"."""
    if any(map(is_thing, phrase.tokens)):
        return False
    limits = phrase.tokens[0].isa("with") or phrase.is_limit or phrase.any("less", "not_too")
    if limits and all(act.key in _TINTS for act in phrase.acts):
        return before.has("colour") and any(act.part == "backdrop" for act in before.acts)
    paints = all(act.part == "backdrop" for act in phrase.acts)
    return paints and bool(before.told) and _names_same_colour(phrase, before)


_TINTS = frozenset(("mired", "white_balance", "saturation", "contrast"))


def _refines(phrase: Phrase, before: Phrase) -> bool:
    """Whether a backdrop is the one before it, said more exactly: "grey backdrop, light grey"."""
    if any(act.key not in (*ONLY_NAMED, "shade") for act in phrase.acts):
        return False
    if all(one.text[0] == "#" or one.get("property") == "colour" for one in phrase.tokens):
        return True  # "cream bg (#fff8e7)", "brand orange, hex #ff6a13"
    return (phrase.has("shade") and _names_same_colour(phrase, before)) or "那种" in phrase.dropped


def _names_same_colour(phrase: Phrase, before: Phrase) -> bool:
    colours, others = ({one.get("colour") for one in part.tokens} - {""} for part in (before, phrase))
    return not colours.isdisjoint(others)


def _limits_size(phrase: Phrase) -> bool:
    """Whether a phrase only limits a change of size: "but leave some margin", "but keep it off the edges"."""
    graded = phrase.has("more") or (phrase.has("degree") and not phrase.has("property", "margin"))
    return not graded and bool(phrase.acts) and all(act.key == "fill" for act in phrase.acts)


def _is_illustration(before: Phrase, same_clause: Sequence[Phrase]) -> bool:
    """Whether a comparison only illustrates what was read before it."""
    if same_clause:
        return any(phrase.acts for phrase in same_clause)
    return any(act.mood == "complaint" for act in before.acts)


def _set_aside(phrase: Phrase) -> None:
    """Keep of a reason only what it complains of and can be remedied; a concession asks for nothing."""
    faults = [act for act in phrase.acts if act.mood == "complaint" and act.do is not impossible]
    phrase.acts = faults if phrase.aside != "concession" else []
    phrase.told.clear()


def _bounds(phrase: Phrase, before: Phrase) -> bool:
    """Whether a phrase that names no part only limits the wish before it: "亮一点，别太亮", "别太明显"."""
    if phrase.has("colour") and any(act.part == "backdrop" and act.mood == "wish" for act in before.acts):
        return not phrase.has("part")  # "dusty terracotta, not too orange"
    if any(is_thing(one) for one in phrase.tokens) or not any(
        act.part and act.mood == "wish" for act in before.acts
    ):
        return False
    meant, wished = ({_axis(one) for one in part.tokens} - {""} for part in (phrase, before))
    is_far = phrase.antecedent.part == "place" and meant == {"big"}  # "to the right, not too far"
    return bool(meant) and (meant <= wished or meant <= {"deep", "strong"} or is_far)


def _axis(token: Token) -> str:
    """Return the axis of a quality; a cast is too warm or too cold."""
    meaning = token.get("adjective") or token.get("quality")
    return "warm" if meaning in ("cast_yellow", "cast_blue") else meaning.rstrip("+-")


_FAULTED = ("too", "too_after", "not_too", "neg", "not_enough", "lean")


def _accepts(phrase: Phrase, before: Phrase) -> bool:
    """Whether a phrase only accepts what the one before it states: "很亮，我喜欢"."""
    if not phrase.has("fine"):
        return False
    says = any(one.any("else", "neg") or ("fine" not in one and is_content(one)) for one in phrase.tokens)
    return not says and (phrase.has("fine", "accepted") or not before.any(*_FAULTED))


def _antecedent(phrase: Phrase) -> Antecedent:
    """Return what the next phrase may be about."""
    if _only_compares(phrase):
        return phrase.antecedent
    unanswered = [act for act in phrase.acts if act.mood == "complaint" and act.do is impossible]
    if unanswered and not phrase.told and unanswered[-1].part:
        return Antecedent(unanswered[-1].part, is_fault=True, lacks_remedy=True)
    if unanswered or any(one.why in ("not_understood", "ambiguous") for one in phrase.told):
        parts = phrase.parts
        is_beside_it = phrase.has("add") and any(token.text.endswith(" it") for token in phrase.tokens)
        if parts <= {"product", "picture"}:
            return NO_ANTECEDENT if parts or is_beside_it else Antecedent(is_unread=True)
        return Antecedent(is_unread=True, is_unknown=True)
    if any(act.part == "framing" and act.key.startswith("place") for act in phrase.acts):
        return Antecedent("place")
    named = [token.get("part") for token in phrase.tokens if "part" in token]
    if named and any(act.key == "shadow.none" for act in phrase.acts):
        return NO_ANTECEDENT  # of what is gone nothing more is said
    if named and phrase.isa("denial") and not any(act.part for act in phrase.acts):
        return phrase.antecedent  # "the shadow, not the product: softer"
    part = next((one for one in reversed(named) if one not in ("product", "picture")), "")
    if not part and not named:
        figure = next((token.get("property") for token in phrase.tokens if "property" in token), "")
        part = figure if "" in TABLE.get(figure, {}) and phrase.acts else ""
    if not part and phrase.acts and all(act.part == "light" and act.mood == "wish" for act in phrase.acts):
        part = "light"  # "side light, a bit softer"
    if not part and phrase.acts and all(act.part == phrase.antecedent.part for act in phrase.acts):
        is_replaced = any(act.key == act.part and act.mood == "wish" for act in phrase.acts)
        return Antecedent(phrase.antecedent.part) if is_replaced else phrase.antecedent
    is_fault = phrase.has("fine") or any(act.mood in ("complaint", "refused") for act in phrase.acts)
    return Antecedent(part, is_fault=bool(part) and is_fault)


def _set(phrase: Phrase) -> str:
    """Return `backdrop` if a phrase only sets it, so that the next one says its shade: "wood but lighter"."""
    sets = [act for act in phrase.acts if act.key.startswith("backdrop") and act.mood == "wish"]
    return "backdrop" if sets and sets == phrase.acts else ""


def _kept(phrase: Phrase) -> str:
    """Return the part that a phrase keeps, if the next one may change it: "same table just darker"."""
    named = {token.get("part") for i, token in enumerate(phrase.tokens) if phrase.status[i] == "keep"}
    return next((part for part in ("shadow", "backdrop") if part in named), "")


def _tell_rest(phrase: Phrase) -> None:
    """Tell a phrase back, and do nothing of it, unless every word that matters was understood."""
    if any(one.why == "not_possible" and one.topic != "prop" for one in phrase.told):
        phrase.acts.clear()
    rest = [token for token in phrase.rest if not _is_idle(token)]
    if phrase.told and not phrase.acts:
        return
    if rest or (not phrase.is_heard and phrase.has("name")):
        phrase.acts.clear()
        topic = _topic_of_added(phrase, rest) or topic_of_part(phrase, rest)
        phrase.tell("not_possible" if topic else "not_understood", topic)
    elif _is_unread(phrase):
        phrase.tell("not_understood")
    elif any(act.do is impossible and act.mood == "wish" for act in phrase.acts):
        phrase.acts = [act for act in phrase.acts if act.do is impossible]
    elif not is_valid(phrase):
        phrase.acts.clear()
        phrase.tell("ambiguous")


_FIGURES = ("property", "adjective", "quality", "effect", "style", "number")


def _topic_of_added(phrase: Phrase, rest: Sequence[Token]) -> str:
    """Return `prop` or `text` if what was not understood is a thing or lettering to add."""
    adds = next((i for i, token in enumerate(phrase.tokens) if "add" in token), None)
    if any(token.text[0] in '"“「『' for token in rest) and (adds is not None or phrase.has("to")):
        return "text"
    if adds is None or phrase.any(*_FIGURES) or any(phrase.status):
        return ""
    verb = phrase.tokens[adds].text
    is_counted = verb[-1] in "个只束枝片把" or (verb.isascii() and phrase.drops("article"))
    is_unknown = is_counted and any(UNKNOWN in token for token in rest)
    return "prop" if is_unknown or phrase.has("side", "beside") else ""


def _is_unread(phrase: Phrase) -> bool:
    """Whether nothing came of a phrase that speaks of more than the product."""
    if phrase.is_heard or phrase.aside:
        return False
    return (
        phrase.any("previous", "original", "fills", "turn")  # another state of the picture is not known
        or (phrase.has("degree") and phrase.has("part", "product"))
        or any(asks(token) and "degree" not in token for token in phrase.tokens)
    )


_REMOVALS: Mapping[str, tuple[str, Do]] = {
    "shadow": ("shadow.none", sets("shadow", kind="none")),
    "reflection": ("reflection", reflects_no_more),
}
"""Acts of "remove it" and "去掉" alone, by the part that the phrase before is about."""


def _settle_bare(phrase: Phrase) -> None:
    """Read "more" and "less" alone: the remedy of the complaint before them, or nothing that is clear."""
    before = phrase.before
    removes = bool(phrase.tokens) and all("none" in one or one.text == "了" for one in phrase.tokens)
    if not (phrase.is_heard or phrase.told) and removes:
        remove = _REMOVALS.get(phrase.antecedent.part)
        if remove and not any(act.key == remove[0] for act in before.acts):
            phrase.act("shadow", *remove)
        elif not remove and phrase.isa("remove_it"):
            phrase.tell("ambiguous")
    wanted = 1 if phrase.has("more") else -1 if phrase.has("less") else 0
    if not wanted or phrase.is_heard or phrase.told:
        return
    if wanted == -phrase.fault:
        phrase.act(None, "")
        return
    phrase.tell("ambiguous")
    if phrase.fault:
        before.acts.clear()
        before.tell("ambiguous")


def _fault(phrase: Phrase) -> int:
    """Return 1 if a phrase complains of too much, -1 of too little, 0 of nothing."""
    if not (phrase.has("fault") or any(act.mood == "complaint" for act in phrase.acts)):
        return 0
    meanings = [token.get("adjective") or token.get("quality") for token in phrase.tokens]
    sign = -1 if any(meaning.endswith("-") for meaning in meanings) else 1
    if phrase.has("part", "shadow") and any(meaning.startswith("bright") for meaning in meanings):
        sign = -sign  # a dark shadow is too much of it
    if any({"fault", "quality"} <= token.senses.keys() for token in phrase.tokens):
        sign = -sign  # the quality of "overexposed" is its remedy
    lacks = phrase.lacks
    return -sign if lacks else sign


def _is_idle(token: Token) -> bool:
    return "filler" in token or "opaque" in token or not is_content(token)


def asks(token: Token) -> bool:
    """Whether a token can be wished for or says how much, and is no name of the product or the picture."""
    is_said = "degree" in token or not _is_idle(token)
    return is_said and token.get("part") not in ("product", "picture")
