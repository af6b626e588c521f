"""Labels of plan changes: short phrases in Chinese and English."""

from collections.abc import Callable, Mapping
from typing import cast

from stillroom.domain.plans.changes import Change
from stillroom.domain.plans.plan import TINTED, Backdrop, Plan
from stillroom.domain.words import Words, texts_in

Names = Mapping[str, Words]
"""Names of scenes by id."""

FRONT_DEGREES = 20.0
"""Azimuth from the camera within which light counts as frontal."""

_LOW_DEGREES, _HIGH_DEGREES = 25.0, 60.0
_BASE_LINE = 0.5

_TEXTS = texts_in("plan_changes")
"""Name of each field and texts for its values; `{value}` is the new value."""

_AUTOMATIC = Words(zh="自动", en="automatic")


def label_of(change: Change, plan: Plan, names: Names) -> Words:
    """Return a short phrase about a change, such as "Backdrop: Warm oak table".

    Changes that describe the same thing, such as the kind and the scene of a backdrop, have equal labels.

    Args:
        names: Names of scenes; a scene without one is shown by its id.
    """
    field = f"{change.part}.{change.field}"
    if change.part == "backdrop" and field not in _TEXTS:
        # Kind, colours, scene and picture describe one thing together.
        texts, value = _TEXTS["backdrop"], _described(plan.backdrop, names)
    else:
        texts = _TEXTS[field]
        key, spelled = _graded(change) if "more" in texts else _SPELLED.get(field, _chosen)(change)
        value = _text(texts.get(key), spelled)
    name = texts["name"]
    return Words(zh=f"{name.zh}：{value.zh}", en=f"{name.en}: {value.en}")


def _text(words: Words | None, value: str) -> Words:
    """Return a text with its value filled in; without a text, return the value alone."""
    if words is None:
        return Words(zh=value, en=value) if value else _AUTOMATIC
    return Words(zh=words.zh.format(value=value), en=words.en.format(value=value))


def _described(backdrop: Backdrop, names: Names) -> Words:
    texts, color = _TEXTS["backdrop"], backdrop.color or ""
    if backdrop.kind == "gradient":
        return _text(texts[backdrop.shape], f"{color} – {backdrop.edge_color}")
    if backdrop.kind != "scene":
        return _text(texts[backdrop.kind], color)
    if backdrop.scene is None:
        return texts["any_scene"]
    named = names.get(backdrop.scene, Words(zh=backdrop.scene, en=backdrop.scene))
    if backdrop.scene != TINTED:
        return named
    return Words(zh=f"{named.zh} {color}", en=f"{named.en} {color}")


_UNITS: Mapping[str, str] = {
    "backdrop.exposure_ev": "{:+.2g} EV",
    "tone.exposure_ev": "{:+.2g} EV",
    "tone.mired": "{:+.0f} mired",
}


def _graded(change: Change) -> tuple[str, str]:
    """Return the direction of a change, and the new value with its unit."""
    if change.new is None:
        return "none", ""
    field = f"{change.part}.{change.field}"
    # None lets the engine decide.
    before = _BASE_LINE if field == "framing.y" else 0.0
    old = before if change.old is None else cast("float", change.old)
    new = cast("float", change.new)
    sign = "+" if field == "tone.contrast" else ""
    value = _UNITS[field].format(new) if field in _UNITS else f"{100 * new:{sign}.0f} %"
    return ("more" if new > old else "less"), value


def _chosen(change: Change) -> tuple[str, str]:
    """Return the value of a field with few values."""
    key = str(change.new).lower()
    return key, key


def _light_side(change: Change) -> tuple[str, str]:
    if change.new is None:
        return "none", ""
    azimuth = cast("float", change.new)
    return ("front" if abs(azimuth) <= FRONT_DEGREES else "left" if azimuth < 0 else "right"), ""


def _light_height(change: Change) -> tuple[str, str]:
    elevation = cast("float", change.new)
    key = "above" if elevation >= _HIGH_DEGREES else "low" if elevation <= _LOW_DEGREES else "oblique"
    return key, f"{elevation:.0f}°"


def _shadow_side(change: Change) -> tuple[str, str]:
    if change.new is None:
        return "none", ""
    direction = cast("float", change.new)
    if 45.0 < direction < 135.0:
        return "right", ""
    return ("front" if abs(direction) <= 45.0 else "left" if abs(direction) <= 135.0 else "back"), ""


def _rotation(change: Change) -> tuple[str, str]:
    degrees = cast("float", change.new)
    key = "upright" if degrees == 0 else "clockwise" if degrees > 0 else "anticlockwise"
    return key, f"{abs(degrees):.3g}°"


def _canvas(change: Change) -> tuple[str, str]:
    return "size", "" if change.new is None else "{} × {}".format(*cast("tuple[int, int]", change.new))


_SPELLED: Mapping[str, Callable[[Change], tuple[str, str]]] = {
    "light.azimuth_deg": _light_side,
    "light.elevation_deg": _light_height,
    "shadow.direction_deg": _shadow_side,
    "framing.rotation_deg": _rotation,
    "framing.canvas": _canvas,
}
"""Return the key of a value's text and the value as shown, for fields that are no choice and no degree."""
