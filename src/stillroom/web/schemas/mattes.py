"""Schema of a photo's matte."""

from datetime import datetime

from stillroom.application.photos.mattes import MatteView
from stillroom.domain.mattes import Correction, MatteBox, MatteNotice, notices_on
from stillroom.web.schemas.base import Answer
from stillroom.web.schemas.images import matte_url, outline_url


class Subject(Answer):
    """An object in the photo that may be the product; the most probable one comes first."""

    id: str
    """Name it in `subjects` of a correction."""
    box: MatteBox
    share: float
    """Share of the photo that it covers, 0 to 1."""
    score: float
    """Probability that it is the product, 0 to 1."""
    outline_url: str
    """An 8-bit grey PNG of the whole photo on a small scale, white on the object; it never changes."""
    chosen: bool
    """Whether the matte contains it."""


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
    subjects: tuple[Subject, ...]
    certain: bool
    """False if it is not clear which subject is the product: a person should choose."""
    notices: tuple[MatteNotice, ...]
    """`NO_PRODUCT_FOUND` if nothing in the matte is solid: pictures made with it keep the photo's own
    background.
    """
    created_at: datetime


def matte_answer(view: MatteView) -> Matte:
    matte = view.matte
    return Matte.of(
        matte,
        width=view.asset.width,
        height=view.asset.height,
        url=matte_url(matte.id),
        subjects=tuple(
            Subject.of(one, outline_url=outline_url(matte.id, one.id)) for one in matte.subjects.items
        ),
        certain=matte.subjects.certain,
        notices=notices_on(matte.edge_confidence),
    )
