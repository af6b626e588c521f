"""Rules about the picture's content: background, product and edges."""

from stillroom.domain.exports.presets import FixId, Verdict, fix
from stillroom.domain.exports.rules import (
    BorderRule,
    EnlargementRule,
    PlainRule,
    SubjectShareRule,
    SubjectSizeRule,
    TransparentGroundRule,
    WhiteGroundRule,
)
from stillroom.imaging.export import measures
from stillroom.imaging.export.evidence import Evidence, Facts, Outcome, judge
from stillroom.imaging.pixels import border_of

SHARE_TOLERANCE = 0.005
"""Half of the last digit in which a share is reported."""

CENTER_TOLERANCE = 0.02
"""Share of the side by which the product may be off centre; less is invisible."""

SOFT_FROM_PX = 3.0
"""Edge width in pixels from which a picture looks soft: the golden photos measure 1.3 to 2.6, and 5.3 and
more when blurred by 2.5 pixels."""


def white_ground(rule: WhiteGroundRule, file: Evidence) -> Outcome:
    """Check that every pixel outside the product is white."""
    ground = measures.white_ground(file.pixels, file.geometry.matte)
    facts: Facts = {
        "white_share": round(ground.white_share, 5),
        "lowest": ground.lowest,
        "x": ground.worst[0],
        "y": ground.worst[1],
    }
    if ground.white_share == 1.0:
        verdict = Verdict.PASS
    elif file.geometry.matte is None:
        verdict = Verdict.MANUAL
    elif rule.shadow == "tolerated" and ground.is_shadow_only:
        verdict = Verdict.WARN
    else:
        verdict = judge(False, rule)
    remedy = None
    if verdict is not Verdict.PASS and file.geometry.matte is not None:
        remedy = fix(FixId.REMOVE_SHADOW if ground.is_shadow_only else FixId.PURE_WHITE)
    measured = f"{ground.white_share:.1%}" + (f", {ground.lowest}" if ground.lowest < 255 else "")
    return Outcome(verdict, measured, "100%, 255", facts, remedy)


def white_border(rule: BorderRule, file: Evidence) -> Outcome:
    share, lowest = measures.white_border(file.pixels, rule.ring)
    held = share == 1.0
    remedy = fix(FixId.PURE_WHITE) if not held and file.geometry.matte is not None else None
    measured = f"{share:.1%}" + (f", {lowest}" if lowest < 255 else "")
    return Outcome(
        judge(held, rule), measured, "100%, 255", {"white_share": round(share, 5), "lowest": lowest}, remedy
    )


def transparent_ground(rule: TransparentGroundRule, file: Evidence) -> Outcome:
    """Check that everything outside the product is transparent; a requested shadow is only a warning."""
    if file.pixels.ndim < 3 or file.pixels.shape[2] != 4:
        return Outcome(judge(False, rule), "0%", "100%", {"clear_share": 0.0})
    alpha = file.pixels[..., 3]
    matte = file.geometry.matte
    outside = matte == 0 if matte is not None else border_of(alpha.shape, 0.01)
    clear = float((alpha[outside] == 0).mean()) if outside.any() else 0.0
    verdict, remedy = judge(clear == 1.0, rule), None
    if clear < 1.0 and matte is not None and measures.clear_but_for_shadow(file.pixels, matte):
        verdict, remedy = Verdict.WARN, fix(FixId.REMOVE_SHADOW)
    return Outcome(verdict, f"{clear:.1%}", "100%", {"clear_share": round(clear, 5)}, remedy)


def subject_share(rule: SubjectShareRule, file: Evidence) -> Outcome:
    limit = f"≥ {rule.min:.0%}" + (f", ≤ {rule.max:.0%}" if rule.max < 1.0 else "")
    if file.subject is None:
        return Outcome(Verdict.MANUAL, None, limit, {"min": rule.min, "max": rule.max})
    box = file.subject.box
    wide, tall = (box[2] - box[0]) / file.width, (box[3] - box[1]) / file.height
    share = max(wide, tall)
    held = rule.min - SHARE_TOLERANCE <= share <= rule.max + SHARE_TOLERANCE
    facts: Facts = {
        "width_share": round(wide, 4),
        "height_share": round(tall, 4),
        "area_share": round(file.subject.area / (file.width * file.height), 4),
        "x": box[0],
        "y": box[1],
        "w": box[2] - box[0],
        "h": box[3] - box[1],
        "min": rule.min,
        "max": rule.max,
    }
    aim = max(file.geometry.share or 0.0, rule.min)
    remedy = None
    if share < rule.min - SHARE_TOLERANCE and file.preset.subject is not None:
        remedy = fix(FixId.ENLARGE_SUBJECT, share=round(aim * 100))
    return Outcome(judge(held, rule), f"{wide:.0%} × {tall:.0%}", limit, facts, remedy)


def subject_size(rule: SubjectSizeRule, file: Evidence) -> Outcome:
    limit = f"≥ {rule.min_width} × {rule.min_height}"
    if file.subject is None:
        return Outcome(Verdict.MANUAL, None, limit, {})
    box = file.subject.box
    width, height = box[2] - box[0], box[3] - box[1]
    held = width >= rule.min_width and height >= rule.min_height
    return Outcome(judge(held, rule), f"{width} × {height}", limit, {"width": width, "height": height})


def subject_whole(rule: PlainRule, file: Evidence) -> Outcome:
    if file.subject is None:
        return Outcome(Verdict.MANUAL, None, None, {})
    edges = measures.touched_edges(file.geometry.matte)
    held = edges == 0 and not file.geometry.is_cut
    return Outcome(judge(held, rule), "✓" if held else "✗", "✓", {"edges": edges})


def subject_centered(rule: PlainRule, file: Evidence) -> Outcome:
    if file.subject is None:
        return Outcome(Verdict.MANUAL, None, None, {})
    box = file.subject.box
    across = abs((box[0] + box[2]) / 2 / file.width - 0.5)
    down = abs((box[1] + box[3]) / 2 / file.height - 0.5)
    off = max(across, down)
    held = off <= CENTER_TOLERANCE
    remedy = None if held else fix(FixId.CENTER)
    return Outcome(
        judge(held, rule), f"{off:.1%}", f"≤ {CENTER_TOLERANCE:.0%}", {"off": round(off, 4)}, remedy
    )


def single_subject(_: PlainRule, file: Evidence) -> Outcome:
    """Check that there is one product; a pair of shoes counts as one, so more parts are only a warning."""
    if file.subject is None:
        return Outcome(Verdict.MANUAL, None, "1", {})
    parts = file.subject.parts
    return Outcome(Verdict.PASS if parts == 1 else Verdict.WARN, str(parts), "1", {"parts": parts})


def enlargement(rule: EnlargementRule, file: Evidence) -> Outcome:
    """Check the enlargement, in pixels of the file per pixel of the master."""
    scale = file.geometry.scale
    if scale is None:
        return Outcome(Verdict.MANUAL, None, f"≤ {rule.max:.2f}×", {})
    held = scale <= rule.max + 1e-3
    return Outcome(judge(held, rule), f"{scale:.2f}×", f"≤ {rule.max:.2f}×", {"scale": round(scale, 4)})


def sharpness(rule: PlainRule, file: Evidence) -> Outcome:
    """Check the width of the product's edges."""
    width = measures.edge_width(file.pixels, file.geometry.matte)
    limit = f"≤ {SOFT_FROM_PX:.1f} px"
    if width is None:
        return Outcome(Verdict.MANUAL, None, limit, {})
    held = width <= SOFT_FROM_PX
    remedy = None if held else fix(FixId.SHARPEN)
    return Outcome(judge(held, rule), f"{width:.1f} px", limit, {"edge_px": round(width, 2)}, remedy)
