"""Judging: measure the picture of a golden case and check its backdrop."""

import math
from dataclasses import dataclass

from stillroom.domain.plans.plan import CarriedOutPlan, Plan
from stillroom.evaluation.golden import backdrop_measures, measurement
from stillroom.evaluation.golden.backdrop_measures import Ground
from stillroom.evaluation.golden.measurement import Truth
from stillroom.evaluation.golden.runs import CaseResult, Expectation, auto_notes
from stillroom.imaging.pixels import Bytes, Picture, cover_of
from stillroom.imaging.resizing import area_resized, size_of

WHITE_SHARE = 0.95
"""Minimum share of exactly white border pixels in a decoded JPEG; a shadow may reach the border."""

PLAIN_SPREAD = 8.0
"""Maximum mean CIEDE2000 within the border of a plain backdrop; a lit gradient has 2."""

SCENE_SPREAD = 2.0
"""Minimum mean CIEDE2000 within the border of a scene."""


@dataclass(frozen=True)
class Shot:
    """Picture to judge.

    Attributes:
        matte: None if the product was not located.
        jpeg: Web export of the picture; None if it was not exported.
        plan: Plan as carried out.
    """

    picture: Picture
    matte: Bytes | None
    jpeg: Picture | None
    plan: CarriedOutPlan


def judged(result: CaseResult, expect: Expectation, truth: Truth, shot: Shot) -> CaseResult:
    """Return the result with all measures of its picture."""
    found = _backdrop_facts(expect, shot) | _of_product(expect, truth, shot)
    measured = result.model_copy(update=found)
    notes = auto_notes(measured, expect)
    return measured.model_copy(update={"auto_accepted": not notes, "auto_notes": notes})


def _of_product(expect: Expectation, truth: Truth, shot: Shot) -> dict[str, object]:
    picture, place = shot.picture, measurement.place_of(shot.plan)
    if place is None:
        # Without the product's position, no measure against the photo is possible.
        return {}
    size = size_of(picture)
    cover = measurement.true_cover(truth, place, size)
    found: dict[str, object] = {"shadow_depth": round(backdrop_measures.shadow_depth(picture, cover), 2)}
    if shot.matte is not None:
        matte = measurement.matte_scores(cover_of(area_resized(shot.matte, size)), cover_of(cover))
        found |= {
            "alpha_iou": round(matte.iou, 4),
            "alpha_mae": round(matte.mae, 5),
            "boundary_f": round(matte.boundary_f, 4),
        }
    if expect.see_through:
        product = None
    else:
        product = measurement.product_scores(picture, truth, shot.plan, place, shot.matte)
    if product is not None:
        found |= {
            "product_delta_e": round(product.delta_e, 3),
            "product_delta_e_photo": round(product.delta_e_photo, 3),
            "product_ssim": round(product.ssim, 4),
            "label_ssim": None if product.label_ssim is None else round(product.label_ssim, 4),
        }
    if shot.plan.backdrop.kind != "keep":
        # A kept backdrop has natural edges, which would count as artefacts.
        reference = measurement.planned_product(truth, shot.plan, place, size)
        edge = backdrop_measures.edge_scores(picture, reference, cover)
        if edge is not None:
            found |= {"halo": round(edge.halo, 3), "ringing": round(edge.ringing, 3)}
    return found


def _backdrop_facts(expect: Expectation, shot: Shot) -> dict[str, object]:
    ground = backdrop_measures.ground_of(shot.picture if shot.jpeg is None else shot.jpeg)
    found: dict[str, object] = {}
    if expect.backdrop == "white":
        found["white_share"] = round(ground.white_share, 5)
    if expect.backdrop is not None:
        note = _complaint(ground, expect, shot.plan)
        found |= {"backdrop_ok": note is None, "backdrop_note": note}
    return found


def _complaint(ground: Ground, expect: Expectation, plan: Plan) -> str | None:
    """Return why the backdrop is not as requested; None if it is."""
    lightness, a, b = ground.lab
    chroma, hue = math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360
    if expect.backdrop == "white":
        return None if ground.white_share >= WHITE_SHARE else f"white {ground.white_share:.1%}"
    if expect.backdrop == "scene":
        if plan.backdrop.kind == "keep":
            return "the photo's own scene"
        return None if ground.spread >= SCENE_SPREAD else f"a plain ground, L* {lightness:.0f}"
    if ground.spread > PLAIN_SPREAD:
        return f"not plain, spread {ground.spread:.1f}"
    for name, value, limits in (("L*", lightness, expect.lightness), ("C*", chroma, expect.chroma)):
        if limits is not None and not limits[0] <= value <= limits[1]:
            return f"{name} {value:.0f}"
    if expect.hue is not None:
        first, last = expect.hue
        if (hue - first) % 360 > (last - first) % 360:
            return f"hue {hue:.0f}°"
    return None
