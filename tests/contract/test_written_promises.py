"""Documents against the code: settings and links."""

import re
from pathlib import Path

from stillroom.settings import Settings, alias_of

DOCUMENTS = Path(__file__).parents[2]


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    text = (DOCUMENTS / "docs" / "settings.md").read_text(encoding="utf-8")
    named = {
        name
        for row in re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert named == {alias_of(field) for field in Settings.model_fields}


def test_every_document_that_another_links_to_exists() -> None:
    pages = [*DOCUMENTS.glob("*.md"), *(DOCUMENTS / "docs").rglob("*.md")]
    targets = {
        (page.parent / target)
        for page in pages
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    }
    assert len(targets) > 5
    assert [target for target in sorted(targets) if not target.exists()] == []
