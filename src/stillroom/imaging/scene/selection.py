"""Scene selection: scene, view and mirroring for a product, and its framing in the scene."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import SCENE_FILL, Framing, Plan
from stillroom.imaging.light import key_light
from stillroom.imaging.pixels import Plane
from stillroom.imaging.scene import plates
from stillroom.imaging.scene.product import Product

ELEVATION_MISFIT_DEG = 10.0  # elevation difference of photo and scene; beyond it, products look pasted in
FLAT_FROM_DEG = 60.0  # from this elevation on, the photo shows the top of a thing and not its front
FROM_ABOVE_DEG = 50.0  # typical elevation of photos of things on a table
EVERYDAY, FORGIVING = "natural_light", "paper_grey"  # paper has no lines that contradict another elevation
PLAIN = frozenset(("paper_grey", "paper_tint"))
_LIES_FROM_DEG = 42.0  # a phone on a table was measured at 49.7 degrees; a lower view suits a level scene
# Longest sides in cm, set by hand. They need only lie on the right side of the `goods_cm` of scenes in the
# catalogue: tables suit 5 to 60 cm, floors 40 cm to 3 m.
_LYING_CM = 30.0  # assumed of what lies flat and has no known size: a phone lies on no floor
FURNITURE_CM = 110.0  # assumed of furniture of unknown size, which stands on no table
_TOY_CM = 20.0  # of a toy on wheels, which cannot be told from a vehicle
_SIDE_DEG = 15.0  # azimuth within which a light counts as frontal
_ON_PODIUM = 0.72  # of its width that a product may take
_TRUE_FILL = (0.52, 0.8)  # limits of the share of the frame that a product of known size takes
_MAX_FILL = 0.95  # of the frame; the largest share that a plan can ask for
_NEAR_GROUND = 0.14  # of the height, from the foot upwards


def resolved(plan: Plan, product: Product, size_cm: float | None = None) -> dict[str, Any]:
    """Fill in the fields of a scene backdrop that the plan left open.

    A scene on which the product would look wrong is replaced by a neighbour: a table under a sofa, or a level
    view of something that was photographed from above.

    Args:
        plan: Its backdrop is a scene.
        size_cm: Longest side of the product; None if unknown.
    """
    backdrop = plan.backdrop
    wanted = plates.scenes().get(backdrop.scene or "") or plates.scenes()[best_fit(product)]
    scene = fitting(wanted, product, sizes_on(wanted, plan, product, size_cm))
    mirrored = backdrop.mirrored
    if mirrored is None or scene.is_led_by_a_window:
        mirrored = _is_better_mirrored(scene, plan, product, bool(mirrored))
    return {"scene": scene.id, "mirrored": mirrored, "view": _view_of(scene, plan, product)}


def _view_of(scene: plates.Scene, plan: Plan, product: Product) -> str | None:
    """The view closer to the photo's elevation; a picture that was carried out keeps its view."""
    above = plates.from_above(scene.id)
    if above is None:
        return None
    if is_flat(product):
        return "above"
    if plan.backdrop.view is not None:
        return plan.backdrop.view
    if _was_staged(plan):
        return "table"
    return "above" if misfit_deg(product, above) < misfit_deg(product, scene) else "table"


def _was_staged(plan: Plan) -> bool:
    """Whether an earlier turn carried out this scene, which later ones keep."""
    return plan.backdrop.mirrored is not None and plan.product_transform is not None


def sizes_on(scene: plates.Scene, plan: Plan, product: Product, size_cm: float | None) -> tuple[float, ...]:
    """The sizes that the scene must suit: the known one, else those that the photo leaves possible."""
    if size_cm is not None:
        return (size_cm,)
    if is_flat(product):
        return (_LYING_CM,)
    if _was_staged(plan):
        return ()
    if product.is_furniture:
        return (FURNITURE_CM,)
    # A wheeled product in a requested room is no toy.
    return (_TOY_CM, FURNITURE_CM) if product.wheels and not scene.suits(FURNITURE_CM) else ()


def fitting(
    scene: plates.Scene, product: Product, sizes_cm: Sequence[float], but: frozenset[str] = frozenset()
) -> plates.Scene:
    """The scene, or the nearest one that suits the product's sizes and the photo's point of view.

    Scenes in `but` are taken only if no other suits.
    """
    every = plates.scenes()
    beside = [every[name] for name in scene.neighbours]
    beyond = (every[name] for one in beside for name in one.neighbours)
    near = (scene, *beside, *beyond, *every.values())
    suiting = [one for one in near if all(map(one.suits, sizes_cm)) and _takes(one, product)]
    return next((one for one in suiting if one.id not in but), suiting[0] if suiting else every[FORGIVING])


def is_flat(product: Product) -> bool:
    """Whether the product must not be stood upright: it lies or hangs, or the photo shows it from above."""
    if product.hangs:
        return True
    seen = seen_from_deg(product)
    return seen is not None and (seen > FLAT_FROM_DEG or (product.is_lying and seen >= _LIES_FROM_DEG))


def lies_in(scene: plates.Scene | None, product: Product) -> bool:
    """Whether the product is shaded as lying in a scene, or on paper if it is None.

    A thing that could not stand as shown but was photographed level, such as a balloon, is not. One that
    hangs is: the wall is as near behind it as a table under a lying one.
    """
    if not (product.is_lying or product.hangs):
        return False
    return is_flat(product) if scene is None else base_line(scene, product) is None


def _takes(scene: plates.Scene, product: Product) -> bool:
    """Whether the product can be shown in it: what must not stand needs a view from above or plain paper."""
    if not is_flat(product) or scene.id in PLAIN:
        return True
    return not product.hangs and plates.from_above(scene.id) is not None


def shown(plan: Plan) -> plates.Scene | None:
    """The rendered scene of a plan as carried out; None if it has none."""
    backdrop = plan.backdrop
    if backdrop.kind != "scene" or backdrop.scene is None:
        return None
    above = plates.from_above(backdrop.scene) if backdrop.view == "above" else None
    return above or plates.scenes().get(backdrop.scene)


def best_fit(product: Product) -> str:
    """ID of the default scene that matches the product's elevation best."""
    views = (plates.scenes()[EVERYDAY], plates.from_above(EVERYDAY))
    least = min(misfit_deg(product, view) for view in views if view is not None)
    return EVERYDAY if least <= ELEVATION_MISFIT_DEG else FORGIVING


def better_for(asked: Plan, product: Product, size_cm: float | None) -> plates.Scene:
    """The default scene that matches the product's elevation best, or its neighbour for such sizes."""
    best = plates.scenes()[best_fit(product)]
    return fitting(best, product, sizes_on(best, asked, product, size_cm))


def misfit_deg(product: Product, scene: plates.Scene) -> float:
    """Difference of the camera elevations of photo and scene, in degrees; 0 if the photo is inconclusive."""
    seen = seen_from_deg(product)
    if seen is None:
        # A product without a measurable elevation was probably not photographed from above.
        return 0.0 if scene.view_of is None else ELEVATION_MISFIT_DEG
    return abs(seen - scene.camera.elevation_deg)


def seen_from_deg(product: Product) -> float | None:
    """Elevation from which the product was photographed; None if the photo is inconclusive."""
    if product.elevation_deg is None and product.is_lying:
        return FROM_ABOVE_DEG
    return product.elevation_deg


def _is_better_mirrored(scene: plates.Scene, plan: Plan, product: Product, before: bool) -> bool:
    key = product.key_light
    azimuth = plan.light.azimuth_deg
    if azimuth is None and key.confidence >= key_light.MIN_CONFIDENCE:
        azimuth = key.azimuth_deg
    if azimuth is None or abs(azimuth) < _SIDE_DEG:
        return before
    return azimuth * scene.key_azimuth_deg < 0


def framing_in(
    scene: plates.Scene | None, plan: Plan, product: Product, size_cm: float | None = None
) -> Framing:
    """Limit the product to a natural height and to the podium, unless a framing was requested.

    A known size brings it closer to the size at which the scene would show it.
    """
    if scene is None or "framing" in plan.asked:
        return plan.framing
    left, top, right, bottom = product.bounds
    longer = max(bottom - top, right - left)
    most = scene.ground.product_height_range[1] * longer / (bottom - top)
    if scene.ground.podium_radius_m is not None:
        most = min(most, _ON_PODIUM * scene.ground.podium_share(scene.size) * longer / (right - left))
    fill = plan.framing.fill
    if size_cm is not None and scene.id not in PLAIN:
        true = size_cm / 100 * scene.ground.px_per_m_at_standing / scene.size
        fill *= float(np.clip(true, *_TRUE_FILL)) / SCENE_FILL
    return plan.framing.model_copy(update={"fill": min(fill, most, _MAX_FILL)})


def base_line(scene: plates.Scene | None, product: Product) -> float | None:
    """Share of the height on which the product stands; None if it lies in the middle of a view from above."""
    from_above = scene is not None and (scene.view_of is not None or scene.id in PLAIN)
    lies = from_above and (product.is_lying or is_flat(product))
    return None if scene is None or lies else scene.ground.standing_px[1] / scene.size


def exposed_parts(alpha: Plane, normals: NDArray[np.float32]) -> tuple[Plane, Plane]:
    """Return how far each part of a product faces away from the camera, and how close it is to the ground.

    Args:
        alpha: A small copy of the matte.
        normals: float32 (h, w, 3).

    Returns:
        Two float32 (h, w), 0..1.
    """
    rim = np.clip(1.0 - normals[..., 2] * 1.15, 0.0, 1.0)
    rows = np.flatnonzero((alpha > 0.5).any(1))
    base, tall = (int(rows[-1]), float(rows[-1] - rows[0] + 1)) if rows.size else (alpha.shape[0], 1.0)
    height = (base - np.arange(alpha.shape[0], dtype=np.float32)) / (_NEAR_GROUND * tall)
    near = np.clip(1.0 - height, 0.0, 1.0)[:, None] * np.ones_like(alpha)
    return rim.astype(np.float32), near.astype(np.float32)
