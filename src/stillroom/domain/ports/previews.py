"""Port for previews of pictures."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from stillroom.domain.mattes import NO_HINTS, PhotoHints
from stillroom.domain.plans.plan import Plan
from stillroom.domain.providers.requests import BasePicture, GenerationRequest, Operation


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """One preview of a photo.

    Attributes:
        matte_id: Id of the person's correction of the matte; None uses the matte found by the network.
        side: Longest side in pixels.
        source: Reads the photo and the correction; called only if the photo is not prepared yet.
        backdrop: Reads the owner's backdrop if the plan names one, else None.
        size_cm: Longest side of the product; None if unknown.
        hints: Facts about the photo beyond its pixels.
        with_product: Whether the product is drawn, with its shadow and reflection.
        painted: Reads the picture to refine if a model painted it, else None.
    """

    operation: Operation
    photo_sha256: str
    matte_id: str | None
    plan: Plan
    side: int
    source: Callable[[], Awaitable[GenerationRequest]]
    painted: Callable[[], Awaitable[BasePicture]] | None
    backdrop: Callable[[], Awaitable[bytes]] | None = None
    size_cm: float | None = None
    hints: PhotoHints = NO_HINTS
    with_product: bool = True


class PreviewMaker(Protocol):
    """Renders previews with what is prepared in memory."""

    async def preview(self, request: PreviewRequest) -> bytes:
        """Return a WebP picture. Raises InputCorrupt when the photo cannot be decoded."""
