"""What an understood wish does to a plan."""

import math
import re
from collections.abc import Callable

from stillroom.domain.colors import color_of, gradient_of, is_dark, lit
from stillroom.domain.plans import SCENE_FILL, Plan, PlanPart, changed, roomier_for_scene, shaded

MIRED_STEP = 25.0  # one "warmer": a clear yet natural step of colour temperature
DAYLIGHT_MIRED = 153.75  # D65, the white of sRGB
FILL_STEP = 1.12  # one "larger"
EV_STEP = 0.35  # one "brighter", in stops
PASTEL = "#f3dcdf"  # paper of which only was said that it is coloured
TAKEN = "\x00"  # stands for a letter whose meaning was found


class Reading:
    """An instruction being read: each rule takes away the words it has understood."""

    def __init__(self, text: str, base: Plan) -> None:
        self.text = text
        self.open = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        self.plan = base
        self.asked: set[PlanPart] = set()
        self.unknown: list[tuple[int, str]] = []

    def apply(self, pattern: re.Pattern[str], act: "Act") -> None:
        while match := pattern.search(self.open):
            act(self, match)
            start, end = match.span()
            self.open = self.open[:start] + TAKEN * (end - start) + self.open[end:]

    def change(self, part: PlanPart, **fields: object) -> None:
        if part == "backdrop" and fields.get("kind", "scene") != "scene":
            fields = {"scene": None, "mirrored": None, "exposure_ev": 0.0, **fields}
        self.plan = changed(self.plan, part, **fields)
        self.asked.add(part)

    def puzzled_by(self, match: re.Match[str]) -> None:
        self.unknown.append((match.start(), self.text[match.start() : match.end()].strip()))

    def leftovers(self, filler: re.Pattern[str]) -> tuple[str, ...]:
        """What no rule took and is more than filler, as the user wrote it."""
        for stretch in re.finditer(rf"[^,.;:!?，。；：！？、\n{TAKEN}]+", self.open):
            words = filler.sub(" ", stretch.group())
            if len(re.findall(r"[\u4e00-\u9fff]", words)) >= 2 or re.search(r"[a-z]{3,}", words):
                start, end = stretch.span()
                self.unknown.append((start, self.text[start:end].strip(" -'\"“”‘’()（）")))
        return tuple(words for _, words in sorted(self.unknown))


Act = Callable[[Reading, re.Match[str]], None]
"""Carries one understood wish into the plan being read."""

_SLIGHT = re.compile(r"稍|略|一点点|一丢丢|slightly|a touch|a tad")
_STRONG = re.compile(r"很多|得多|非常|大幅|much|a lot|far")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*[%％]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHARES = (("一半", 0.5), ("二分之一", 0.5), ("三分之二", 0.67), ("四分之三", 0.75))
_ENGLISH_SHARES = (("half", 0.5), ("two thirds", 0.67), ("three quarters", 0.75))


def _amount(match: re.Match[str]) -> float:
    """How many ordinary steps a wish means."""
    if _SLIGHT.search(match.group()):
        return 0.6
    return 1.6 if _STRONG.search(match.group()) else 1.0


def _percent(match: re.Match[str]) -> float | None:
    found = _PERCENT.search(match.group())
    return float(found.group(1)) / 100 if found else None


def nothing(_reading: Reading, _match: re.Match[str]) -> None:
    """True in every plan: the product's own pixels are kept."""


def sets(part: PlanPart, **fields: object) -> Act:
    return lambda reading, match: reading.change(part, **fields)


def adds(part: PlanPart, name: str, step: float) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        reading.change(part, **{name: getattr(getattr(reading.plan, part), name) + step * _amount(match)})

    return act


def exposes(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        share = _percent(match)
        ev = math.log2(max(0.1, 1 + sign * share)) if share else sign * EV_STEP * _amount(match)
        reading.change("tone", exposure_ev=reading.plan.tone.exposure_ev + ev)

    return act


def scales_fill(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        share = _percent(match)
        factor = 1 + sign * share if share else FILL_STEP ** (sign * _amount(match))
        reading.change("framing", fill=reading.plan.framing.fill * factor)

    return act


def scales_shadow(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        share = _percent(match)
        factor = 1 + sign * share if share else (1.5 if sign > 0 else 0.6)
        kind = "soft" if reading.plan.shadow.kind == "none" else reading.plan.shadow.kind
        reading.change("shadow", kind=kind, strength=reading.plan.shadow.strength * factor)

    return act


def softens_shadow(factor: float) -> Act:
    def act(reading: Reading, _match: re.Match[str]) -> None:
        kind = "soft" if factor > 1 else "hard"
        reading.change("shadow", kind=kind, softness=reading.plan.shadow.softness * factor)

    return act


def fills_to(reading: Reading, match: re.Match[str]) -> None:
    words = match.group()
    named = next((share for word, share in _SHARES + _ENGLISH_SHARES if word in words), None)
    share = _percent(match) or named
    if share:
        reading.change("framing", fill=share)


def paints(reading: Reading, match: re.Match[str]) -> None:
    words = match.group()
    if "渐变" in words or "gradient" in words or "spot" in words:
        _paints_gradient(reading, color_of(match.group("color")))
        return
    color = color_of(match.group("color"))
    reading.change("backdrop", kind="white" if color == "#ffffff" else "color", color=color, edge_color=color)


def _paints_gradient(reading: Reading, color: str) -> None:
    inner, outer = gradient_of("#e8e9eb" if color == "#ffffff" else color)
    shape = "spot" if is_dark(color) else "sweep"
    reading.change("backdrop", kind="gradient", color=inner, edge_color=outer, shape=shape)


def paints_two(reading: Reading, match: re.Match[str]) -> None:
    first, second = color_of(match.group("color")), color_of(match.group("second"))
    reading.change("backdrop", kind="gradient", color=first, edge_color=second, shape="sweep")


def paints_plain(reading: Reading, _match: re.Match[str]) -> None:
    _paints_gradient(reading, "#e8e9eb")


def shades_backdrop(step: float) -> Act:
    def act(reading: Reading, _match: re.Match[str]) -> None:
        old = reading.plan.backdrop
        if old.kind == "scene":
            reading.change("backdrop", exposure_ev=old.exposure_ev + 1.6 * step)
            return
        if old.kind not in ("color", "gradient"):
            old = changed(
                reading.plan, "backdrop", kind="color", color="#ffffff", edge_color="#ffffff"
            ).backdrop
        reading.change(
            "backdrop",
            kind=old.kind,
            color=shaded(old.color, step),
            edge_color=shaded(old.edge_color, step),
        )

    return act


def stages(scene: str | None, usual: str = "", *, is_near: bool = False) -> Act:
    """A rendered scene; what it cannot show is told back.

    Args:
        scene: Its id; None is the one that suits the product.
        usual: Pattern of the colours that it has anyway.
        is_near: Whether it is only the nearest to what was named.
    """

    def act(reading: Reading, match: re.Match[str]) -> None:
        named = match.groupdict()
        if named.get("no"):
            if reading.plan.backdrop.scene == scene and scene is not None:
                reading.change("backdrop", kind="white", scene=None, mirrored=None)
            return
        color = named.get("color") or named.get("dark") or ""
        if is_near or (color and not re.search(usual or "$^", color)):
            reading.puzzled_by(match)
        stand_in(reading, scene)

    return act


def stands_on_paper(reading: Reading, match: re.Match[str]) -> None:
    """Background paper of a named colour."""
    words = match.groupdict().get("color")
    color = color_of(words) if words else PASTEL
    stand_in(reading, "paper_tint")
    reading.change("backdrop", color=color, edge_color=color)


def stand_in(reading: Reading, scene: str | None) -> None:
    """Stand the product in a scene, smaller than on plain white unless its size is settled."""
    keeps = reading.plan.backdrop.scene == scene and reading.plan.backdrop.kind == "scene"
    mirrored = reading.plan.backdrop.mirrored if keeps else None
    reading.change("backdrop", kind="scene", scene=scene, mirrored=mirrored)
    reading.plan = roomier_for_scene(reading.plan)


def nearest_to_scene(color: str, edge_color: str) -> Act:
    """The closest procedural backdrop, while the scene itself is told back as not understood."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        reading.puzzled_by(match)
        ends = (color, edge_color)
        if match.group("color"):
            ends = gradient_of(color_of(match.group("color")))
        elif match.group("dark"):
            ends = (shaded(color, -0.62), shaded(edge_color, -0.8))
        reading.change("backdrop", kind="gradient", color=ends[0], edge_color=ends[1], shape="sweep")

    return act


def blurs_scene(reading: Reading, _match: re.Match[str]) -> None:
    """Procedural backdrops are out of focus already."""
    if reading.plan.backdrop.kind == "scene":
        reading.change("backdrop", blur=0.6)
        return
    if "backdrop" not in reading.asked or reading.plan.backdrop.kind == "keep":
        reading.change("backdrop", kind="keep", blur=0.6)


def spotlights(reading: Reading, _match: re.Match[str]) -> None:
    backdrop = reading.plan.backdrop
    if backdrop.kind in ("color", "gradient"):
        inner, outer = lit(backdrop.color, 1.3), shaded(backdrop.edge_color, -0.45)
        reading.change("backdrop", kind="gradient", color=inner, edge_color=outer, shape="spot")
    reading.change("light", elevation_deg=62.0)


def lights_from(azimuth_deg: float, **more: float) -> Act:
    return lambda reading, match: reading.change("light", azimuth_deg=azimuth_deg, **more)


def moves(dx: float, dy: float) -> Act:
    def act(reading: Reading, _match: re.Match[str]) -> None:
        framing = reading.plan.framing
        y = framing.y if framing.y is not None or not dy else 0.5
        reading.change("framing", x=framing.x + dx, y=None if y is None else y + dy)

    return act


def brings_daylight(reading: Reading, _match: re.Match[str]) -> None:
    """Brighter, and with open shadows."""
    reading.change("tone", exposure_ev=reading.plan.tone.exposure_ev + 0.25)
    reading.change("light", fill=reading.plan.light.fill + 0.15)


def takes_out_cast(mired: float) -> Act:
    """Whoever names the colour of a cast knows more than any measurement."""

    def act(reading: Reading, _match: re.Match[str]) -> None:
        reading.change("tone", white_balance=1.0, mired=reading.plan.tone.mired + mired)

    return act


def sharpens(reading: Reading, _match: re.Match[str]) -> None:
    """Finer edges and a little more local contrast."""
    detail = reading.plan.detail
    reading.change("detail", sharpen=max(0.85, detail.sharpen + 0.2), clarity=detail.clarity + 0.1)


def told_back(reading: Reading, match: re.Match[str]) -> None:
    """What cannot be done here is said rather than passed over."""
    reading.puzzled_by(match)


_RESTORABLE: tuple[PlanPart, ...] = ("light", "shadow", "tone", "framing", "detail")


def restores(part: str) -> Act:
    """Take back what was asked of a part, or of `all`; the original backdrop is the photo's own."""

    def act(reading: Reading, _match: re.Match[str]) -> None:
        fresh = Plan()
        if part == "backdrop":
            reading.change("backdrop", kind="keep")
            return
        for name in _RESTORABLE:
            if part in (name, "all"):
                reading.change(name, **_without_canvas(getattr(fresh, name).model_dump()))
        if part in ("framing", "all") and reading.plan.backdrop.kind == "scene":
            reading.change("framing", fill=SCENE_FILL)

    return act


def _without_canvas(fields: dict[str, object]) -> dict[str, object]:
    """A picture keeps its size in pixels, and a kept scene its shape."""
    return {name: value for name, value in fields.items() if name not in ("canvas", "shape")}


def _number(match: re.Match[str]) -> float:
    found = _NUMBER.search(match.group())
    return float(found.group()) if found else 0.0


def exposes_by(sign: int) -> Act:
    """By a percentage or by stops; without a number by a step."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        share, number = _percent(match), _number(match)
        if share:
            ev = math.log2(max(0.1, 1 + sign * share))
        else:
            ev = sign * (number if 0 < number <= 2 else EV_STEP)
        reading.change("tone", exposure_ev=reading.plan.tone.exposure_ev + ev)

    return act


def scales_saturation(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        factor = 1 + sign * (_percent(match) or 0.0)
        reading.change("tone", saturation=reading.plan.tone.saturation * factor)

    return act


def scales_contrast(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        reading.change("tone", contrast=reading.plan.tone.contrast + sign * (_percent(match) or 0.0))

    return act


def sets_kelvin(reading: Reading, match: re.Match[str]) -> None:
    """Light of a colour temperature, seen by a camera that is set to daylight."""
    kelvin = min(12000.0, max(2500.0, _number(match)))
    reading.change("tone", mired=1e6 / kelvin - DAYLIGHT_MIRED)


def warms_by(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        reading.change("tone", mired=reading.plan.tone.mired + sign * _number(match))

    return act


def moves_by(across: int, down: int) -> Act:
    """By a share of the picture."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        share = _percent(match) or 0.0
        moves(across * share, down * share)(reading, match)

    return act


def hardens_light(reading: Reading, _match: re.Match[str]) -> None:
    """Less light from everywhere, and edges of the shadow to match."""
    reading.change("light", fill=reading.plan.light.fill - 0.25)
    reading.change("shadow", softness=reading.plan.shadow.softness * 0.6)
