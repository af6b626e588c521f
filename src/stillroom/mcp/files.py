"""Tools for finished files: export and check_listing_image."""

from stillroom.application.exports.options import ExportOptions
from stillroom.domain.exports.presets import Export, ExportStatus
from stillroom.mcp.answers import CheckAnswer, File, Files, checked, checked_export
from stillroom.mcp.calls import MAX_PREVIEW_BYTES, Call, Link, Result
from stillroom.mcp.inputs import CheckListingImage
from stillroom.mcp.inputs import Export as ExportInput
from stillroom.mcp.photos import content, store

MAX_PREVIEWS = 4


async def export(call: Call, given: ExportInput) -> Result:
    """Make the files for marketplaces from pictures, each measured against the preset's rules.

    A failed finding may name a `fix`: export again with it in `fixes`.
    """
    await call.count("exports")
    made = await call.studio.exports.make(
        given.variant_ids,
        given.presets,
        call.owner_id,
        ExportOptions(frozenset(given.fixes), given.label),
        # Over HTTP, a worker makes the slow formats.
        wait=call.is_local,
    )
    files, links, previews = [], [], list[bytes]()
    for done, one in enumerate(made.exports, 1):
        data = b""
        if one.status is ExportStatus.READY and (call.delivery.writes_files or len(previews) < MAX_PREVIEWS):
            data = (await call.studio.exports.file(one.id, call.owner_id)).data
        file = await _file(call, one, data, given.folder)
        files.append(file)
        links.append(Link(file.url, one.name, f"image/{one.format}"))
        if data and len(previews) < MAX_PREVIEWS:
            previews += await _preview(call, data)
        await call.report(100 * done / len(made.exports), one.name)
    return Result(Files(files=files), previews, links)


async def _file(call: Call, export: Export, data: bytes, folder: str | None) -> File:
    where = await call.delivery.deliver(f"/export/{export.id}", export.name, data, folder)
    is_ready = export.status is ExportStatus.READY
    return File.of(
        export,
        export_id=export.id,
        bytes=export.bytes if is_ready else None,
        url=where.url,
        file=where.file,
        checked=checked_export(export),
    )


async def _preview(call: Call, data: bytes) -> list[bytes]:
    small = await call.studio.photos.selection.small(data)
    return [small] if len(small) <= MAX_PREVIEW_BYTES else []


async def check_listing_image(call: Call, given: CheckListingImage) -> Result:
    """Measure any picture file against the published rules of marketplaces, wherever it was made.

    `manual` findings need a person's look. Not an approval by the marketplace.
    """
    image_id: str | None = None
    if given.export_id is not None:
        data = shown = (await call.studio.exports.file(given.export_id, call.owner_id)).data
    elif given.image_id is not None:
        image_id = given.image_id
        data = shown = await call.studio.photos.selection.fetch(image_id, call.owner_id)
    else:
        data, name = await content(call, given)
        # The stored photo can be repaired afterwards, and its preview needs no decoding of untrusted bytes.
        image_id = await store(call, data, name)
        shown = await call.studio.photos.selection.fetch(image_id, call.owner_id)
    await call.count("checks")
    results = []
    for done, preset in enumerate(given.presets, 1):
        measured = await call.studio.checking.check(data, preset, call.owner_id)
        results.append(checked(preset, measured.checks))
        await call.report(100 * done / len(given.presets), preset)
    return Result(CheckAnswer(image_id=image_id, results=results), await _preview(call, shown))
