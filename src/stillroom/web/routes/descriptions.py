"""`/variant/{variant_id}/description`: listing title and alternative text of a picture."""

from fastapi import APIRouter

from stillroom.domain.ids import VariantId
from stillroom.web.dependencies import CallDep, PathId
from stillroom.web.responses import LIMITED, MODEL, STATE, WITH_ID, errors
from stillroom.web.schemas.descriptions import DescriptionRequest, DescriptionSuggestion
from stillroom.web.schemas.jobs import Variant, variant_answer

router = APIRouter(prefix="/variant", tags=["exports"])


@router.put("/{variant_id}/description", responses=errors(WITH_ID, body=True))
async def describe(call: CallDep, variant_id: PathId[VariantId], body: DescriptionRequest) -> Variant:
    """Store listing title and alternative text of a picture; exported files and manifests carry them."""
    return variant_answer(
        await call.studio.photos.descriptions.save(variant_id, call.owner, body.description)
    )


@router.post("/{variant_id}/description/suggestion", responses=errors(WITH_ID, STATE, LIMITED, MODEL))
async def suggest_description(call: CallDep, variant_id: PathId[VariantId]) -> DescriptionSuggestion:
    """Ask the reader model for a description; the picture is sent to it, and nothing is stored.

    It waits at most 20 seconds. `E_CONFLICT` if no reader that sees pictures is set up.
    """
    suggestion = await call.studio.photos.descriptions.suggest(variant_id, call.owner)
    return DescriptionSuggestion(
        title=suggestion.description.title,
        alt_text=suggestion.description.alt_text,
        model=suggestion.model,
        cost_usd=suggestion.cost_micro_usd / 1_000_000 if suggestion.cost_micro_usd else None,
    )
