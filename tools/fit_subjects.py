"""Fit the score of subjects: python tools/fit_subjects.py SET...

A set is a folder with `images/NAME.*` and `masks/NAME.png`; photos with several objects matter most. A
proposed object is the product if it overlaps the mask by more than half. Prints the coefficients of the
logistic regression for `imaging/cutout/proposals.py`, fitted on the tune half of the names, and how often the
best is right.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stillroom.bootstrap.networks import open_local
from stillroom.evaluation.cutouts.masked_photos import cutout_set, half_of
from stillroom.imaging.cutout import proposals
from stillroom.imaging.cutout.matting import matte_of
from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.cutout.parts import overlap
from stillroom.imaging.cutout.photo_masks import cover_in, photo_in
from stillroom.imaging.cutout.subjects import cover_of_matte
from stillroom.imaging.resizing import shrunk
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue

RIDGE = 0.025  # per photo, on standardised features
ROUNDS = 100

Samples = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Features of the proposed objects of a photo with a leading 1, and whether each is the product."""


def samples_of(image: Path, mask: Path, network: Segmenter | None, scout: Segmenter | None) -> Samples:
    photo, truth = photo_in(image.read_bytes()), cover_in(mask.read_bytes())
    matte = matte_of(photo, network, scout)
    small = proposals.small_of(photo)
    cover = cover_of_matte(matte, photo.shape)
    wanted = shrunk(truth, (small.shape[1], small.shape[0])) > 127
    first = scout or network
    if first is None:
        raise SystemExit("There are no weights. Run: stillroom models fetch")
    outputs = proposals.small_outputs(small, (), first)
    masks = proposals.proposed(outputs, cover)
    rows = [[1.0, *proposals.features_of(small, mask, outputs, cover)] for mask in masks]
    return np.array(rows), np.array([float(overlap(mask, wanted) > 0.5) for mask in masks])


def fitted(samples: list[Samples]) -> NDArray[np.float64]:
    """Logistic regression by Newton's method; the objects of a photo share its weight."""
    features, wanted = (
        np.vstack([rows for rows, _ in samples]),
        np.concatenate([is_it for _, is_it in samples]),
    )
    weights = np.concatenate([np.full(len(is_it), len(is_it) ** -0.5) for _, is_it in samples])
    mean, deviation = features.mean(0), features.std(0) + 1e-9
    mean[0], deviation[0] = 0.0, 1.0
    scaled = (features - mean) / deviation
    ridge = RIDGE * len(samples)
    found = np.zeros(scaled.shape[1])
    for _ in range(ROUNDS):
        guess = 1 / (1 + np.exp(-scaled @ found))
        slope = scaled.T @ (weights * (guess - wanted)) + ridge * np.concatenate([[0.0], found[1:]])
        curve = (scaled * (weights * guess * (1 - guess))[:, None]).T @ scaled + ridge * np.eye(len(found))
        found = found - np.linalg.solve(curve, slope)
    raw = found / deviation
    raw[0] = found[0] - float((found[1:] * mean[1:] / deviation[1:]).sum())
    return np.asarray(raw)


def main(folders: list[Path]) -> None:
    settings = Settings()
    local = open_local(settings, FileCatalogue(settings.data_dir / "config"))
    networks = local.point_networks()
    photos = [
        (one.name, samples_of(one.photo, one.mask, networks.segments, networks.scout))
        for folder in folders
        for one in cutout_set(folder).photos
    ]
    # Without the product among the proposals there is nothing to rank.
    usable = [(name, sample) for name, sample in photos if sample[1].any()]
    print(f"The product is proposed in {len(usable)} of {len(photos)} photos.")
    found = fitted([sample for name, sample in usable if half_of(name) == "tune"])
    print(", ".join(f"{value:.3f}" for value in found))
    for half in ("tune", "check"):
        right = [is_it[(rows @ found).argmax()] for name, (rows, is_it) in usable if half_of(name) == half]
        print(f"{half}: {len(right)} photos, the best is right in {np.mean(right):.1%}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
