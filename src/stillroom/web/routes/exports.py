"""`/export`: export files for marketplaces."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from stillroom.application.exports.options import ExportOptions
from stillroom.application.exports.ordering import MAX_FILES
from stillroom.domain.exports.presets import FixId, LabelLanguage
from stillroom.domain.ids import ID_PATTERN, MAX_ID_CHARACTERS, ExportId, VariantId
from stillroom.web.dependencies import (
    CallDep,
    IdempotencyKeyDep,
    PagingDep,
    PathId,
    QueryId,
    counted,
)
from stillroom.web.middleware.audit import touch
from stillroom.web.responses import (
    LIMITED,
    STATE,
    WITH_ID,
    WITH_KEY,
    Download,
    a_file,
    attached,
    errors,
    streamed,
)
from stillroom.web.schemas.exports import (
    ExportPage,
    ExportRequest,
    ExportResult,
    export_answer,
)

router = APIRouter(prefix="/export", tags=["exports"])


@router.post(
    "",
    status_code=201,
    responses=errors(WITH_ID, WITH_KEY, STATE, LIMITED, body=True),
    dependencies=[counted("exports")],
)
async def make_exports(
    call: CallDep, key: IdempotencyKeyDep, body: ExportRequest, request: Request, response: Response
) -> ExportResult:
    """Create one file per variant, preset and format, each checked against the preset's rules.

    Repeated variants and presets count once; a request may lead to at most 200 files.
    AVIF encoding is slow, so a worker does it; until then the file is `pending`.
    """
    made = await call.studio.exports.make(
        body.variant_ids,
        body.presets,
        call.owner,
        ExportOptions(frozenset(body.fixes), body.label, body.names),
        key=key,
        dry_run=body.dry_run,
        wait=False,
    )
    touch(request, *(export.id for export in made.exports if not body.dry_run))
    if made.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    ids = ",".join(export.id for export in made.exports)
    return ExportResult(
        exports=[export_answer(export, stored=not body.dry_run) for export in made.exports],
        archive_url=None if body.dry_run else f"/export/archive?ids={ids}",
    )


@router.get("", responses=errors())
async def list_exports(call: CallDep, paging: PagingDep, variant_id: QueryId[VariantId] = None) -> ExportPage:
    """List exports that have not expired, newest first."""
    page = await call.studio.exports.list(call.owner, variant_id, *paging)
    return ExportPage.showing(page, export_answer)


@router.get(
    "/archive",
    response_class=Download,
    responses=a_file("All the files in one zip.", "application/zip") | errors(WITH_ID, STATE),
)
async def archive(
    call: CallDep,
    ids: Annotated[str, Query(min_length=1, max_length=MAX_FILES * 31, pattern=r"^[a-z0-9_,]+$")],
) -> Download:
    """Download several exports as one zip, with the same file names as single downloads.

    Waits a limited time for pending exports.
    """
    files = await call.studio.exports.archive([ExportId(one) for one in ids.split(",")], call.owner)
    return Download(files, media_type="application/zip", headers=attached("stillroom.zip"))


@router.get(
    "/preview",
    response_class=Response,
    responses=a_file("A small picture.", "image/webp") | errors(WITH_ID, LIMITED),
    dependencies=[counted("exports")],
)
async def preview_export(
    call: CallDep,
    variant_id: Annotated[VariantId, Query(max_length=MAX_ID_CHARACTERS, pattern=ID_PATTERN)],
    preset: Annotated[str, Query(max_length=40)],
    fixes: Annotated[list[FixId] | None, Query(max_length=len(FixId))] = None,
    label: LabelLanguage | None = None,
) -> Response:
    """Preview the first file of a preset, with framing, repairs and labels, before it is encoded."""
    data = await call.studio.exports.preview(
        variant_id, preset, call.owner, ExportOptions(frozenset(fixes or ()), label)
    )
    # Cached for ten minutes, because the operator may change the preset; the variant itself never changes.
    return Response(data, media_type="image/webp", headers={"Cache-Control": "private, max-age=600"})


@router.get(
    "/{export_id}",
    response_class=Response,
    responses=a_file("The file, as an attachment.", "image/jpeg", "image/png", "image/webp", "image/avif")
    | errors(WITH_ID, STATE),
)
async def get_export(call: CallDep, export_id: PathId[ExportId]) -> Response:
    """Download one file; 404 after it has expired. Waits at most ten seconds for a `pending` one."""
    export, blob = await call.studio.exports.open(export_id, call.owner)
    return streamed(blob, f"image/{export.format}", attached(export.name))
