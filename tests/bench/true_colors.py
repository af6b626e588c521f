"""Difference of a product's colours from the photo's own: `python -m tests.bench.true_colors [WEIGHTS]`.

Medians and 95th percentiles of CIEDE2000 inside the eroded true cover, glass left out. Three pictures of each
golden photo: optimised in its own scene, on white, and on white with the tone left as photographed. The last
one shows what cutting out, scaling, sharpening and composing alone do; what the others have on top is the
exposure and the white balance, which stand beside them.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.domain.plans.plan import Plan, changed, starting_plan
from stillroom.evaluation.golden.measurement import ProductScores, Truth, place_of, product_scores
from stillroom.imaging.cutout.matting import CROP_SIDE, matte_of
from stillroom.imaging.cutout.networks import Network, NetworkSpec
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.resizing import fitted
from stillroom.imaging.scene.product import Product
from stillroom.providers.cutouts.engines import fastest
from tests.integration.imaging.golden import Case, cases
from tests.networks import ISNET, U2NETP, packaged_weights

WHITE = starting_plan("optimize")
PLANS: tuple[tuple[str, Plan], ...] = (
    ("in its scene", changed(WHITE, "backdrop", kind="keep")),
    ("on white", WHITE),
    ("untoned", changed(WHITE, "tone", white_balance=0.0, auto_exposure=False)),
)


def product_of(case: Case, network: Network) -> tuple[Product, Truth]:
    """A golden photo as the studio would keep it, cut out, with the truth about it."""
    photo = fitted(case.photo, CROP_SIDE)
    size = (photo.shape[1], photo.shape[0])
    cover = cv2.resize(np.rint(case.truth * 255).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    return Product(photo, matte_of(photo, network)), Truth(photo, np.asarray(cover, np.uint8))


def scores_of(product: Product, truth: Truth, plan: Plan) -> ProductScores:
    """Carry a plan out and hold the product against the photo."""
    made = render_picture(product, plan)
    place = place_of(made.plan)
    assert place is not None, "a plan that was carried out says where"
    if product.glass is not None:
        x0, y0, x1, y1 = product.matte.box
        shown = np.zeros(product.photo.shape[:2], np.uint8)
        shown[y0:y1, x0:x1] = cv2.resize(product.opaque, (x1 - x0, y1 - y0))
        truth = Truth(truth.photo, np.minimum(truth.cover, shown))
    found = product_scores(made.picture[..., :3], truth, made.plan, place)
    assert found is not None, "every golden product is in its picture"
    return found


def colors_with(spec: NetworkSpec, weights: Path) -> Table:
    """All golden photos cut out by one network."""
    network = fastest(packaged_weights(weights).path_of(spec.name), spec)
    title = f"{spec.name}: CIEDE2000 of the product against the photo's own pixels, 95th percentile"
    table = Table(title=title)
    table.add_column("photo")
    for column in ("exposure", "red, blue", "noise", *(name for name, _ in PLANS)):
        table.add_column(column, justify="right")
    rows = []
    for case in cases():
        product, truth = product_of(case, network)
        found = [scores_of(product, truth, plan) for _, plan in PLANS]
        rows.append([each.delta_e_photo for each in found])
        red, _, blue = product.grade.gentle
        table.add_row(
            case.name,
            f"{product.grade.exposure:.2f}",
            f"{red:.2f} {blue:.2f}",
            f"{product.noise:.1f}",
            *(f"{change:.2f}" for change in rows[-1]),
        )
    table.add_section()
    means = np.mean(np.array(rows), axis=0)
    table.add_row("mean", "", "", "", *(f"{change:.2f}" for change in means))
    return table


def main() -> None:
    """Print a table for each network."""
    weights = Path(sys.argv[1] if len(sys.argv) > 1 else "data/weights")
    for spec in (ISNET, U2NETP):
        Console(width=110).print(colors_with(spec, weights))


if __name__ == "__main__":
    main()
