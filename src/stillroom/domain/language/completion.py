"""Step 7, plain words for wishes that the sentence model is sure of and the grammar has not carried out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from stillroom.domain.language.acts import OPPOSITE, Act, restores
from stillroom.domain.language.carrying import SETTLED, Carried, parts_between
from stillroom.domain.language.doubts import PROBABLE, TOLD, labels_between, missed
from stillroom.domain.language.reading import Reading, acts_of
from stillroom.domain.language.sentence_model import Chances, chances_of, sentence_model
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.plans.plan import PLAN_PARTS
from stillroom.domain.told_back import Stretch, Why

_UNSURE = 0.4
"""Probability from which a wish may be meant."""
_LEAVES_NOTHING: Mapping[Why, float] = {
    "not_understood": 0.2,
    "ambiguous": 0.2,
    "not_possible": 0.05,
    "refused": 0.05,
}
"""Probability of `told` up to which nothing else is asked, though the grammar tells something back."""
_MOST_COMPLETED = 2
"""Wishes of a text that are completed; where more are missed, the grammar has misread the text as a whole."""

_AMOUNT = re.compile(
    r"(?i)\d|半|[一两二三四五六七八九十几][成倍档度级]|分之|\b(?:halve|third|quarter|fifth|double|twice|degrees?|stops?)\b"
    r"|(?<!left )(?<!right )(?<!top )(?<!bottom )(?<!upper )(?<!lower )\bhalf\b"
)

_SIDES = ("=left", "=right")
_BACKDROPS = ("backdrop.kind=painted", "backdrop.kind=scene")

_NO_AMOUNT = re.compile(r"(?i)#[0-9a-f]{3,6}(?![0-9a-z])|\d+\s*[:：x×]\s*\d+")
"""Figures that are colours and ratios."""

_PLAINLY: Mapping[str, str] = {
    "backdrop.blur+": "背景虚化",
    "backdrop.blur-": "背景不要虚化",
    "backdrop.exposure_ev+": "背景亮一点",
    "backdrop.exposure_ev-": "背景暗一点",
    "backdrop.kind=transparent": "透明底",
    "shadow.strength+": "影子深一点",
    "shadow.strength-": "影子淡一点",
    "shadow.softness+": "影子柔一点",
    "shadow.softness-": "影子边缘清楚一点",
    "shadow.length+": "影子长一点",
    "shadow.length-": "影子短一点",
    "shadow.reflection+": "加倒影",
    "shadow.reflection-": "去掉倒影",
    "shadow.kind=none": "去掉影子",
    "shadow.kind=some": "加影子",
    "shadow.kind=hard": "影子硬一点",
    "shadow.direction_deg=left": "影子朝左",
    "shadow.direction_deg=right": "影子朝右",
    "shadow.direction_deg=front": "影子朝前",
    "shadow.direction_deg=back": "影子朝后",
    "light.azimuth_deg=left": "光从左边来",
    "light.azimuth_deg=right": "光从右边来",
    "light.azimuth_deg=front": "光从正面来",
    "light.elevation_deg+": "光高一点",
    "light.elevation_deg-": "光低一点",
    "light.strength+": "光强一点",
    "light.strength-": "光线弱一点",
    "light.fill+": "补光",
    "light.fill-": "去掉补光",
    "light.rim+": "加轮廓光",
    "light.rim-": "去掉轮廓光",
    "tone.white_balance+": "校正白平衡",
    "tone.mired+": "暖一点",
    "tone.mired-": "冷一点",
    "tone.exposure_ev+": "亮一点",
    "tone.exposure_ev-": "暗一点",
    "tone.contrast+": "对比度高一点",
    "tone.contrast-": "对比度低一点",
    "tone.saturation+": "颜色鲜艳一点",
    "tone.saturation-": "颜色淡一点",
    "framing.fill+": "产品大一点",
    "framing.fill-": "产品小一点",
    "framing.x+": "往右移一点",
    "framing.x-": "往左移一点",
    "framing.y+": "往下移一点",
    "framing.y-": "往上移一点",
    "framing.x=centre": "居中",
    "framing.y=centre": "居中",
    "framing.rotation_deg+": "顺时针转一点",
    "framing.rotation_deg-": "逆时针转一点",
    "framing.aspect=1:1": "1:1",
    "framing.aspect=3:4": "3:4",
    "framing.aspect=4:5": "4:5",
    "framing.aspect=2:3": "2:3",
    "framing.aspect=16:9": "16:9",
    "framing.aspect=9:16": "9:16",
    "framing.aspect=4:3": "4:3",
    "detail.straighten=yes": "扶正",
    "detail.denoise+": "降噪",
    "detail.denoise-": "少降噪",
    "detail.sharpen+": "锐化",
    "detail.sharpen-": "别太锐",
    "detail.clarity+": "质感强一点",
    "detail.clarity-": "质感弱一点",
}
"""Words for each label that does not leave open what is meant, as some colour or some scene does."""
_LESS: Mapping[str, str] = {
    "backdrop.blur-": "背景虚化弱一点",
    "shadow.reflection-": "倒影淡一点",
    "light.rim-": "轮廓光弱一点",
}
"""Words for labels of texts without a word that removes or refuses: "the rim is a bit fierce"."""


def complete(carried: Carried, reading: Reading, chances: Chances) -> Carried | None:
    """Carry out what a text probably asks for besides; None if that is nothing, or if anything stays open."""
    left_out = _missed(carried, chances, PROBABLE)
    is_unsure = len(_missed(carried, chances, _UNSURE)) > len(left_out)
    is_contrary = bool({_path_of(label) for label in left_out} & _changed(carried))
    if not left_out or is_unsure or is_contrary:
        return None
    if not all(_is_open(one, reading.text, chances) for one in carried.told):
        return None
    completed = _carried_out(left_out, carried, reading, reading.text)
    if completed is None or _missed(completed, chances, PROBABLE):
        return None
    return replace(completed, told=_of_backdrops(completed, reading.text))


def complete_stretches(carried: Carried, reading: Reading, chances: Chances) -> Carried | None:
    """Carry out stretches that are told back, each of which asks for one thing that the text asks for."""
    completed = None
    for one in carried.told:
        text = reading.text[one.start : one.end]
        alone = chances_of(text, lexicon()) if chances else {}
        labels = [label for label, chance in alone.items() if chance > _UNSURE and label != TOLD]
        is_sure = len(labels) == 1 and alone[labels[0]] >= PROBABLE and _is_open(one, reading.text, alone)
        so_far = completed or carried
        if not is_sure or labels[0] not in _missed(so_far, chances, PROBABLE):
            continue
        after = _carried_out(labels, so_far, reading, text)
        if after and _path_of(labels[0]) not in _changed(so_far):
            completed = replace(after, told=tuple(other for other in so_far.told if other != one))
    return completed


def _carried_out(labels: Sequence[str], carried: Carried, reading: Reading, text: str) -> Carried | None:
    """Carry out labels; None without words for them, or where that reverses what was done."""
    plan, done = carried.plan, carried.done
    for act in (acts := _acts(labels, reading, text)):
        changed = act.do(plan)
        if changed is None:
            return None
        plan, done = changed, (*done, act)
    before, after = (labels_between(carried.base, one) for one in (carried.plan, plan))
    if not acts or any(one not in after for one in before):
        return None
    asked = carried.asked | parts_between(carried.plan, plan)
    return replace(carried, plan=plan, asked=asked, done=done)


def _acts(labels: Sequence[str], reading: Reading, text: str) -> list[Act]:
    """Return the wishes that labels stand for; in a text that takes back, a figure returns to its default."""
    is_taken_back = any("undo" in word for word in reading.words)
    is_refused = any(word.any("none", "neg") for word in reading.words)
    found = list[Act]()
    for label, says in zip(labels, plain_words(labels, text), strict=False):
        part = next(one for one in PLAN_PARTS if label.startswith(f"{one}."))
        name = _path_of(label).removeprefix(f"{part}.")
        restored = Act(part, f"{part}.undo", restores(part, name), (0, len(reading.text)))
        is_figure = is_taken_back and label[-1] in "+-"
        words = says if is_refused else _LESS.get(label, says)
        found += [restored] if is_figure else acts_of(words, lexicon())
    return found


def _of_backdrops(carried: Carried, text: str) -> tuple[Stretch, ...]:
    """Return what is told back of a backdrop if none was read: no label says which one is meant."""
    if any(act.part == "backdrop" for act in (*carried.done, *carried.idle)):
        return ()
    chances = [chances_of(text[one.start : one.end], lexicon()) for one in carried.told]
    return tuple(
        one
        for one, alone in zip(carried.told, chances, strict=True)
        if any(alone.get(label, 0.0) >= PROBABLE for label in _BACKDROPS)
    )


def passes_over(carried: Carried, text: str, chances: Chances) -> bool:
    """Whether a text probably asks for something that is neither done nor in what is told back."""
    parts = [chances_of(text[one.start : one.end], lexicon()) for one in carried.told]
    changed = _changed(carried)
    return any(
        not any(part.get(label, 1) > _UNSURE for part in parts)
        for label in _missed(carried, chances, PROBABLE)
        if not (_is_measured(label, text) and _path_of(label) in changed)
    )


def _missed(carried: Carried, chances: Chances, least: float) -> list[str]:
    """Return the labels that the plan lacks, of parts that are not expressly left as they are."""
    left = {act.key for act in carried.done if act.part is None}
    turned = {act.part for act in carried.done if act.key in OPPOSITE}
    labels = missed(carried.base, carried.plan, chances, least)
    return [
        label
        for label in labels
        if (part := label.partition(".")[0]) not in left and not (part in turned and label.endswith(_SIDES))
    ]


def _path_of(label: str) -> str:
    return label.rstrip("+-").partition("=")[0]


def _changed(carried: Carried) -> set[str]:
    return {path for path, _ in labels_between(carried.base, carried.plan)}


def _is_open(told: Stretch, text: str, chances: Chances) -> bool:
    """Whether what is told back may be another way to say what is completed."""
    leaves_nothing = chances[TOLD] <= _LEAVES_NOTHING[told.why] and told.topic not in SETTLED
    return leaves_nothing and sentence_model().knows(text[told.start : told.end])


def _is_measured(label: str, text: str) -> bool:
    """Whether a label is of a figure in a text that names an amount, which the grammar alone reads."""
    return label[-1] in "+-" and bool(_AMOUNT.search(_NO_AMOUNT.sub("", text)))


def plain_words(labels: Sequence[str], text: str = "") -> tuple[str, ...]:
    """Return the wishes that labels stand for in words that the grammar reads.

    Args:
        labels: What a text asks for and the plan does not have.
        text: The text.

    Returns:
        Nothing if they are too many, or one of them cannot be said so or has an amount.
    """
    is_sayable = all(label in _PLAINLY and not _is_measured(label, text) for label in labels)
    if len(labels) > _MOST_COMPLETED or not is_sayable:
        return ()
    return tuple(_PLAINLY[label] for label in labels)
