"""Compliance check of pictures that were made elsewhere, and the decoders of all untrusted files."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import anyio

from stillroom.application.exports.checking import Checking
from stillroom.application.limits.limits import Limits
from stillroom.application.photos.intake import Decoders
from stillroom.bootstrap.networks import open_local
from stillroom.bootstrap.stores import make_data_folder
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Catalogue
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.io import decoding
from stillroom.imaging.io.decoder_process import DECODERS_BYTES, DecodingPool
from stillroom.imaging.io.decoding import Opened
from stillroom.imaging.io.decoding_cost import estimate
from stillroom.providers.adapters import vendor_pictures
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.image_requests import OpenFile
from stillroom.providers.threads import in_thread
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue

_VENDORS = OwnerId("vendors")
"""A turn of their own at the decoders, so that a paid picture does not wait for all uploads of an owner."""


@contextmanager
def checking(settings: Settings) -> Iterator[Checking]:
    """Compose the check without database and blob store, for a command that opens no studio."""
    make_data_folder(settings)
    catalogue = FileCatalogue(settings.data_dir / "config")
    with DecodingPool(children=1) as pool:
        decoders = decoders_with(pool, settings.limits)
        yield checking_with(open_local(settings, catalogue), catalogue, decoders)


def checking_with(local: LocalProvider, catalogue: Catalogue, decoders: Decoders) -> Checking:
    """Compose the check with the local provider's networks."""

    async def find_product(photo: bytes) -> Matte:
        return (await local.cut_out_photo(photo)).product.matte

    return Checking(catalogue, find_product, decoders.open)


def decoders_with(pool: DecodingPool, limits: Limits) -> Decoders:
    """Compose the admission to the processes of a pool."""
    sanitise = partial(pool.sanitise, limits=bounds(limits))
    open_picture = partial(pool.open, limits=bounds(limits))
    return Decoders(sanitise, open_picture, pool.children, DECODERS_BYTES)


def vendor_files_with(pool: DecodingPool, decoders: Decoders) -> OpenFile:
    """Compose the decoding of what vendors return."""

    async def open_file(data: bytes, *, is_film: bool = False) -> Opened:
        decode = partial(pool.open_film if is_film else pool.open, data, limits=vendor_pictures.LIMITS)
        need_bytes = estimate(data, at_full_size=True, is_film=is_film)
        async with decoders.turn(_VENDORS, need_bytes):
            # A cancelled job cannot stop a decode, whose memory counts until it ends.
            return await in_thread(decode, anyio.CapacityLimiter(1))

    return open_file


def bounds(limits: Limits) -> decoding.Limits:
    """Return the limits of an upload for the decoder."""
    return decoding.Limits(
        max_bytes=limits.max_upload_bytes, max_megapixels=limits.max_megapixels, max_side=limits.max_side
    )
