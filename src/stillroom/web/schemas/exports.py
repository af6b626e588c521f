"""Schemas of exports."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from stillroom.domain.exports.file_names import usable_name
from stillroom.domain.exports.presets import Check, ExportStatus, FixId, LabelLanguage
from stillroom.domain.exports.presets import Export as ExportEntity
from stillroom.domain.field_errors import UnusableValue
from stillroom.domain.ids import VariantId
from stillroom.web.schemas.base import Answer, Body, FromText, GivenId, PageAnswer

MAX_ASKED = 50
"""Maximum number of variants, and of presets, of one request; those named twice count once as files."""


class ExportRequest(Body):
    """Create files from variants, adopted or not."""

    variant_ids: Annotated[list[GivenId[VariantId]], Field(min_length=1, max_length=MAX_ASKED)]
    presets: Annotated[list[str], Field(min_length=1, max_length=MAX_ASKED)]
    fixes: Annotated[
        list[FromText[FixId]],
        Field(default_factory=list, max_length=len(FixId), description="Remedies to apply to these files."),
    ]
    label: Annotated[
        FromText[LabelLanguage] | None,
        Field(description="Write visibly into every file, in this language, that it is generated."),
    ] = None
    names: Annotated[
        dict[str, Annotated[str, Field(max_length=200), AfterValidator(usable_name)]],
        Field(
            default_factory=dict,
            max_length=MAX_ASKED,
            description=(
                "What the files of a preset are to be called, by its id and without extension; {product},"
                " {sku}, {preset}, {number} and {slot} are filled in."
            ),
        ),
    ]
    dry_run: Annotated[bool, Field(description="Measure only; nothing is stored.")] = False

    @model_validator(mode="after")
    def _names_what_it_asks_for(self) -> Self:
        if not set(self.names) <= set(self.presets):
            raise UnusableValue("names_may_only_name")
        return self


class Export(Answer):
    """An export file; `id`, `url` and `expires_at` are null if it was only checked and not stored.

    While it is `pending`, `bytes` is null and `checks` are empty; its `url` works once it is `ready`.
    """

    id: str | None
    status: ExportStatus
    variant_id: str
    preset: str
    name: str
    part: Annotated[int | None, Field(description="Which piece, from 1, of a picture cut into several.")]
    format: str
    width: int
    height: int
    bytes: int | None
    url: str | None
    checks: list[Check]
    expires_at: datetime | None


class ExportResult(Answer):
    """Created files; `archive_url` downloads all of them as one zip."""

    exports: list[Export]
    archive_url: str | None


class ExportPage(PageAnswer[Export]):
    """A page of exports."""


def export_answer(export: ExportEntity, *, stored: bool = True) -> Export:
    return Export.of(
        export,
        id=export.id if stored else None,
        bytes=export.bytes if export.status is ExportStatus.READY else None,
        url=f"/export/{export.id}" if stored else None,
        expires_at=export.expires_at if stored else None,
    )
