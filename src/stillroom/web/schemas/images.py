"""Schemas of stored pictures."""

from datetime import datetime
from typing import Literal

from stillroom.domain.assets import Asset
from stillroom.domain.variants import Variant
from stillroom.web.schemas.base import Answer, PageAnswer


class Image(Answer):
    """A stored picture; `url` and `thumbnail_url` are relative to the server."""

    id: str
    kind: Literal["asset", "variant"]
    width: int
    height: int
    format: str
    bytes: int
    url: str
    thumbnail_url: str
    created_at: datetime


class UploadedImage(Image):
    """A newly uploaded picture."""

    first_frame_only: bool
    """Whether the file was an animation, of which only the first frame is kept."""


class ImagePage(PageAnswer[Image]):
    """A page of stored pictures."""


def picture_urls(picture_id: str) -> dict[str, str]:
    return {"url": f"/image/{picture_id}", "thumbnail_url": f"/image/{picture_id}?size=thumb"}


def matte_url(matte_id: str) -> str:
    return f"/image/{matte_id}?size=matte"


def outline_url(matte_id: str, subject_id: str) -> str:
    return f"/image/{matte_id}?subject={subject_id}"


def image_of(picture: Asset | Variant) -> Image:
    return Image.of(
        picture,
        kind="asset" if isinstance(picture, Asset) else "variant",
        format=picture.format if isinstance(picture, Asset) else "png",
        **picture_urls(picture.id),
    )
