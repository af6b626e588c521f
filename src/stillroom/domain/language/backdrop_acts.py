"""Actions of rules: how a wish about the backdrop changes a plan."""

import re

from stillroom.domain.language.colors import color_of, gradient_of, is_dark, lit, tinted
from stillroom.domain.language.readings import Act, Reading
from stillroom.domain.plans.plan import Backdrop, roomier_for_scene, shaded

PASTEL = "#f3dcdf"  # paper of which only was said that it is coloured


def paints(reading: Reading, match: re.Match[str]) -> None:
    words = match.group()
    named = next(color for name, color in match.groupdict().items() if name.startswith("color") and color)
    if "渐变" in words or "gradient" in words or "spot" in words:
        _paints_gradient(reading, color_of(named))
        return
    color = color_of(named)
    reading.change("backdrop", kind="white" if color == "#ffffff" else "color", color=color, edge_color=color)


def paints_alone(reading: Reading, match: re.Match[str]) -> None:
    """A colour that stands alone is the backdrop's, unless the same sentence asks for another one."""
    if "backdrop" in reading.asked and not match.group("turn"):
        reading.puzzled_by(match, "ambiguous")
        return
    paints(reading, match)


def _paints_gradient(reading: Reading, color: str) -> None:
    inner, outer = gradient_of("#e8e9eb" if color == "#ffffff" else color)
    shape = "spot" if is_dark(color) else "sweep"
    reading.change("backdrop", kind="gradient", color=inner, edge_color=outer, shape=shape)


_PHOTOS = re.compile(r"原(?!样|状)|照片|图片|original|photo")


def keeps_backdrop(reading: Reading, match: re.Match[str]) -> None:
    """The ground that the picture has; before there is a picture, and by name, the photo's own."""
    is_there = reading.plan.product_transform is not None or reading.plan.backdrop != Backdrop()
    if is_there and not _PHOTOS.search(match.group()):
        reading.leaves("backdrop")
    else:
        reading.change("backdrop", kind="keep")


def denies_backdrop(reading: Reading, match: re.Match[str]) -> None:
    """Ground that is not wanted: told back unless other ground is."""
    reading.denied.append(match.span())


def paints_two(reading: Reading, match: re.Match[str]) -> None:
    first, second = color_of(match.group("color")), color_of(match.group("second"))
    reading.change("backdrop", kind="gradient", color=first, edge_color=second, shape="sweep")


def paints_plain(reading: Reading, _match: re.Match[str]) -> None:
    _paints_gradient(reading, "#e8e9eb")


def cleans(reading: Reading, _match: re.Match[str]) -> None:
    """Ground without anything on it: one colour where there is a colour, else white."""
    old = reading.plan.backdrop
    if old.kind in ("keep", "scene"):
        reading.change("backdrop", kind="white", color="#ffffff", edge_color="#ffffff", blur=0.0)
    elif old.kind == "gradient":
        reading.change("backdrop", kind="color", color=old.color, edge_color=old.color)
    else:
        reading.asked.add("backdrop")


def leaves_only_product(reading: Reading, _match: re.Match[str]) -> None:
    """Nothing behind the product, unless the same text asks for something there."""
    if "backdrop" not in reading.asked:
        reading.change("backdrop", kind="transparent")


def grades(reading: Reading, match: re.Match[str]) -> None:
    """A gradient of the colour that the ground has."""
    old = reading.plan.backdrop
    if old.kind in ("white", "color"):
        _paints_gradient(reading, old.color)
    elif old.kind == "gradient":
        reading.asked.add("backdrop")
    else:
        paints_plain(reading, match)


def shades_named(step: float) -> Act:
    """Of ground that is named by what it is made of: only where there is such ground."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        if reading.plan.backdrop.kind == "scene":
            shades_backdrop(step)(reading, match)
        else:
            denies_backdrop(reading, match)

    return act


def shades_backdrop(step: float) -> Act:
    def act(reading: Reading, match: re.Match[str]) -> None:
        old = reading.plan.backdrop
        if old.kind == "scene":
            reading.change("backdrop", exposure_ev=old.exposure_ev + 1.6 * step)
        elif old.kind in ("keep", "transparent"):
            reading.puzzled_by(match)
        elif old.kind == "white" and step > 0:
            reading.asked.add("backdrop")
        else:
            colors = {"color": shaded(old.color, step), "edge_color": shaded(old.edge_color, step)}
            reading.change("backdrop", kind="color" if old.kind == "white" else old.kind, **colors)

    return act


def tints_backdrop(warmer: float) -> Act:
    """A step of colour for painted ground; white stays white, and a scene has the light of the product."""

    def act(reading: Reading, match: re.Match[str]) -> None:
        old = reading.plan.backdrop
        if old.kind not in ("color", "gradient"):
            reading.puzzled_by(match)
            return
        colors = {"color": tinted(old.color, warmer), "edge_color": tinted(old.edge_color, warmer)}
        reading.change("backdrop", kind=old.kind, **colors)

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


def keeps_sharp(reading: Reading, _match: re.Match[str]) -> None:
    """Nothing behind the product is out of focus."""
    if reading.plan.backdrop.blur > 0:
        reading.change("backdrop", kind=reading.plan.backdrop.kind, blur=0.0)


def flattens(reading: Reading, _match: re.Match[str]) -> None:
    """One colour instead of a gradient."""
    old = reading.plan.backdrop
    if old.kind == "gradient":
        reading.change("backdrop", kind="color", color=old.color, edge_color=old.color)
    else:
        reading.leaves("backdrop")


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
