"""Hints about a photo: choose another subject, or take possible glass for glass."""

from stillroom.domain.mattes import PhotoHints, subject_within
from stillroom.imaging.cutout.networks import Network
from stillroom.imaging.cutout.subjects import cut_out_instead
from stillroom.imaging.scene.product import Product
from stillroom.providers.cutouts.cache import Cutouts


def hinted(
    product: Product, sha256: str, hints: PhotoHints, network: Network | None, cutouts: Cutouts
) -> Product:
    """Return the product as the hints say it is; the same one if they change nothing.

    Args:
        product: As found without hints.
        sha256: Of its photo.
        hints: What is known about the photo.
        network: The segmentation network; without one, the subject stays.
        cutouts: Keeps the product in memory.
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
