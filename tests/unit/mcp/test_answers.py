"""Results of tools."""

from dataclasses import replace
from datetime import UTC, datetime

from stillroom.domain.exports.presets import Export, ExportStatus
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.ids import LOCAL_OWNER, ExportId, VariantId
from stillroom.mcp.answers import checked_export

NOW = datetime(2026, 11, 24, tzinfo=UTC)
READY = Export(
    id=ExportId("exp_1"),
    owner_id=LOCAL_OWNER,
    variant_id=VariantId("var_1"),
    preset="web-avif",
    name="mug.avif",
    part=None,
    format=PictureFormat.AVIF,
    width=1500,
    height=1500,
    bytes=1000,
    blob_key="key",
    checks=(),
    created_at=NOW,
    expires_at=NOW,
)


def test_a_file_that_is_still_made_passes_no_check() -> None:
    made = checked_export(READY)
    assert made is not None
    assert made.passes
    assert checked_export(replace(READY, status=ExportStatus.PENDING)) is None
