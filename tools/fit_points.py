"""Fit the coefficients that rank the regions of a point: python tools/fit_points.py SET...

A set is a folder with `images/NAME.*` and `masks/NAME.png`; composites are named PRODUCT_KIND, as
`golden/tools/composites.py` does, and belong to the half of their product. For each photo the automatic
cut-out is corrected by points on its largest errors, in their middle, and once more beside it, each followed
by the region that gains most. Every candidate region on the way is one sample: its features, its overlap with
the error, and its purity. Prints the table of `cutout/points/ranking.py`, fitted on the tune half, and how
well it picks on both halves.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.bootstrap.networks import open_local
from stillroom.evaluation.cutouts.masked_photos import cutout_set, half_of
from stillroom.evaluation.cutouts.point_protocol import next_point
from stillroom.imaging.cutout.parts import overlap
from stillroom.imaging.cutout.photo_masks import cover_in, cover_of_photo, photo_in
from stillroom.imaging.cutout.points import ranking
from stillroom.imaging.cutout.points.applying import changed, tap_of
from stillroom.imaging.cutout.points.regions import PointedPhoto, PointNetworks, Tap, candidates_of
from stillroom.imaging.cutout.subjects import cut_out_of
from stillroom.imaging.pixels import Mask
from stillroom.imaging.resizing import shrunk, size_of
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue

POINTS, BESIDE = 5, 3  # in the middle of errors, and beside it
OFF_CENTRE = 0.4  # of the depth of an error, from which a point may lie beside its middle
GOOD = 0.995  # intersection over union from which no point is set
RIDGE = 0.1
COMPOSITE = re.compile(r"_(?:pattern|alike|shadow|photo|rivals|frame|mat)\d+$")


@dataclass(frozen=True)
class Sample:
    """Candidates of one point."""

    half: str
    adds: bool
    features: NDArray[np.float64]
    overlaps: NDArray[np.float64]
    purities: NDArray[np.float64]
    weight: float


def samples_of(name: str, image: Path, mask: Path, networks: PointNetworks) -> Iterator[Sample]:
    photo, truth = photo_in(image.read_bytes()), cover_in(mask.read_bytes())
    matte = cut_out_of(photo, networks.segments, networks.scout, lambda: networks.prompted)
    view, found = PointedPhoto(photo), cover_of_photo(matte, photo.shape)
    size = size_of(view.small)
    wanted = shrunk(truth, size) > 127
    for count, random in ((POINTS, None), (BESIDE, np.random.default_rng(0))):
        alpha, taps = found, list[Tap]()
        for _ in range(count):
            point, solid = next_point(alpha, truth), shrunk(alpha, size) > 127
            if point is None or overlap(solid, wanted) > GOOD:
                break
            tap = tap_of(point, view)
            wrong = wanted & ~solid if tap.adds else solid & ~wanted
            _, labels = cv2.connectedComponents(wrong.astype(np.uint8), connectivity=4)
            error = (np.asarray(labels) == labels[tap.y, tap.x]) & wrong
            if not error.any():
                break
            taps.append(tap if random is None else beside(tap, error, random))
            candidates, outputs = candidates_of(view, solid, taps, networks)
            if not candidates:
                break
            areas, right = (
                np.array([np.count_nonzero(one.mask & within) for one in candidates], np.float64)
                for within in (np.True_, wrong)
            )
            yield Sample(
                half_of(COMPOSITE.sub("", name)),
                tap.adds,
                ranking.features_of(view, solid, taps[-1], candidates, outputs),
                np.array([overlap(one.mask, error) for one in candidates]),
                right / areas,
                float(np.clip((int(error.sum()) / max(int(solid.sum()), 1) / 0.05) ** 0.5, 0.1, 1.0)),
            )
            best = candidates[int((2 * right - areas).argmax())].mask
            alpha = changed(view, alpha, solid, best, adds=tap.adds)


def beside(tap: Tap, error: Mask, random: np.random.Generator) -> Tap:
    """A point elsewhere in the error, as a person may set it."""
    depth = cv2.distanceTransform(error.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    rows, columns = np.nonzero(depth >= OFF_CENTRE * depth.max())
    chosen = random.integers(len(rows))
    return replace(tap, x=int(columns[chosen]), y=int(rows[chosen]))


def without_prompts(one: Sample) -> Sample:
    """The sample as it would be without the prompt network, so that one model serves both."""
    column = ranking.FEATURES.index
    others = (one.features[:, column("object")] + one.features[:, column("product")]) == 0
    features = one.features[others].copy()
    features[:, [column("score"), column("like_object"), column("like_product")]] = 0.0
    return replace(one, features=features, overlaps=one.overlaps[others], purities=one.purities[others])


def fitted(samples: list[Sample], *, purity: bool) -> NDArray[np.float64]:
    """Ridge regression of overlap or purity; large regions count more for purity."""
    sizes = [np.minimum(2.0, one.features[:, ranking.FEATURES.index("share_of_matte")]) for one in samples]
    weights = [
        (np.minimum(1, size / 0.05 + 0.1) if purity else np.full(len(size), one.weight)) / len(size)
        for one, size in zip(samples, sizes, strict=True)
    ]
    root = np.sqrt(np.concatenate(weights))
    features = np.vstack([one.features for one in samples]) * root[:, None]
    wanted = np.concatenate([one.purities if purity else one.overlaps for one in samples]) * root
    scale = np.sqrt((features**2).mean(0)) + 1e-9
    scaled = features / scale
    found = np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(len(scale)), scaled.T @ wanted)
    return np.asarray(found / scale)


def main(folders: list[Path]) -> None:
    settings = Settings()
    local = open_local(settings, FileCatalogue(settings.data_dir / "config"))
    networks = local.point_networks()
    samples = [
        sample
        for folder in folders
        for one in cutout_set(folder).photos
        for sample in samples_of(one.name, one.photo, one.mask, networks)
    ]
    tuned = [one for one in samples if one.half == "tune"]
    tuned += [plain for one in tuned if len((plain := without_prompts(one)).overlaps)]
    columns = [
        fitted([one for one in tuned if one.adds == adds], purity=purity)
        for purity in (False, True)
        for adds in (True, False)
    ]
    for name, *row in zip(ranking.FEATURES, *columns, strict=True):
        print(f'    "{name}": ({", ".join(f"{value:.4f}" for value in row)}),')
    for half in ("tune", "check"):
        rows = [one for one in samples if one.half == half]
        picked = [one.overlaps[ranking.choice(one.features, adds=one.adds)] for one in rows]
        best = [one.overlaps.max() for one in rows]
        print(
            f"{half}: {len(rows)} points, mean overlap picked {np.mean(picked):.3f}, best {np.mean(best):.3f}"
        )


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
