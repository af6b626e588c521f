"""Schema of a photo's matte."""

from datetime import datetime

from stillroom.application.photos.mattes import MatteView
from stillroom.domain.mattes import Correction, MatteNotice, notices_on
from stillroom.web.schemas.base import Answer
from stillroom.web.schemas.images import matte_url


class Matte(Answer):
    """The matte of a session's photo: where the product is."""

    id: str
    session_id: str
    width: int
    height: int
    url: str
    """An 8-bit grey PNG of the photo's size, white where the product is; it never changes."""
    model: str
    edge_confidence: float
    see_through: float
    """Share of the product that the network detected as transparent, 0 to 1."""
    correction: Correction | None
    """The manual correction of the detected matte; null for the detected matte itself."""
    notices: tuple[MatteNotice, ...]
    """`NO_PRODUCT_FOUND` if nothing in the matte is solid: pictures made with it keep the photo's own
    background.
    """
    created_at: datetime


def matte_answer(view: MatteView) -> Matte:
    """Convert a matte to its response schema."""
    matte = view.matte
    return Matte(
        id=matte.id,
        session_id=matte.session_id,
        width=view.asset.width,
        height=view.asset.height,
        url=matte_url(matte.id),
        model=matte.model,
        edge_confidence=matte.edge_confidence,
        see_through=matte.see_through,
        correction=matte.correction,
        notices=notices_on(matte.edge_confidence),
        created_at=matte.created_at,
    )
