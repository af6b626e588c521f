"""Edits of a painted picture: tone and crop its background, and composite the product anew."""

from dataclasses import replace

import numpy as np

from stillroom.domain.measures import PAINTED, Measures
from stillroom.domain.plans.plan import CarriedOutPlan, Plan, Tone
from stillroom.imaging.light import color
from stillroom.imaging.pixels import Bytes, Picture, to_srgb
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.quality.integrity import Restored, carried_out, composed, own_light
from stillroom.imaging.quality.registration import WORK_SIDE
from stillroom.imaging.quality.transforms import Transform, affine, placed_matte, window
from stillroom.imaging.resizing import cubic_resized, fitted, size_of
from stillroom.imaging.scene import framing
from stillroom.imaging.scene.product import Product

_LEAST_SHOWN = 0.5  # of the area around the product
_ROOM = 1.04  # around the product, where a size or a ratio crops the picture
_AS_IT_IS = color.Grade(gentle=(1.0, 1.0, 1.0), firm=(1.0, 1.0, 1.0), exposure=1.0)


def continued(product: Product, picture: Picture, before: CarriedOutPlan, plan: Plan) -> Restored:
    """Carry out a plan on a painted picture.

    The background is toned by the difference between the two plans. The product is rendered from the photo's
    own pixels by the new plan, so that it does not degrade over generations.
    """
    scene = to_srgb(color.graded(picture, _difference(before.tone, plan.tone), _AS_IT_IS))
    place = None if before.product_transform is None else affine(before.product_transform)
    canvas = size_of(scene)
    if place is not None and not _is_shown(product, place, canvas):
        place = None
    if "framing" in plan.asked and place is not None:
        scene, place, canvas = _cropped(product, scene, place, before, plan)
    plan = _as_shown(plan, before, product, canvas)
    if place is None:
        plan = CarriedOutPlan.of(plan, product_transform=None)
        return Restored(scene, None, plan, Measures(verified=False, scene=PAINTED))
    matte = placed_matte(product, place, canvas)
    own = own_light(product, plan, place, canvas)
    finished = composed(scene, own, matte)
    measures = measured(product, to_srgb(own), finished, matte)
    return Restored(finished, matte, carried_out(plan, place, canvas), measures)


def _is_shown(product: Product, place: Transform, canvas: tuple[int, int]) -> bool:
    """Whether most of the product is in the picture; a correction may have chosen another object."""
    left, top, right, bottom = _bounds_at(product, place)
    across, down = min(right, canvas[0]) - max(left, 0), min(bottom, canvas[1]) - max(top, 0)
    return min(across, down) > 0 and across * down >= _LEAST_SHOWN * (right - left) * (bottom - top)


def _bounds_at(product: Product, place: Transform) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the product in the picture."""
    corners = np.array([*np.array(product.bounds).reshape(2, 2).T, [1.0, 1.0]])
    (left, right), (top, bottom), _ = (place @ corners).tolist()
    return left, top, right, bottom


def _difference(before: Tone, after: Tone) -> Tone:
    """Tone that turns a picture of one tone into another."""
    return Tone(
        white_balance=0.0,
        auto_exposure=False,
        mired=_within(after.mired - before.mired, 150.0),
        exposure_ev=_within(after.exposure_ev - before.exposure_ev, 2.0),
        contrast=_within(after.contrast - before.contrast, 1.0),
        saturation=min(2.0, after.saturation / max(before.saturation, 0.1)),
    )


def _within(value: float, limit: float) -> float:
    return min(limit, max(-limit, value))


def _cropped(
    product: Product, scene: Picture, place: Transform, before: Plan, plan: Plan
) -> tuple[Picture, Transform, tuple[int, int]]:
    """Crop closer and to the ratio of the plan; it cannot show anything beyond the picture's edge."""
    height, width = scene.shape[:2]
    left, top, right, bottom = _bounds_at(product, place)
    # The model may have painted the product larger than planned.
    closest = min(width / (right - left), height / (bottom - top)) / _ROOM
    closer = max(1.0, min(plan.framing.fill / before.framing.fill, closest))
    wide, tall = width / closer, height / closer
    if plan.framing.aspect != before.framing.aspect:
        ratio = framing.ratio_of(plan.framing, product.size)
        least, most = max(right - left, (bottom - top) * ratio) * _ROOM, min(width, height * ratio)
        # A ratio that would cut the product is not carried out.
        if least <= most:
            wide = max(least, min(wide, tall * ratio))
            tall = wide / ratio
    middle = framing.inside(plan.framing.x, (right - left) / wide)
    height_of = framing.inside(0.5 if plan.framing.y is None else plan.framing.y, (bottom - top) / tall)
    corner = (left + right) / 2 - middle * wide, (top + bottom) / 2 - height_of * tall
    box = framing.whole_pixels(corner, (wide, tall), (0, 0, width, height))
    canvas = framing.shown_size(box)
    part = np.ascontiguousarray(scene[box[1] : box[3], box[0] : box[2]])
    return cubic_resized(part, canvas), window(box, canvas) @ place, canvas


def _as_shown(plan: Plan, before: Plan, product: Product, canvas: tuple[int, int]) -> Plan:
    """The plan without what a painted picture cannot show: a rotation, and a ratio that cuts the product."""
    kept: dict[str, object] = {"rotation_deg": before.framing.rotation_deg}
    if not framing.has_ratio(canvas, plan.framing, product.size):
        kept["aspect"] = before.framing.aspect
    return plan.model_copy(update={"framing": plan.framing.model_copy(update=kept)})


def measured(product: Product, own: Picture, finished: Picture, matte: Bytes) -> Measures:
    """Measure a finished picture against the product's own pixels as planned."""
    before, after, cover = (fitted(picture, fidelity.SIDE) for picture in (own, finished, matte))
    return replace(
        judgement.measures_of(finished, matte),
        edge_confidence=product.matte.confidence,
        verified=True,
        scene=PAINTED,
    ).updated(fidelity.drift_of(before, after, cover, WORK_SIDE / fidelity.SIDE))
