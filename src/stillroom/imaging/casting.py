"""Which scene suits a product, which way round, and which parts of the product the scene colours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans import Framing, Plan
from stillroom.imaging import lighting, plates
from stillroom.imaging.pixels import Plane
from stillroom.imaging.product import Product

ELEVATION_MISFIT_DEG = 10.0  # of camera height between photo and scene; beyond, the product looks pasted in
FROM_ABOVE_DEG = 60.0  # about as steeply as people photograph what lies on a table
EVERYDAY, FORGIVING = (
    "natural_light",
    "paper_grey",
)  # paper has no lines that contradict another camera height
_SIDE_DEG = 15.0  # of azimuth; within it a light comes from neither side
_ON_PODIUM = 0.72  # of its width that a product may take
_NEAR_GROUND = 0.14  # of the height, from the foot upwards


def resolved(plan: Plan, product: Product) -> dict[str, Any]:
    """The fields of a scene that were left open.

    Args:
        plan: Whose backdrop is a scene.
        product: That shall stand in it.
    """
    backdrop = plan.backdrop
    scene = plates.scenes().get(backdrop.scene or "") or plates.scenes()[best_fit(product)]
    mirrored = backdrop.mirrored
    if mirrored is None or scene.is_led_by_a_window:
        mirrored = _is_better_mirrored(scene, plan, product, bool(mirrored))
    return {"scene": scene.id, "mirrored": mirrored}


def best_fit(product: Product) -> str:
    """The scene in which a product looks least pasted in."""
    everyday = plates.scenes()[EVERYDAY]
    return EVERYDAY if misfit_deg(product, everyday) <= ELEVATION_MISFIT_DEG else FORGIVING


def misfit_deg(product: Product, scene: plates.Scene) -> float:
    """By how much the camera stood higher or lower than the scene's; 0 where the product does not tell."""
    if product.is_lying:
        return FROM_ABOVE_DEG - scene.camera.elevation_deg
    if product.elevation_deg is None:
        return 0.0
    return abs(product.elevation_deg - scene.camera.elevation_deg)


def _is_better_mirrored(scene: plates.Scene, plan: Plan, product: Product, before: bool) -> bool:
    key = product.key_light
    azimuth = plan.light.azimuth_deg
    if azimuth is None and key.confidence >= lighting.MIN_CONFIDENCE:
        azimuth = key.azimuth_deg
    if azimuth is None or abs(azimuth) < _SIDE_DEG:
        return before
    return azimuth * scene.key_azimuth_deg < 0


def framing_in(scene: plates.Scene | None, plan: Plan, product: Product) -> Framing:
    """Unasked, a product is no taller than looks natural in the scene, and no wider than its podium."""
    if scene is None or "framing" in plan.asked:
        return plan.framing
    left, top, right, bottom = product.bounds
    longer = max(bottom - top, right - left)
    most = scene.ground.product_height_range[1] * longer / (bottom - top)
    if scene.ground.podium_radius_m is not None:
        most = min(most, _ON_PODIUM * scene.ground.podium_share(scene.size) * longer / (right - left))
    return plan.framing.model_copy(update={"fill": min(plan.framing.fill, most)})


def base_line(scene: plates.Scene | None) -> float | None:
    """Share of the height where the product's middle stands in the scene."""
    return None if scene is None else scene.ground.standing_px[1] / scene.size


def exposed_parts(alpha: Plane, normals: NDArray[np.float32]) -> tuple[Plane, Plane]:
    """How much each part of a product turns away from the camera, and how close it is to the ground.

    Args:
        alpha: float32 (h, w), small, 0..1.
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
