"""Pictures of the local provider: what is rendered of a candidate, and the rendered and measured file."""

from stillroom.domain.providers.requests import GeneratedPicture, Operation, Wanted
from stillroom.domain.providers.substitutes import scene_first, without_product
from stillroom.imaging.background import in_background
from stillroom.imaging.io.encoding import png_of, thumbnail_of
from stillroom.imaging.pipeline import Setting, render_picture
from stillroom.imaging.quality.review import reviewed
from stillroom.imaging.scene.product import Product
from stillroom.providers.cutouts.notices import RUINED, has_product


def shown_for(
    product: Product, wanted: Wanted, operation: Operation, *, is_corrected: bool
) -> tuple[Product, Wanted]:
    """Return what is rendered of a candidate: a photo without a product keeps its own backdrop."""
    if not has_product(product, is_corrected=is_corrected):
        return product.without_matte, without_product(wanted, operation)
    if product.matte.confidence < RUINED:
        return product, scene_first(wanted, operation)
    return product, wanted


def picture_of(product: Product, wanted: Wanted, setting: Setting) -> GeneratedPicture:
    """Render and measure a candidate, and encode its picture and its matte."""
    rendered = render_picture(product, wanted.plan, setting)
    height, width = rendered.matte.shape
    picture = in_background(png_of, rendered.picture)
    matte = in_background(png_of, rendered.matte) if rendered.matte.any() else None
    small = in_background(thumbnail_of, rendered.picture)
    measures = reviewed(rendered.measures, product)
    return GeneratedPicture(
        ordinal=wanted.ordinal,
        picture=picture.result(),
        matte=matte.result() if matte else None,
        width=width,
        height=height,
        plan=rendered.plan,
        measures=measures,
        model=f"local/{product.matte.model}",
        context=product.context,
        thumbnail=small.result(),
    )
