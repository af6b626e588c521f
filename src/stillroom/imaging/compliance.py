"""Measures a finished file against a preset's rules, from its bytes, as the marketplace will see it."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyvips
from numpy.typing import NDArray

from stillroom.domain.exports import Check, ExportPreset, Fix, FixId, Verdict, fix
from stillroom.domain.rules import (
    RULE_TITLES,
    BorderRule,
    BytesRule,
    EnlargementRule,
    FormatRule,
    ManualRule,
    PictureFormat,
    PlainRule,
    RatioRule,
    Rule,
    SizeRule,
    SubjectShareRule,
    SubjectSizeRule,
    TransparentGroundRule,
    WhiteGroundRule,
)
from stillroom.imaging import measures, provenance
from stillroom.imaging.pixels import Bytes
from stillroom.imaging.signatures import HEAD_BYTES, recognise

SHARE_TOLERANCE = 0.005
"""Half of the last digit that a share is told in."""

CENTER_TOLERANCE = 0.02
"""Share of the side by which the product may stand off the middle; less is not seen."""

RATIO_TOLERANCE = 0.005
"""Relative; a pixel in 200."""

SOFT_FROM_PX = 3.0
"""Width of edges from which a picture looks soft: the golden photos measure 1.3 to 2.6, and 5.3 and more when
they are blurred by 2.5 pixels."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """What is known of a file from how it was framed, and cannot be seen in its bytes.

    Attributes:
        matte: uint8 (H, W) of the file's size, 255 is product; None if the product is not known.
        scale: Pixels of the file per pixel of the master.
        is_cut: The product touches an edge of the master that the file does not go beyond, or its own.
        share: What the preset aims at, for the label of the fix.
    """

    matte: Bytes | None
    scale: float
    is_cut: bool
    share: float | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A rule's verdict before it is dressed up."""

    verdict: Verdict
    measured: str | None
    limit: str | None
    facts: dict[str, float | int | str]
    fix: Fix | None = None


def check(
    data: bytes, preset: ExportPreset, geometry: Geometry, applied: Collection[FixId] = ()
) -> tuple[Check, ...]:
    """Measure a file.

    Args:
        data: As it will be handed out.
        preset: Whose rules.
        geometry: How it was framed.
        applied: Fixes that were already made; they are not offered again.

    Returns:
        One check per rule, in the order of the rules.
    """
    file = _File(data, geometry)
    checks = []
    for rule in preset.rules:
        outcome = _outcome(rule, file, preset)
        offered = outcome.fix if outcome.fix and outcome.fix.id not in applied else None
        checks.append(
            Check(
                rule=rule.rule,
                title=RULE_TITLES[rule.rule],
                verdict=outcome.verdict,
                measured=outcome.measured,
                limit=outcome.limit,
                facts=outcome.facts,
                note=rule.note if isinstance(rule, ManualRule) else None,
                grade=rule.grade,
                source=rule.source,
                checked_on=rule.checked_on,
                fix=offered,
            )
        )
    return tuple(checks)


class _File:
    """A file, decoded once."""

    def __init__(self, data: bytes, geometry: Geometry) -> None:
        self.data = data
        self.geometry = geometry
        self.form = PictureFormat(recognise(data[:HEAD_BYTES]))
        self.image = pyvips.Image.new_from_buffer(data, "", fail_on="truncated")
        self.fields = frozenset(self.image.get_fields())
        self.pixels: NDArray[np.uint8] = np.asarray(self.image.numpy())
        self.width, self.height = self.image.width, self.image.height
        self.subject = measures.subject_of(geometry.matte) if geometry.matte is not None else None


def _outcome(rule: Rule, file: _File, preset: ExportPreset) -> _Outcome:
    """One rule's measurement."""
    match rule:
        case SizeRule():
            return _size(rule, file)
        case RatioRule():
            return _ratio(rule, file)
        case FormatRule():
            return _format(rule, file)
        case BytesRule():
            return _bytes(rule, file)
        case WhiteGroundRule():
            return _white_ground(rule, file)
        case BorderRule():
            return _border(rule, file)
        case TransparentGroundRule():
            return _transparent(rule, file)
        case SubjectShareRule():
            return _share(rule, file, preset)
        case SubjectSizeRule():
            return _subject_size(rule, file)
        case EnlargementRule():
            return _enlargement(rule, file)
        case ManualRule():
            return _Outcome(Verdict.MANUAL, None, None, {})
        case PlainRule():
            return _PLAIN[rule.rule](rule, file)


def _judge(held: bool, rule: Rule) -> Verdict:
    if held:
        return Verdict.PASS
    return Verdict.FAIL if rule.required else Verdict.WARN


def _size(rule: SizeRule, file: _File) -> _Outcome:
    width, height = file.width, file.height
    long_side, short_side = max(width, height), min(width, height)
    held = all(
        limit is None or ok
        for limit, ok in (
            (rule.width, width == rule.width),
            (rule.height, height == rule.height),
            (rule.min_width, width >= (rule.min_width or 0)),
            (rule.max_width, width <= (rule.max_width or 0)),
            (rule.min_height, height >= (rule.min_height or 0)),
            (rule.max_height, height <= (rule.max_height or 0)),
            (rule.min_long_side, long_side >= (rule.min_long_side or 0)),
            (rule.max_long_side, long_side <= (rule.max_long_side or 0)),
            (rule.min_short_side, short_side >= (rule.min_short_side or 0)),
            (rule.max_megapixels, width * height <= (rule.max_megapixels or 0) * 1e6),
        )
    )
    limits = rule.model_dump(exclude_none=True, exclude={"rule", "required", "grade", "source", "checked_on"})
    return _Outcome(
        _judge(held, rule),
        f"{width} × {height}",
        _spelled_size(rule),
        {"width": width, "height": height, **limits},
    )


def _spelled_size(rule: SizeRule) -> str:
    parts = []
    for sign, wide, tall in (
        ("", rule.width, rule.height),
        ("≥ ", rule.min_width, rule.min_height),
        ("≤ ", rule.max_width, rule.max_height),
    ):
        if wide or tall:
            parts.append(f"{sign}{wide or '…'} × {tall or '…'}")
    side = rule.min_long_side or rule.min_short_side
    if side:
        parts.append(f"≥ {side} px")
    if rule.max_long_side:
        parts.append(f"≤ {rule.max_long_side} px")
    if rule.max_megapixels:
        parts.append(f"≤ {rule.max_megapixels:g} MP")
    return ", ".join(parts)


def _ratio(rule: RatioRule, file: _File) -> _Outcome:
    found, wanted = file.width / file.height, rule.width / rule.height
    held = abs(found / wanted - 1.0) <= RATIO_TOLERANCE
    facts: dict[str, float | int | str] = {"ratio": round(found, 4), "limit": round(wanted, 4)}
    return _Outcome(_judge(held, rule), f"{found:.3g} : 1", f"{rule.width} : {rule.height}", facts)


def _format(rule: FormatRule, file: _File) -> _Outcome:
    frames = int(file.image.get("n-pages")) if "n-pages" in file.fields else 1
    held = file.form in rule.formats and frames == 1
    names = " / ".join(form.upper() for form in rule.formats)
    remedy = fix(FixId.TO_JPEG) if not held and PictureFormat.JPEG in rule.formats else None
    return _Outcome(
        _judge(held, rule), file.form.upper(), names, {"format": file.form.value, "frames": frames}, remedy
    )


def _bytes(rule: BytesRule, file: _File) -> _Outcome:
    size = len(file.data)
    over, under = rule.max is not None and size > rule.max, rule.min is not None and size < rule.min
    facts: dict[str, float | int | str] = {"bytes": size}
    spelled = []
    if rule.min is not None:
        facts["min"] = rule.min
        spelled.append(f"≥ {_kilobytes(rule.min)}")
    if rule.max is not None:
        facts["max"] = rule.max
        spelled.append(f"≤ {_kilobytes(rule.max)}")
    remedy = fix(FixId.FIT_BYTES, kilobytes=round((rule.max or 0) / 1000)) if over else None
    return _Outcome(_judge(not over and not under, rule), _kilobytes(size), ", ".join(spelled), facts, remedy)


def _kilobytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} KB"


def _white_ground(rule: WhiteGroundRule, file: _File) -> _Outcome:
    ground = measures.white_ground(file.pixels, file.geometry.matte)
    facts: dict[str, float | int | str] = {
        "white_share": round(ground.white_share, 5),
        "lowest": ground.lowest,
        "x": ground.worst[0],
        "y": ground.worst[1],
    }
    if ground.white_share == 1.0:
        verdict = Verdict.PASS
    elif rule.shadow == "tolerated" and ground.is_shadow_only:
        verdict = Verdict.WARN
    else:
        verdict = _judge(False, rule)
    remedy = None
    if verdict is not Verdict.PASS and file.geometry.matte is not None:
        remedy = fix(FixId.REMOVE_SHADOW if ground.is_shadow_only else FixId.PURE_WHITE)
    measured = f"{ground.white_share:.1%}" + (f", {ground.lowest}" if ground.lowest < 255 else "")
    return _Outcome(verdict, measured, "100%, 255", facts, remedy)


def _border(rule: BorderRule, file: _File) -> _Outcome:
    share, lowest = measures.white_border(file.pixels, rule.ring)
    held = share == 1.0
    remedy = fix(FixId.PURE_WHITE) if not held and file.geometry.matte is not None else None
    measured = f"{share:.1%}" + (f", {lowest}" if lowest < 255 else "")
    return _Outcome(
        _judge(held, rule), measured, "100%, 255", {"white_share": round(share, 5), "lowest": lowest}, remedy
    )


def _transparent(rule: TransparentGroundRule, file: _File) -> _Outcome:
    if file.pixels.ndim < 3 or file.pixels.shape[2] != 4:
        return _Outcome(_judge(False, rule), "0%", "100%", {"clear_share": 0.0})
    alpha = file.pixels[..., 3]
    matte = file.geometry.matte
    outside = matte == 0 if matte is not None else measures.ring_of(alpha.shape, 0.01)
    clear = float((alpha[outside] == 0).mean()) if outside.any() else 0.0
    return _Outcome(_judge(clear == 1.0, rule), f"{clear:.1%}", "100%", {"clear_share": round(clear, 5)})


def _share(rule: SubjectShareRule, file: _File, preset: ExportPreset) -> _Outcome:
    limit = f"≥ {rule.min:.0%}" + (f", ≤ {rule.max:.0%}" if rule.max < 1.0 else "")
    if file.subject is None:
        return _Outcome(Verdict.MANUAL, None, limit, {"min": rule.min, "max": rule.max})
    box = file.subject.box
    wide, tall = (box[2] - box[0]) / file.width, (box[3] - box[1]) / file.height
    share = max(wide, tall)
    held = rule.min - SHARE_TOLERANCE <= share <= rule.max + SHARE_TOLERANCE
    facts: dict[str, float | int | str] = {
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
    if share < rule.min - SHARE_TOLERANCE and preset.subject is not None:
        remedy = fix(FixId.ENLARGE_SUBJECT, share=round(aim * 100))
    return _Outcome(_judge(held, rule), f"{wide:.0%} × {tall:.0%}", limit, facts, remedy)


def _subject_size(rule: SubjectSizeRule, file: _File) -> _Outcome:
    limit = f"≥ {rule.min_width} × {rule.min_height}"
    if file.subject is None:
        return _Outcome(Verdict.MANUAL, None, limit, {})
    box = file.subject.box
    width, height = box[2] - box[0], box[3] - box[1]
    held = width >= rule.min_width and height >= rule.min_height
    return _Outcome(_judge(held, rule), f"{width} × {height}", limit, {"width": width, "height": height})


def _enlargement(rule: EnlargementRule, file: _File) -> _Outcome:
    scale = file.geometry.scale
    held = scale <= rule.max + 1e-3
    return _Outcome(_judge(held, rule), f"{scale:.2f}×", f"≤ {rule.max:.2f}×", {"scale": round(scale, 4)})


def _whole(rule: PlainRule, file: _File) -> _Outcome:
    if file.subject is None:
        return _Outcome(Verdict.MANUAL, None, None, {})
    edges = measures.touched_edges(file.geometry.matte)
    held = edges == 0 and not file.geometry.is_cut
    return _Outcome(_judge(held, rule), "✓" if held else "✗", "✓", {"edges": edges})


def _centered(rule: PlainRule, file: _File) -> _Outcome:
    if file.subject is None:
        return _Outcome(Verdict.MANUAL, None, None, {})
    box = file.subject.box
    across = abs((box[0] + box[2]) / 2 / file.width - 0.5)
    down = abs((box[1] + box[3]) / 2 / file.height - 0.5)
    off = max(across, down)
    held = off <= CENTER_TOLERANCE
    remedy = None if held else fix(FixId.CENTER)
    return _Outcome(
        _judge(held, rule), f"{off:.1%}", f"≤ {CENTER_TOLERANCE:.0%}", {"off": round(off, 4)}, remedy
    )


def _single(_: PlainRule, file: _File) -> _Outcome:
    if file.subject is None:
        return _Outcome(Verdict.MANUAL, None, "1", {})
    parts = file.subject.parts
    # Two shoes are one product: only a person can tell.
    return _Outcome(Verdict.PASS if parts == 1 else Verdict.WARN, str(parts), "1", {"parts": parts})


def _srgb(rule: PlainRule, file: _File) -> _Outcome:
    image = file.image
    held = (
        image.format == "uchar"
        and image.interpretation in ("srgb", "b-w")
        and ("icc-profile-data" not in file.fields or b"sRGB" in bytes(image.get("icc-profile-data")))
    )
    measured = f"{image.interpretation}, {8 if image.format == 'uchar' else 16} bit"
    return _Outcome(
        _judge(held, rule), measured, "sRGB, 8 bit", {"interpretation": str(image.interpretation)}
    )


def _camera_data(rule: PlainRule, file: _File) -> _Outcome:
    found = sorted(file.fields & {"exif-data", "iptc-data"})
    return _Outcome(_judge(not found, rule), ", ".join(found) or "0", "0", {"blocks": len(found)})


def _provenance(rule: PlainRule, file: _File) -> _Outcome:
    said = provenance.read(bytes(file.image.get("xmp-data"))) if "xmp-data" in file.fields else None
    held = said is not None and said.source is not None
    source = said.source.value if said and said.source else ""
    facts: dict[str, float | int | str] = {"digital_source_type": source}
    if said and said.label is not None:
        facts["aigc_label"] = said.label
    return _Outcome(_judge(held, rule), source or "0", "DigitalSourceType", facts)


def _sharpness(rule: PlainRule, file: _File) -> _Outcome:
    width = measures.edge_width(file.pixels, file.geometry.matte)
    limit = f"≤ {SOFT_FROM_PX:.1f} px"
    if width is None:
        return _Outcome(Verdict.MANUAL, None, limit, {})
    held = width <= SOFT_FROM_PX
    remedy = None if held else fix(FixId.SHARPEN)
    return _Outcome(_judge(held, rule), f"{width:.1f} px", limit, {"edge_px": round(width, 2)}, remedy)


_PLAIN = {
    "subject_whole": _whole,
    "subject_centered": _centered,
    "single_subject": _single,
    "srgb": _srgb,
    "camera_data": _camera_data,
    "provenance": _provenance,
    "sharpness": _sharpness,
}
