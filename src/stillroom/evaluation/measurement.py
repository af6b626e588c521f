"""Holding a finished picture against the truth: its photo, and the exact cover of the product in it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Plan
from stillroom.imaging.cutout.matting import Matte
from stillroom.imaging.light import color, key_light
from stillroom.imaging.pixels import (
    Bytes,
    Picture,
    Plane,
    blur,
    cover_of,
    fitted,
    luminance,
    to_linear,
    to_srgb,
)
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.quality.transforms import Transform, affine, scaling, to_crop, warped
from stillroom.imaging.scene.product import Product

SIDE = 1024  # pixels of the longer side at which pictures are compared; mattes are compared as they are
_BOUNDARY_PX = 2.0  # at 1024; an outline so far off is still the outline
_TRACE = 3  # of 255; scaling leaves such traces of cover
_SSIM_SIGMA = 1.5  # pixels; Wang et al., "Image Quality Assessment: From Error Visibility to SSIM", 2004
_SSIM_FLOOR = ((0.01 * 255) ** 2, (0.03 * 255) ** 2)  # the same paper's constants
_SMOOTH_SHARE = 0.1  # of the picture; light and tone vary over such distances, lettering does not
_LEAST_PIXELS = 200  # fewer say nothing
_DARK = 0.02  # linear light; below it a single step of sRGB is hundreds of kelvin

DRIFT_DEGREES, DRIFT_KELVIN, DRIFT_PX = 5.0, 150.0, 2.0
"""What five turns may do to a product that nothing was asked of: key light, colour, place at 1024."""


@dataclass(frozen=True)
class Truth:
    """The photo of a case as the studio stored it, and the true cover of its product.

    Attributes:
        photo: uint8 (H, W, 3), sRGB, upright.
        cover: uint8 (H, W), 255 is product.
        label: x, y, width, height of the lettering in photo pixels; None if there is none.
    """

    photo: Picture
    cover: Bytes
    label: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class MatteScores:
    """How well a matte fits the true one; see `matte_scores`."""

    iou: float
    mae: float
    boundary_f: float


@dataclass(frozen=True)
class ProductScores:
    """How much the product is still the product.

    Attributes:
        delta_e: 95th percentile of CIEDE2000 against the photo's pixels as the plan tones and lights them.
        delta_e_photo: The same against the photo as it was taken.
        ssim: Mean structural similarity to the photo, whatever the light and tone.
        label_ssim: The same of the lettering; None if there is none.
    """

    delta_e: float
    delta_e_photo: float
    ssim: float
    label_ssim: float | None


def decoded(data: bytes) -> Picture:
    """A file's pixels, uint8 (H, W, 3), sRGB, set upright by its EXIF. Raises ValueError."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise ValueError("This is not a picture.")
    return np.asarray(picture, np.uint8)


def decoded_grey(data: bytes) -> Bytes:
    """The same of a mask, uint8 (H, W). Raises ValueError."""
    mask = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise ValueError("This is not a picture.")
    return np.asarray(mask, np.uint8)


def truth_of(
    photo: bytes, mask: bytes, stored: bytes, label: tuple[float, float, float, float] | None
) -> Truth:
    """Bring the true cover to the pixels of the stored photo, to which plans refer.

    Args:
        photo: The case's file, perhaps rotated by its EXIF.
        mask: Its mask's file, upright.
        stored: What the studio made of the photo; only its size is taken.
        label: Lettering in pixels of the upright photo.
    """
    height, width = decoded(stored).shape[:2]
    own = decoded(photo)
    scale = width / own.shape[1]
    size = (width, height)
    return Truth(
        np.asarray(cv2.resize(own, size, interpolation=cv2.INTER_AREA), np.uint8),
        np.asarray(cv2.resize(decoded_grey(mask), size, interpolation=cv2.INTER_AREA), np.uint8),
        None if label is None else (label[0] * scale, label[1] * scale, label[2] * scale, label[3] * scale),
    )


def place_of(plan: Plan) -> Transform | None:
    """From the stored photo to the picture, as the plan was carried out; None if it does not say."""
    return None if plan.product_transform is None else affine(plan.product_transform)


def true_cover(truth: Truth, place: Transform, size: tuple[int, int]) -> Bytes:
    """The true cover, uint8 (H, W), in a picture of a width and height."""
    return np.asarray(warped(truth.cover, place, size), np.uint8)


def matte_scores(guess: Plane, truth: Plane) -> MatteScores:
    """Compare two covers.

    Args:
        guess: float32 (H, W), 0..1.
        truth: float32 (H, W), 0..1.

    Returns:
        Intersection over union of the covers, mean absolute error over the picture, and F measure of the
        outlines within 2 pixels of 1024.
    """
    union = float(np.maximum(guess, truth).sum())
    overlap = float(np.minimum(guess, truth).sum()) / max(union, 1e-6)
    reach = max(1, round(_BOUNDARY_PX * max(truth.shape) / 1024))
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    one, other = (_rim(plane) for plane in (guess, truth))
    near_one, near_other = (np.asarray(cv2.dilate(rim, near), np.uint8) for rim in (one, other))
    precision = float((one & near_other).sum()) / max(float(one.sum()), 1.0)
    recall = float((other & near_one).sum()) / max(float(other.sum()), 1.0)
    boundary = 2 * precision * recall / max(precision + recall, 1e-6)
    return MatteScores(overlap, float(np.abs(guess - truth).mean()), boundary)


def planned_product(truth: Truth, plan: Plan, place: Transform, size: tuple[int, int]) -> Picture:
    """The photo's own pixels in their place, with the plan's tone and light alone; uint8 (H, W, 3)."""
    x, y, width, height = cv2.boundingRect((truth.cover > _TRACE).astype(np.uint8))
    box = (int(x), int(y), int(x + width), int(y + height))
    alpha = fitted(np.ascontiguousarray(truth.cover[y : y + height, x : x + width]), 2 * SIDE)
    product = Product(truth.photo, Matte(alpha, box, "truth", None, 0.0))
    light = color.graded(product.crop, plan.tone, product.grade)
    gain = key_light.gain_of(plan.light, product.key_light, *product.shading)
    if gain is not None:
        flat = (light.shape[1], light.shape[0])
        light = color.lit(
            light, np.asarray(cv2.resize(gain, flat, interpolation=cv2.INTER_CUBIC), np.float32)
        )
    home = place @ np.linalg.inv(to_crop(product))
    return np.asarray(warped(to_srgb(light), home, size, border=cv2.BORDER_REPLICATE), np.uint8)


def product_scores(
    picture: Picture, truth: Truth, plan: Plan, place: Transform, matte: Bytes | None = None
) -> ProductScores | None:
    """Compare the product in a picture with the photo.

    Args:
        picture: uint8 (H, W, 3), sRGB.
        truth: The photo and its product.
        plan: As carried out.
        place: From the stored photo to the picture.
        matte: uint8 (H, W), what the picture shows of the product; where the ground shines through it, as in
            glass, it cannot look as in the photo. None leaves nothing out.

    Returns:
        None if too little of the product is in the picture.
    """
    small = fitted(picture, SIDE)
    size = (small.shape[1], small.shape[0])
    here = scaling((picture.shape[1], picture.shape[0]), size) @ place
    cover = _shown(true_cover(truth, here, size), matte)
    inside = np.asarray(cv2.erode((cover > 250).astype(np.uint8), np.ones((5, 5), np.uint8)), np.uint8)
    if int(inside.sum()) < _LEAST_PIXELS:
        return None
    planned = planned_product(truth, plan, here, size)
    photo = np.asarray(warped(truth.photo, here, size, border=cv2.BORDER_REPLICATE), np.uint8)
    compared = np.asarray(inside * np.uint8(255), np.uint8)
    alike = structural_similarity(small, _in_the_light_of(photo, small, inside), inside)
    return ProductScores(
        delta_e=judgement.product_delta_e(small, planned, compared),
        delta_e_photo=judgement.product_delta_e(small, photo, compared),
        ssim=float(alike[inside > 0].mean()),
        label_ssim=_within_label(alike, truth.label, here),
    )


def structural_similarity(one: Picture, other: Picture, inside: Bytes) -> NDArray[np.float32]:
    """SSIM of the lightness per pixel, float32 (H, W); only what is inside takes part.

    Args:
        one: uint8 (H, W, 3), sRGB.
        other: uint8 (H, W, 3), sRGB, registered to it.
        inside: uint8 (H, W), 1 where it counts.

    Source:
        Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity", 2004.
    """
    weight = inside.astype(np.float32)
    share = np.maximum(blur(weight, _SSIM_SIGMA), 1e-3)

    def mean(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(blur(plane * weight, _SSIM_SIGMA) / share, np.float32)

    a, b = (np.asarray(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), np.float32) for p in (one, other))
    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2
    both = mean(a * b) - mean_a * mean_b
    c1, c2 = _SSIM_FLOOR
    top = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return np.asarray(top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)), np.float32)


def _shown(cover: Bytes, matte: Bytes | None) -> Bytes:
    """As much of the true cover as a picture shows without its ground shining through."""
    if matte is None:
        return cover
    size = (cover.shape[1], cover.shape[0])
    return np.asarray(np.minimum(cover, cv2.resize(matte, size, interpolation=cv2.INTER_AREA)), np.uint8)


def _rim(plane: Plane) -> Bytes:
    solid = (plane > 0.5).astype(np.uint8)
    return np.asarray(solid - cv2.erode(solid, np.ones((3, 3), np.uint8)), np.uint8)


def _in_the_light_of(photo: Picture, picture: Picture, inside: Bytes) -> Picture:
    """The photo, its broad light and contrast made those of the picture; details stay its own."""
    weight = inside.astype(np.float32)[..., None]
    sigma = _SMOOTH_SHARE * max(inside.shape)
    share = np.maximum(blur(weight, sigma).reshape(*inside.shape, 1), 1e-3)

    def broad(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(blur(plane * weight, sigma).reshape(plane.shape) / share, np.float32)

    own, wanted = photo.astype(np.float32), picture.astype(np.float32)
    own_mean, wanted_mean = broad(own), broad(wanted)
    spread = np.sqrt(np.maximum(broad((own - own_mean) ** 2), 1.0))
    wanted_spread = np.sqrt(np.maximum(broad((wanted - wanted_mean) ** 2), 1.0))
    lit = (own - own_mean) * np.clip(wanted_spread / spread, 0.5, 2.0) + wanted_mean
    return np.asarray(np.clip(np.rint(lit), 0, 255), np.uint8)


def _within_label(
    alike: NDArray[np.float32], label: tuple[float, float, float, float] | None, place: Transform
) -> float | None:
    if label is None:
        return None
    x, y, width, height = label
    corners = np.array([[x, x + width, x, x + width], [y, y, y + height, y + height], [1.0] * 4])
    seen = place @ corners
    columns, rows = seen[0] / seen[2], seen[1] / seen[2]
    part = alike[
        max(0, round(float(rows.min()))) : max(0, round(float(rows.max()))),
        max(0, round(float(columns.min()))) : max(0, round(float(columns.max()))),
    ]
    return float(part.mean()) if part.size else None


def cover_plane(data: bytes, size: tuple[int, int]) -> Plane:
    """A matte's file as float32 (H, W), 0..1, at a width and height. Raises ValueError."""
    matte = decoded_grey(data)
    if (matte.shape[1], matte.shape[0]) != size:
        matte = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    return cover_of(matte)


def drift_between(
    before: Picture,
    after: Picture,
    truth: Truth,
    places: tuple[Transform, Transform],
    mattes: tuple[Bytes | None, Bytes | None] = (None, None),
) -> float | None:
    """How far the product of a later turn has drifted; 1 is the most that is tolerated.

    Args:
        before: uint8 (H, W, 3), sRGB, the first picture.
        after: uint8 (h, w, 3), sRGB, a later one in which nothing was asked of the product.
        truth: The photo and its product.
        places: From the stored photo to each of the two pictures.
        mattes: uint8 (H, W) and (h, w), what each picture shows of the product; where the ground shines
            through it, as in glass, a new ground is no drift.

    Returns:
        The largest of: light over 5 degrees, colour temperature over 150 kelvin, place of its details over
        2 pixels at 1024. None if nothing of it can be measured.
    """
    first = fitted(before, SIDE)
    size = (first.shape[1], first.shape[0])
    if abs(after.shape[1] / after.shape[0] - before.shape[1] / before.shape[0]) > 0.01:
        return None
    later = np.asarray(cv2.resize(after, size, interpolation=cv2.INTER_AREA), np.uint8)
    here, there = (
        scaling((picture.shape[1], picture.shape[0]), size) @ place
        for picture, place in zip((before, after), places, strict=True)
    )
    cover = true_cover(truth, here, size)
    for matte in mattes:
        cover = _shown(cover, matte)
    inside = cover > 250
    if int(inside.sum()) < _LEAST_PIXELS:
        return None
    light = fidelity.light_shift_deg(to_linear(first), to_linear(later), cover)
    found = [_moved(cover, here, there) / DRIFT_PX]
    if float(luminance(to_linear(first))[inside].mean()) > _DARK:
        found.append(abs(fidelity.kelvin_shift(to_linear(first), to_linear(later), cover)) / DRIFT_KELVIN)
    if light is not None:
        found.append(abs(light) / DRIFT_DEGREES)
    shift = fidelity.detail_shift(fidelity.followed(first, later, cover))
    if shift is not None:
        found.append(shift / DRIFT_PX)
    return max(found)


def _moved(cover: Bytes, here: Transform, there: Transform) -> float:
    """How far the plans say that the product's middle has moved; optical flow loses sight of long ways."""
    rows, columns = np.nonzero(cover > 250)
    middle = np.array([columns.mean(), rows.mean(), 1.0])
    way = (there @ np.linalg.inv(here) @ middle) - middle
    return float(np.hypot(way[0], way[1]))


def webp_of(picture: NDArray[np.uint8], long_side: int) -> bytes:
    """A WebP file of uint8 (H, W) or (H, W, 3), sRGB, scaled down where it is larger."""
    small = fitted(picture, long_side)
    shown = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".webp", shown, [cv2.IMWRITE_WEBP_QUALITY, 88])
    assert done, "a picture in memory can always be encoded"
    return data.tobytes()
