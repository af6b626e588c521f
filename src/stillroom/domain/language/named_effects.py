"""Reads effects that have a name of their own, such as "rim light" or "denoise"."""

from collections.abc import Mapping

from stillroom.domain.language import acts, backdrops
from stillroom.domain.language.acts import Do, adds, impossible, sets
from stillroom.domain.language.phrases import Phrase
from stillroom.domain.language.tokens import NUMBER
from stillroom.domain.plans.plan import PlanPart, changed


def axis_of(phrase: Phrase, i: int) -> str:
    token = phrase.tokens[i]
    return (token.get("quality") or token.get("adjective")).rstrip("+-")


_EFFECTS: Mapping[str, tuple[PlanPart | None, str, Do]] = {
    "keep_backdrop": (None, "backdrop", backdrops.keeps(is_photos=False)),
    "rim_light": ("light", "rim", sets("light", rim=0.7)),
    "top_light": ("light", "light.side", sets("light", azimuth_deg=0.0, elevation_deg=75.0)),
    "front_light": ("light", "light.side", sets("light", azimuth_deg=0.0, elevation_deg=25.0)),
    "side_light": ("light", "light.side", sets("light", azimuth_deg=-60.0)),
    "soft_light": ("light", "fill", adds("light", "fill", 0.25)),
    "hard_light": ("light", "fill", acts.light_hardens),
    "even_light": ("light", "fill", adds("light", "fill", 0.4)),
    "lift_shadows": ("light", "fill", adds("light", "fill", 0.4)),
    "daylight": ("tone", "exposure_ev", adds("tone", "exposure_ev", 0.25)),
    "spotlight": ("backdrop", "spotlight", backdrops.spotlights),
    "white_balance": ("tone", "white_balance", sets("tone", white_balance=1.0)),
    "denoise": ("detail", "denoise", sets("detail", denoise=0.8)),
    "straighten": ("detail", "straighten", sets("detail", straighten=True)),
    "sharpen": ("detail", "sharpen", acts.sharpens),
    "flat_lay": ("framing", "place", sets("framing", y=0.5)),
    "fill_frame": ("framing", "fill", sets("framing", fill=0.92)),
    "product_only": ("backdrop", "backdrop", backdrops.cuts_out),
}


_OFF: Mapping[str, Do] = {
    "denoise": sets("detail", denoise=0.0),
    "sharpen": sets("detail", sharpen=0.0),
    "straighten": sets("detail", straighten=False),
    "white_balance": sets("tone", white_balance=0.0),
}


_SOFTENED = frozenset(("top_light", "hard_light", "side_light", "front_light"))


def read_effects(phrase: Phrase) -> None:
    for i in phrase.all("effect"):
        name = phrase.tokens[i].get("effect")
        if name not in _EFFECTS or _is_quality_instead(phrase, i, name):
            continue
        if _EFFECTS[name][0] in ("detail", "tone") and _names_other(phrase):
            continue
        parts = ("light", "product", "picture")
        phrase.use(i, *(j for j in phrase.all("part") if phrase.tokens[j].get("part") in parts))
        beside = ("strong", "deep", "true", "bright") if name == "rim_light" else ("strong", "deep", "true")
        phrase.use(
            *(j for k in ("adjective", "quality") for j in phrase.all(k) if axis_of(phrase, j) in beside)
        )
        part, key, do = _EFFECTS[name]
        if name == "daylight":
            phrase.act("light", "fill", adds("light", "fill", 0.15))
        if name == "straighten" and not phrase.status[i]:
            phrase.act(None, "rotation", lambda plan: changed(plan, "framing", rotation_deg=0.0))
        if name == "spotlight":
            phrase.act("light", "light.height", sets("light", elevation_deg=62.0))
        if any(kind in token for kind in ("too", "not_too") for token in phrase.tokens) and name in (
            *_SOFTENED,
            "rim_light",
        ):
            softer = adds("light", "fill", 0.25) if name in _SOFTENED else impossible
            phrase.use(*phrase.all("adjective"))
            phrase.act("light", "fill", softer, "complaint")
        elif phrase.status[i] in ("neg", "none") and name != "white_balance":
            _read_off(phrase, name)
        elif phrase.status[i] == "neg" and name == "white_balance" and _is_correction(phrase, i):
            phrase.act(part, key, _OFF[name])
        elif name == "keep_backdrop":
            phrase.act(part, key, do)
        elif phrase.status[i] != "keep":
            phrase.act(part, key, do, "complaint" if name == "product_only" else "wish")


def _names_other(phrase: Phrase) -> bool:
    """Whether a part is named that has no detail and no tone of its own."""
    return any(phrase.has("part", part) for part in ("backdrop", "shadow", "highlight", "reflection"))


def _is_correction(phrase: Phrase, i: int) -> bool:
    """Whether a word is for correcting a cast, not for the cast itself."""
    words = phrase.tokens[i].text + phrase.texts("to") + phrase.texts("filler")
    return any(verb in words for verb in ("校", "修", "白平衡", "balance", "correct", "fix", "调"))


def _read_off(phrase: Phrase, name: str) -> None:
    part, key, do = _EFFECTS[name]
    if name in _OFF:
        phrase.act(part, key, _OFF[name])
    elif name == "rim_light":
        phrase.act(part, key, sets("light", rim=0.0))
    else:
        phrase.act(part, key, do, "refused", "ambiguous")


def _is_quality_instead(phrase: Phrase, i: int, name: str) -> bool:
    """Whether a degree next to the word makes it a quality: "sharpen less", "soft light" in a complaint."""
    faults = ("less", "too", "not_too", "very", "too_after", "past", NUMBER)
    if name == "sharpen" and any(phrase.has(kind) for kind in faults):
        return True
    return name == "straighten" and "side" in phrase.tokens[i]
