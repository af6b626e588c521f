"""The table of what a quality means: by part or property, axis and direction."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from stillroom.domain.language import acts
from stillroom.domain.language.acts import MIRED_STEP, Do, adds, exposes, scales, sets, sizes
from stillroom.domain.language.wishes import backdrop_changes
from stillroom.domain.language.words import amounts
from stillroom.domain.plans.plan import PlanPart

LEAST_LEVEL = 0.7
"""Share from which an amount without a direction is a level: "brightness 90%"."""


class Degree(NamedTuple):
    """Amount of a quality that is wanted.

    Attributes:
        sign: 1 is more of it.
        steps: Steps, where no amount is named.
        amount: The text of an amount; may be empty.
        is_target: Whether the amount is where it shall end.
        is_plain: Whether it stands before its noun without any degree, as in "soft shadow".
        is_named: Whether the part was called by what it is made of.
        is_fault: Whether it answers a complaint.
    """

    sign: int
    steps: float = 1.0
    amount: str = ""
    is_target: bool = False
    is_plain: bool = False
    is_named: bool = False
    is_fault: bool = False

    def of_present(self) -> "Degree":
        """The reduction to the share that the amount names; the same degree without a share below 1."""
        part = amounts.share(self.amount) or amounts.times(self.amount)
        if part is None or part >= 1:
            return self
        return self._replace(sign=-1, amount=f"{1 / part:.3f}x", is_target=False)

    @property
    def target(self) -> float | None:
        """The share where it shall end; None if the amount is one by which it shall change."""
        return self.share if self.is_target else None

    @property
    def growth(self) -> float | None:
        """The share by which it grows or shrinks, of a share or a factor; None without either."""
        times = amounts.times(self.amount)
        if not times:
            return self.share
        return times - 1 if self.sign > 0 else 1 - 1 / max(1.0, times)

    @property
    def factor(self) -> float | None:
        """The factor that a fraction or a multiple comes to: "by half", "twice"; None for a percentage."""
        return None if amounts.factor(self.amount) is None else 1 + self.sign * (self.growth or 0.0)

    @property
    def share(self) -> float | None:
        """The share that the amount names; a bare number is one as on a slider of 1 or of 100."""
        share = amounts.share(self.amount)
        number = amounts.number(self.amount)
        if share is not None or number is None:
            return share
        return number if number < 1 else number / 100


class Effect(NamedTuple):
    """Change of a plan that a quality of a part comes to."""

    part: PlanPart
    key: str
    do: Do


Maker = Callable[[Degree], Effect]


def _less(maker: Maker) -> Maker:
    """Return the maker of the contrary: a paler shadow is a weaker one."""
    return lambda degree: maker(degree._replace(sign=-degree.sign))


def _is_unowned(degree: Degree) -> bool:
    """Whether a figure has no unit, and is none of a slider of 100: "contrast to 1.2"."""
    number = amounts.number(degree.amount)
    return number is not None and amounts.is_bare(degree.amount) and (degree.is_target or number < 3)


def _stepped(part: PlanPart, name: str, step: float, degree: Degree) -> Effect:
    """Change a figure by the share or the factor that is named, without either by steps."""
    if degree.growth is None:
        return Effect(part, name, adds(part, name, step * degree.sign * degree.steps))
    return Effect(part, name, scales(part, name, 1 + degree.sign * degree.growth))


def _shade(degree: Degree) -> Effect:
    stops = amounts.stops(degree.amount)
    if stops is not None:
        do = backdrop_changes.exposes(degree.sign * stops, is_named=degree.is_named)
    else:
        do = backdrop_changes.shades(degree.sign, degree.growth, degree.steps, is_named=degree.is_named)
    return Effect("backdrop", "shade", do)


def _vividness(degree: Degree) -> Effect:
    steps = degree.steps if degree.growth is None else degree.growth / 0.4
    return Effect("backdrop", "shade", backdrop_changes.saturates(degree.sign, steps=steps))


def _backdrop_blur(degree: Degree) -> Effect:
    if degree.target is not None:
        return Effect("backdrop", "blur", sets("backdrop", blur=degree.target))
    if degree.growth is None:
        return Effect(
            "backdrop", "blur", backdrop_changes.blurs(degree.sign, degree.steps, is_left=degree.is_fault)
        )
    if degree.sign > 0 and degree.factor is None:
        return Effect("backdrop", "blur", adds("backdrop", "blur", degree.growth))
    return _stepped("backdrop", "blur", 0.0, degree)


def _shadow_depth(degree: Degree) -> Effect:
    if degree.target is not None:
        return Effect("shadow", "strength", acts.shadow_opacity(degree.target))
    return Effect("shadow", "strength", acts.shadow_strength(degree.sign, degree.growth, degree.steps))


def _reflection(degree: Degree) -> Effect:
    if degree.is_plain:
        return Effect("shadow", "reflection", sets("shadow", reflection=0.5 if degree.sign > 0 else 0.25))
    if degree.target is not None:
        return Effect("shadow", "reflection", sets("shadow", reflection=degree.target))
    return _stepped("shadow", "reflection", 0.25, degree)


def _shadow_length(degree: Degree) -> Effect:
    if degree.is_plain and not degree.amount:
        # "Long shadow" may be a wish or a complaint.
        return Effect("shadow", "length", acts.impossible)
    if degree.target is not None:
        return Effect("shadow", "length", acts.shadow_length(1, degree.target - 1, 1.0))
    return Effect("shadow", "length", acts.shadow_length(degree.sign, degree.growth, degree.steps))


def _shadow_edge(degree: Degree) -> Effect:
    if degree.is_plain:
        is_of_kind = sets("shadow", kind="soft" if degree.sign > 0 else "hard")
        has_share = [acts.shadow_opacity(degree.share)] if degree.share else []  # "soft shadow, 30%"
        return Effect("shadow", "shadow", acts.in_turn(is_of_kind, *has_share))
    return Effect("shadow", "softness", acts.shadow_softness(degree.sign, degree.growth, degree.steps))


def _exposure(degree: Degree) -> Effect:
    if degree.is_target and (share := amounts.share(degree.amount)) is not None:
        return Effect("tone", "exposure_ev", acts.exposes_to(share))
    return Effect("tone", "exposure_ev", exposes(degree.sign, degree.amount, degree.steps))


def _light_power(degree: Degree) -> Effect:
    """Strengthen a light with a direction; the photo's own has none, so the exposure stands for it."""
    exposure, strength = _exposure(degree), _light_strength(degree)
    return exposure._replace(
        do=lambda plan: (exposure if plan.light.azimuth_deg is None else strength).do(plan)
    )


def _light_strength(degree: Degree) -> Effect:
    if degree.target is not None:
        return Effect("light", "strength", scales("light", "strength", degree.target))  # of what it is
    return _stepped("light", "strength", 0.15, degree)


def _diffusion(degree: Degree) -> Effect:
    do = acts.light_hardens if degree.sign < 0 else adds("light", "fill", 0.25 * degree.steps)
    return Effect("light", "fill", do)


def _gentleness(degree: Degree) -> Effect:
    """A picture that is too soft is unsharp; one that shall be softer has softer light."""
    return _focus(degree._replace(sign=1)) if degree.is_fault and degree.sign < 0 else _diffusion(degree)


def _dark_side(degree: Degree) -> Effect:
    return Effect("light", "fill", adds("light", "fill", 0.4 * degree.sign))


def _light_height(degree: Degree) -> Effect:
    angle = amounts.degrees(degree.amount)
    if angle is not None and degree.is_target:
        return Effect("light", "light.height", acts.light_stands(angle))
    step = 15.0 * degree.steps if angle is None else angle
    return Effect("light", "light.height", acts.light_rises(degree.sign * step))


def _warmth(degree: Degree) -> Effect:
    number = amounts.number(degree.amount)
    if number is not None and degree.amount.endswith(("k", "kelvin", "kelvins")):
        return Effect("tone", "mired", acts.warms_by_kelvin(degree.sign, number))
    if number is None or degree.factor is not None:  # "warmth 1.2x": warmth has no zero
        share = None if amounts.times(degree.amount) else amounts.share(degree.amount)
        number = MIRED_STEP * degree.steps if share is None else 100 * share
    step = degree.sign * number
    do = acts.removes_cast(step) if degree.is_fault else adds("tone", "mired", step)
    return Effect("tone", "mired", do)


def _temperature(degree: Degree) -> Effect:
    kelvin = amounts.number(degree.amount) or 0.0
    is_light = kelvin >= acts.LEAST_KELVIN
    return Effect("tone", "mired", acts.sets_kelvin(kelvin) if is_light else acts.impossible)


def _saturation(degree: Degree) -> Effect:
    if _is_unowned(degree):
        return Effect("tone", "saturation", acts.impossible)
    if degree.target is not None:
        return Effect("tone", "saturation", sets("tone", saturation=degree.target))
    return _stepped("tone", "saturation", 0.18, degree)


def _contrast(degree: Degree) -> Effect:
    if _is_unowned(degree):
        return Effect("tone", "contrast", acts.impossible)
    if degree.target is not None and degree.target >= LEAST_LEVEL:
        return Effect("tone", "contrast", sets("tone", contrast=degree.target - 1))
    step = 0.25 * degree.steps if degree.share is None else degree.share
    if degree.sign < 0 and degree.factor is not None:
        return Effect("tone", "contrast", acts.eases("tone", "contrast", 1 - degree.factor))
    return Effect("tone", "contrast", adds("tone", "contrast", degree.sign * step))


def _size(degree: Degree) -> Effect:
    do = sizes(degree.sign, degree.amount, degree.steps, is_target=degree.is_target)
    return Effect("framing", "fill", do)


def _margin(degree: Degree) -> Effect:
    share = amounts.share(degree.amount)
    if share is None:
        return Effect("framing", "fill", sizes(-degree.sign, "", degree.steps, is_target=False))
    return Effect("framing", "fill", acts.leaves_margin(share, degree.sign, is_target=degree.is_target))


def _focus(degree: Degree) -> Effect:
    if degree.target is not None:
        return Effect("detail", "sharpen", sets("detail", sharpen=degree.target))
    if degree.factor is not None:
        return Effect("detail", "sharpen", scales("detail", "sharpen", degree.factor))
    if degree.share is not None:
        step = degree.sign * degree.share
        both = acts.in_turn(adds("detail", "sharpen", step), adds("detail", "clarity", step / 2))
        return Effect("detail", "sharpen", both)
    do = acts.sharpens(degree.steps) if degree.sign > 0 else acts.detail_softens(degree.steps)
    return Effect("detail", "sharpen", do)


def _clarity(degree: Degree) -> Effect:
    clearer, softer = adds("detail", "clarity", 0.45 * degree.steps), acts.detail_softens(degree.steps)
    return Effect("detail", "clarity", clearer if degree.sign > 0 else softer)


def _noise(degree: Degree) -> Effect:
    strength = 0.8 * min(1.0, degree.steps)
    do = sets("detail", denoise=strength) if degree.sign < 0 else acts.impossible
    return Effect("detail", "denoise", do)


def _cleanness(degree: Degree) -> Effect:
    if degree.sign > 0 and not degree.is_named:
        return Effect("backdrop", "clean", backdrop_changes.cleans)
    return Effect("backdrop", "backdrop.fault", acts.impossible)


def _tint(degree: Degree) -> Effect:
    return Effect("backdrop", "tint", backdrop_changes.tints(degree.sign * degree.steps))


_WHOLE: dict[str, Maker] = {
    "bright": _exposure,
    "warm": _warmth,
    "vivid": _saturation,
    "big": _size,
    "sharp": _focus,
    "blur": _less(_focus),
    "soft": _gentleness,
}
_COLOUR: dict[str, Maker] = {
    **dict.fromkeys(("", "vivid", "deep", "bright", "strong", "big"), _saturation),
    "warm": _warmth,
    "soft": _less(_saturation),
}
TABLE: Mapping[str, Mapping[str, Maker]] = {
    "backdrop": {
        "bright": _shade,
        "deep": _less(_shade),
        "warm": _tint,
        **dict.fromkeys(("vivid", "strong"), _vividness),
        **dict.fromkeys(("soft", "blur"), _backdrop_blur),
        "sharp": _less(_backdrop_blur),
        "clean": _cleanness,
    },
    "shadow": {
        "bright": _less(_shadow_depth),
        **dict.fromkeys(("deep", "strong", "big", "vivid"), _shadow_depth),
        **dict.fromkeys(("soft", "blur"), _shadow_edge),
        "sharp": _less(_shadow_edge),
        "long": _shadow_length,
    },
    "light": {
        **dict.fromkeys(("", "bright", "strong", "deep"), _light_power),
        "soft": _diffusion,
        "sharp": _less(_diffusion),
        "warm": _warmth,
        "high": _light_height,
    },
    "key_light": dict.fromkeys(("bright", "strong", "deep"), _light_strength),
    "reflection": {
        **dict.fromkeys(("", "bright", "strong", "deep", "big", "sharp", "vivid"), _reflection),
        "soft": _less(_reflection),
    },
    "dark_side": {"bright": _dark_side, "strong": _less(_dark_side), "deep": _less(_dark_side)},
    "product": _WHOLE,
    "picture": {**_WHOLE, "strong": _contrast},
    "": _WHOLE,
    "brightness": dict.fromkeys(("", "bright", "strong", "big", "deep"), _exposure),
    "contrast": {
        **dict.fromkeys(("", "strong", "big", "deep", "bright", "sharp", "vivid"), _contrast),
        "soft": _less(_contrast),
    },
    "saturation": dict.fromkeys(("", "strong", "big", "deep", "bright", "vivid"), _saturation),
    "backdrop_colour": dict.fromkeys(("", "strong", "big", "deep", "bright", "vivid"), _vividness),
    "temperature": {"": _temperature, "warm": _warmth},
    "warmth": dict.fromkeys(("", "strong", "big", "warm"), _warmth),
    "colour": _COLOUR,
    "sharpness": dict.fromkeys(("", "strong", "big", "sharp", "bright"), _focus),
    "texture": dict.fromkeys(("", "strong", "big", "deep", "sharp", "bright"), _clarity),
    "noise": {**dict.fromkeys(("", "strong", "big", "deep"), _noise), "clean": _less(_noise)},
    "size": {"": _size, "big": _size},
    "margin": {"": _margin, "big": _margin},
    # Too much blur is a matter of degree; a backdrop that is blurred at all shall be sharp.
    "blur": dict.fromkeys(
        ("", "strong", "big", "blur", "deep"), lambda degree: _backdrop_blur(degree._replace(is_fault=False))
    ),
    "diffusion": dict.fromkeys(("", "strong", "big"), _diffusion),
    "feather": dict.fromkeys(("", "strong", "big", "deep"), _shadow_edge),
    "length": dict.fromkeys(("", "big", "long"), _shadow_length),
    "opacity": dict.fromkeys(("", "strong", "big", "deep"), _shadow_depth),
}
"""Effects of qualities, by subject and axis; the axis is empty for a property that has its own."""
AXES = frozenset(axis for makers in TABLE.values() for axis in makers) | {"long"}
"""The axes with two directions."""
