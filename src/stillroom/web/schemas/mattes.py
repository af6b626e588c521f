"""A photo's matte as clients see it."""

from datetime import datetime

from stillroom.application.mattes import MatteView
from stillroom.domain.mattes import Correction, MatteNotice, notices_on
from stillroom.web.schemas.base import Answer
from stillroom.web.schemas.images import matte_url


class Matte(Answer):
    """Where the product is in a session's photo."""

    id: str
    session_id: str
    width: int
    height: int
    url: str
    """An 8-bit grey PNG of the photo's size, white where the product is; it never changes."""
    model: str
    edge_confidence: float
    see_through: float
    """Share of the product that the network saw through."""
    correction: Correction | None
    """What a person changed of what was found; null when this is what was found."""
    notices: tuple[MatteNotice, ...]
    """`NO_PRODUCT_FOUND` when nothing in it is solid: pictures made with it keep the photo's own ground."""
    created_at: datetime


def matte_answer(view: MatteView) -> Matte:
    """A matte as a client sees it."""
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
