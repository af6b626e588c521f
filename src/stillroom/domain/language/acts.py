"""Actions of rules: how a wish about the product, its shadow or its light changes a plan."""

import math
import re

from stillroom.domain.language import amounts
from stillroom.domain.language.readings import Act, Complaint, Reading
from stillroom.domain.plans.plan import SCENE_FILL, Plan, PlanPart

MIRED_STEP = 25.0  # one "warmer": a clear yet natural step of colour temperature
DAYLIGHT_MIRED = 153.75  # D65, the white of sRGB
FILL_STEP = 1.12  # one "larger"
EV_STEP = 0.35  # one "brighter", in stops


def nothing(_reading: Reading, _match: re.Match[str]) -> None:
    """True in every plan: the product's own pixels are kept."""


def sets(part: PlanPart, **fields: object) -> Act:
    return lambda reading, match: reading.change(part, **fields)


def adds(part: PlanPart, name: str, step: float) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        old = getattr(getattr(reading.plan, part), name)
        reading.change(part, **{name: old + step * amounts.steps(match.group())})

    return act


def exposes(sign: int) -> Act:
    """By stops, by a share or by a number as on a slider; without any by a step."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        words = match.group()
        stops, share, times = amounts.stops(words), amounts.share(words), amounts.times(words)
        number = amounts.number(words)
        if stops is not None:
            ev = sign * stops
        elif share is not None:
            ev = _stops_of(1 + sign * share)
        elif times:
            ev = sign * abs(_stops_of(times))
        elif number is not None:
            ev = sign * number if number <= 2 else _stops_of(1 + sign * number / 100)
        else:
            ev = sign * EV_STEP * amounts.steps(words)
        reading.change("tone", exposure_ev=reading.plan.tone.exposure_ev + ev)

    return act


def exposes_to(reading: Reading, match: re.Match[str]) -> None:
    """To a share of the photo's own brightness."""
    share = amounts.share(match.group())
    if share is not None:
        reading.change("tone", exposure_ev=_stops_of(share))


def _stops_of(factor: float) -> float:
    return math.log2(max(0.1, factor))


def scales_fill(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        words = match.group()
        times, share = amounts.times(words), amounts.share(words)
        if share is not None and "原" in words:
            factor = share
        elif times:
            factor = times if sign > 0 or times < 1 else 1 / times
        elif share is not None:
            factor = 1 + sign * share
        else:
            factor = FILL_STEP ** (sign * amounts.steps(words))
        reading.change("framing", fill=reading.plan.framing.fill * factor)

    return act


def scales_shadow(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        share = amounts.share(match.group())
        factor = (1.5 if sign > 0 else 0.6) if share is None else 1 + sign * share
        kind = "soft" if reading.plan.shadow.kind == "none" else reading.plan.shadow.kind
        reading.change("shadow", kind=kind, strength=reading.plan.shadow.strength * factor)

    return act


def stands_on_ground(reading: Reading, _match: re.Match[str]) -> None:
    """A product that looks pasted on lacks a shadow: "no shadow" beside it is a complaint, not a wish."""
    shadow = reading.plan.shadow
    if shadow.kind == "none":
        reading.change("shadow", kind="soft", strength=max(1.0, shadow.strength))
    else:
        reading.change("shadow", kind=shadow.kind, strength=1.3 * shadow.strength)


def thins_shadow_to(reading: Reading, match: re.Match[str]) -> None:
    """To an opacity, or what a transparency leaves."""
    words = match.group()
    share = amounts.share(words) or 0.0
    is_transparency = ("透明" in words and "不透明" not in words) or "transparen" in words
    kind = "soft" if reading.plan.shadow.kind == "none" else reading.plan.shadow.kind
    reading.change("shadow", kind=kind, strength=max(0.0, 1 - share) if is_transparency else share)


def softens_shadow(factor: float) -> Act:
    def act(reading: Reading, _match: re.Match[str]) -> None:
        kind = "soft" if factor > 1 else "hard"
        reading.change("shadow", kind=kind, softness=reading.plan.shadow.softness * factor)

    return act


def fills_to(reading: Reading, match: re.Match[str]) -> None:
    share = amounts.share(match.group())
    if share:
        reading.change("framing", fill=share)


def lights_from(azimuth_deg: float, **more: float) -> Act:
    return lambda reading, match: reading.change("light", azimuth_deg=azimuth_deg, **more)


_CORNERS: dict[str, tuple[float, float | None]] = {
    "": (60.0, None),
    "上": (50.0, 58.0),
    "前": (35.0, 40.0),
    "后": (90.0, 35.0),
}


def lights_towards(reading: Reading, match: re.Match[str]) -> None:
    """From the side that the light shall have, not from the one that it had."""
    side = next(side for name, side in match.groupdict().items() if name.startswith("to") and side)
    azimuth_deg, elevation_deg = _CORNERS[side[1:]] if side[0] in "左右" else _CORNERS[""]
    sign = -1.0 if side[0] in "左l" else 1.0
    height = {} if elevation_deg is None else {"elevation_deg": elevation_deg}
    reading.change("light", azimuth_deg=sign * azimuth_deg, **height)


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


def unless_wished(letters: str, act: Act) -> Act:
    """Not too much of what the same sentence wishes for is as much as usual."""
    same = re.compile(letters)

    def less(reading: Reading, match: re.Match[str]) -> None:
        start, end = match.span()
        if same.search(reading.open, 0, start) or same.search(reading.open, end):
            reading.leaves("tone")
        else:
            act(reading, match)

    return less


def leaves_exposure(reading: Reading, _match: re.Match[str]) -> None:
    """Neither brighter nor darker, also where the photo's own brightness would call for it."""
    reading.change("tone", auto_exposure=False)


def leaves_place(reading: Reading, _match: re.Match[str]) -> None:
    reading.leaves("framing")


def hardly_hard(reading: Reading, _match: re.Match[str]) -> None:
    """A shadow whose edges shall not be hard."""
    if reading.plan.shadow.kind == "hard":
        reading.change("shadow", kind="soft", softness=max(1.0, reading.plan.shadow.softness))
    else:
        reading.leaves("shadow")


def sharpens(reading: Reading, _match: re.Match[str]) -> None:
    """Finer edges and a little more local contrast."""
    detail = reading.plan.detail
    reading.change("detail", sharpen=max(0.85, detail.sharpen + 0.2), clarity=detail.clarity + 0.1)


def softens_detail(reading: Reading, match: re.Match[str]) -> None:
    """Softer edges and less local contrast, as far as there is anything to take back."""
    detail = reading.plan.detail
    if not detail.sharpen and not detail.clarity:
        reading.puzzled_by(match)
        return
    step = amounts.steps(match.group())
    clarity = detail.clarity - 0.45 * step
    reading.change("detail", sharpen=detail.sharpen - 0.35 * step, clarity=clarity)


def complains(act: Act, remedy: str = "") -> Act:
    """Answer a complaint by an act, unless the same text has its own remedy.

    Args:
        act: What puts it right.
        remedy: Pattern of words that, alone in the next clause, ask for the same.
    """
    pattern = re.compile(remedy) if remedy else None

    def later(reading: Reading, match: re.Match[str]) -> None:
        reading.complaints.append(Complaint(act, match, pattern))

    return later


def answers_complaint(reading: Reading, match: re.Match[str]) -> bool:
    """A degree without a noun is of what the clause before complained of."""
    return any(
        complaint.remedy and complaint.remedy.search(match.group())
        for complaint in reading.complaints
        if reading.is_next(complaint.match.end(), match.start())
    )


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


def scales_saturation(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        factor = 1 + sign * _slid(match.group())
        reading.change("tone", saturation=reading.plan.tone.saturation * factor)

    return act


def scales_contrast(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        contrast = reading.plan.tone.contrast + sign * _slid(match.group())
        reading.change("tone", contrast=contrast)

    return act


def _slid(words: str) -> float:
    """The share that is named; a bare number is one as on a slider of 100."""
    share = amounts.share(words)
    return (amounts.number(words) or 0.0) / 100 if share is None else share


def sets_kelvin(reading: Reading, match: re.Match[str]) -> None:
    """Light of a colour temperature, seen by a camera that is set to daylight."""
    kelvin = min(12000.0, max(2500.0, (amounts.number(match.group()) or 0.0)))
    reading.change("tone", mired=1e6 / kelvin - DAYLIGHT_MIRED)


def warms_by(sign: int) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        reading.change("tone", mired=reading.plan.tone.mired + sign * (amounts.number(match.group()) or 0.0))

    return act


def warms_by_kelvin(sign: int) -> Act:
    """By a step of colour temperature: a warmer light has a lower one."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        kelvin = 1e6 / max(1.0, DAYLIGHT_MIRED + reading.plan.tone.mired)
        kelvin = max(1000.0, kelvin - sign * (amounts.number(match.group()) or 0.0))
        reading.change("tone", mired=1e6 / kelvin - DAYLIGHT_MIRED)

    return act


def leaves_margin(reading: Reading, match: re.Match[str]) -> None:
    """A share of the picture on each side of the product; more of it than now makes the product smaller."""
    margin = amounts.share(match.group()) or 0.0
    fill = 1 - 2 * margin
    if not 0 < margin < 0.5:
        reading.puzzled_by(match)
    elif any(name.startswith("more") and said for name, said in match.groupdict().items()):
        reading.change("framing", fill=min(reading.plan.framing.fill * (1 - margin), fill))
    else:
        reading.change("framing", fill=fill)


def moves_by(across: int, down: int) -> Act:
    """By a share of the picture."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        share = amounts.share(match.group()) or 0.0
        moves(across * share, down * share)(reading, match)

    return act


def hardens_light(reading: Reading, _match: re.Match[str]) -> None:
    """Less light from everywhere, and edges of the shadow to match."""
    reading.change("light", fill=reading.plan.light.fill - 0.25)
    reading.change("shadow", softness=reading.plan.shadow.softness * 0.6)
