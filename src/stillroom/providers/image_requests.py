"""What a cloud model is given and what it gives back: the small protocol that every adapter keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from stillroom.domain.providers.capabilities import ModelCard


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One call's worth of work, the same for every vendor.

    Attributes:
        instruction: The finished prompt; names the pictures by their position.
        pictures: JPEG files; the first is the one to change, the second shows the product as it is.
        mask: PNG of the first picture's size, RGBA, transparent where it may be changed.
        width: Of the first picture, in pixels; the answer should have the same shape.
        height: Of the first picture, in pixels.
        count: How many pictures are wanted, at most what the model gives in one call.
        hurry: Whether a quick answer is worth more than a good one.
        request_id: Sent along, so that both sides' logs can be laid beside each other.
        traceparent: Sent along, so that the vendor's part of a trace hangs below ours.
    """

    instruction: str
    pictures: tuple[bytes, ...]
    mask: bytes
    width: int
    height: int
    count: int
    hurry: bool = False
    request_id: str | None = None
    traceparent: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What goes along with every request to the vendor."""
        named = {"x-request-id": self.request_id, "traceparent": self.traceparent}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class ImageResult:
    """What a model gave.

    Attributes:
        pictures: PNG, JPEG or WebP files that were seen to decode; perhaps fewer than wanted, never none.
        cost_micro_usd: By the vendor's own count where it gives one, in millionths of a US dollar.
        upstream_id: What the vendor calls this answer.
    """

    pictures: tuple[bytes, ...]
    cost_micro_usd: int
    upstream_id: str | None


class PictureModel(Protocol):
    """One model at one vendor, reached with one key.

    Attributes:
        name: The provider's, such as `gemini`.
        model: As the vendor spells it.
        configuration: Stands for key and address without giving them away; changes when they do.
    """

    name: str
    model: str
    configuration: str

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        """Send one call and wait for its end, at most for the card's ceiling.

        Raises:
            StillroomError: As the vendor's failure is tabled; `params` hold `reason` and, where known,
                `retry_after_seconds`, `cost_micro_usd`, `upstream_id`, and `sent`, False if nothing was sent.
        """
        ...

    async def open(self) -> None:
        """Do now what the first call would have to wait for."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


@runtime_checkable
class ListsModels(Protocol):
    """A model whose vendor tells, for nothing, which models there are; not every vendor does."""

    async def listed(self) -> frozenset[str]:
        """Names of all models that the key can use. Raises StillroomError."""
        ...


Environment = Mapping[str, str]
"""What a provider found through the entry point `stillroom.providers` reads its settings from.

The entry point is a callable that takes it and gives back a PictureModel, or None when it is not configured.
"""
