"""Presets for tests, with every kind of rule."""

from typing import Any

from stillroom.domain.exports.presets import ExportPreset


def rule(name: str, **facts: Any) -> dict[str, Any]:
    """One rule as a configuration file would spell it."""
    return {"rule": name, "grade": "B", "source": "somebody", "checked_on": "2026-11-24", **facts}


def preset(**changes: Any) -> ExportPreset:
    """A white square of 400 pixels, changed as asked."""
    plain: dict[str, Any] = {
        "id": "a-preset",
        "platform": "shop",
        "name": {"zh": "主图", "en": "Main"},
        "canvas": {"width": 400, "height": 400},
        "fit": "pad",
        "ground": "white",
        "subject": {"share": 0.8, "min": 0.75, "max": 0.9},
        "formats": ["jpeg"],
    }
    return ExportPreset.model_validate({**plain, **changes})
