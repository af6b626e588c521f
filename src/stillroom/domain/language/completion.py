"""Step 7, plain words for wishes that the sentence model is sure of and the grammar has not carried out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from stillroom.domain.language.acts import Act, restores
from stillroom.domain.language.carrying import DOUBTED, SETTLED, Carried, parts_between
from stillroom.domain.language.clause_reading import asks
from stillroom.domain.language.doubts import LABELS, POSSIBLE, PROBABLE, TOLD, labels_between, missed
from stillroom.domain.language.plain_words import (
    PAINTED,
    SCENE,
    has_amount,
    names_backdrop,
    without_amounts,
    words_for,
)
from stillroom.domain.language.reading import Reading, read_once
from stillroom.domain.language.sentence_model import Chances, chances_of, sentence_model
from stillroom.domain.language.wishes.backdrop_changes import VIGNETTE
from stillroom.domain.language.wishes.backdrops import SUNLIGHT
from stillroom.domain.language.wishes.figures import BOUND
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import UNKNOWN, Token
from stillroom.domain.plans.plan import PLAN_PARTS
from stillroom.domain.told_back import Stretch

_LEAST_TOLD, _MOST_TOLD = 0.1, 0.3
"""Probability of `told` up to which nothing in a text, or in a piece of it, need be told back."""
_IN_CONTEXT = 0.05
"""Probability in the whole text from which a label of a piece of it counts: "take it down a notch"."""
_SIDES = ("=left", "=right", "=keep")
_SURE = 0.95
"""Probability from which a wish is carried out beside one of the same text that is told back as ambiguous.

So too one for an unknown word: "take out the greenness" names a quality, "remove the aftershave" none.
"""


def complete(carried: Carried, reading: Reading, chances: Chances) -> Carried | None:
    """Carry out what a text probably asks for besides, and tell no more back what only says that.

    Returns:
        None if nothing changes by it, or if what it would carry out may be meant otherwise.
    """
    if not chances or _is_style(carried):
        return None
    left_out = _missed(reading.text, carried, chances, _least_for(reading.words))
    if _is_of_colour(carried, reading, chances):
        left_out = [*dict.fromkeys((*left_out, PAINTED))]
    elif PAINTED in left_out:
        return None
    if _is_of_other_scene(carried, reading, chances):
        left_out = [*dict.fromkeys((*left_out, SCENE))]
    if not (left_out or (carried.told and carried.done)):
        return None
    completed = _carried_out(left_out, carried, reading, reading.text) if left_out else carried
    if completed is None or _missed(reading.text, completed, chances, POSSIBLE):
        return None
    told = {one for one in carried.told if not _is_done(one, completed, reading.text, chances)}
    pieces = {one: reading.text[one.start : one.end] for one in told}
    is_sure = all(chances.get(label, 0.0) >= _SURE for label in left_out)
    if is_sure:  # what was read the other way round is settled: "暗，麻烦处理"
        told -= {one for one in told if one.topic == DOUBTED and _names_figure(left_out, pieces[one])}
    if left_out and any(
        (one.why == "ambiguous" and not is_sure)
        or _is_unknown_wish(said)
        or (one.topic in SETTLED and _asks_for(left_out, said))
        for one, said in pieces.items()
    ):
        return None
    told |= {*_of_backdrops(completed, reading.text)}
    is_as_before = len(told) == len(carried.told) and not left_out
    return None if is_as_before else replace(completed, told=tuple(sorted(told)))


def _least_for(words: Sequence[Token]) -> float:
    """Return the least probability to be carried out; a thing is no quality: "remove the aftershave"."""
    return _SURE if any("none" in verb and UNKNOWN in name for verb, name in pairwise(words)) else PROBABLE


def _reads_backdrop(carried: Carried) -> bool:
    return any(act.part == "backdrop" for act in (*carried.done, *carried.idle))


def _is_of_colour(carried: Carried, reading: Reading, chances: Chances) -> bool:
    """Whether a text names the colour of a backdrop, and none was read."""
    is_settled = any(one.topic in SETTLED for one in carried.told)  # "make it red"
    is_scene = carried.base.backdrop.kind == "scene"
    is_asked = chances.get(PAINTED, 0.0) >= PROBABLE and not (is_settled or is_scene)
    return is_asked and not _reads_backdrop(carried) and bool(words_for(PAINTED, reading.text, ()))


def _is_of_other_scene(carried: Carried, reading: Reading, chances: Chances) -> bool:
    """Whether a text wishes for a scene, and none was read on a picture that has another one already."""
    is_told = any(one.why == "not_possible" for one in carried.told)
    is_asked = chances.get(SCENE, 0.0) >= PROBABLE and not (is_told or _reads_backdrop(carried))
    return is_asked and carried.base.backdrop.kind == "scene" and bool(words_for(SCENE, reading.text, ()))


def _is_unknown_wish(said: str) -> bool:
    """Whether a piece asks for something with a word that the model does not know, which a name does not."""
    if sentence_model().knows(said):
        return False
    has_label = any(chance >= POSSIBLE for chance in chances_of(said, lexicon()).values())
    return has_label or any(map(asks, tokenise(said, lexicon())))


def _asks_for(labels: Sequence[str], said: str) -> bool:
    alone = chances_of(said, lexicon())
    return any(alone.get(label, 1.0) > POSSIBLE for label in labels)


def _names_figure(labels: Sequence[str], said: str) -> bool:
    """Whether a piece probably asks for one of the figures of labels, whichever way it goes."""
    figures = {_path_of(label) for label in labels}
    alone = chances_of(said, lexicon())
    return any(chance > POSSIBLE and _path_of(label) in figures for label, chance in alone.items())


def complete_stretches(carried: Carried, reading: Reading, chances: Chances) -> Carried | None:
    """Carry out stretches that are told back, each of which asks for one thing that the text asks for."""
    completed = None
    for one in carried.told:
        text = reading.text[one.start : one.end]
        alone = chances_of(text, lexicon()) if chances else {}
        labels = [label for label, chance in alone.items() if chance > POSSIBLE and label != TOLD]
        is_sure = len(labels) == 1 and labels[0] != PAINTED and alone[labels[0]] >= _least_for(reading.words)
        so_far = completed or carried
        if not is_sure or labels[0] not in _missed(reading.text, so_far, chances, PROBABLE):
            continue
        after = _carried_out(labels, so_far, reading, text)
        if after and _is_done(one, after, reading.text, chances):
            completed = replace(after, told=tuple(other for other in so_far.told if other != one))
    return completed


def _carried_out(labels: Sequence[str], carried: Carried, reading: Reading, text: str) -> Carried | None:
    """Carry out labels; None without words for them, or where their figures have changed already."""
    if any(_path_of(label) in _changed(carried) for label in labels):
        return None
    plan, done = carried.plan, carried.done
    for act in _acts(labels, carried, reading, text):
        changed = act.do(plan)
        if changed is None:
            return None
        plan, done = changed, (*done, act)
    if plan == carried.plan:
        return None
    asked = carried.asked | parts_between(carried.plan, plan)
    return replace(carried, plan=plan, asked=asked, done=done)


def _acts(labels: Sequence[str], carried: Carried, reading: Reading, text: str) -> list[Act]:
    """Return the wishes that labels stand for; nothing if one of them cannot be said plainly.

    In a text that takes something back, a figure returns to its default.
    """
    is_taken_back = any("undo" in word for word in reading.words)
    is_refused = any(word.any("none", "neg") for word in reading.words)
    if is_taken_back and any("neg" in word for word in reading.words):
        return []  # "don't undo the warmth"
    told = [text[one.start : one.end] for one in carried.told] if text == reading.text else [text]
    if not told:
        others = (one for one in carried.done if one.part == "backdrop" or has_amount(text[slice(*one.span)]))
        rest = _without(others, text)
        text = rest if all(_chances(rest).get(label, 0.0) > POSSIBLE for label in labels) else text
    found = list[Act]()
    for label in labels:
        if not (says := words_for(label, text, told, is_refused=is_refused)):
            return []
        part = next(one for one in PLAN_PARTS if label.startswith(f"{one}."))
        name = _path_of(label).removeprefix(f"{part}.")
        restored = Act(part, f"{part}.undo", restores(part, name), (0, len(reading.text)))
        is_figure = is_taken_back and label[-1] in "+-"
        found += [restored] if is_figure else read_once(says, lexicon()).acts
    return found


def _without(acts: Iterable[Act], text: str) -> str:
    """Return a text without the words of some acts of it."""
    signs = list(text)
    for act in acts:
        start, end = act.span
        signs[start:end] = " " * (end - start)
    return " ".join("".join(signs).split())


def _chances(text: str) -> Chances:
    return chances_of(text, lexicon()) if text.strip(_JOINTS) else {}


def _of_backdrops(carried: Carried, text: str) -> tuple[Stretch, ...]:
    """Return what is told back of a backdrop if none was read: no label says which one is meant."""
    if _reads_backdrop(carried):
        return ()
    return tuple(
        one
        for one in carried.told
        for alone in [chances_of(text[one.start : one.end], lexicon())]
        if any(alone.get(label, 0.0) >= PROBABLE for label in (PAINTED, SCENE))
    )


def passes_over(carried: Carried, reading: Reading, chances: Chances) -> bool:
    """Whether a text probably asks for something that is neither done nor in what is told back.

    Not one that names a style alone, of which the model knows nothing, nor one that resets all: what that
    changes depends on the picture, which the model does not see.
    """
    if _is_style(carried) or any(act.key == "undo" for act in carried.done):
        return False
    return any(
        not any(_asks_for([label], reading.text[one.start : one.end]) for one in carried.told)
        for label in _missed(reading.text, carried, chances, PROBABLE)
    )


def _is_style(carried: Carried) -> bool:
    return bool(carried.done) and all(act.mood == "style" for act in carried.done)


def _missed(text: str, carried: Carried, chances: Chances, least: float) -> list[str]:
    """Return the labels that the plan lacks, of parts that are not expressly left as they are.

    A figure with an amount that the grammar has set, or found set already, is not missed: "fills 85 %" may
    make a product smaller. Nor is one whose direction the text says, a side where the grammar has set one, or
    what the text says not to do.
    """
    settled = _changed(carried) | {f"{act.part}.{act.key.removesuffix(BOUND)}" for act in carried.idle}
    is_exact = has_amount(text)
    keys = [f"{act.part}.{act.key}" for act in carried.done if has_amount(text[slice(*act.span)])]
    keys += [act.key for act in carried.done if act.key == VIGNETTE]
    mistaken = {label for key in keys for label in _MISTAKEN.get(key, ())}
    lacks = _beside_styles(text, carried, missed(carried.base, carried.plan, chances, least))
    lacks = _beside_sides(text, carried, _beside_amounts(text, carried, lacks))
    return [
        label
        for label in (*lacks, *_beside_paint(text, carried, chances, least))
        if label not in carried.refused
        and not (is_exact and label[-1] in "+-" and _path_of(label) in settled)
        and label not in mistaken
        and not (label[-1] in "+-" and _path_of(label) in carried.graded)
        and not (label.endswith(_SIDES) and _path_of(label) in settled)
    ]


_MISTAKEN = {
    VIGNETTE: ("light.rim+",),
    "shadow.strength": ("shadow.kind=none", "shadow.length-"),
    "tone.exposure_ev": (
        "light.azimuth_deg=front",
        *(f"light.{name}{way}" for name in ("elevation_deg", "strength") for way in "+-"),
    ),
}
"""Labels that only other words speak for: the verb in "light down 20%", the place in "dark at the edges"."""


def _beside_styles(text: str, carried: Carried, labels: Sequence[str]) -> Sequence[str]:
    """Return those of some labels that a text asks for beside its styles: a moody look is dark anyhow."""
    styles = [act for act in carried.done if act.mood == "style"]
    if not (styles and labels):
        return labels
    asked = _chances(_without(styles, text))
    return [label for label in labels if asked.get(label, 0.0) >= POSSIBLE]


def _beside_amounts(text: str, carried: Carried, labels: Sequence[str]) -> Sequence[str]:
    """Return labels without a size or a place that only an amount of another wish speaks for.

    Such as "sharper (10 percent)" and "too dark, up a bit".
    """
    is_measured = any(act.mood == "complaint" or has_amount(text[slice(*act.span)]) for act in carried.done)
    if not is_measured or _OF_AMOUNTS.isdisjoint(map(_path_of, labels)):
        return labels
    asked = _chances(_UP_OR_DOWN.sub(" ", without_amounts(text)))
    return [one for one in labels if _path_of(one) not in _OF_AMOUNTS or asked.get(one, 0.0) >= POSSIBLE]


def _beside_sides(text: str, carried: Carried, labels: Sequence[str]) -> Sequence[str]:
    """Return labels without a place that only a side of the light or the shadow speaks for.

    Such as "darken the shadow and shift it to the left".
    """
    turned = [act for act in carried.done if act.key in ("light.side", "shadow.side")]
    if not turned or _PLACES.isdisjoint(map(_path_of, labels)):
        return labels
    asked = _chances(_without(turned, text))
    return [one for one in labels if _path_of(one) not in _PLACES or asked.get(one, 0.0) >= POSSIBLE]


_PLACES = frozenset(("framing.x", "framing.y"))
_OF_AMOUNTS = frozenset(("framing.fill", "framing.y"))
_UP_OR_DOWN = re.compile(r"\b(?:up|down|raise|lift|lower|increase)\b|往[上下]|提升")

_COLOURS = ("tone.saturation+", "tone.saturation-", "tone.mired+", "tone.mired-", "tone.white_balance+")


def _beside_paint(text: str, carried: Carried, chances: Chances, least: float) -> list[str]:
    """Return labels of the picture's colours that the plan lacks, though it has another backdrop.

    Those of a colour that is painted may be for its name alone: "mint green, not too loud". So only those
    count that the rest of the text asks for of goods or of colours: "sage green; the mug looks yellow".
    """
    done = _changed(carried)
    likely = [label for label in _COLOURS if chances.get(label, 0.0) >= least]
    lacking = [one for one in likely if not done & {_path_of(like) for like in (one, *LABELS[one].alike)}]
    if not lacking or "backdrop.color" not in done:
        return []
    rest = _without([act for act in carried.done if act.part == "backdrop"], text)
    names_picture = any(
        one.get("part") in ("product", "picture", "light")
        or one.get("property") in ("colour", "white_balance")
        or ("scene" in one and SUNLIGHT.search(one.text))
        for one in tokenise(rest, lexicon())
    )
    asked = _chances(rest) if names_picture else {}
    return [label for label in lacking if asked.get(label, 0.0) >= least]


def _path_of(label: str) -> str:
    return label.rstrip("+-").partition("=")[0]


def _changed(carried: Carried) -> set[str]:
    return {path for path, _ in labels_between(carried.base, carried.plan)}


_OF_SURFACES = ("backdrop.", "shadow.reflection", "shadow.direction_deg")
_JOINTS = " \t\n,.;!?，。；！？、~～…-—"


def _explains(told: Stretch, carried: Carried, text: str) -> bool:
    """Whether a piece goes on about a complaint that is answered: "too dark, I can't see the stitching".

    Not one with an amount, nor one about the backdrop: these say how it shall be answered. Nor a further
    complaint ("左边太暗了，标签也不清楚") or an effect by its name ("too much noise, rim light").
    """
    said = text[told.start : told.end]
    names_other = names_backdrop(said) or any("effect" in token for token in tokenise(said, lexicon()))
    is_after = _is_after_complaint(told, carried, text)
    return is_after and not (_ALSO.search(said) or has_amount(said) or names_other)


def _is_after_complaint(told: Stretch, carried: Carried, text: str) -> bool:
    complaints = [act.span[1] for act in carried.done if act.mood == "complaint"]
    return any(end <= told.start and not text[end : told.start].strip(_JOINTS) for end in complaints)


_ALSO = re.compile(r"(?i)也|\b(?:also|either|as well|too)\W*$")


def _is_done(told: Stretch, carried: Carried, text: str, chances: Chances) -> bool:
    """Whether what is told back asks, as far as the model knows, for nothing that the plan lacks.

    Args:
        chances: Probabilities of the whole text.
    """
    said = text[told.start : told.end]
    if told.topic == DOUBTED and any(
        act.mood == "style" and act.span == (told.start, told.end) for act in read_once(text, lexicon()).acts
    ):
        return False  # of styles the model knows nothing
    # No label says how far: "darker, but at most 50%", "too bright, make it 30 % na".
    is_bound = any("bound" in token for token in tokenise(said, lexicon()))
    complains = any(act.mood == "complaint" and act.span[1] <= told.start for act in carried.done)
    if has_amount(said) and (is_bound or complains):
        return False
    alone = chances_of(said, lexicon())
    if alone and told.topic not in SETTLED and _explains(told, carried, text):
        alone = {TOLD: alone[TOLD]}
    elif not (has_amount(said) or names_backdrop(said) or told.topic == DOUBTED):
        alone = {
            label: chance for label, chance in alone.items() if chances[label] >= _IN_CONTEXT or label == TOLD
        }
    labels = {label for label, chance in alone.items() if chance >= POSSIBLE}
    # No label says in which colour.
    is_of_backdrop = names_backdrop(said) and not any(label.startswith(_OF_SURFACES) for label in labels)
    if not alone or is_of_backdrop or _is_unknown_wish(said) or _missed(text, carried, alone, POSSIBLE):
        return False
    lacks = missed(carried.base, carried.plan, alone, PROBABLE) if has_amount(said) else ()
    if (_OF_AMOUNTS - _changed(carried)).intersection(map(_path_of, lacks)):
        return False
    is_doable = chances[TOLD] <= _LEAST_TOLD
    if told.topic in SETTLED:
        is_prop = told.topic == "prop" and not _adds_goods(said)
        return is_prop and bool(labels) and is_doable and alone[TOLD] <= _LEAST_TOLD
    return is_doable or (alone[TOLD] <= _MOST_TOLD and sentence_model().knows(said))


def _adds_goods(said: str) -> bool:
    """Whether a piece asks for a thing by its name: "add a piano" is no wish for a polished look."""
    words = [one for one in tokenise(said, lexicon()) if "filler" not in one]
    is_prop = any("prop" in one for one in words) and all(one.any("prop", "add") for one in words)
    return is_prop or any("add" in verb and name.get("part") == "product" for verb, name in pairwise(words))
