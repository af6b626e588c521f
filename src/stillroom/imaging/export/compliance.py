"""Compliance checks: measure a finished file against a preset's rules."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from stillroom.domain.exports.presets import (
    LABEL_WORDS,
    Check,
    ExportPreset,
    FixId,
    Ground,
    LabelLanguage,
    Verdict,
)
from stillroom.domain.exports.rules import RULE_TITLES, ManualRule
from stillroom.imaging.export import file_rules, picture_rules
from stillroom.imaging.export.evidence import Evidence, Geometry, Outcome
from stillroom.imaging.io.decoding import Opened

_CHECKS: Mapping[str, Callable[[Any, Evidence], Outcome]] = {
    "size": file_rules.size,
    "zoom": file_rules.size,
    "ratio": file_rules.ratio,
    "format": file_rules.encoding,
    "bytes": file_rules.size_in_bytes,
    "srgb": file_rules.srgb,
    "camera_data": file_rules.camera_data,
    "provenance": file_rules.source_told,
    "white_ground": picture_rules.white_ground,
    "border_white": picture_rules.white_border,
    "transparent_ground": picture_rules.transparent_ground,
    "subject_share": picture_rules.subject_share,
    "subject_size": picture_rules.subject_size,
    "subject_whole": picture_rules.subject_whole,
    "subject_centered": picture_rules.subject_centered,
    "single_subject": picture_rules.single_subject,
    "enlargement": picture_rules.enlargement,
    "sharpness": picture_rules.sharpness,
}
"""Checks by rule; a person judges all other rules."""

OF_SUBJECT = frozenset(
    {"subject_share", "subject_size", "subject_whole", "subject_centered", "single_subject"}
)
"""Rules judged by the matte alone; if the matte may be wrong, a pass needs confirmation by a person."""


def check(
    data: bytes,
    opened: Opened,
    preset: ExportPreset,
    geometry: Geometry,
    applied: Collection[FixId] = (),
    label: LabelLanguage | None = None,
    file_name: str = "",
) -> tuple[Check, ...]:
    """Check a file against all rules of a preset.

    Args:
        opened: The same file, decoded; an untrusted file is decoded in a child process.
        applied: Fixes already applied; they are not offered again.
        file_name: Its extension must match the content; a name without one, or none, is ignored.

    Returns:
        One check per rule, in the order of the rules.
    """
    file = Evidence(data, opened, preset, geometry, file_name)
    checks = []
    for rule in preset.rules:
        measure = _CHECKS.get(rule.rule)
        outcome = measure(rule, file) if measure else Outcome(Verdict.MANUAL, None, None, {})
        if rule.rule in OF_SUBJECT and geometry.is_doubtful and outcome.verdict is Verdict.PASS:
            outcome = replace(outcome, verdict=Verdict.MANUAL)
        if label is not None and rule.rule == "added_text":
            # The label may be required by law but is forbidden by most shops, so warn the seller.
            outcome = Outcome(Verdict.WARN, LABEL_WORDS[label], None, {"label": label.value})
        offered = outcome.fix if outcome.fix and outcome.fix.id not in applied else None
        if label is not None and rule.rule == "white_ground" and preset.ground is Ground.PURE_WHITE:
            # The label is the only content of a pure white background, and no fix removes it.
            offered = None
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
