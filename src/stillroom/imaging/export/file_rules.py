"""Rules about the file itself: size, encoding, colour space and metadata."""

from stillroom.domain.exports.presets import FixId, Verdict, fix
from stillroom.domain.exports.rules import BytesRule, FileKind, FormatRule, PlainRule, RatioRule, SizeRule
from stillroom.imaging.export.evidence import Evidence, Facts, Outcome, judge

RATIO_TOLERANCE = 0.005
"""Relative; a pixel in 200."""


def size(rule: SizeRule, file: Evidence) -> Outcome:
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
    return Outcome(
        judge(held, rule),
        f"{width} × {height}",
        _spelled_size(rule),
        {"width": width, "height": height, **limits},
    )


def ratio(rule: RatioRule, file: Evidence) -> Outcome:
    """Check the aspect ratio; of several allowed shapes, the nearest is reported as the limit."""
    found = file.width / file.height
    wanted = min(
        (shape.width / shape.height for shape in rule.shapes), key=lambda one: abs(found / one - 1.0)
    )
    held = abs(found / wanted - 1.0) <= RATIO_TOLERANCE
    facts: Facts = {"ratio": round(found, 4), "limit": round(wanted, 4)}
    limits = " / ".join(f"{shape.width} : {shape.height}" for shape in rule.shapes)
    return Outcome(judge(held, rule), f"{found:.3g} : 1", limits, facts)


def encoding(rule: FormatRule, file: Evidence) -> Outcome:
    """Check the format, that the file has a single frame, and that its name ends as its format does."""
    frames = file.facts.frames
    is_allowed = file.form in rule.formats and frames == 1
    names = " / ".join(form.upper() for form in rule.formats)
    remedy = fix(FixId.TO_JPEG) if not is_allowed and FileKind.JPEG in rule.formats else None
    facts: Facts = {"format": file.form.value, "frames": frames}
    measured = file.form.upper()
    if file.wrong_extension:
        facts["extension"] = file.wrong_extension
        measured += f", .{file.wrong_extension}"
    return Outcome(judge(is_allowed and not file.wrong_extension, rule), measured, names, facts, remedy)


def size_in_bytes(rule: BytesRule, file: Evidence) -> Outcome:
    size = len(file.data)
    over, under = rule.max is not None and size > rule.max, rule.min is not None and size < rule.min
    facts: Facts = {"bytes": size}
    limits = []
    if rule.min is not None:
        facts["min"] = rule.min
        limits.append(f"≥ {_kilobytes(rule.min)}")
    if rule.max is not None:
        facts["max"] = rule.max
        limits.append(f"≤ {_kilobytes(rule.max)}")
    remedy = fix(FixId.FIT_BYTES, kilobytes=round((rule.max or 0) / 1000)) if over else None
    return Outcome(judge(not over and not under, rule), _kilobytes(size), ", ".join(limits), facts, remedy)


def srgb(rule: PlainRule, file: Evidence) -> Outcome:
    """Check for sRGB with three channels of 8 bits; greyscale fails."""
    facts = file.facts
    measured = f"{facts.color_space}, {facts.bits} bit"
    return Outcome(
        judge(facts.is_srgb, rule), measured, "sRGB, 8 bit", {"interpretation": facts.interpretation}
    )


def camera_data(rule: PlainRule, file: Evidence) -> Outcome:
    """Check that the file contains no EXIF or IPTC data, and so no location."""
    found = file.facts.blocks
    return Outcome(judge(not found, rule), ", ".join(found) or "0", "0", {"blocks": len(found)})


def source_told(rule: PlainRule, file: Evidence) -> Outcome:
    """Check that the digital source type is embedded in the file.

    For a file made elsewhere, only its maker knows whether one is required.
    """
    source = file.facts.source
    facts: Facts = {"digital_source_type": source.value if source else ""}
    if file.facts.aigc_label is not None:
        facts["aigc_label"] = file.facts.aigc_label
    held = source is not None
    verdict = judge(held, rule) if held or file.was_made_here else Verdict.MANUAL
    return Outcome(verdict, source.value if source else "0", "DigitalSourceType", facts)


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


def _kilobytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} KB"
