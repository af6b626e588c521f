"""The seller's product comes back into painted pictures, on golden photos with true mattes."""

import cv2
import numpy as np
import pytest

from stillroom.domain.plans.plan import Backdrop, Plan
from stillroom.imaging.quality.judgement import product_delta_e
from stillroom.imaging.quality.painted import continued
from stillroom.imaging.quality.transforms import affine_values
from tests.fakes.providers.painters import Pixels, resized
from tests.sent_photos import SentPhoto, sent_photo, stranger

NAMES = (
    "watch_desk",
    "mug_kitchen",
    "perfume_vanity",
    "lantern_garden",
    "sofa_velvet",
    "lamp_stained_glass",
)


@pytest.fixture(scope="module", params=NAMES)
def golden(request: pytest.FixtureRequest) -> SentPhoto:
    """One of six golden photos."""
    return sent_photo(request.param)


@pytest.fixture(scope="module")
def another() -> Pixels:
    """Another product, RGBA."""
    return stranger("boombox_shelf")


def test_moved_resized_and_recoloured_product_is_restored(golden: SentPhoto) -> None:
    done = golden.restored(golden.painted(shift=(7, 0), scale=1.03, tone=(1.08, 1.0, 0.9)))
    assert done.measures.verified
    assert done.measures.to_json()["registration_px"] < 1
    assert done.measures.to_json()["protected_delta_e"] < 2
    assert done.measures.to_json()["logo_shift_px"] < 1
    assert abs(done.measures.light_shift_deg or 0) <= 5
    assert done.measures.to_json()["drift_px"] == pytest.approx(7, abs=0.5)
    assert done.measures.to_json()["drift_scale"] == pytest.approx(1.03, abs=0.003)


@pytest.mark.parametrize("name", ["mug_kitchen", "tshirt_bed", "chair_studio_corner"])
def test_product_painted_from_a_slightly_different_angle_is_restored_undistorted(name: str) -> None:
    case = sent_photo(name)
    drift = {"tilt": (0.06, -0.04), "stretch": 1.03}
    painted = case.painted(**drift)
    assert case.misplaced_px(painted, drift) < 1.5
    done = case.restored(painted)
    assert done.measures.verified
    assert done.measures.to_json()["registration_px"] < 1
    assert done.measures.to_json()["protected_delta_e"] < 2
    assert done.plan.product_transform == pytest.approx(affine_values(case.expected), abs=1e-4)


def test_repainted_label_is_replaced_by_the_original(golden: SentPhoto) -> None:
    painted = golden.painted(label=0.12)
    done = golden.restored(painted)
    assert done.measures.verified
    assert done.measures.to_json()["changed_share"] > 0.02
    assert done.measures.to_json()["protected_delta_e"] < 2
    own = golden.own
    assert done.matte is not None
    # Where the model painted lettering, wherever the middle of the product is.
    repainted = np.abs(painted.astype(np.int16) - golden.painted().astype(np.int16)).max(axis=2) > 24
    height, width = done.matte.shape
    spot = cv2.resize(repainted.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_NEAREST)
    label = np.minimum(np.asarray(spot, np.uint8), done.matte)
    before = product_delta_e(resized(painted, golden.canvas), own, label)
    after = product_delta_e(done.picture, own, label)
    assert after < 8 < before


def test_different_product_is_never_verified(golden: SentPhoto, another: Pixels) -> None:
    done = golden.restored(golden.painted(other=another))
    assert not done.measures.verified
    assert done.measures.to_json()["verified"] is False
    assert done.plan.product_transform is None


def test_product_that_must_keep_its_place_is_moved_back() -> None:
    case = sent_photo("camera_market")
    done = case.restored(case.painted(shift=(40, -30), scale=0.9), must_stay=True)
    assert done.measures.verified
    assert done.measures.to_json()["drift_px"] > 40
    assert done.plan.product_transform is not None
    expected = (case.expected[0, 0], case.expected[0, 2], case.expected[1, 2])
    found = done.plan.product_transform
    assert (found[0], found[2], found[5]) == pytest.approx(expected, abs=0.01)


def test_product_placed_by_the_model_stays_where_allowed() -> None:
    case = sent_photo("camera_market")
    done = case.restored(case.painted(shift=(120, -60), scale=0.7))
    assert done.measures.verified
    assert done.measures.to_json()["drift_scale"] == pytest.approx(0.7, abs=0.01)
    assert done.plan.product_transform is not None
    assert done.plan.product_transform[0] == pytest.approx(0.7 * case.expected[0, 0], rel=0.01)


def test_requested_white_ground_becomes_exactly_white() -> None:
    case = sent_photo("mug_kitchen")
    case.plan = Plan(backdrop=Backdrop(kind="white"))
    done = case.restored(case.painted(scene="white"))
    assert done.measures.to_json()["white_share"] > 0.3
    assert done.picture[:20, :20].min() == 255


def test_later_local_turn_keeps_the_painted_ground_and_the_product() -> None:
    case = sent_photo("sneaker_street")
    first = case.restored(case.painted())
    tone = first.plan.tone.model_copy(update={"mired": 25.0})
    warmer = first.plan.model_copy(update={"tone": tone, "asked": ("tone",)})
    second = continued(case.product, first.picture, first.plan, warmer)
    assert second.measures.to_json()["protected_delta_e"] < 0.5
    assert second.plan.product_transform == first.plan.product_transform
    corner = [picture[:60, :60].reshape(-1, 3).mean(0) for picture in (first.picture, second.picture)]
    assert corner[1][0] / corner[1][2] > 1.05 * corner[0][0] / corner[0][2]
