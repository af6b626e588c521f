"""The matte of a product, with its confidence and the reasons to review it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE
from stillroom.domain.mattes import NO_SUBJECTS, Subjects
from stillroom.imaging.cutout.confidence import Signals, probability_of
from stillroom.imaging.pixels import HALF_COVER, Box, Bytes

SETTLED = 0.92  # intersection over union from which the scout and the closer pass need no third
UNDECIDED = 0.10  # per pixel of product: clean solid objects have fewer undecided pixels
DOUBTED = 0.89  # highest confidence of a doubtful cut-out without signals
LEAST_FOUND = 0.001  # lowest confidence of a cut-out that holds something; 0 means that it does not
GRABCUT = "grabcut"  # model name used without a network

Doubt = Literal["not_found", "looks_differ", "soft", "leaves_crop", "no_network", "doubted"]
"""Why a person should review a cut-out before it is used."""


@dataclass(frozen=True, slots=True)
class Matte:
    """Alpha matte of the product inside a box of the photo; alpha is 0 outside the box.

    Attributes:
        box: x0, y0, x1, y1 in photo pixels; `alpha` covers it, possibly at another scale.
        model: For example `isnet-1024`.
        agreement: Lowest intersection over union between the passes; None after a single pass.
        edge_share: Undecided pixels per pixel of product.
        see_through: Share of the product that the network took for transparent, as it does with glass.
        undecided: As `edge_share`, of the raw network output near the product.
        leaves_crop: Whether the product extends beyond the crop of the closest pass.
        corrected: Confidence of a matte that a person corrected; None for one that was found.
        signals: What the confidence is computed from; None for a matte that no network made.
        subjects: The objects of the photo that may be the product; see `cutout.subjects`.
    """

    alpha: Bytes
    box: Box
    model: str
    agreement: float | None
    edge_share: float
    see_through: float = 0.0
    undecided: float = 0.0
    leaves_crop: bool = False
    corrected: float | None = None
    signals: Signals | None = None
    subjects: Subjects = NO_SUBJECTS

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Reasons for a review; none if the matte is probably good."""
        if int(self.alpha.max(initial=0)) <= HALF_COVER:
            return ("not_found",)
        probability = self._probability
        if probability is not None and probability >= LEAST_EDGE_CONFIDENCE:
            return ()
        reasons: dict[Doubt, bool] = {
            "looks_differ": self.agreement is not None and self.agreement < SETTLED,
            "soft": max(self.undecided, self.edge_share) > UNDECIDED,
            "leaves_crop": self.leaves_crop,
            "no_network": self.model == GRABCUT,
        }
        told = tuple(doubt for doubt, holds in reasons.items() if holds)
        return told or (() if probability is None else ("doubted",))

    @property
    def confidence(self) -> float:
        """Probability that the IoU is at least .9; below .9 a review is needed, 0 means nothing was found.

        Without signals and correction, it rates the edges alone.
        """
        doubts = self.doubts
        if "not_found" in doubts:
            return 0.0
        if self._probability is not None:
            return self._probability
        # Measured on rendered scenes: up to 0.10 on clean solid objects, 0.21 and more on thin ones.
        edges = 1.0 - float(np.clip((self.edge_share - 0.06) / 0.4, 0.0, 0.6))
        agreed = 1.0 if self.agreement is None else float(np.clip(self.agreement + 0.04, 0.0, 1.0))
        return round(min(edges, agreed, DOUBTED if doubts else 1.0), 3)

    @property
    def _probability(self) -> float | None:
        """Probability from the correction or the signals; None without either."""
        if self.corrected is not None:
            return max(LEAST_FOUND, self.corrected)
        if self.signals is None:
            return None
        probability = probability_of(self.signals, is_asked=self.subjects.are_asked_about)
        return max(LEAST_FOUND, round(probability, 3))
