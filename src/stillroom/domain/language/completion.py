"""Step 7, plain words for wishes that the sentence model is sure of and the grammar has not carried out."""

import re
from collections.abc import Mapping, Sequence

MOST_COMPLETED = 2
"""Wishes of a text that are completed; where more are missed, the grammar has misread the text as a whole."""

_AMOUNT = re.compile(
    r"\d|半|[一两二三四五六七八九十几][成倍档度级]|\b(?:halve|third|quarter|double|twice|degrees?|stops?)\b"
    r"|(?<!left )(?<!right )(?<!top )(?<!bottom )(?<!upper )(?<!lower )\bhalf\b"
)

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


def is_measured(label: str, text: str) -> bool:
    """Whether a label is of a figure in a text that names an amount, which the grammar alone reads."""
    return label[-1] in "+-" and bool(_AMOUNT.search(text))


def plain_words(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the wishes that labels stand for in words that the grammar reads.

    Args:
        labels: What a text surely asks for and the plan does not have.

    Returns:
        Nothing if they are too many, or one of them cannot be said so.
    """
    if len(labels) > MOST_COMPLETED or any(label not in _PLAINLY for label in labels):
        return ()
    return tuple(_PLAINLY[label] for label in labels)
