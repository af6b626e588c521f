"""Entry point of the parser: reads an instruction as a change of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stillroom.domain.language.acts import Act, impossible, in_turn
from stillroom.domain.language.clauses.nouns import is_bare, is_name, is_title
from stillroom.domain.language.clauses.phrases import Phrase, is_content, is_lack
from stillroom.domain.language.clauses.splitting import phrases
from stillroom.domain.language.grammar import read_phrase
from stillroom.domain.language.licence import is_licensed, settle_alternatives, settle_likeness, unwished
from stillroom.domain.language.phrase_book import PhraseBook, phrase_book
from stillroom.domain.language.remedies import contradictions, standing
from stillroom.domain.language.wishes.backdrops import blurs, stages
from stillroom.domain.language.wishes.degrees import LIGHT_HEIGHTS, add_effect, degree_of
from stillroom.domain.language.wishes.effects import TABLE
from stillroom.domain.language.words.lexicon import Lexicon, lexicon
from stillroom.domain.language.words.tokens import Token, clauses, tokenise
from stillroom.domain.plans.plan import PLAN_PARTS, Backdrop, Plan, PlanPart
from stillroom.domain.told_back import Stretch, ToldBack

_AROUND = " \t-'\"“”‘’()（）.，,、"


@dataclass(frozen=True, slots=True)
class Understanding:
    """How an instruction was read.

    Attributes:
        plan: `base` with the instruction carried into it.
        asked: The parts that the instruction speaks of.
        told_back: The user's own clauses that are not carried out, in their order.
        is_heard: Whether any of the words found a meaning, if only to leave something as it is.
        is_carried_out: Whether any of them has its effect, too.
    """

    plan: Plan
    asked: tuple[PlanPart, ...]
    told_back: tuple[ToldBack, ...]
    is_heard: bool
    is_carried_out: bool

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The texts alone of what is told back."""
        return tuple(told.text for told in self.told_back)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read, independent of the plan that it acts on.

    Attributes:
        text: As the user wrote it.
        acts: What it asks for, in its order.
        told: What is told back on every plan.
        is_heard: Whether any phrase was understood.
        is_left: Whether a phrase only asks for something to stay.
        words: The tokens of all phrases.
    """

    text: str
    acts: tuple[Act, ...]
    told: tuple[Stretch, ...]
    is_heard: bool
    is_left: bool
    words: tuple[Token, ...]


def understand(text: str, base: Plan) -> Understanding:
    """Read an instruction as a change of a plan.

    Args:
        text: What the user said, Chinese or English or both.
        base: The plan that relative wishes act on.
    """
    reading = read_once(text, lexicon())
    plan = base
    told = list(reading.told)
    asked: set[PlanPart] = set()
    is_done = reading.is_left
    wanted = sorted(standing(reading.acts), key=lambda act: act.mood != "style")
    contrary = contradictions(wanted, base)
    for act in wanted:
        after = _blurred_elsewhere(reading, plan) if (act.part, act.key) == ("backdrop", "blur") else None
        after = None if act in contrary else after or act.do(plan)
        if act.mood == "refused" and act.key == "backdrop" and reading.told:
            after = None  # what shall replace it was not understood
        if act.key == "backdrop.scene" and any(_is_of_ground(one) for one in reading.told):
            after = None  # beside the backdrop that is told back it is rather what that is like
        if act.mood == "refused" and act.key != "backdrop":
            if after is None or after == plan:
                told.append(Stretch(*act.span, "refused"))
                continue
            after = plan
        if after is None:
            if act.mood != "style":
                told.append(Stretch(*act.span, "ambiguous" if act in contrary else act.why))
            continue
        changes = _parts_between(plan, after)
        # Hard light has hard shadows; a scene's framing is only a consequence.
        asked |= {act.part} | (changes & {"shadow"}) if act.part else changes
        plan, is_done = after, True
    if not is_done and not told and any(_asks(token) for token in reading.words):
        told.append(Stretch(0, len(text), "not_understood"))
    plan = plan.model_copy(update={"asked": tuple(part for part in PLAN_PARTS if part in asked)})
    return Understanding(plan, plan.asked, _told_back(text, told), reading.is_heard, is_done)


def _blurred_elsewhere(reading: Reading, plan: Plan) -> Plan | None:
    """Blur the scene nearest to a missing place, not the photo's background that it should replace."""
    missing = [one for one in reading.told if one.why == "not_possible"]
    places = [
        word.get("near_scene") or None
        for word in reading.words
        if {"near_scene", "painted"} & set(word.senses)
        and any(one.start <= word.start and word.end <= one.end for one in missing)
    ]
    if not places or plan.backdrop != Backdrop() or plan.product_transform is not None:
        return None
    return in_turn(stages(places[-1]), blurs(1))(plan)


def _is_of_ground(told: Stretch) -> bool:
    return told.why == "not_possible" and "_" in told.topic


def _asks(token: Token) -> bool:
    if "degree" not in token and (_is_idle(token) or not is_content(token)):
        return False
    return token.get("part") not in ("product", "picture")


def _parts_between(before: Plan, after: Plan) -> set[PlanPart]:
    return {part for part in PLAN_PARTS if getattr(before, part) != getattr(after, part)}


_MOST_PHRASES = 70
"""Phrases of a text that are read, the rest is told back; bounds the time to read it."""


_MOST_LOOKED_UP = 6
"""Stretches of a text that are looked up in the phrase book; bounds the time to read it."""


@lru_cache(maxsize=256)
def read_once(text: str, words: Lexicon) -> Reading:
    """Read a text; a job reads the same words on many plans."""
    return _read(text, words, phrase_book())


@lru_cache(maxsize=128)
def _acts_of(says: str, words: Lexicon) -> tuple[Act, ...]:
    """Return the acts of a wish of the phrase book."""
    return _read(says, words, None).acts


def _look_up(
    told: Stretch, text: str, parts: Sequence[Phrase], words: Lexicon, book: PhraseBook | None
) -> bool:
    """Read what the grammar tells back as a wish of the phrase book; return whether it is one."""
    if book is None:
        return False
    said = [phrase for phrase in parts if told.start <= phrase.span[0] and phrase.span[1] <= told.end]
    if told.why not in ("not_understood", "ambiguous") or not said or any(phrase.acts for phrase in said):
        return False
    about = said[0].context.rstrip("!?")
    says = book.wish_of(text[told.start : told.end], words, about)
    if says:
        said[0].acts = [replace(act, span=(told.start, told.end)) for act in _acts_of(says, words)]
        said[0].is_heard = True
    return bool(says)


def _read(text: str, words: Lexicon, book: PhraseBook | None) -> Reading:
    found: list[Phrase] = []
    told: list[Stretch] = []
    said = clauses(tokenise(text, words))
    asides = unwished(said)
    for at_clause, (clause, _) in enumerate(said):
        is_listed = at_clause and is_name(said[0].tokens) and is_bare(clause)
        if asides[at_clause] or is_listed or (not at_clause and said[1:] and is_title(clause)):
            told.append(Stretch(clause[0].start, clause[-1].end, "ambiguous"))
            continue
        context = _context(found[-1]) if found else ""
        parts = list(phrases(clause))
        for at, phrase in enumerate(parts):
            if len(found) + at >= _MOST_PHRASES:
                phrase.tell("not_understood")
                continue
            phrase.context = context
            kept = _kept(parts[at - 1]) if phrase.is_limit and at else ""
            if kept == "shadow" or (kept and not phrase.has("to")):
                phrase.context = f"{kept}!"  # "keep the shadow but lighter"
            before = (found + parts[:at])[-1:]
            phrase.fault = _fault(before[0]) if before else 0
            read_phrase(phrase)
            _tell_rest(phrase)
            _settle_bare(phrase, before)
            if (
                phrase.is_limit
                and any("not_too" in token and "less" not in token for token in phrase.tokens)
                and any(act.part for one in parts[:at] for act in one.acts)
            ):
                phrase.acts = []  # "soft, but not too dark"
            if phrase.context == "light!" and before and _softens(phrase):
                before[0].acts = [act for act in before[0].acts if act.mood != "complaint"]
            if phrase.aside and (phrase.aside != "comparison" or _is_illustration(parts[:at], found)):
                _set_aside(phrase)
            elif phrase.aside == "comparison" and not (phrase.acts or phrase.told):
                phrase.tell("ambiguous")
            elif phrase.has("fine", "accepted") and len(phrase.tokens) == 1 and found + parts[:at]:
                _excuse((found + parts[:at])[-1])
            context = _context(phrase) or ("" if phrase.acts else context)
        settle_alternatives(parts)
        settle_likeness(parts)
        left = _joined([one for phrase in parts for one in phrase.told], parts)
        first = max(0, _MOST_LOOKED_UP - len(told))
        told += [one for one in left[:first] if not _look_up(one, text, parts, words, book)] + left[first:]
        found += parts
    return Reading(
        text,
        tuple(
            act for phrase in found for act in phrase.acts if act.part or act.key or act.do(Plan()) is None
        ),
        tuple(told),
        any(phrase.is_heard for phrase in found),
        any(act.part is None and not act.key and act.do(Plan()) is not None for p in found for act in p.acts),
        tuple(token for phrase in found for token in phrase.tokens),
    )


def _is_illustration(same_clause: list[Phrase], before: list[Phrase]) -> bool:
    """Whether a comparison only illustrates what was read before it."""
    if same_clause:
        return any(phrase.acts for phrase in same_clause)
    return any(act.mood == "complaint" for phrase in before[-1:] for act in phrase.acts)


def _set_aside(phrase: Phrase) -> None:
    """Keep of a reason only what it complains of and can be remedied; a concession asks for nothing."""
    faults = [act for act in phrase.acts if act.mood == "complaint" and act.do is not impossible]
    phrase.acts = faults if phrase.aside != "concession" else []
    phrase.told.clear()


def _excuse(phrase: Phrase) -> None:
    """Drop complaints that the next words take back: "a bit dark, but I don't mind"."""
    phrase.acts = [act for act in phrase.acts if act.mood != "complaint"]


def _context(phrase: Phrase) -> str:
    """Return the part that the next phrase may be about.

    `!` marks one that was complained of, `!!` one whose remedy is not known; `?!` is one that was not
    understood, `?` a phrase without any.
    """
    unanswered = [act for act in phrase.acts if act.mood == "complaint" and act.do is impossible]
    if unanswered and not phrase.told and unanswered[-1].part:
        return f"{unanswered[-1].part}!!"
    if unanswered or any(one.why in ("not_understood", "ambiguous") for one in phrase.told):
        parts = {token.get("part") for token in phrase.tokens if "part" in token}
        is_beside_it = phrase.has("add") and any(token.text.endswith(" it") for token in phrase.tokens)
        if parts <= {"product", "picture"} and not phrase.has("colour"):
            return "" if parts or is_beside_it else "?"
        return "?!"
    kept = [i for i, token in enumerate(phrase.tokens) if "part" in token and phrase.status[i] == "keep"]
    if kept or phrase.has("effect", "keep_backdrop"):
        return ""
    if any(act.part == "framing" and act.key.startswith("place") for act in phrase.acts):
        return "place"
    named = [token.get("part") for token in phrase.tokens if "part" in token]
    part = next((one for one in reversed(named) if one not in ("product", "picture")), "")
    if not part and "add" in {kind for token in phrase.tokens for kind in token.senses}:
        return ""
    if not part and not named:
        figure = next((token.get("property") for token in phrase.tokens if "property" in token), "")
        part = figure if "" in TABLE.get(figure, {}) and phrase.acts else ""
    if not part and any("scene" in token for token in phrase.tokens):
        part = "backdrop"
    if (
        not part
        and phrase.context
        and phrase.acts
        and all(a.part == phrase.context.rstrip("!") for a in phrase.acts)
    ):
        return phrase.context
    is_fault = phrase.has("fine") or any(act.mood == "complaint" for act in phrase.acts)
    return f"{part}!" if part and is_fault else part


def _softens(phrase: Phrase) -> bool:
    """Whether a phrase is the remedy of a light that was too strong: "光太冲了，柔一点"."""
    return any(act.part == "light" and act.key == "fill" and act.mood == "wish" for act in phrase.acts)


def _kept(phrase: Phrase) -> str:
    """Return the part that a phrase keeps, if the next one may change it: "same table just darker"."""
    if any(token.text.startswith("same ") and "effect" in token for token in phrase.tokens):
        return "" if any(token.text.endswith(("ground", "drop")) for token in phrase.tokens) else "backdrop"
    return "shadow" if phrase.has("keep") and phrase.has("part", "shadow") else ""


def _tell_rest(phrase: Phrase) -> None:
    """Tell a phrase back, and do nothing of it, unless every word that matters was understood."""
    if any(one.why == "not_possible" and one.topic != "prop" for one in phrase.told):
        phrase.acts.clear()
    rest = [token for token in phrase.rest if not _is_idle(token)]
    if phrase.told and not phrase.acts:
        return
    if rest or (not phrase.is_heard and phrase.has("name")):
        phrase.acts.clear()
        phrase.tell("not_understood")
    elif _is_unread(phrase):
        phrase.tell("not_understood")
    elif _is_impossible(phrase) or (_is_disliked(phrase) and not phrase.has("to")):
        phrase.acts = [act for act in phrase.acts if act.do is impossible]
    elif not is_licensed(phrase):
        phrase.acts.clear()
        phrase.tell("ambiguous")


def _is_unread(phrase: Phrase) -> bool:
    """Whether nothing came of a phrase that speaks of more than the product."""
    if phrase.is_heard or phrase.told or phrase.aside:
        return False
    return phrase.has("fills") or any(_asks(token) and "degree" not in token for token in phrase.tokens)


def _is_disliked(phrase: Phrase) -> bool:
    """Whether something is only called bad, so that nothing beside it is a wish: "a weird rim light"."""
    return any(act.do is impossible and act.key.endswith(".fault") for act in phrase.acts)


def _is_impossible(phrase: Phrase) -> bool:
    return any(act.do is impossible and act.mood == "wish" for act in phrase.acts)


def _settle_bare(phrase: Phrase, before: list[Phrase]) -> None:
    """Read "more" and "less" alone: the remedy of the complaint before them, or nothing that is clear."""
    wanted = 1 if phrase.has("more") else -1 if phrase.has("less") else 0
    if not wanted or phrase.is_heard or phrase.told:
        return
    if phrase.context.startswith("light") and any(token.text in LIGHT_HEIGHTS for token in phrase.tokens):
        add_effect(phrase, "light", "high", degree_of(phrase, wanted), "wish")
        return
    if wanted == -phrase.fault:
        phrase.act(None, "")
        return
    phrase.tell("ambiguous")
    if phrase.fault and before:
        before[0].acts.clear()
        before[0].tell("ambiguous")


def _fault(phrase: Phrase) -> int:
    """Return 1 if a phrase complains of too much, -1 of too little, 0 of nothing."""
    if not any(act.mood == "complaint" for act in phrase.acts):
        return 0
    meanings = [token.get("adjective") or token.get("quality") for token in phrase.tokens]
    sign = -1 if any(meaning.endswith("-") for meaning in meanings) else 1
    if phrase.has("part", "shadow") and any(meaning.startswith("bright") for meaning in meanings):
        sign = -sign  # a dark shadow is too much of it
    lacks = any(is_lack(phrase.tokens, i) for i in range(len(phrase.tokens)))
    return -sign if lacks else sign


def _is_idle(token: Token) -> bool:
    return "filler" in token or "opaque" in token or not is_content(token)


def _joined(told: list[Stretch], parts: list[Phrase]) -> list[Stretch]:
    """Join what is told of neighbouring phrases of one clause."""
    joined: list[Stretch] = []
    starts = {phrase.span[0]: at for at, phrase in enumerate(parts)}
    for one in told:
        last = joined[-1] if joined else None
        if last is not None and last.why == one.why and starts.get(one.start, 0) - 1 >= 0:
            before = parts[starts[one.start] - 1]
            if before.span[1] == last.end and not before.acts:
                joined[-1] = Stretch(last.start, one.end, last.why, last.topic or one.topic)
                continue
        joined.append(one)
    return joined


def _told_back(text: str, told: list[Stretch]) -> tuple[ToldBack, ...]:
    found: dict[tuple[int, int], ToldBack] = {}
    for start, end, why, topic in sorted(told):
        words = text[start:end].strip(_AROUND)
        if words:
            found.setdefault((start, end), ToldBack(words, why, topic))
    return tuple(found.values())
