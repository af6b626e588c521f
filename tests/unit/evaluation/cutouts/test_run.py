"""Runs over a cut-out set, with a cutter that thresholds the photo."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.evaluation.cutouts.masked_photos import Skipped, cutout_set
from stillroom.evaluation.cutouts.results import CutoutRow
from stillroom.evaluation.cutouts.run import CutOut, CutoutRunFolder, run
from stillroom.imaging.io.decoding import Limits
from stillroom.imaging.pixels import Bytes, Picture
from tests import pictures

LIMITS = Limits(max_bytes=10_000_000, max_megapixels=50, max_side=512)
CONDITIONS = {"model": "threshold"}


def dark_disk(width: int, height: int) -> tuple[Picture, Bytes]:
    """A light photo with a dark disk, and its mask."""
    mask = np.zeros((height, width), np.uint8)
    cv2.circle(mask, (width // 3, height // 2), height // 4, 255, cv2.FILLED)
    photo = np.full((height, width, 3), 230, np.uint8)
    photo[mask > 0] = 30
    return photo, mask


class Cutter:
    """Takes dark pixels for product, and counts the photos."""

    def __init__(self) -> None:
        self.photos = 0

    async def __call__(self, photo: bytes) -> CutOut:
        self.photos += 1
        grey = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_GRAYSCALE)
        cover = np.where(np.asarray(grey) < 128, np.uint8(255), np.uint8(0))
        return CutOut(cover, 0.9, certain=True, subjects=1, model="threshold", signals={"share": 0.5})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("images", "masks"):
        (tmp_path / "set" / part).mkdir(parents=True)
    return tmp_path / "set"


def put(folder: Path, name: str, photo: bytes, mask: Bytes | None) -> None:
    (folder / "images" / name).write_bytes(photo)
    if mask is not None:
        (folder / "masks" / f"{Path(name).stem}.png").write_bytes(pictures.png(mask))


async def measure(
    folder: Path, out: Path, cutter: Cutter, *, resume: bool = False
) -> tuple[list[CutoutRow], list[Skipped]]:
    target = CutoutRunFolder(out)
    done = target.begin(CONDITIONS, resume=resume)
    return await run(cutout_set(folder), target, done, cutter, LIMITS, lambda *_: None)


@pytest.mark.anyio
async def test_the_alpha_has_the_size_of_the_photo_even_if_the_studio_scales_it(
    folder: Path, tmp_path: Path
) -> None:
    photo, mask = dark_disk(900, 600)
    put(folder, "disk.jpg", pictures.jpeg(photo), mask)
    rows, skipped = await measure(folder, tmp_path / "out", Cutter())
    alpha = cv2.imread(str(tmp_path / "out" / "alpha" / "disk.png"), cv2.IMREAD_UNCHANGED)
    assert alpha is not None
    assert alpha.shape == (600, 900)
    assert alpha.dtype == np.uint8
    assert not skipped
    assert rows[0].scores.iou > 0.97
    assert (tmp_path / "out" / "results.csv").read_text().startswith("name,iou,mae,")
    assert json.loads((tmp_path / "out" / "signals.json").read_text()) == {"disk": {"share": 0.5}}


@pytest.mark.anyio
async def test_photos_rotated_by_exif_are_measured_upright(folder: Path, tmp_path: Path) -> None:
    photo, mask = dark_disk(600, 400)
    turned = np.ascontiguousarray(np.rot90(photo, 1))
    put(folder, "turned.jpg", pictures.jpeg(turned, orientation=6), mask)
    rows, skipped = await measure(folder, tmp_path / "out", Cutter())
    assert not skipped
    assert rows[0].scores.iou > 0.97


@pytest.mark.anyio
async def test_unmeasurable_photo_is_skipped_by_name(folder: Path, tmp_path: Path) -> None:
    photo, mask = dark_disk(400, 300)
    put(folder, "good.jpg", pictures.jpeg(photo), mask)
    put(folder, "broken.jpg", b"no picture", mask)
    put(folder, "bare.jpg", pictures.jpeg(photo), None)
    put(folder, "small_mask.jpg", pictures.jpeg(photo), mask[::2, ::2])
    put(folder, "bad_mask.jpg", pictures.jpeg(photo), mask)
    (folder / "masks" / "bad_mask.png").write_bytes(b"no mask")
    (folder / "masks" / "alone.png").write_bytes(pictures.png(mask))
    rows, skipped = await measure(folder, tmp_path / "out", Cutter())
    assert [row.name for row in rows] == ["good"]
    reasons = {one.name: one.reason for one in skipped}
    assert set(reasons) == {"broken.jpg", "bare.jpg", "small_mask.jpg", "bad_mask.jpg", "alone.png"}
    assert "200 x 150" in reasons["small_mask.jpg"]


@pytest.mark.anyio
async def test_interrupted_run_resumes(folder: Path, tmp_path: Path) -> None:
    photo, mask = dark_disk(400, 300)
    for name in ("a.jpg", "b.jpg"):
        put(folder, name, pictures.jpeg(photo), mask)
    await measure(folder, tmp_path / "out", Cutter())
    put(folder, "c.jpg", pictures.jpeg(photo), mask)
    again = Cutter()
    rows, _ = await measure(folder, tmp_path / "out", again, resume=True)
    assert [row.name for row in rows] == ["a", "b", "c"]
    assert again.photos == 1


@pytest.mark.anyio
async def test_run_does_not_resume_under_other_conditions(folder: Path, tmp_path: Path) -> None:
    photo, mask = dark_disk(400, 300)
    put(folder, "a.jpg", pictures.jpeg(photo), mask)
    await measure(folder, tmp_path / "out", Cutter())
    with pytest.raises(Conflict):
        CutoutRunFolder(tmp_path / "out").begin({"model": "another"}, resume=True)


@pytest.mark.anyio
async def test_mattes_of_other_tools_are_measured_in_place(folder: Path, tmp_path: Path) -> None:
    photo, mask = dark_disk(400, 300)
    put(folder, "a.jpg", pictures.jpeg(photo), mask)
    put(folder, "b.jpg", pictures.jpeg(photo), mask)
    (folder / "masks" / "b.png").write_bytes(b"no mask")
    (tmp_path / "peer" / "alpha").mkdir(parents=True)
    for name in ("a", "b"):
        (tmp_path / "peer" / "alpha" / f"{name}.png").write_bytes(pictures.png(mask))
    scores = CutoutRunFolder(tmp_path / "peer").scores(cutout_set(folder))
    assert {name: one.iou for name, one in scores.items()} == {"a": 1.0}
    with pytest.raises(NotFound):
        CutoutRunFolder(tmp_path / "nobody").scores(cutout_set(folder))


def test_folder_without_a_set_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        cutout_set(tmp_path / "nothing")
    with pytest.raises(ValidationFailed):
        cutout_set(folder)
