"""Variety of candidates: make plans differ visibly where a product lets their differences vanish."""

from collections.abc import Sequence
from math import log

from stillroom.domain.plans.plan import Plan, changed
from stillroom.imaging.scene import framing, plates, selection
from stillroom.imaging.scene.product import Product
from stillroom.imaging.scene.straightening import leveled

_LOST = 0.5  # of the planned difference in size; with less of it, two pictures look alike
_SAME_FILL = 0.02  # natural logarithm of the ratio of two sizes that are meant to be the same
_SIDE_DEG, _STRENGTH = 50.0, 0.6  # light of a candidate that cannot come closer
_REFLECTION, _LENGTH = 0.4, 1.5  # its reflection, and the length of its shadow
_TINY = 0.65  # of the planned size; a product that its pixels keep smaller is lost on the usual canvas
_LEAST_SIDE = 500  # pixels of the canvas of a close crop; some shops accept no less
_WIDER, _ASIDE = 1.2, 0.32  # canvas of the second of two close crops, and where on its width the product is


def made_distinct(plans: Sequence[Plan], product: Product, size_cm: float | None) -> tuple[Plan, ...]:
    """The plans of candidates, changed so that they differ visibly with this product.

    Scenes that do not suit the product are replaced by different ones. If the product cannot be shown at two
    sizes, because it has too few pixels or the photo cuts it, the candidates get different light instead.
    """
    return _differently_cropped(_in_different_scenes(plans, product, size_cm), product)


def _in_different_scenes(plans: Sequence[Plan], product: Product, size_cm: float | None) -> tuple[Plan, ...]:
    every = plates.scenes()
    used: dict[str, str] = {}
    chosen = []
    for plan in plans:
        wanted = every.get(plan.backdrop.scene or "")
        if plan.backdrop.kind != "scene" or wanted is None:
            chosen.append(plan)
            continue
        if wanted.id not in used:
            sizes = selection.sizes_on(wanted, plan, product, size_cm)
            used[wanted.id] = selection.fitting(wanted, product, sizes, but=frozenset(used.values())).id
        chosen.append(changed(plan, "backdrop", scene=used[wanted.id]))
    return tuple(chosen)


def _differently_cropped(plans: tuple[Plan, ...], product: Product) -> tuple[Plan, ...]:
    """Replace sizes that look like the first candidate's, because the product cannot be enlarged any more."""
    first = plans[0]
    if first.backdrop.kind in ("keep", "scene") or first.product_transform is not None:
        return plans
    product = leveled(product, first)  # a turned photo shows the product at another size
    shown = _placement(first, product).fill
    if shown < _TINY * first.framing.fill and not product.cut_sides:
        return _in_close_crops(plans, shown, product)
    return (first, *(_apart_from(first, plan, shown, product) for plan in plans[1:]))


def _in_close_crops(plans: tuple[Plan, ...], shown: float, product: Product) -> tuple[Plan, ...]:
    """Show a product of few pixels on smaller canvases: as large as planned, then aside.

    On the usual canvas it is so small that neither light nor shadow tell two pictures apart.
    """
    first = plans[0]
    usual = max(_placement(first, product).canvas)
    closest = max(_LEAST_SIDE, round(usual * shown / first.framing.fill))
    sides = iter((closest, round(_WIDER * closest)))
    chosen = [first]
    for plan in plans[1:]:
        is_cropped = plan.backdrop == first.backdrop and "framing" not in plan.asked
        side = next(sides, None) if is_cropped else None
        if side is None:
            chosen.append(plan)
            continue
        canvas = framing.canvas_of(side, plan.framing, product.size, _LEAST_SIDE)
        fill = min(first.framing.fill, 0.999 * shown * usual / max(canvas))
        where = {} if side == closest else {"x": _ASIDE}
        chosen.append(changed(plan, "framing", canvas=canvas, fill=fill, **where))
    return tuple(chosen)


def _apart_from(first: Plan, plan: Plan, shown: float, product: Product) -> Plan:
    ratio = plan.framing.fill / first.framing.fill
    is_cropped = plan.backdrop == first.backdrop and abs(log(ratio)) >= _SAME_FILL
    if not is_cropped or "framing" in plan.asked or _differs(plan, shown, ratio, product):
        return plan
    # A product that cannot come closer is shown farther away, in a light that differs from the others'.
    smaller = min(ratio, 1 / ratio)
    farther = changed(plan, "framing", fill=min(plan.framing.fill, shown * smaller))
    if _differs(farther, shown, smaller, product):
        return farther if ratio < 1 else _lit_from_the_right(farther)
    return plan if ratio < 1 else _reflected(_lit_from_the_right(plan))


def _differs(plan: Plan, shown: float, ratio: float, product: Product) -> bool:
    """Whether the product is shown larger or smaller than in the first picture, much as planned."""
    return log(_placement(plan, product).fill / shown) / log(ratio) >= _LOST


def _placement(plan: Plan, product: Product) -> framing.Placement:
    """Return the actual place of the product on a backdrop without a scene."""
    box, cut = product.matte.box, product.cut_sides
    return framing.placed(plan.framing, product.extent, box, photo=product.size, cut=cut)


def _lit_from_the_right(plan: Plan) -> Plan:
    """Light from the right, unless it was decided; other candidates are lit from the left."""
    if "light" in plan.asked or plan.light.azimuth_deg is not None:
        return plan
    return changed(plan, "light", azimuth_deg=_SIDE_DEG, strength=_STRENGTH)


def _reflected(plan: Plan) -> Plan:
    """A sheet under the product that reflects it, and a longer shadow, unless a shadow was asked for."""
    if "shadow" in plan.asked:
        return plan
    return changed(plan, "shadow", reflection=_REFLECTION, length=_LENGTH)
