"""Arithmetic of paint: a hex colour as a shade of it, under more light, or mixed with another one."""

from colorsys import hsv_to_rgb, rgb_to_hsv

from stillroom.domain.plans.plan import shaded

PASTEL = "#f3dcdf"  # paper that was only said to be coloured
PLAIN = "#e8e9eb"  # a gradient without a colour
_STEPS = {"light": 0.6, "soft": 0.35, "muted": 0.3, "pastel": 0.6, "dark": -0.55}
"""Steps towards white, and towards black if negative."""
_GREYS = {("light", "#b4b6ba"): "#e8e9eb", ("dark", "#b4b6ba"): "#3b3d41"}
NEUTRALS = {"light": "#eeeff1", "dark": "#33353a", "pastel": PASTEL, "muted": PLAIN}
"""Backdrops of which only the shade is named."""
_GREY_RANGE = 15
_PALE_SATURATION = 0.35
_PALE_LUMA = 180
_DARK_LUMA = 110
_TEMPERATURES = {"warm": ("#f3e7d6", 3), "cool": ("#dfe9f2", -3)}
"""Colour that a grey leans to, and steps by which a strong colour gets warmer; pale ones are warm enough."""
_GAMMA = 2.2  # of sRGB, about
_MOST_STOPS = 20.0  # more changes no 8-bit colour
_NEAR_HUE = 0.12
"""Difference of hues, of a whole turn, up to which two colours have the same name."""


def toned(color: str | None, shade: str) -> str:
    """Return a named colour, or a neutral one for None, in a shade.

    Args:
        shade: `light`, `soft`, `dark`, `rich`, `vivid`, `pastel`, `muted`, `warm` or `cool`; any other
            changes nothing. A neutral has one of `NEUTRALS`.
    """
    if color is None:
        return NEUTRALS[shade]
    if shade in _TEMPERATURES:
        return _tempered(color, *_TEMPERATURES[shade])
    if is_grey(color):
        return _GREYS.get((shade, color)) or shaded(color, _STEPS.get(shade, 0.0))
    hue, saturation, value = _hsv(color)
    match shade:
        case "dark":
            return deepened(color, 1.0)
        case "rich":
            return _of_hsv(hue, _dyed(saturation, 2), 0.85 * value)
        case "vivid":
            return _of_hsv(hue, _dyed(saturation, 3), _towards(value, 1, 0.6))
        case "pastel":
            return _of_hsv(hue, min(saturation, max(0.5 * saturation, 0.18)), _towards(value, 1, 0.7))
        case "muted":
            return greyed(shaded(color, 0.3), 0.35)
        case "light" | "soft" if is_dark(color):
            return _of_hsv(hue, 0.75 * saturation, _towards(value, 1, 0.7 * _STEPS[shade]))
        case "light" | "soft":
            return shaded(color, _STEPS[shade] * (0.7 if _luma(color) > _PALE_LUMA else 1.0))
    return color


def _tempered(color: str, neutral: str, steps: int) -> str:
    if is_grey(color):
        return mixed(color, neutral, 0.4)
    return color if _hsv(color)[1] < _PALE_SATURATION else warmed(color, steps)


def deepened(color: str, share: float) -> str:
    """Return a colour, or a share of the way to its dark shade, which is denser: "dark pink" is no grey.

    Black takes the colour out of pale paint. What people call dark has more of the dye, and for pale colours
    little less light; fitted to names of the xkcd colour survey.
    """
    if is_grey(color):
        return shaded(color, -0.55 * share)
    hue, saturation, value = _hsv(color)
    fullness = _ramp(value, 0.45, 0.72)
    layers = _towards(1.5, 3, fullness)
    left = _towards(_towards(0.68, 0.5, fullness), 0.8, _ramp(value, 0.72, 0.92))
    return _of_hsv(
        hue, _dyed(saturation, _towards(1, layers, share)), value * max(0.2, _towards(1, left, share))
    )


def _ramp(value: float, start: float, end: float) -> float:
    return min(1.0, max(0.0, (value - start) / (end - start)))


def _dyed(saturation: float, layers: float) -> float:
    """Return the saturation of several layers of a transparent dye, one of which has the given one."""
    return 1 - float((1 - saturation) ** layers)


def _towards(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


def greyed(color: str, share: float) -> str:
    """Mix a colour with the grey of its lightness; a negative share makes it more vivid."""
    grey = _luma(color)
    return _hex(*(_towards(value, grey, share) for value in channels(color)))


def mixed(color: str, other: str, share: float) -> str:
    """Return a colour with a share of another one in it."""
    pairs = zip(channels(color), channels(other), strict=True)
    return _hex(*(_towards(one, two, share) for one, two in pairs))


def lit(color: str, factor: float) -> str:
    """Return the same paint under more light, of the same hue as far as the channels reach."""
    factor = max(1.0, min(factor, 235 / max(*channels(color), 1)))
    return _hex(*(value * factor for value in channels(color)))


def exposed(color: str, stops: float) -> str:
    """Return the paint exposed by stops; channels are clipped."""
    factor = 2 ** (max(-_MOST_STOPS, min(_MOST_STOPS, stops)) / _GAMMA)
    return _hex(*(value * factor for value in channels(color)))


def warmed(color: str, steps: float) -> str:
    """Return the paint warmer by small steps, or cooler by negative ones."""
    red, green, blue = channels(color)
    return _hex(red * (1 + 0.05 * steps), green, blue * (1 - 0.05 * steps))


def gradient_of(color: str) -> tuple[str, str]:
    """Return the brighter and the darker end of a gradient that is seen as one colour."""
    if is_dark(color):
        return lit(color, 1.5), shaded(color, -0.5)
    return shaded(color, 0.6), shaded(color, -0.06)


def is_dark(color: str) -> bool:
    """Whether white lettering would be easier to read on it than black."""
    return _luma(color) < _DARK_LUMA


def is_grey(color: str) -> bool:
    return max(channels(color)) - min(channels(color)) < _GREY_RANGE


def is_of_hue(color: str, named: str) -> bool:
    """Whether two colours may have the same name; greys are of one hue."""
    if is_grey(color) or is_grey(named):
        return is_grey(color) and is_grey(named)
    apart = abs(_hsv(color)[0] - _hsv(named)[0])
    return min(apart, 1 - apart) <= _NEAR_HUE


def channels(color: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def _hsv(color: str) -> tuple[float, float, float]:
    return rgb_to_hsv(*(value / 255 for value in channels(color)))


def _of_hsv(hue: float, saturation: float, value: float) -> str:
    return _hex(*(255 * channel for channel in hsv_to_rgb(hue, saturation, value)))


def _hex(*values: float) -> str:
    return "#" + "".join(f"{min(255, max(0, round(value))):02x}" for value in values)


def _luma(color: str) -> float:
    red, green, blue = channels(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue
