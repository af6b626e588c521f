"""Show pictures to agents: figures, a small preview and a link for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from stillroom.domain.batches.recipes import APPROVE_FROM
from stillroom.domain.batches.review import warnings_on
from stillroom.domain.exports.file_names import product_of
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant
from stillroom.mcp.answers import Picture
from stillroom.mcp.calls import MAX_PREVIEW_BYTES, Call, Link


@dataclass(frozen=True, slots=True)
class Shown:
    """Pictures with their previews and links."""

    pictures: list[Picture]
    previews: list[bytes]
    links: list[Link]


async def show(call: Call, session: Session, variants: Sequence[Variant]) -> Shown:
    """Return pictures of a session with figures, previews and links. Raises StorageUnavailable, Conflict."""
    shown = Shown([], [], [])
    for variant in variants:
        name = f"{product_of(session.title)}_{variant.ordinal}.png"
        data = b""
        if call.delivery.writes_files:
            data = await call.studio.photos.selection.fetch(variant.id, call.owner_id)
        where = await call.delivery.deliver(f"/image/{variant.id}", name, data)
        shown.pictures.append(_picture(variant, where.url, where.file))
        shown.links.append(Link(where.url, name, "image/png"))
        small = await call.studio.photos.selection.fetch(variant.id, call.owner_id, thumbnail=True)
        if len(small) <= MAX_PREVIEW_BYTES:
            shown.previews.append(small)
    return shown


def _picture(variant: Variant, url: str, file: str | None) -> Picture:
    measures = variant.measures
    return Picture(
        variant_id=variant.id,
        width=variant.width,
        height=variant.height,
        url=url,
        file=file,
        model_used=variant.model,
        quality=measures.quality,
        confidence=measures.edge_confidence,
        look_at=list(warnings_on(measures, APPROVE_FROM)),
    )
