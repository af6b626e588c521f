"""Compliance check of pictures that were made elsewhere."""

from stillroom.application.exports.checking import Checking
from stillroom.application.limits.limits import Limits
from stillroom.bootstrap.networks import open_local
from stillroom.bootstrap.stores import make_data_folder
from stillroom.domain.ports import Catalogue
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.io import decoding
from stillroom.providers.adapters.local import LocalProvider
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue


def checking(settings: Settings) -> Checking:
    """Compose the check without database and blob store, for a command that opens no studio."""
    make_data_folder(settings)
    catalogue = FileCatalogue(settings.data_dir / "config")
    return checking_with(open_local(settings, catalogue), catalogue, settings.limits)


def checking_with(local: LocalProvider, catalogue: Catalogue, limits: Limits) -> Checking:
    """Compose the check with the local provider's networks."""

    async def find_product(photo: bytes) -> Matte:
        return (await local.cut_out_photo(photo)).product.matte

    return Checking(catalogue, find_product, bounds(limits))


def bounds(limits: Limits) -> decoding.Limits:
    """Return the limits of an upload for the decoder."""
    return decoding.Limits(
        max_bytes=limits.max_upload_bytes, max_megapixels=limits.max_megapixels, max_side=limits.max_side
    )
