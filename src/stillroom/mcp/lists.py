"""Read-only tools: list_looks, list_presets and estimate."""

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.exports.presets import ExportPreset
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.providers.requests import Operation
from stillroom.mcp.answers import EstimateAnswer, Look, Looks, Preset, Presets, Recipe
from stillroom.mcp.calls import Call, Result
from stillroom.mcp.costs import cost_of
from stillroom.mcp.inputs import Estimate, ListPresets, NoArguments

MAX_LISTED_RECIPES = 100
MAX_PHRASES = 40


async def list_looks(call: Call, _: NoArguments) -> Result:
    """List the looks for one picture, the recipes for batches, and phrases that prompts understand."""
    catalogue = call.studio.catalogue
    recipes = await call.studio.batches.recipes.list(call.owner_id, "en", None, MAX_LISTED_RECIPES)
    return Result(
        Looks(
            looks=[_look(one) for one in catalogue.templates() if one.operation is not Operation.REFINE],
            recipes=[
                Recipe.of(recipe.choices, id=recipe.id, name=recipe.name, look=recipe.choices.template)
                for recipe in recipes.items
            ],
            phrases=[chip.text.en for chip in catalogue.chips()][:MAX_PHRASES],
        )
    )


def _look(template: PromptTemplate) -> Look:
    return Look.of(
        template,
        name=template.name.en,
        name_zh=template.name.zh,
        instruction=template.wish.en if template.wish else None,
    )


async def list_presets(call: Call, given: ListPresets) -> Result:
    """List what marketplaces require of a file: size, format, background, rules."""
    config = call.studio.catalogue.exports()
    known = sorted({preset.platform for preset in config.presets})
    if given.platform is not None and given.platform not in known:
        raise ValidationFailed(
            f"There are no presets of {given.platform}; there are those of {', '.join(known)}.",
            fields=[{"field": "platform", "reason": "unknown"}],
        )
    wanted = (config.preset(one.id) for one in config.presets if given.platform in (None, one.platform))
    return Result(Presets(presets=[_preset(preset) for preset in wanted if preset is not None]))


def _preset(preset: ExportPreset) -> Preset:
    return Preset.of(
        preset,
        name=preset.name.en,
        name_zh=preset.name.zh,
        formats=[form.value for form in preset.formats],
        width=preset.canvas.width,
        height=preset.canvas.height,
        long_side=preset.canvas.long_side,
        background=preset.ground.value,
        max_bytes=preset.bytes.max,
        rules=[rule.rule for rule in preset.rules],
    )


async def estimate(call: Call, given: Estimate) -> Result:
    """Tell what pictures would cost and which provider would make them. Makes nothing."""
    operation, provider, each = Operation(given.operation), given.provider, given.candidates
    if given.recipe_id is not None:
        recipe = await call.studio.batches.recipes.get(given.recipe_id, call.owner_id, "en")
        choices = recipe.choices
        operation, provider, each = Operation(choices.operation), choices.provider, choices.candidates
    providers = [card.id for card in call.studio.catalogue.providers()]
    if provider is not None and provider not in providers:
        raise ValidationFailed(
            f"There is no provider {provider}; there are {', '.join(providers)}.",
            fields=[{"field": "provider", "reason": "unknown"}],
        )
    cost = cost_of(call, operation, provider, given.photos * each)
    budget, _ = await call.studio.about.status.budget(call.owner_id)
    left = None
    if budget.limit_micro_usd is not None:
        left = max(0, budget.limit_micro_usd - budget.spent_micro_usd) / 1e6
    return Result(EstimateAnswer(**cost.model_dump(), budget_left_usd=left))
