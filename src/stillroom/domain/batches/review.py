"""Review rule: whether a picture of a batch can be used without a review by a person."""

from collections.abc import Sequence

from stillroom.domain.batches.batches import ItemStatus
from stillroom.domain.measures import Measures
from stillroom.domain.told_back import NOTICES
from stillroom.domain.variants import Variant, adopted_among

OVER_BUDGET = "over_budget"
"""Warning: the batch's or the day's budget excluded a cloud provider, so the local one made the picture."""

BELOW_QUALITY, BELOW_CONFIDENCE = "below_quality", "below_confidence"
CUT_OUT_DOUBTFUL, PRODUCT_CUT, NOT_VERIFIED = "cut_out_doubtful", "product_cut", "product_not_verified"
PART_MISSING = "candidates_missing"
EXPORT_FAILED = "export_failed"

NOT_UNDERSTOOD = "not_understood"
"""Warning: a part of the instruction or the changes was not carried out."""

_BLOCKING = frozenset(
    {NOT_UNDERSTOOD, BELOW_QUALITY, BELOW_CONFIDENCE, CUT_OUT_DOUBTFUL, PRODUCT_CUT, NOT_VERIFIED}
)


def warnings_on(measures: Measures, approve_from: float) -> tuple[str, ...]:
    """Return the reasons for which a person should look at a picture.

    Args:
        approve_from: Least quality and confidence, 0..1; a missing figure counts as 0.
    """
    found = [
        (BELOW_QUALITY, (measures.quality or 0.0) < approve_from),
        (BELOW_CONFIDENCE, (measures.edge_confidence or 0.0) < approve_from),
        (CUT_OUT_DOUBTFUL, bool(measures.matte_doubts)),
        (PRODUCT_CUT, bool(measures.cut_sides)),
        (NOT_VERIFIED, measures.verified is False),
    ]
    return tuple(code for code, applies in found if applies)


NOT_CARRIED_OUT = frozenset(
    {
        *NOTICES.values(),
        "DETAIL_NEEDS_BACKGROUND",
        "REFLECTION_FLAT",
        "PLACE_NEEDS_BACKGROUND",
        "RATIO_NEEDS_BACKGROUND",
        "ROTATION_NEEDS_BACKGROUND",
        "SHADOW_NEEDS_BACKGROUND",
    }
)
"""Codes of notices that a part of what was asked for is not in the picture."""


def verdict_on(warnings: Sequence[str]) -> ItemStatus:
    """Return `needs_review` if a warning requires a review, else `succeeded`."""
    return ItemStatus.SUCCEEDED if _BLOCKING.isdisjoint(warnings) else ItemStatus.NEEDS_REVIEW


def best_of(candidates: Sequence[Variant]) -> Variant:
    """Return the adopted candidate, else the one of highest quality on the first one's kind of backdrop.

    Another kind of backdrop is an alternative to what was asked. A photo's own background hides a doubtful
    cut-out, so its quality would be higher.
    """
    asked = min(candidates, key=lambda one: one.ordinal).plan.backdrop.kind
    best = min(
        candidates,
        key=lambda one: (one.plan.backdrop.kind != asked, -(one.measures.quality or 0.0), one.ordinal),
    )
    return adopted_among(candidates) or best
