"""The seller's product comes back into painted pictures, on golden photos with true mattes."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from stillroom.domain.plans import Backdrop, Plan
from stillroom.imaging import framing
from stillroom.imaging.integrity import Restored, restored
from stillroom.imaging.matting import Matte
from stillroom.imaging.painted import continued
from stillroom.imaging.product import Product
from stillroom.imaging.quality import product_delta_e
from stillroom.imaging.registration import Transform, placed_matte, to_crop, warped, window
from tests.fakes.providers.painters import Floats, Pixels, ScenePainter, resized

GOLDEN = Path(__file__).parents[3] / "golden"
LONG_SIDE = 1200
NAMES = (
    "sneaker_street",
    "watch_desk",
    "mug_kitchen",
    "bottle_gym",
    "perfume_vanity",
    "teapot_tray",
    "headphones_desk",
    "lantern_garden",
    "sofa_velvet",
    "lamp_stained_glass",
)


@dataclass
class Sitting:
    """A golden photo as a model sees it.

    Attributes:
        sent: What it is shown, uint8 (H, W, 3).
        cover: The product in that, 0..1.
        expected: From photo to finished pixels.
    """

    product: Product
    sent: Pixels
    cover: Floats
    canvas: tuple[int, int]
    expected: Transform
    plan: Plan

    def painted(self, **drift: object) -> Pixels:
        """What a model makes of it."""
        return ScenePainter(lambda _: self.cover, **drift).painted(self.sent)  # type: ignore[arg-type]

    def restored(self, painted: Pixels, *, must_stay: bool = False) -> Restored:
        """The product put back."""
        return restored(self.product, painted, self.plan, self.canvas, self.expected, must_stay=must_stay)


def cut_out(name: str) -> tuple[Pixels, Pixels]:
    """A golden photo and its true matte."""
    photo = np.asarray(ImageOps.exif_transpose(Image.open(GOLDEN / "images" / f"{name}.jpg")).convert("RGB"))
    matte = np.asarray(Image.open(GOLDEN / "masks" / f"{name}.png").convert("L"))
    factor = min(1.0, LONG_SIDE / max(photo.shape[:2]))
    size = (round(photo.shape[1] * factor), round(photo.shape[0] * factor))
    return resized(photo, size), resized(matte, size)


def sitting(name: str) -> Sitting:
    """A golden photo before the camera of a model."""
    photo, matte = cut_out(name)
    height, width = matte.shape
    x, y, wide, tall = cv2.boundingRect((matte > 4).astype(np.uint8))
    box = (max(0, x - 20), max(0, y - 20), min(width, x + wide + 20), min(height, y + tall + 20))
    alpha = np.ascontiguousarray(matte[box[1] : box[3], box[0] : box[2]])
    product = Product(photo, Matte(alpha, box, "true", None, 0.05))
    plan = Plan(backdrop=Backdrop(kind="gradient"))
    shown = framing.window_of(plan.framing, product.bounds, (width, height))
    canvas = framing.shown_size(shown)
    factor = 1024 / max(canvas)
    size = round(canvas[0] * factor), round(canvas[1] * factor)
    sent = resized(np.ascontiguousarray(photo[shown[1] : shown[3], shown[0] : shown[2]]), size)
    cover = placed_matte(product, window(shown, size), size).astype(np.float32) / 255
    return Sitting(product, sent, cover, canvas, window(shown, canvas), plan)


@pytest.fixture(scope="module", params=NAMES)
def golden(request: pytest.FixtureRequest) -> Sitting:
    """One of ten golden photos."""
    return sitting(request.param)


@pytest.fixture(scope="module")
def stranger() -> Pixels:
    """Another product, RGBA."""
    photo, matte = cut_out("boombox_shelf")
    x, y, wide, tall = cv2.boundingRect((matte > 127).astype(np.uint8))
    return np.dstack([photo, matte])[y : y + tall, x : x + wide]


def test_the_names_are_golden_ones() -> None:
    known = {case["name"] for case in json.loads((GOLDEN / "golden.json").read_text("utf-8"))}
    assert set(NAMES) < known


def test_a_product_that_slipped_grew_and_changed_its_tone_is_put_right(golden: Sitting) -> None:
    done = golden.restored(golden.painted(shift=(7, 0), scale=1.03, tone=(1.08, 1.0, 0.9)))
    assert done.is_verified
    assert done.measures["registration_px"] < 1
    assert done.measures["protected_delta_e"] < 2
    assert done.measures["logo_shift_px"] < 1
    assert abs(done.measures["light_shift_deg"] or 0) <= 5
    assert done.measures["drift_px"] == pytest.approx(7, abs=0.5)
    assert done.measures["drift_scale"] == pytest.approx(1.03, abs=0.003)


def test_a_repainted_label_gives_way_to_the_sellers_own(golden: Sitting) -> None:
    painted = golden.painted(label=0.12)
    done = golden.restored(painted)
    assert done.is_verified
    assert done.measures["changed_share"] > 0.02
    assert done.measures["protected_delta_e"] < 2
    own = warped(golden.product.crop, golden.expected @ np.linalg.inv(to_crop(golden.product)), golden.canvas)
    assert done.matte is not None
    # Where the model painted lettering, wherever the middle of the product is.
    repainted = np.abs(painted.astype(np.int16) - golden.painted().astype(np.int16)).max(axis=2) > 24
    height, width = done.matte.shape
    spot = cv2.resize(repainted.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_NEAREST)
    label = np.minimum(np.asarray(spot, np.uint8), done.matte)
    before = product_delta_e(resized(painted, golden.canvas), np.asarray(own, np.uint8), label)
    after = product_delta_e(done.picture, np.asarray(own, np.uint8), label)
    assert after < 8 < before


def test_another_product_is_never_taken_for_the_sellers(golden: Sitting, stranger: Pixels) -> None:
    done = golden.restored(golden.painted(other=stranger))
    assert not done.is_verified
    assert done.measures["verified"] is False
    assert done.plan.product_transform is None


def test_a_product_that_was_asked_to_stay_is_pulled_back() -> None:
    case = sitting("camera_market")
    done = case.restored(case.painted(shift=(40, -30), scale=0.9), must_stay=True)
    assert done.is_verified
    assert done.measures["drift_px"] > 40
    assert done.plan.product_transform is not None
    expected = (case.expected[0, 0], case.expected[0, 2], case.expected[1, 2])
    found = done.plan.product_transform
    assert (found[0], found[2], found[5]) == pytest.approx(expected, abs=0.01)


def test_a_product_placed_anew_by_the_model_stays_there() -> None:
    case = sitting("camera_market")
    done = case.restored(case.painted(shift=(120, -60), scale=0.7))
    assert done.is_verified
    assert done.measures["drift_scale"] == pytest.approx(0.7, abs=0.01)
    assert done.plan.product_transform is not None
    assert done.plan.product_transform[0] == pytest.approx(0.7 * case.expected[0, 0], rel=0.01)


def test_a_ground_that_was_meant_to_be_white_is_white() -> None:
    case = sitting("mug_kitchen")
    case.plan = Plan(backdrop=Backdrop(kind="white"))
    done = case.restored(case.painted(scene="white"))
    assert done.measures["white_share"] > 0.3
    assert done.picture[:20, :20].min() == 255


def test_a_later_turn_here_keeps_the_painted_ground_and_the_product() -> None:
    case = sitting("sneaker_street")
    first = case.restored(case.painted())
    tone = first.plan.tone.model_copy(update={"mired": 25.0})
    warmer = first.plan.model_copy(update={"tone": tone, "asked": ("tone",)})
    second = continued(case.product, first.picture, first.plan, warmer)
    assert second.measures["protected_delta_e"] < 0.5
    assert second.plan.product_transform == first.plan.product_transform
    corner = [picture[:60, :60].reshape(-1, 3).mean(0) for picture in (first.picture, second.picture)]
    assert corner[1][0] / corner[1][2] > 1.05 * corner[0][0] / corner[0][2]
