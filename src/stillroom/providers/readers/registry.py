"""Reader registry: makes the configured reader model."""

from collections.abc import Callable

from stillroom.domain.readers import Readers, ReaderVendor
from stillroom.providers.readers.chats import Chat
from stillroom.providers.readers.compatible import CompatibleChat
from stillroom.providers.readers.gemini import GeminiChat
from stillroom.providers.readers.model_reader import ModelReader


def reader_for(
    vendor: ReaderVendor,
    key: str | None,
    base_url: str | None,
    model: str | None,
    readers: Callable[[], Readers],
) -> ModelReader:
    """Return the reader of a vendor.

    Args:
        vendor: Whose API is spoken.
        key: API key; only a compatible server may need none.
        base_url: None means the vendor's own endpoint.
        model: Model id; None takes the catalogue's default.
        readers: Returns the catalogue's current prices and instruction.

    Raises:
        ValueError: No model is given, and the vendor has no default.
    """
    model = model or readers().defaults.get(vendor)
    if model is None:
        raise ValueError(f"{vendor} has no default model")
    chat: Chat
    if vendor == "gemini":
        chat = GeminiChat(key or "", model, base_url)
    else:
        chat = CompatibleChat(vendor, key, model, base_url)
    return ModelReader(chat, readers)
