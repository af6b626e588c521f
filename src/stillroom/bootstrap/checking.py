"""The compliance check of pictures that were made elsewhere."""

import hashlib
from collections.abc import Callable

from stillroom.application.exports.checking import Checking
from stillroom.application.limits.limits import Limits
from stillroom.bootstrap.networks import log_notice
from stillroom.domain.plans.plan import Context
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.requests import GenerationRequest, Operation
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.io import decoding
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts.cut_out import CutOutEvent, ProductCutOut, completed


def checking_with(local: LocalProvider, catalogue: Catalogue, limits: Limits) -> Checking:
    """Compose the check with the local provider's networks."""

    async def find_product(photo: bytes) -> Matte | None:
        matte = (await cut_out_of(local, photo, log_notice)).product.matte
        # GrabCut separates by colour only, which is too unreliable for a verdict.
        return None if matte.model == "grabcut" else matte

    return Checking(catalogue, find_product, bounds(limits))


async def cut_out_of(
    local: LocalProvider, photo: bytes, report: Callable[[CutOutEvent], object]
) -> ProductCutOut:
    """Cut the product out of a photo that belongs to no job; `report` receives the events."""
    name = hashlib.sha256(photo).hexdigest()
    request = GenerationRequest(Operation.OPTIMIZE, photo, name, "", Context(), ())
    return await completed(local.cut_out(request), report)


def bounds(limits: Limits) -> decoding.Limits:
    """Return the limits of an upload for the decoder."""
    return decoding.Limits(
        max_bytes=limits.max_upload_bytes, max_megapixels=limits.max_megapixels, max_side=limits.max_side
    )
