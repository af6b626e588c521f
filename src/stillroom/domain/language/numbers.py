"""Reads amounts whose property is in the number or in the verb: stops, kelvins, "fills 80%"."""

from stillroom.domain.language import acts, amounts
from stillroom.domain.language.acts import sets
from stillroom.domain.language.named_effects import axis_of
from stillroom.domain.language.phrases import Phrase
from stillroom.domain.language.tokens import NUMBER


def read_numbers(phrase: Phrase) -> None:
    """Read amounts whose property is in the number or in the verb: stops, kelvins, "fills 80%"."""
    for i in phrase.all(NUMBER):
        said = phrase.tokens[i].text
        status = phrase.status[i]
        if status in ("neg", "none"):
            continue
        axes = {axis_of(phrase, j) for kind in ("quality", "adjective") for j in phrase.all(kind)}
        if said.strip().endswith("k") and "warm" not in axes:
            phrase.use(i, *phrase.all("property", "temperature"), *phrase.all("part", "light"))
            kelvin = amounts.number(said) or 0.0
            phrase.act("tone", "mired", acts.sets_kelvin(kelvin))
        elif amounts.stops(said) is not None and "bright" not in axes and not phrase.all("property"):
            sign = -1 if "-" in said or phrase.has("less") else 1
            phrase.use(i, *phrase.all("more"), *phrase.all("less"))
            phrase.act("tone", "exposure_ev", acts.exposes(sign, said, 1.0))
        elif _is_shadow_amount(phrase, said):
            phrase.use(i, *phrase.all("part"))
            phrase.act("shadow", "strength", acts.shadow_opacity(amounts.share(said) or 0.0))
        elif phrase.has("fills") and not phrase.has("side"):
            _read_fills(phrase, i)
        else:
            _read_scale(phrase, i)


def _is_shadow_amount(phrase: Phrase, said: str) -> bool:
    """Whether a share is the opacity of the shadow: "shadow at 40%"."""
    if not phrase.all("part", "shadow") or amounts.share(said) is None:
        return False
    return not any(phrase.has(kind) for kind in ("quality", "adjective", "more", "less", "property"))


def _read_fills(phrase: Phrase, i: int) -> None:
    share = amounts.share(phrase.tokens[i].text)
    if share:
        phrase.use(
            i, *phrase.all("part"), *phrase.all("property", "size"), *phrase.all("effect", "fill_frame")
        )
        phrase.act("framing", "fill", sets("framing", fill=share))


def _read_scale(phrase: Phrase, i: int) -> None:
    """Read "shrink it to half", which is of its present size, and "to 80% of the original"."""
    said = phrase.tokens[i].text
    sizes = [j for j in (*phrase.all("quality"), *phrase.all("adjective")) if axis_of(phrase, j) == "big"]
    share, times = amounts.share(said), amounts.times(said)
    is_size = bool(sizes) or phrase.has("property", "size")
    if not is_size or phrase.has("part", "shadow") or phrase.has("property", "margin"):
        return
    frame = phrase.has("part", "picture")
    if share is not None and ((share == 0.5 and not frame) or phrase.has("original")):
        factor = share
    elif times and not phrase.has("quality", "big-"):
        factor = times
    else:
        return
    phrase.use(i, *sizes, *phrase.all("property", "size"), *phrase.all("part"))
    phrase.act("framing", "fill", acts.scales("framing", "fill", factor))
