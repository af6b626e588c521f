"""Decoding of vendors' files within the test process, for tests that are not about where it happens."""

from stillroom.imaging.io.decoding import Opened, open_picture
from stillroom.imaging.io.films import open_film
from stillroom.providers.adapters.vendor_pictures import LIMITS


async def open_here(data: bytes, *, is_film: bool = False) -> Opened:
    """Decode a file as a child of the decoder pool would."""
    return (open_film if is_film else open_picture)(data, LIMITS)
