"""The protocol between a cloud provider and its adapter: ImageRequest, ImageResult, PictureModel."""

from collections.abc import Awaitable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from stillroom.domain.providers.capabilities import ModelCard
from stillroom.imaging.io.decoding import Opened


class OpenFile(Protocol):
    """Decodes a file of a vendor in another process, because its bytes are untrusted."""

    def __call__(self, data: bytes, *, is_film: bool = False) -> Awaitable[Opened]:
        """Return a picture, or a late frame of a film.

        Raises InputTooLarge, InputUnsupported, InputCorrupt, InternalError.
        """


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One request to a model, in a form common to all vendors.

    Attributes:
        instruction: The final prompt; refers to the pictures by their position.
        wish: The look and the user's words, for models that take a description of the scene; may be empty.
        pictures: JPEG files; the first is the one to change, the second a reference photo of the product.
        mask: RGBA PNG of the first picture's size, transparent where it may be changed.
        width: Width of the first picture in pixels; the result should have the same aspect ratio.
        count: Number of wanted pictures, at most the model's limit per call.
        request_id: Sent as a header, to correlate both sides' logs.
        traceparent: Sent as a header, to make the vendor's spans children of ours.
        open_file: Decoder of the answer; `vendor_pictures.opened` calls it.
    """

    instruction: str
    pictures: tuple[bytes, ...]
    mask: bytes
    width: int
    height: int
    count: int
    hurry: bool = False
    wish: str = ""
    request_id: str | None = None
    traceparent: str | None = None
    _: KW_ONLY
    open_file: OpenFile

    @property
    def prompt(self) -> str:
        """All text that the vendor is sent; it must not be logged."""
        return f"{self.wish}\n{self.instruction}"

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every request to the vendor."""
        named = {"x-request-id": self.request_id, "traceparent": self.traceparent}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class ImageResult:
    """The response of a model.

    Attributes:
        pictures: PNG, JPEG or WebP files; at least one, perhaps fewer than wanted. They are untrusted, even
            if they were verified to decode.
        cost_micro_usd: Cost in millionths of a US dollar, from the vendor's usage figures if it sends any.
    """

    pictures: tuple[bytes, ...]
    cost_micro_usd: int
    provider_request_id: str | None


class PictureModel(Protocol):
    """Port of a vendor adapter: one model, reached with one key.

    Attributes:
        configuration: Fingerprint of key and address, which reveals neither.
    """

    name: str
    model: str
    configuration: str

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        """Send one request and wait for the response, at most for the card's ceiling.

        Raises:
            StillroomError: The vendor's failure, with its `reason` and what else is known of it.
        """

    async def open(self) -> None:
        """Open the connection before the first call."""

    async def close(self) -> None:
        """Close connections."""


@runtime_checkable
class ListsModels(Protocol):
    """A model whose vendor has a free endpoint that lists models."""

    async def listed(self) -> Mapping[str, date | None]:
        """Return the ids of all models the key can use, with their last days where the vendor states them.

        Raises StillroomError.
        """


Environment = Mapping[str, str]
"""Settings of a provider that is installed through the entry point `stillroom.providers`.

The entry point is a callable that takes this mapping and returns a PictureModel, or None if not configured.
"""
