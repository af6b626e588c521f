"""Tests on the fields of a plan, as written in a file of sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart
from stillroom.imaging.quality.judgement import delta_e_2000

Holds = Callable[[Any, Any], bool]
"""Whether a test holds, given the field's value in the base plan and in the new one."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on a field or a whole part of a plan.

    Attributes:
        path: Such as `light.strength` or `light`.
    """

    path: str
    test: Any
    holds: Holds

    def met_by(self, base: Plan, plan: Plan) -> bool:
        return self.holds(value_at(base, self.path), value_at(plan, self.path))

    @property
    def part(self) -> PlanPart:
        return part_of(self.path)


def condition_of(path: str, test: object) -> Condition:
    """Parse a test.

    Raises:
        ValueError: The field or the test does not exist, or has a wrong operand.
    """
    return Condition(checked_path(path), test, _test_of(test))


def checked_path(path: str) -> str:
    """Return the path of a field or part of a plan.

    Raises:
        ValueError: There is no such field.
    """
    part, _, field = path.partition(".")
    if part not in PLAN_PARTS:
        raise ValueError(f"{path}: no such part of a plan; the parts are {', '.join(PLAN_PARTS)}")
    fields = tuple(type(getattr(Plan(), part)).model_fields)
    if field and field not in fields:
        raise ValueError(f"{path}: no such field; {part} has {', '.join(fields)}")
    return path


def part_of(path: str) -> PlanPart:
    return cast("PlanPart", path.partition(".")[0])


def value_at(plan: Plan, path: str) -> Any:
    part, _, field = path.partition(".")
    whole = getattr(plan, part)
    return getattr(whole, field) if field else whole


def _test_of(test: object) -> Holds:
    if isinstance(test, str) and test in _RELATIVE:
        return _RELATIVE[test]
    if not isinstance(test, dict):
        return _equal(test)
    operands: dict[str, Any] = dict(test)
    if "colour" in operands:
        operands["colour"] = (operands["colour"], operands.pop("within", None))
    unknown = [name for name in operands if name not in _TESTS]
    if unknown or not operands:
        raise ValueError(f"{test}: no such test; there are {', '.join((*_RELATIVE, *_TESTS))}")
    tests = [_TESTS[name](operand) for name, operand in operands.items()]
    return lambda old, new: all(holds(old, new) for holds in tests)


def _equal(value: object) -> Holds:
    return lambda _, new: bool(new == value)


def _one_of(values: object) -> Holds:
    if not isinstance(values, list) or not values:
        raise ValueError(f"one_of takes a list of values, not {values!r}")
    return lambda _, new: new in values


def _within(measure: Callable[[Any, Any], float | None], name: str) -> Callable[[object], Holds]:
    """Make a test that a measure of the two values lies in a closed range."""

    def test(limits: object) -> Holds:
        low, high = _range(limits, name)

        def holds(old: object, new: object) -> bool:
            value = measure(old, new)
            return value is not None and low - _ROUNDING <= value <= high + _ROUNDING

        return holds

    return test


_ROUNDING = 1e-6


def _range(limits: object, name: str) -> tuple[float, float]:
    if isinstance(limits, list) and len(limits) == len(("low", "high")) and all(map(_is_number, limits)):
        return float(limits[0]), float(limits[1])
    raise ValueError(f"{name} takes two numbers, not {limits!r}")


def _beyond(sign: float) -> Callable[[object], Holds]:
    def test(limit: object) -> Holds:
        if not _is_number(limit):
            raise ValueError(f"{'>' if sign > 0 else '<'} takes a number, not {limit!r}")
        return lambda _, new: _is_number(new) and sign * (new - cast("float", limit)) > 0

    return test


def _compared(sign: float) -> Holds:
    """Make a test of the direction of a change; colours are compared by lightness."""

    def holds(old: object, new: object) -> bool:
        before, after = _rank(old), _rank(new)
        return before is not None and after is not None and sign * (after - before) > _ROUNDING

    return holds


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_color(value: object) -> bool:
    return isinstance(value, str) and value.startswith("#")


def _rank(value: object) -> float | None:
    if _is_color(value):
        return float(_lab(cast("str", value))[0])
    return float(cast("float", value)) if _is_number(value) else None


def _number(_: object, new: object) -> float | None:
    return float(cast("float", new)) if _is_number(new) else None


def _difference(old: object, new: object) -> float | None:
    return cast("float", new) - cast("float", old) if _is_number(old) and _is_number(new) else None


def _ratio(old: object, new: object) -> float | None:
    return cast("float", new) / cast("float", old) if _is_number(new) and _is_number(old) and old else None


def _lightness(_: object, new: object) -> float | None:
    return float(_lab(cast("str", new))[0]) if _is_color(new) else None


def _chroma(_: object, new: object) -> float | None:
    return float(np.hypot(*_lab(cast("str", new))[1:])) if _is_color(new) else None


def _hue(limits: object) -> Holds:
    low, high = _range(limits, "hue")

    def holds(_: object, new: object) -> bool:
        if not _is_color(new):
            return False
        _, a, b = _lab(cast("str", new))
        return (float(np.degrees(np.arctan2(b, a))) - low) % 360.0 <= high - low

    return holds


def _near(operand: tuple[object, object]) -> Holds:
    color, within = operand
    if not _is_color(color) or not _is_number(within):
        raise ValueError(f"a colour is written with a distance, not {color!r} within {within!r}")
    target = _lab(cast("str", color))

    def holds(_: object, new: object) -> bool:
        if not _is_color(new):
            return False
        distance = delta_e_2000(target[None], _lab(cast("str", new))[None])
        return float(distance[0]) <= cast("float", within)

    return holds


@lru_cache(maxsize=8192)
def _lab(color: str) -> NDArray[np.float32]:
    """CIELAB of a hex colour, float32 (3,)."""
    try:
        rgb = np.frombuffer(bytes.fromhex(color[1:]), np.uint8).astype(np.float32).reshape(1, 1, 3)
    except ValueError as error:
        raise ValueError(f"{color}: not a colour such as #f4efe6") from error
    return np.asarray(cv2.cvtColor(rgb / np.float32(255.0), cv2.COLOR_RGB2LAB), np.float32).reshape(3)


_RELATIVE: Mapping[str, Holds] = {
    "<": _compared(-1.0),
    ">": _compared(1.0),
    "same": lambda old, new: bool(old == new),
    "changed": lambda old, new: bool(old != new),
}
_TESTS: Mapping[str, Callable[[Any], Holds]] = {
    "=": _equal,
    "<": _beyond(-1.0),
    ">": _beyond(1.0),
    "between": _within(_number, "between"),
    "one_of": _one_of,
    "by": _within(_difference, "by"),
    "times": _within(_ratio, "times"),
    "colour": _near,
    "lightness": _within(_lightness, "lightness"),
    "chroma": _within(_chroma, "chroma"),
    "hue": _hue,
}
