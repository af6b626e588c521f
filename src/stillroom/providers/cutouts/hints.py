"""Hints about a photo: select another subject, or treat possible glass as glass."""

from stillroom.domain.mattes import PhotoHints, subject_within
from stillroom.imaging.cutout.networks import Network
from stillroom.imaging.cutout.subjects import cut_out_instead
from stillroom.imaging.scene.product import Product
from stillroom.providers.cutouts.cache import Cutouts


def hinted(
    product: Product, sha256: str, hints: PhotoHints, network: Network | None, cutouts: Cutouts
) -> Product:
    """Apply hints to a product that was found without them; return the same one if they change nothing.

    Without the segmentation `network` the subject stays. The result is kept in memory under the photo's hash.
    """
    other = subject_within(product.matte.subjects, hints.box) if hints.box and network else None
    if other is None and not (hints.is_glass and product.may_be_glass):
        return product
    name = f"{product.matte.model}@{other.id if other else ''}{'+glass' if hints.is_glass else ''}"
    known = cutouts.product(sha256, name)
    if known is not None:
        return known
    matte = product.matte
    if other is not None and network is not None:
        matte = cut_out_instead(product.photo, matte, other, network)
    changed = Product(product.photo, matte, is_said_glass=hints.is_glass)
    changed.measure()
    cutouts.keep(sha256, name, changed)
    return changed
