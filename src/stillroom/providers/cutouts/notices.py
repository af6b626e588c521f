"""Notices of the local provider about a cut-out and the scene it stands in."""

from collections.abc import Iterator, Sequence
from math import hypot

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE, MOST_SEE_THROUGH
from stillroom.domain.plans.plan import Framing, Plan
from stillroom.domain.providers.requests import GeneratedPicture, Notice
from stillroom.imaging.cutout import presence
from stillroom.imaging.cutout.matte import GRABCUT
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
    """Yield notices about how the product was cut out and, unless a person corrected it, what to check."""
    if is_corrected:
        yield Notice.of("MATTE_CORRECTED")
    else:
        used = product.matte.model
        yield Notice.of("MATTE_FALLBACK" if used == GRABCUT else "MATTE_MODEL", model=used)
    if not has_product(product, is_corrected=is_corrected):
        yield Notice.of("NO_PRODUCT_FOUND")
        return
    if product.cut_sides:
        yield Notice.of("PRODUCT_CUT", sides=list(product.cut_sides))
    if not is_corrected:
        yield from _matte_notices(product)


def precise_network_used(name: str, confidence: float, *, is_better: bool) -> Notice:
    """Return the notice that the precise network cut a doubtful product out again, with its confidence."""
    text = f"The cut-out was doubtful, so {name} looked again" + ("." if is_better else "; it was no surer.")
    facts = {"name": name, "edge_confidence": confidence, "used": is_better}
    return Notice("info", "MATTE_PRECISE", text, facts)


def _matte_notices(product: Product) -> Iterator[Notice]:
    matte = product.matte
    if matte.confidence < RUINED:
        yield Notice.of("CUT_OUT_POOR", edge_confidence=matte.confidence)
    elif matte.confidence < LEAST_EDGE_CONFIDENCE:
        yield Notice.of("EDGE_CONFIDENCE_LOW", edge_confidence=matte.confidence)
    if matte.subjects.are_asked_about:
        yield Notice.of("SUBJECT_UNCERTAIN", subjects=len(matte.subjects.items))
    if product.glass is not None:
        yield Notice.of("MATTE_GLASS")
    elif product.may_be_glass:
        yield Notice.of("GLASS_UNSURE")
    elif matte.see_through > MOST_SEE_THROUGH:
        yield Notice.of("MATTE_SEE_THROUGH", share=round(matte.see_through, 3))


def scene_notices(product: Product, asked: Plan, plan: Plan, size_cm: float | None) -> Iterator[Notice]:
    """Yield notices about a scene or a ground that does not suit the product."""
    scene = selection.shown(plan)
    if scene is None:
        mirrors = asked.shadow.reflection > 0 and asked.backdrop.kind not in ("keep", "transparent")
        if mirrors and "shadow" in asked.asked and selection.lies_in(None, product):
            yield Notice.of("REFLECTION_FLAT")
        return
    wanted = plates.scenes().get(asked.backdrop.scene or "")
    if wanted is not None and size_cm is not None and not wanted.suits(size_cm):
        used = plates.scenes()[plan.backdrop.scene or ""]
        named = {**_named(wanted, "wanted"), **_named(used, "scene")}
        yield Notice.of("SCENE_SIZE", size_cm=size_cm, **named)
    if selection.is_flat(product):
        yield Notice.of("SCENE_HANGS" if product.hangs else "SCENE_FLAT", **_named(scene, "scene"))
        return
    if wanted is not None and size_cm is None and wanted.id != plan.backdrop.scene:
        if product.is_furniture:
            yield Notice.of("SCENE_FLOOR", **_named(scene, "scene"))
        elif product.wheels is not None:
            yield Notice.of("SCENE_ANY_SIZE", **_named(scene, "scene"))
    if selection.misfit_deg(product, scene) <= selection.ELEVATION_MISFIT_DEG:
        return
    best = selection.better_for(asked, product, size_cm)
    if best.id == plan.backdrop.scene:
        return
    yield Notice.of(
        "SCENE_PERSPECTIVE",
        photo_deg=round(selection.seen_from_deg(product) or 0.0),
        scene_deg=round(scene.camera.elevation_deg),
        scene=scene.id,
        **_named(best, "better"),
    )


def _named(scene: plates.Scene, name: str) -> dict[str, str]:
    return {name: scene.id, f"{name}_zh": scene.names["zh"], f"{name}_en": scene.names["en"]}


def framing_notices(
    product: Product, wanted: Framing, plan: Plan, shown: tuple[int, int]
) -> Iterator[Notice]:
    """Yield notices where `plan`, carried out in a picture of this size, differs from the wanted framing."""
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
        yield Notice.of("FRAMING_KEPT_INSIDE")


def _smaller(asked: float, made: float) -> Notice:
    percent = {"asked_percent": round(100 * asked), "made_percent": round(100 * made)}
    return Notice.of("FRAMING_SMALLER", **percent)


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
        yield Notice.of("PLACE_NEEDS_BACKGROUND")


def background_notices(
    product: Product, wanted: Framing, plan: Plan, shown: tuple[int, int]
) -> Iterator[Notice]:
    """Yield notices of what the photo's own or a painted background rules out."""
    if "framing" not in plan.asked:
        return
    if wanted.rotation_deg != plan.framing.rotation_deg:
        yield Notice.of("ROTATION_NEEDS_BACKGROUND")
    if not framing.has_ratio(shown, wanted, product.size):
        yield Notice.of("RATIO_NEEDS_BACKGROUND", aspect=wanted.aspect)


def fixed_shadow_notices(plan: Plan) -> Iterator[Notice]:
    """Yield a notice if a shadow was asked for that the photo's own or a painted background rules out."""
    if "shadow" in plan.asked:
        yield Notice.of("SHADOW_NEEDS_BACKGROUND")


def painted_notices(product: Product, wanted: Plan, made: GeneratedPicture, before: Plan) -> Iterator[Notice]:
    """Yield notices of what a picture with the painted background of the plan `before` cannot show."""
    shown = made.width, made.height
    yield from fixed_shadow_notices(wanted)
    if "detail" in wanted.asked:
        yield Notice.of("DETAIL_NEEDS_BACKGROUND")
    yield from background_notices(product, wanted.framing, made.plan, shown)
    yield from fixed_place_notices(product, wanted.framing, made.plan, shown, before.framing)


def replaced_notices(wanted: Plan, before: Plan) -> Iterator[Notice]:
    """Yield a notice if only details of a painted background were asked for, which another one replaces."""
    now, then = wanted.backdrop, before.backdrop
    if (now.kind, now.scene, now.color, now.image_id) == (then.kind, then.scene, then.color, then.image_id):
        yield Notice.of("PAINTED_REPLACED")
