"""Notices of the local provider about a cut-out and the scene it stands in."""

from collections.abc import Iterator, Sequence
from math import hypot

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE, MOST_SEE_THROUGH
from stillroom.domain.plans.plan import Framing, Plan
from stillroom.domain.providers.requests import GeneratedPicture, Notice
from stillroom.imaging.cutout import presence
from stillroom.imaging.cutout.matte import GRABCUT, Matte
from stillroom.imaging.scene import framing, plates, selection
from stillroom.imaging.scene.product import Product

_APART = 0.03  # share of the picture; a smaller difference is not visible
_OFF = 0.01  # share of the picture; a place that differs by more than rounding is reported
RUINED = 0.2  # confidence below which a matte leads no candidates; the lowest of a good golden photo is .30


def has_product(product: Product, *, is_corrected: bool = False) -> bool:
    """Whether the matte contains a product; a corrected matte may be of any size."""
    least = 0.0 if is_corrected else presence.LEAST_SHARE
    return presence.is_found(product.matte, product.size[::-1], least)


def cut_out_notices(product: Product, *, is_corrected: bool = False) -> Iterator[Notice]:
    """Yield notices about how the product was cut out and what a person should check.

    Args:
        is_corrected: Whether a person corrected the matte; quality warnings are then omitted.
    """
    if is_corrected:
        yield Notice("info", "MATTE_CORRECTED", "Cut out as you corrected it.")
    else:
        yield _network_notice(product.matte)
    if not has_product(product, is_corrected=is_corrected):
        yield _NO_PRODUCT
        return
    if product.cut_sides:
        yield Notice(
            "warning",
            "PRODUCT_CUT",
            "The photo's edge cuts the product; take it again with room around it.",
            {"sides": list(product.cut_sides)},
        )
    if not is_corrected:
        yield from _matte_notices(product)


def precise_network_used(name: str, confidence: float, *, is_better: bool) -> Notice:
    """Return the notice that the precise network cut a doubtful product out again, with its confidence."""
    text = f"The cut-out was doubtful, so {name} looked again" + ("." if is_better else "; it was no surer.")
    facts = {"name": name, "edge_confidence": confidence, "used": is_better}
    return Notice("info", "MATTE_PRECISE", text, facts)


_NO_PRODUCT = Notice(
    "warning",
    "NO_PRODUCT_FOUND",
    "No product was found, so the photo keeps its ground; draw a box round the product.",
)


def _network_notice(matte: Matte) -> Notice:
    if matte.model == GRABCUT:
        return Notice(
            "warning",
            "MATTE_FALLBACK",
            "No network was available, so the product was cut out by colour alone; check its outline.",
            {"model": matte.model},
        )
    return Notice("info", "MATTE_MODEL", f"Cut out with {matte.model}.", {"model": matte.model})


def _matte_notices(product: Product) -> Iterator[Notice]:
    matte = product.matte
    if matte.confidence < RUINED:
        yield Notice(
            "warning",
            "CUT_OUT_POOR",
            "The product is probably cut out wrongly; draw a box round it, or repair it with the brush.",
            {"edge_confidence": matte.confidence},
        )
    elif matte.confidence < LEAST_EDGE_CONFIDENCE:
        yield Notice(
            "warning",
            "EDGE_CONFIDENCE_LOW",
            f"The cut-out is right with a probability of {matte.confidence:.0%}; check the outline.",
            {"edge_confidence": matte.confidence},
        )
    if not matte.subjects.certain:
        yield Notice(
            "warning",
            "SUBJECT_UNCERTAIN",
            "The photo shows several objects that may be the product; choose yours in the cut-out.",
            {"subjects": len(matte.subjects.items)},
        )
    if product.glass is not None:
        yield Notice("info", "MATTE_GLASS", "Colourless glass was found; the new backdrop shows through it.")
    elif product.may_be_glass:
        yield Notice(
            "warning",
            "GLASS_UNSURE",
            "Parts of the product may be clear glass. They stay as in the photo; if they are glass, say "
            "“it's glass”, or set the cut-out to transparent.",
        )
    elif matte.see_through > MOST_SEE_THROUGH:
        yield Notice(
            "warning",
            "MATTE_SEE_THROUGH",
            "The product looks transparent; the old background may show inside it. If it is clear glass or "
            "plastic, say “it's glass”.",
            {"share": round(matte.see_through, 3)},
        )


def scene_notices(product: Product, asked: Plan, plan: Plan, size_cm: float | None) -> Iterator[Notice]:
    """Yield notices about a scene or a ground that does not suit the product."""
    scene = selection.shown(plan)
    if scene is None:
        mirrors = asked.shadow.reflection > 0 and asked.backdrop.kind not in ("keep", "transparent")
        if mirrors and "shadow" in asked.asked and selection.lies_in(None, product):
            yield Notice("warning", "REFLECTION_FLAT", "The product lies flat, so it has no reflection.")
        return
    wanted = plates.scenes().get(asked.backdrop.scene or "")
    if wanted is not None and size_cm is not None and not wanted.suits(size_cm):
        yield _wrong_size(wanted, plates.scenes()[plan.backdrop.scene or ""], size_cm)
    if selection.is_flat(product):
        yield _not_upright(product, scene)
        return
    if wanted is not None and size_cm is None and wanted.id != plan.backdrop.scene:
        yield from _unknown_size(product, scene)
    if selection.misfit_deg(product, scene) <= selection.ELEVATION_MISFIT_DEG:
        return
    best = selection.better_for(asked, product, size_cm)
    if best.id == plan.backdrop.scene:
        return
    seen = round(selection.seen_from_deg(product) or 0.0)
    yield Notice(
        "warning",
        "SCENE_PERSPECTIVE",
        f"The photo was taken from {seen:.0f} degrees above, the scene from "
        f"{scene.camera.elevation_deg:.0f}; {best.names['en']} fits better.",
        {
            "photo_deg": seen,
            "scene_deg": round(scene.camera.elevation_deg),
            "scene": scene.id,
            "better": best.id,
            "better_zh": best.names["zh"],
            "better_en": best.names["en"],
        },
    )


def _not_upright(product: Product, scene: plates.Scene) -> Notice:
    name = scene.names["en"]
    if product.hangs:
        text = f"The product hangs in the photo, so it is shown before “{name}” and not stood on anything."
        return Notice("info", "SCENE_HANGS", text, _named(scene))
    text = f"The photo shows the product from above, so it lies on “{name}”."
    return Notice("info", "SCENE_FLAT", text, _named(scene))


def _unknown_size(product: Product, scene: plates.Scene) -> Iterator[Notice]:
    name = scene.names["en"]
    if product.is_furniture:
        text = f"It looks like furniture, so it stands in “{name}”. If it is small, say its size."
        yield Notice("info", "SCENE_FLOOR", text, _named(scene))
    elif product.is_on_wheels:
        text = f"It may be a vehicle or a toy, so it stands on “{name}”. Say its size for a floor or a table."
        yield Notice("info", "SCENE_ANY_SIZE", text, _named(scene))


def _named(scene: plates.Scene) -> dict[str, str]:
    return {"scene": scene.id, "scene_zh": scene.names["zh"], "scene_en": scene.names["en"]}


def _wrong_size(wanted: plates.Scene, used: plates.Scene, size_cm: float) -> Notice:
    return Notice(
        "warning",
        "SCENE_SIZE",
        f"A product of {size_cm:g} cm does not suit “{wanted.names['en']}”; “{used.names['en']}” is used.",
        {
            "size_cm": size_cm,
            "wanted": wanted.id,
            "wanted_zh": wanted.names["zh"],
            "wanted_en": wanted.names["en"],
            "scene": used.id,
            "scene_zh": used.names["zh"],
            "scene_en": used.names["en"],
        },
    )


def framing_notices(
    product: Product, wanted: Framing, plan: Plan, shown: tuple[int, int]
) -> Iterator[Notice]:
    """Yield notices where the carried-out `plan` differs from the `wanted` framing.

    Args:
        shown: Width and height of the picture.
    """
    if "framing" not in plan.asked or plan.product_transform is None:
        return
    made = plan.framing
    yield from background_notices(product, wanted, plan, shown)
    if plan.backdrop.kind == "keep":
        yield from fixed_place_notices(product, wanted, plan, shown)
        return
    if wanted.fill - made.fill > _APART:
        yield _smaller(wanted.fill, made.fill)
    if made.canvas is None:
        return
    middle, _ = _place_of(product, plan.product_transform, made.canvas)
    aimed = zip((wanted.x, wanted.y), middle, strict=True)
    # The middle of a rotated product's bounds is not exactly the one that was placed.
    apart = _APART if made.rotation_deg else _OFF
    if any(share is not None and abs(share - found) > apart for share, found in aimed):
        text = "The product was kept inside the picture."
        yield Notice("info", "FRAMING_KEPT_INSIDE", text)


def _smaller(asked: float, made: float) -> Notice:
    text = f"The product takes {made:.0%} of the picture; more needs a larger photo or more room."
    facts = {"asked_percent": round(100 * asked), "made_percent": round(100 * made)}
    return Notice("warning", "FRAMING_SMALLER", text, facts)


def _place_of(
    product: Product, transform: Sequence[float], canvas: tuple[int, int]
) -> tuple[tuple[float, float], float]:
    """Middle of a product and the larger of its sides, as shares of the picture."""
    left, top, right, bottom = product.bounds
    a, b, c, d, e, f = transform
    x, y = (left + right) / 2, (top + bottom) / 2
    middle = (a * x + b * y + c) / canvas[0], (d * x + e * y + f) / canvas[1]
    return middle, max((right - left) * hypot(a, d) / canvas[0], (bottom - top) * hypot(b, e) / canvas[1])


def fixed_place_notices(
    product: Product, wanted: Framing, plan: Plan, shown: tuple[int, int], before: Framing | None = None
) -> Iterator[Notice]:
    """Yield notices if a background that is only cropped rules out the wanted size or place of the product.

    A size or place that nobody chose is not compared.

    Args:
        before: Framing of the painted picture that is cropped; sizes are relative to its own.
    """
    if "framing" not in plan.asked or plan.product_transform is None:
        return
    (x, y), share = _place_of(product, plan.product_transform, shown)
    if before is None and wanted.fill != Framing().fill and wanted.fill - share > _APART:
        yield _smaller(wanted.fill, share)
    least = share if before is None else before.fill
    is_larger = wanted.fill != Framing().fill and least - wanted.fill > _APART
    is_beside = wanted.x != Framing().x and abs(wanted.x - x) > _APART
    if is_larger or is_beside or (wanted.y is not None and abs(wanted.y - y) > _APART):
        text = (
            "The background ends too near for that size or place of the product; choose another background."
        )
        yield Notice("warning", "PLACE_NEEDS_BACKGROUND", text)


def background_notices(
    product: Product, wanted: Framing, plan: Plan, shown: tuple[int, int]
) -> Iterator[Notice]:
    """Yield notices of what the photo's own or a painted background rules out."""
    if "framing" not in plan.asked:
        return
    if wanted.rotation_deg != plan.framing.rotation_deg:
        text = "In the photo's own or a painted background the product cannot be rotated; choose another one."
        yield Notice("warning", "ROTATION_NEEDS_BACKGROUND", text)
    if not framing.has_ratio(shown, wanted, product.size):
        text = f"The ratio {wanted.aspect} would cut the product in this background; choose another one."
        yield Notice("warning", "RATIO_NEEDS_BACKGROUND", text, {"aspect": wanted.aspect})


def fixed_shadow_notices(plan: Plan) -> Iterator[Notice]:
    """Yield a notice if a shadow was asked for that the photo's own or a painted background rules out."""
    if "shadow" in plan.asked:
        text = (
            "In the photo's own or a painted background the shadow stays as it is; choose another background."
        )
        yield Notice("warning", "SHADOW_NEEDS_BACKGROUND", text)


def painted_notices(product: Product, wanted: Plan, made: GeneratedPicture, before: Plan) -> Iterator[Notice]:
    """Yield notices of what a picture with a painted background cannot show.

    Args:
        before: Plan of the picture that it continues.
    """
    shown = made.width, made.height
    yield from fixed_shadow_notices(wanted)
    if "detail" in wanted.asked:
        text = "In a painted background sharpness and noise stay as they are; choose another background."
        yield Notice("warning", "DETAIL_NEEDS_BACKGROUND", text)
    yield from background_notices(product, wanted.framing, made.plan, shown)
    yield from fixed_place_notices(product, wanted.framing, made.plan, shown, before.framing)


def replaced_notices(wanted: Plan, before: Plan) -> Iterator[Notice]:
    """Yield a notice if only details of a painted background were asked for, which another one replaces."""
    now, then = wanted.backdrop, before.backdrop
    if (now.kind, now.scene, now.color, now.image_id) == (then.kind, then.scene, then.color, then.image_id):
        text = "A painted background cannot be altered, so one made here replaces it; undo to have it back."
        yield Notice("warning", "PAINTED_REPLACED", text)
