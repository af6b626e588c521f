"""Measures of a picture against the ground truth: the photo and the true mask of its product."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.marks import MOST_KELVIN, MOST_LIGHT_DEG, MOST_LOGO_PX
from stillroom.domain.plans.plan import Plan
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.light import color, key_light
from stillroom.imaging.pixels import Bytes, Picture, Plane, blur, luminance, to_linear, to_srgb
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.quality.transforms import Transform, affine, scaling, to_crop, warped
from stillroom.imaging.resizing import area_resized, fitted, size_of
from stillroom.imaging.scene.product import Product

SIDE = 1024  # pixels of the longer side for comparison; mattes are compared at full size
_BOUNDARY_PX = 2.0  # at 1024; tolerance of the outline
_TRACE = 3  # of 255; scaling leaves such traces in the mask
_SSIM_SIGMA = 1.5  # pixels; Wang et al., "Image Quality Assessment: From Error Visibility to SSIM", 2004
_SSIM_FLOOR = ((0.01 * 255) ** 2, (0.03 * 255) ** 2)  # the same paper's constants
_SMOOTH_SHARE = 0.1  # share of the picture; light and tone vary over such distances, lettering does not
_MIN_PIXELS = 200  # minimum for a meaningful measure
_DARK = 0.02  # linear light; below it one step of sRGB is hundreds of kelvin

DRIFT_DEGREES, DRIFT_KELVIN, DRIFT_PX = MOST_LIGHT_DEG, MOST_KELVIN, MOST_LOGO_PX
"""Tolerated drift over five turns that do not concern the product: key light, colour, position at 1024."""


@dataclass(frozen=True)
class Truth:
    """Photo of a case as stored by the studio, with the true mask of its product.

    Attributes:
        photo: Upright.
        label: x, y, width, height of the lettering in photo pixels; None without lettering.
    """

    photo: Picture
    cover: Bytes
    label: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class MatteScores:
    """Agreement of a matte with the true mask; see `matte_scores`."""

    iou: float
    mae: float
    boundary_f: float


@dataclass(frozen=True)
class ProductScores:
    """Similarity of the product in a picture to the product in the photo.

    Attributes:
        delta_e: 95th percentile of CIEDE2000 against the photo with the plan's tone and light.
        delta_e_photo: 95th percentile of CIEDE2000 against the unchanged photo.
        ssim: Mean structural similarity to the photo, independent of light and tone.
        label_ssim: Mean structural similarity of the lettering; None without lettering.
    """

    delta_e: float
    delta_e_photo: float
    ssim: float
    label_ssim: float | None


def decoded(data: bytes) -> Picture:
    """Decode a file to uint8 (H, W, 3), sRGB, upright according to its EXIF. Raises ValueError."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise ValueError("This is not a picture.")
    return np.asarray(picture, np.uint8)


def decoded_grey(data: bytes) -> Bytes:
    """Decode a mask to uint8 (H, W). Raises ValueError."""
    mask = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise ValueError("This is not a picture.")
    return np.asarray(mask, np.uint8)


def truth_of(
    photo: bytes, mask: bytes, stored: bytes, label: tuple[float, float, float, float] | None
) -> Truth:
    """Scale photo and true mask to the size of the stored photo, to which plans refer.

    Args:
        stored: Photo as stored by the studio; only its size is used.
    """
    height, width = decoded(stored).shape[:2]
    own = decoded(photo)
    scale = width / own.shape[1]
    size = (width, height)
    return Truth(
        area_resized(own, size),
        area_resized(decoded_grey(mask), size),
        None if label is None else (label[0] * scale, label[1] * scale, label[2] * scale, label[3] * scale),
    )


def place_of(plan: Plan) -> Transform | None:
    """Return the transform from the stored photo to the picture; None if the plan has none."""
    return None if plan.product_transform is None else affine(plan.product_transform)


def true_cover(truth: Truth, place: Transform, size: tuple[int, int]) -> Bytes:
    """Return the true mask, uint8 (H, W), in a picture of `size` (width, height)."""
    return np.asarray(warped(truth.cover, place, size), np.uint8)


def matte_scores(guess: Plane, truth: Plane) -> MatteScores:
    """Compare two mattes.

    Returns:
        Intersection over union, mean absolute error over the picture, and boundary F measure with a tolerance
        of 2 pixels at 1024.
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
    """Return the photo's pixels in place, with only the plan's tone and light; uint8 (H, W, 3), sRGB."""
    x, y, width, height = cv2.boundingRect((truth.cover > _TRACE).astype(np.uint8))
    box = (int(x), int(y), int(x + width), int(y + height))
    alpha = fitted(np.ascontiguousarray(truth.cover[y : y + height, x : x + width]), 2 * SIDE)
    product = Product(truth.photo, Matte(alpha, box, "truth", None, 0.0))
    gain = key_light.gain_of(plan.light, product.key_light, *product.shading)
    light = color.lit(color.graded(product.crop, plan.tone, product.grade), gain)
    home = place @ np.linalg.inv(to_crop(product))
    return np.asarray(warped(to_srgb(light), home, size, border=cv2.BORDER_REPLICATE), np.uint8)


def product_scores(
    picture: Picture, truth: Truth, plan: Plan, place: Transform, matte: Bytes | None = None
) -> ProductScores | None:
    """Compare the product in a picture with the photo.

    Args:
        place: Transform from the stored photo to the picture.
        matte: Matte of the picture. Transparent parts, such as glass, are excluded, because
            the backdrop shows through them. None excludes nothing.

    Returns:
        None if the picture shows too little of the product.
    """
    small = fitted(picture, SIDE)
    size = size_of(small)
    here = scaling(size_of(picture), size) @ place
    cover = _shown(true_cover(truth, here, size), matte)
    inside = np.asarray(cv2.erode((cover > 250).astype(np.uint8), np.ones((5, 5), np.uint8)), np.uint8)
    if int(inside.sum()) < _MIN_PIXELS:
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
    """Compute SSIM of the lightness per pixel, float32 (H, W), from the pixels inside the mask.

    Args:
        other: Registered to `one`.
        inside: 1 inside the mask.

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
    """Return the true mask, limited to what the matte shows as opaque."""
    if matte is None:
        return cover
    return np.minimum(cover, area_resized(matte, size_of(cover)))


def _rim(plane: Plane) -> Bytes:
    solid = (plane > 0.5).astype(np.uint8)
    return np.asarray(solid - cv2.erode(solid, np.ones((3, 3), np.uint8)), np.uint8)


def _in_the_light_of(photo: Picture, picture: Picture, inside: Bytes) -> Picture:
    """Return the photo with the low-frequency light and contrast of the picture; details stay unchanged."""
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


def drift_between(
    before: Picture,
    after: Picture,
    truth: Truth,
    places: tuple[Transform, Transform],
    mattes: tuple[Bytes | None, Bytes | None] = (None, None),
) -> float | None:
    """Return the drift of the product in a later turn, as a multiple of the tolerated drift.

    Args:
        after: Later picture whose turns did not concern the product.
        places: Transforms from the stored photo to each of the two pictures.
        mattes: uint8 (H, W) and (h, w), mattes of the two pictures. Transparent parts are excluded, because a
            new backdrop shows through them.

    Returns:
        The maximum of: light over 5 degrees, colour temperature over 150 kelvin, position of details over
        2 pixels at 1024. None if nothing can be measured.
    """
    first = fitted(before, SIDE)
    size = size_of(first)
    if abs(after.shape[1] / after.shape[0] - before.shape[1] / before.shape[0]) > 0.01:
        return None
    later = area_resized(after, size)
    here, there = (
        scaling(size_of(picture), size) @ place
        for picture, place in zip((before, after), places, strict=True)
    )
    cover = true_cover(truth, here, size)
    for matte in mattes:
        cover = _shown(cover, matte)
    inside = cover > 250
    if int(inside.sum()) < _MIN_PIXELS:
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
    """Return the planned displacement of the product's centre, because optical flow fails on large ones."""
    rows, columns = np.nonzero(cover > 250)
    middle = np.array([columns.mean(), rows.mean(), 1.0])
    way = (there @ np.linalg.inv(here) @ middle) - middle
    return float(np.hypot(way[0], way[1]))


def webp_of(picture: NDArray[np.uint8], long_side: int) -> bytes:
    """Encode uint8 (H, W) or (H, W, 3), sRGB, as WebP, scaled down to `long_side` if larger."""
    small = fitted(picture, long_side)
    shown = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".webp", shown, [cv2.IMWRITE_WEBP_QUALITY, 88])
    assert done, "a picture in memory can always be encoded"
    return data.tobytes()
