"""What is left of each kind of drift on the golden photos: `python -m tests.bench.drift`, some minutes.

Every cell tells, in pixels at 1024, how far the place that was found lies from the true one at the worst
corner of the product, and the median CIEDE2000 between the finished product and the photo's own pixels.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from stillroom.imaging.quality.judgement import product_delta_e
from tests.fakes.providers.painters import Pixels
from tests.integration.imaging.golden import cases
from tests.sittings import Sitting, sitting, stranger

DRIFTS: Mapping[str, Mapping[str, Any]] = {
    "still": {},
    "7 px": {"shift": (7, 0)},
    "3 %": {"scale": 1.03},
    "tone": {"tone": (1.08, 1.0, 0.9)},
    "all three": {"shift": (7, 0), "scale": 1.03, "tone": (1.08, 1.0, 0.9)},
    "light": {"light": 0.15},
    "label": {"label": 0.12},
    "stretched": {"stretch": 1.03},
    "tilted": {"tilt": (0.06, -0.04)},
}
STRANGERS = ("boombox_shelf", "teapot_tray")
"""The second stands in where the first is the seller's own."""


@dataclass(frozen=True)
class Outcome:
    """What came of one drift.

    Attributes:
        is_verified: Whether the product was recognised and put back.
        place_px: How far the found place is from the true one, at the worst corner of the product.
        delta_e: Of the finished product against the photo's own pixels.
    """

    is_verified: bool
    place_px: float
    delta_e: float


def outcome_of(case: Sitting, drift: Mapping[str, Any]) -> Outcome:
    """Paint with that drift, put the product back, and hold it against the truth."""
    painted = case.painted(**drift)
    done = case.restored(painted)
    if done.matte is None:
        return Outcome(is_verified=False, place_px=float("nan"), delta_e=float("nan"))
    return Outcome(
        done.is_verified,
        case.misplaced_px(painted, drift),
        product_delta_e(done.picture, case.own, done.matte),
    )


def rows() -> Iterator[tuple[str, dict[str, Outcome], bool]]:
    """For each golden photo what is left of each drift, and whether another product was taken for it."""
    others: dict[str, Pixels] = {name: stranger(name) for name in STRANGERS}
    for golden in cases():
        case = sitting(golden.name, as_it_is=True)
        other = next(picture for name, picture in others.items() if name != golden.name)
        outcomes = {name: outcome_of(case, drift) for name, drift in DRIFTS.items()}
        yield golden.name, outcomes, case.restored(case.painted(other=other)).is_verified


def main() -> None:
    """Print a row for each photo, and the worst of each column."""
    table = Table(title="Place (px at 1024) / colour (CIEDE2000) after the product was put back")
    for column in ("photo", *DRIFTS, "another product"):
        table.add_column(column, justify="left" if column == "photo" else "right")
    found = []
    for name, outcomes, is_mistaken in rows():
        found.append(outcomes)
        cells = [
            f"{one.place_px:.2f} / {one.delta_e:.2f}" if one.is_verified else "unverified"
            for one in outcomes.values()
        ]
        table.add_row(name, *cells, "TAKEN FOR IT" if is_mistaken else "unverified")
    table.add_section()
    worst = [[outcomes[name] for outcomes in found if outcomes[name].is_verified] for name in DRIFTS]
    table.add_row(
        "worst",
        *(f"{max(o.place_px for o in many):.2f} / {max(o.delta_e for o in many):.2f}" for many in worst),
        "",
    )
    Console(width=170).print(table)


if __name__ == "__main__":
    main()
