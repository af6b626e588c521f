"""Product integrity: restore the seller's product in a picture that a model painted, and measure drift."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.measures import PAINTED, Measures
from stillroom.domain.plans.measured import LogoAnchor
from stillroom.domain.plans.plan import CarriedOutPlan, Plan
from stillroom.imaging.light import color, key_light
from stillroom.imaging.pixels import (
    Bytes,
    Light,
    Mask,
    Picture,
    Plane,
    blur,
    border_of,
    cover_of,
    luminance,
    to_linear,
    to_srgb,
)
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.quality.registration import WORK_SIDE, Registration, changed_part, register
from stillroom.imaging.quality.transforms import (
    Transform,
    affine_values,
    nearest_similarity,
    placed_matte,
    to_crop,
    warped,
)
from stillroom.imaging.resizing import area_resized, bilinear, cubic_resized, fitted, size_of
from stillroom.imaging.scene import composite
from stillroom.imaging.scene.product import Product

_SLIPPED_SCALE, _SLIPPED_SHARE, _SLIPPED_DEGREES = 0.06, 0.05, 2.5
"""Largest deviation in scale, share of the longer side, and degrees that is corrected as a slip."""

_PULLED_SCALE, _PULLED_SHARE, _PULLED_DEGREES = 0.3, 0.25, 8.0
"""The same if the product must not move; a larger correction would synthesise too much of the picture."""

_RELIT = 0.06  # median change of lightness, ln of linear light; keeps the colour within 2 CIEDE2000
_RELIT_RANGE = 0.18  # largest change anywhere, so that one side may be lit and the other shaded
_LIGHT_DEGREES = 5.0  # largest apparent shift of the key light on the product
_PAPER = 215  # sRGB; a border lighter than this in every channel was meant to be white
_BORDER = 0.03  # of the shorter side
_PAPER_PERCENTILE = 3  # of the border pixels that become white
_RIM = 4  # pixels at WORK_SIDE; how far a painted product may extend beyond ours


@dataclass(frozen=True)
class Restored:
    """A picture with the seller's own product, or as painted if the product cannot be restored.

    Attributes:
        matte: The product; None if it was not found.
        plan: As carried out, with `product_transform` if it is known.
        measures: `verified` says whether the product is known to be the seller's.
    """

    picture: Picture
    matte: Bytes | None
    plan: CarriedOutPlan
    measures: Measures


def restored(
    product: Product,
    painted: Picture,
    plan: Plan,
    canvas: tuple[int, int],
    expected: Transform | None,
    *,
    must_stay: bool,
    logo: LogoAnchor | None = None,
) -> Restored:
    """Register the product in a painted picture, and replace it by the seller's own pixels.

    Args:
        painted: As returned by the model.
        plan: Tone and light of the product.
        canvas: Width and height of the finished picture.
        expected: From photo to finished pixels, the previous position of the product; None if unknown.
        must_stay: Whether the product must not move, because the request did not ask for it.
        logo: Position of the lettering in the photo.

    Returns:
        The picture with all measures but the quality; as painted if the product was not found.
    """
    scene = _fitted_to(painted, canvas)
    found = _found(product, scene, plan, expected)
    if found is None or not found.is_sure:
        return _unverified(scene, plan, found)
    alike = nearest_similarity(found.transform, product.bounds)
    place = _settled(alike, expected, canvas, must_stay)
    scene = _carried_along(scene, found.transform, place)
    matte = placed_matte(product, place, canvas)
    own = own_light(product, plan, place, canvas)
    relit, light_shift = _relit_within(own, scene, matte)
    ground = _whitened(scene, matte) if plan.backdrop.kind == "white" else scene
    finished = composed(ground, relit, matte)
    drift_px, drift_scale = _drift(alike, expected, canvas, product)
    measures = replace(
        _product_measures(product, to_srgb(own), scene, finished, matte, place, logo),
        registration_px=round(found.residual_px, 3),
        perspective_deg=_turn_deg(place, expected),
        light_shift_deg=light_shift,
        drift_px=drift_px,
        drift_scale=drift_scale,
        edge_confidence=product.matte.confidence,
        verified=True,
        scene=PAINTED,
    )
    return Restored(finished, matte, carried_out(plan, place, canvas), measures)


def _found(product: Product, scene: Picture, plan: Plan, expected: Transform | None) -> Registration | None:
    """Register the product as the plan lights it, as earlier edits show it, then as in the photo."""
    if plan.light.azimuth_deg is None:
        return register(product, scene, expected)
    found = register(product, scene, expected, to_srgb(_toned_and_lit(product, plan)))
    return found if found is not None and found.is_sure else register(product, scene, expected)


def _product_measures(
    product: Product,
    own: Picture,
    scene: Picture,
    finished: Picture,
    matte: Bytes,
    place: Transform,
    logo: LogoAnchor | None,
) -> Measures:
    """Compare the finished product with the photo, with its own pixels as lit, and with the painted one."""
    canvas = size_of(own)
    photo = warped(product.crop, place @ np.linalg.inv(to_crop(product)), canvas)
    return replace(
        judgement.measures_of(finished, matte),
        protected_delta_e=judgement.product_delta_e(finished, own, matte),
        product_delta_e=judgement.product_delta_e(finished, np.asarray(photo, np.uint8), matte),
        changed_share=_changed_share(own, scene, matte),
        logo_shift_px=_shift(own, finished, matte, place, logo),
        kelvin_shift=_kelvin_shift(own, finished, matte),
    )


def _unverified(scene: Picture, plan: Plan, found: Registration | None) -> Restored:
    measures = Measures(
        registration_px=None if found is None else round(found.residual_px, 3),
        changed_share=1.0 if found is None else round(1.0 - found.agreement, 3),
        verified=False,
        scene=PAINTED,
    )
    return Restored(scene, None, CarriedOutPlan.of(plan, product_transform=None), measures)


def carried_out(plan: Plan, place: Transform, canvas: tuple[int, int]) -> CarriedOutPlan:
    kept = plan.backdrop.kind == "keep"
    framing = plan.framing.model_copy(update={"canvas": None if kept else canvas})
    return CarriedOutPlan.of(plan, framing=framing, product_transform=affine_values(place))


def _fitted_to(painted: Picture, canvas: tuple[int, int]) -> Picture:
    """Crop to the canvas's aspect ratio around the centre, then scale."""
    height, width = painted.shape[:2]
    ratio = canvas[0] / canvas[1]
    wide, tall = min(width, round(height * ratio)), min(height, round(width / ratio))
    x, y = (width - wide) // 2, (height - tall) // 2
    part = np.ascontiguousarray(painted[y : y + tall, x : x + wide])
    return cubic_resized(part, canvas)


def _settled(
    found: Transform, expected: Transform | None, canvas: tuple[int, int], must_stay: bool
) -> Transform:
    """Place the product: the expected position if it has only slipped, else where the model put it."""
    if expected is None:
        return found
    slip = expected @ np.linalg.inv(found)
    limits = (_SLIPPED_SCALE, _SLIPPED_SHARE, _SLIPPED_DEGREES)
    if must_stay:
        limits = (_PULLED_SCALE, _PULLED_SHARE, _PULLED_DEGREES)
    middle = np.array([canvas[0] / 2, canvas[1] / 2, 1.0])
    scale = float(np.sqrt(abs(np.linalg.det(slip[:2, :2]))))
    turned = abs(float(np.degrees(np.arctan2(slip[1, 0], slip[0, 0]))))
    share = float(np.hypot(*(slip @ middle - middle)[:2])) / max(canvas)
    if abs(np.log(scale)) > np.log1p(limits[0]) or share > limits[1] or turned > limits[2]:
        return found
    return expected


def _carried_along(scene: Picture, found: Transform, place: Transform) -> Picture:
    """Warp the scene with its product, so that the painted product lies under the seller's own.

    A product painted from another angle is corrected in this way together with its shadow. The seller's own
    pixels are only translated, rotated and scaled.
    """
    slip = place @ np.linalg.inv(found)
    slip = slip / slip[2, 2]
    if np.allclose(slip, np.eye(3), atol=1e-6):
        return scene
    size = size_of(scene)
    return np.asarray(warped(scene, slip, size, border=cv2.BORDER_REFLECT_101), np.uint8)


def own_light(product: Product, plan: Plan, place: Transform, canvas: tuple[int, int]) -> Light:
    """The photo's own pixels, toned and lit by the plan, warped to their place; float32 (H, W, 3), linear."""
    light = _toned_and_lit(product, plan)
    moved = warped(
        to_srgb(light), place @ np.linalg.inv(to_crop(product)), canvas, border=cv2.BORDER_REPLICATE
    )
    return to_linear(np.asarray(moved, np.uint8))


def _toned_and_lit(product: Product, plan: Plan) -> Light:
    """The photo's own pixels, toned and lit by the plan, at the matte's scale."""
    light = color.graded(product.foreground, plan.tone, product.grade)
    return color.lit(light, key_light.gain_of(plan.light, product.key_light, *product.shading))


def _relit_within(own: Light, scene: Picture, matte: Bytes) -> tuple[Light, float | None]:
    """Relight the product by the scene, reduced until its key light stays; and the shift of the key light."""
    gain = _scene_gain(own, scene, matte)
    for share in (1.0, 0.5, 0.25):
        relit = color.lit(own, np.asarray(gain**share, np.float32))
        shift = fidelity.light_shift_deg(own, relit, matte)
        if shift is None or abs(shift) <= _LIGHT_DEGREES:
            return relit, shift
    return own, 0.0


def _scene_gain(own: Light, scene: Picture, matte: Bytes) -> Plane:
    """Gain that transfers the scene's light to the product, limited so that its colours are kept.

    A smooth surface is fitted to the brightness ratio between the painted product and ours; it ignores
    lettering. The mean is removed, because it is exposure and not direction.
    """
    small = fitted(matte, key_light.SIDE)
    size = size_of(small)
    cover = cover_of(small)
    inside = cover > 0.9
    full = size_of(own)
    if int(inside.sum()) < 200:
        return np.ones(own.shape[:2], np.float32)
    levels = [luminance(area_resized(light, size)) for light in (own, to_linear(scene))]
    change = np.log(np.maximum(levels[1], 0.004) / np.maximum(levels[0], 0.004))
    basis = _surfaces(cover, inside)
    fit = key_light.robust_fit(basis[inside], change[inside], ridge=1e-2)
    surface = (basis @ fit).astype(np.float32)
    surface -= float(np.median(surface[inside]))
    typical = float(np.median(np.abs(surface[inside])))
    if typical > _RELIT:
        surface *= _RELIT / typical
    gain = np.exp(np.clip(surface, -_RELIT_RANGE, _RELIT_RANGE)).astype(np.float32)
    return bilinear(blur(gain, 2), full)


def _surfaces(cover: Plane, inside: Mask) -> NDArray[np.float64]:
    """Basis for the light on a rounded object: a constant, two slopes, and two components of the normals."""
    normals = key_light.normals_of(cover)
    down, across = np.mgrid[0 : cover.shape[0], 0 : cover.shape[1]].astype(np.float64)
    for axis in (down, across):
        axis -= axis[inside].mean()
        axis /= max(float(axis[inside].std()), 1.0)
    return np.dstack([np.ones_like(down), across, down, normals[..., 0], normals[..., 1]])


def _whitened(scene: Picture, matte: Bytes) -> Picture:
    """Make a background that was meant to be white exactly white; shadows keep their depth."""
    border = scene[border_of(matte.shape, _BORDER) & (matte == 0)]
    if border.size == 0:
        return scene
    level = np.percentile(border, _PAPER_PERCENTILE, axis=0)
    if level.min() < _PAPER:
        return scene
    steps = np.arange(256, dtype=np.float32)[:, None]
    table = np.clip(np.rint(steps * (255.0 / level)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(scene, table[None]), np.uint8)


def composed(scene: Picture, product: Light, matte: Bytes) -> Picture:
    """Composite the product over the scene, after filling in the painted product's edge."""
    finished = _without_rim(scene, matte)
    composite.composite_over(finished, product, cover_of(matte), 0, 0)
    return finished


def _without_rim(scene: Picture, matte: Bytes) -> Picture:
    """Fill a narrow band at the product's edge from the adjacent background."""
    reach = max(2, round(_RIM * max(matte.shape) / WORK_SIDE))
    square = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    covered = cv2.dilate((matte > 8).astype(np.uint8), square)
    ground = (1 - covered).astype(np.float32)[..., None]
    weight = blur(ground, reach).reshape(*matte.shape, 1)
    wide_weight = blur(ground, 4 * reach).reshape(*matte.shape, 1)
    light = scene.astype(np.float32)
    near = blur(light * ground, reach) / np.maximum(weight, 1e-4)
    far = blur(light * ground, 4 * reach) / np.maximum(wide_weight, 1e-4)
    filled = np.where(weight > 0.02, near, far)
    edge = blur(covered.astype(np.float32), reach / 3)[..., None]
    mixed = filled * edge + light * (1 - edge)
    return np.where(wide_weight > 1e-3, np.clip(np.rint(mixed), 0, 255), light).astype(np.uint8)


def _changed_share(own: Picture, scene: Picture, matte: Bytes) -> float:
    pictures = (fitted(own, WORK_SIDE), fitted(scene, WORK_SIDE))
    return round(changed_part(pictures[0], pictures[1], fitted(matte, WORK_SIDE)), 3)


def _turn_deg(place: Transform, expected: Transform | None) -> float | None:
    """Rotation of the product relative to its expected position; None if that is unknown."""
    if expected is None:
        return None
    slip = place @ np.linalg.inv(expected)
    return round(abs(float(np.degrees(np.arctan2(slip[1, 0], slip[0, 0])))), 2)


def _shift(
    own: Picture, finished: Picture, matte: Bytes, place: Transform, logo: LogoAnchor | None
) -> float | None:
    """Shift of the lettering, or of the product if there is none, from its place in the finished picture."""
    small = [
        np.asarray(cv2.cvtColor(fitted(p, WORK_SIDE), cv2.COLOR_RGB2GRAY), np.uint8) for p in (own, finished)
    ]
    scale = small[0].shape[1] / own.shape[1]
    inside = (fitted(matte, WORK_SIDE) > 200).astype(np.uint8)
    if logo is not None:
        corners = np.array([[logo.x, logo.y, 1], [logo.x + logo.w, logo.y + logo.h, 1]]).T
        (x0, x1), (y0, y1), _ = (np.diag([scale, scale, 1.0]) @ place @ corners).tolist()
        box = np.zeros_like(inside)
        box[max(0, round(y0)) : round(y1), max(0, round(x0)) : round(x1)] = 1
        inside = inside & box
    points = cv2.goodFeaturesToTrack(small[0], 200, 0.01, 4, mask=inside)
    if points is None:
        return None
    # A small window, because the two pictures have nothing in common outside the product.
    near = {"winSize": (11, 11), "maxLevel": 1}
    there, status, _ = cv2.calcOpticalFlowPyrLK(*small, points, None, **near)  # type: ignore[call-overload]
    kept = status.ravel() == 1
    if not kept.any():
        return None
    return round(float(np.median(np.linalg.norm((there - points)[kept][:, 0], axis=1))), 3)


def _kelvin_shift(own: Picture, finished: Picture, matte: Bytes) -> float:
    small = [to_linear(fitted(picture, fidelity.SIDE)) for picture in (own, finished)]
    return fidelity.kelvin_shift(small[0], small[1], fitted(matte, fidelity.SIDE))


def _drift(
    found: Transform, expected: Transform | None, canvas: tuple[int, int], product: Product
) -> tuple[float | None, float | None]:
    """Distance in pixels at WORK_SIDE and scale factor between the painted and the expected product."""
    if expected is None:
        return None, None
    left, top, right, bottom = product.bounds
    middle = np.array([(left + right) / 2, (top + bottom) / 2, 1.0])
    ends = [(matrix @ middle)[:2] / (matrix @ middle)[2] for matrix in (found, expected)]
    scale = np.sqrt(abs(np.linalg.det(found[:2, :2]) / np.linalg.det(expected[:2, :2])))
    distance = float(np.hypot(*(ends[0] - ends[1]))) * WORK_SIDE / max(canvas)
    return round(distance, 2), round(float(scale), 4)
