"""Labels of plan changes: short phrases in Chinese and English."""

from collections.abc import Callable, Mapping
from typing import cast

from stillroom.domain.plans.changes import Change
from stillroom.domain.plans.plan import TINTED, Backdrop, Plan
from stillroom.domain.words import Words

Names = Mapping[str, Words]
"""Names of scenes by id."""

Phrase = Callable[[Change, Plan, Names], Words]


def label_of(change: Change, plan: Plan, names: Names) -> Words:
    """Return a short phrase about a change, such as "Backdrop: Warm oak table".

    Changes that describe the same thing, such as the kind and the scene of a backdrop, have equal labels.

    Args:
        change: A change that led to `plan`.
        names: Names of scenes; a scene without one is shown by its id.
    """
    return _PHRASES[f"{change.part}.{change.field}"](change, plan, names)


def _backdrop(_: Change, plan: Plan, names: Names) -> Words:
    named = _described(plan.backdrop, names)
    return Words(zh=f"背景：{named.zh}", en=f"Backdrop: {named.en}")


def _described(backdrop: Backdrop, names: Names) -> Words:
    if backdrop.kind == "scene":
        return _scene_name(backdrop, names)
    if backdrop.kind == "color":
        return Words(zh=f"单色 {backdrop.color}", en=f"plain {backdrop.color}")
    if backdrop.kind == "gradient":
        span = f"{backdrop.color} – {backdrop.edge_color}"
        shapes = {
            "sweep": Words(zh=f"渐变 {span}", en=f"gradient {span}"),
            "spot": Words(zh=f"中心光斑 {span}", en=f"spot of light {span}"),
        }
        return shapes[backdrop.shape]
    return _KINDS[backdrop.kind]


_KINDS: Mapping[str, Words] = {
    "keep": Words(zh="照片原来的背景", en="as in the photo"),
    "picture": Words(zh="自己的背景图", en="your own picture"),
    "white": Words(zh="纯白", en="white"),
    "transparent": Words(zh="透明", en="transparent"),
}


def _scene_name(backdrop: Backdrop, names: Names) -> Words:
    if backdrop.scene is None:
        return Words(zh="自动选择的场景", en="a scene that fits")
    named = names.get(backdrop.scene, Words(zh=backdrop.scene, en=backdrop.scene))
    if backdrop.scene != TINTED:
        return named
    return Words(zh=f"{named.zh} {backdrop.color}", en=f"{named.en} {backdrop.color}")


def _one_of(zh: str, en: str, values: Mapping[object, Words]) -> Phrase:
    """Name the new value of a field with few values."""

    def phrase(change: Change, _: Plan, __: Names) -> Words:
        value = values[change.new]
        return Words(zh=f"{zh}：{value.zh}", en=f"{en}: {value.en}")

    return phrase


def _graded(
    zh: tuple[str, str, str], en: tuple[str, str, str], spelled: Callable[[float], str], default: float = 0.0
) -> Phrase:
    """Name the direction of a change and the new value.

    Args:
        zh: The property, and the words for more and less of it.
        en: The same in English.
        spelled: Formats the new value.
        default: Stands for None, which lets the engine decide.
    """

    def phrase(change: Change, _: Plan, __: Names) -> Words:
        if change.new is None:
            return Words(zh=f"{zh[0]}：自动", en=f"{en[0]}: automatic")
        old = default if change.old is None else cast("float", change.old)
        new = cast("float", change.new)
        which = 1 if new > old else 2
        value = spelled(new)
        return Words(zh=f"{zh[0]}：{zh[which]}（{value}）", en=f"{en[0]}: {en[which]} ({value})")

    return phrase


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _signed_percent(value: float) -> str:
    return f"{100 * value:+.0f} %"


def _stops(value: float) -> str:
    return f"{value:+.2g} EV"


def _mired(value: float) -> str:
    return f"{value:+.0f} mired"


FRONT_DEGREES = 20.0
"""Azimuth from the camera within which light counts as frontal."""

_LOW_DEGREES, _HIGH_DEGREES = 25.0, 60.0


def _light_side(_: Change, plan: Plan, __: Names) -> Words:
    azimuth = plan.light.azimuth_deg
    if azimuth is None:
        return Words(zh="光线：和照片一样", en="Light: as in the photo")
    if abs(azimuth) <= FRONT_DEGREES:
        return Words(zh="光线：从正面来", en="Light: from the front")
    if azimuth < 0:
        return Words(zh="光线：从左边来", en="Light: from the left")
    return Words(zh="光线：从右边来", en="Light: from the right")


def _light_height(_: Change, plan: Plan, __: Names) -> Words:
    elevation = plan.light.elevation_deg
    value = f"{elevation:.0f}°"
    if elevation >= _HIGH_DEGREES:
        return Words(zh=f"光线：从上方来（{value}）", en=f"Light: from above ({value})")
    if elevation <= _LOW_DEGREES:
        return Words(zh=f"光线：从低处来（{value}）", en=f"Light: from low down ({value})")
    return Words(zh=f"光线：斜上方（{value}）", en=f"Light: from obliquely above ({value})")


_FALLS = (
    (45.0, Words(zh="影子：朝前", en="Shadow: falls to the front")),
    (135.0, Words(zh="影子：朝左", en="Shadow: falls to the left")),
    (180.0, Words(zh="影子：朝后", en="Shadow: falls to the back")),
)
_FALLS_RIGHT = Words(zh="影子：朝右", en="Shadow: falls to the right")


def _shadow_side(_: Change, plan: Plan, __: Names) -> Words:
    direction = plan.shadow.direction_deg
    if direction is None:
        return Words(zh="影子：跟随光线", en="Shadow: follows the light")
    if 45.0 < direction < 135.0:
        return _FALLS_RIGHT
    return next(words for limit, words in _FALLS if abs(direction) <= limit)


def _position_y(change: Change, plan: Plan, names: Names) -> Words:
    if change.new is None:
        return Words(zh="上下位置：站在台面上", en="Position: on the base line")
    return _VERTICAL(change, plan, names)


_BASE_LINE = 0.5
_VERTICAL = _graded(
    ("上下位置", "往下", "往上"), ("Position", "further down", "further up"), _percent, _BASE_LINE
)


def _rotation(change: Change, _: Plan, __: Names) -> Words:
    degrees = cast("float", change.new)
    if degrees == 0:
        return Words(zh="旋转：摆正", en="Rotation: upright")
    zh, en = ("顺时针", "clockwise") if degrees > 0 else ("逆时针", "anticlockwise")
    return Words(zh=f"旋转：{zh} {abs(degrees):.3g}°", en=f"Rotation: {abs(degrees):.3g}° {en}")


def _canvas(_: Change, plan: Plan, __: Names) -> Words:
    if plan.framing.canvas is None:
        return Words(zh="画面尺寸：自动", en="Canvas: automatic")
    width, height = plan.framing.canvas
    return Words(zh=f"画面尺寸：{width} × {height}", en=f"Canvas: {width} × {height}")


_ON_OFF: Mapping[object, Words] = {True: Words(zh="开", en="on"), False: Words(zh="关", en="off")}

_PHRASES: Mapping[str, Phrase] = {
    **dict.fromkeys(
        (f"backdrop.{field}" for field in ("kind", "color", "edge_color", "shape", "scene", "image_id")),
        _backdrop,
    ),
    "backdrop.blur": _graded(("背景虚化", "更虚", "更清楚"), ("Background blur", "more", "less"), _percent),
    "backdrop.shows_through": _one_of(
        "透明产品",
        "Clear product",
        {
            True: Words(zh="透出背景", en="the backdrop shows through it"),
            False: Words(zh="不透", en="none; it is solid"),
            None: Words(zh="自动", en="found in the photo"),
        },
    ),
    "backdrop.mirrored": _one_of(
        "场景方向",
        "Scene",
        {
            True: Words(zh="左右翻转", en="mirrored"),
            False: Words(zh="不翻转", en="not mirrored"),
            None: Words(zh="自动", en="mirrored if the light needs it"),
        },
    ),
    "backdrop.view": _one_of(
        "场景视角",
        "View of the scene",
        {
            "table": Words(zh="平视", en="from table height"),
            "above": Words(zh="俯拍", en="from above"),
            None: Words(zh="跟随照片", en="as in the photo"),
        },
    ),
    "backdrop.exposure_ev": _graded(
        ("背景亮度", "更亮", "更暗"), ("Background", "brighter", "darker"), _stops
    ),
    "backdrop.horizon_y": _graded(("地面边缘", "往下", "往上"), ("Ground edge", "lower", "higher"), _percent),
    "backdrop.fit": _one_of(
        "背景图",
        "Backdrop picture",
        {
            "cover": Words(zh="铺满画面", en="fills the frame"),
            "contain": Words(zh="完整显示", en="shown whole"),
        },
    ),
    "shadow.kind": _one_of(
        "影子",
        "Shadow",
        {
            "soft": Words(zh="柔和", en="soft"),
            "hard": Words(zh="硬", en="hard"),
            "none": Words(zh="没有", en="none"),
        },
    ),
    "shadow.strength": _graded(("影子", "更深", "更淡"), ("Shadow", "stronger", "lighter"), _percent),
    "shadow.softness": _graded(
        ("影子边缘", "更柔", "更清楚"), ("Shadow edge", "softer", "crisper"), _percent
    ),
    "shadow.direction_deg": _shadow_side,
    "shadow.length": _graded(("影子长度", "更长", "更短"), ("Shadow", "longer", "shorter"), _percent),
    "shadow.reflection": _graded(("倒影", "更强", "更弱"), ("Reflection", "stronger", "weaker"), _percent),
    "light.azimuth_deg": _light_side,
    "light.elevation_deg": _light_height,
    "light.strength": _graded(("主光", "更强", "更柔"), ("Directed light", "stronger", "softer"), _percent),
    "light.fill": _graded(("补光", "更多", "更少"), ("Fill light", "more", "less"), _percent),
    "light.rim": _graded(("轮廓光", "更多", "更少"), ("Rim light", "more", "less"), _percent),
    "tone.white_balance": _graded(
        ("校正偏色", "更彻底", "更少"), ("Colour cast removed", "more", "less"), _percent
    ),
    "tone.auto_exposure": _one_of("自动曝光", "Automatic exposure", _ON_OFF),
    "tone.mired": _graded(("色温", "更暖", "更冷"), ("Colour temperature", "warmer", "cooler"), _mired),
    "tone.exposure_ev": _graded(("亮度", "更亮", "更暗"), ("Brightness", "brighter", "darker"), _stops),
    "tone.contrast": _graded(("对比度", "更强", "更弱"), ("Contrast", "more", "less"), _signed_percent),
    "tone.saturation": _graded(("饱和度", "更高", "更低"), ("Saturation", "more", "less"), _percent),
    "framing.fill": _graded(("产品大小", "更大", "更小"), ("Product", "larger", "smaller"), _percent),
    "framing.x": _graded(
        ("左右位置", "往右", "往左"), ("Position", "further right", "further left"), _percent
    ),
    "framing.y": _position_y,
    "framing.aspect": _one_of(
        "画幅",
        "Frame",
        {
            "photo": Words(zh="和照片一样", en="as the photo"),
            "1:1": Words(zh="正方形", en="square"),
            **{ratio: Words(zh=ratio, en=ratio) for ratio in ("3:4", "4:5", "2:3", "16:9", "9:16", "4:3")},
        },
    ),
    "framing.rotation_deg": _rotation,
    "framing.canvas": _canvas,
    "detail.denoise": _graded(("降噪", "更强", "更弱"), ("Noise reduction", "more", "less"), _percent),
    "detail.sharpen": _graded(("锐度", "更高", "更低"), ("Sharpness", "more", "less"), _percent),
    "detail.clarity": _graded(("质感", "更强", "更弱"), ("Texture", "more", "less"), _percent),
    "detail.straighten": _one_of("拉直", "Straightening", _ON_OFF),
}
