"""The tools: names, descriptions for agents, schemas, and what runs them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp.types import Tool as ToolCard
from mcp.types import ToolAnnotations
from pydantic import BaseModel

from stillroom.mcp import answers, inputs
from stillroom.mcp.batches import batch_status, run_batch
from stillroom.mcp.calls import Call, Result
from stillroom.mcp.cutouts import fix_cutout
from stillroom.mcp.files import check_listing_image, export
from stillroom.mcp.lists import estimate, list_looks, list_presets
from stillroom.mcp.pictures import optimise_photo, refine, replace_background

INSTRUCTIONS = (
    "Product photos for online shops. The usual way: replace_background (or optimise_photo) with a photo, "
    "look at the preview, refine or fix_cutout what is wrong, then export for the marketplace and read the "
    "checks. list_looks and list_presets tell what there is. Pass on to the user what `look_at`, `notices` "
    "and failed checks tell; never call a picture compliant when a check is `fail` or `manual`. Calls that "
    "cost money answer `needs_confirmation` first: name the cost to the user before you call again."
)

COST_RULE = (
    " Free with the local provider; with a cloud it answers `needs_confirmation` and the cost until "
    "`max_cost_usd` allows it."
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool.

    Attributes:
        spends: Whether it may call a cloud.
        changes: Whether it stores anything.
    """

    name: str
    title: str
    description: str
    input: type[BaseModel]
    output: type[BaseModel]
    run: Callable[[Call, Any], Awaitable[Result]]
    spends: bool = False
    changes: bool = True

    def card(self, *, is_local: bool) -> ToolCard:
        """Return the tool as listed; arguments that name files exist only over stdio."""
        schema = self.input.model_json_schema()
        if not is_local:
            properties = schema.get("properties", {})
            schema["properties"] = {
                name: shape for name, shape in properties.items() if name not in inputs.ON_THIS_MACHINE
            }
        return ToolCard(
            name=self.name,
            title=self.title,
            description=self.description + (COST_RULE if self.spends else ""),
            input_schema=schema,
            output_schema=self.output.model_json_schema(mode="serialization"),
            annotations=ToolAnnotations(
                title=self.title,
                read_only_hint=not self.changes,
                destructive_hint=False,
                open_world_hint=self.spends,
            ),
        )


TOOLS = (
    Tool(
        "optimise_photo",
        "Optimise a photo",
        "Turn a product photo into a clean packshot on white, with better light, colour and sharpness. For "
        "the photo's own background, ask to keep it. Give one photo: a file, base64 or an id. Answers with "
        "pictures, their quality, and previews.",
        inputs.OptimisePhoto,
        answers.Pictures,
        optimise_photo,
        spends=True,
    ),
    Tool(
        "replace_background",
        "Replace the background",
        "Cut the product out of a photo and put it on another background, with matching light and shadow: in "
        "words (`pure white, soft shadow`, `白底`) or by a look of list_looks. For a marketplace's main "
        "image ask for pure white without a shadow.",
        inputs.ReplaceBackground,
        answers.Pictures,
        replace_background,
        spends=True,
    ),
    Tool(
        "refine",
        "Change a picture",
        "Change a picture that was made, by a short instruction such as `warmer light`, `product larger`, "
        "`no shadow`; all else stays. Makes a new picture; the old one is kept.",
        inputs.Refine,
        answers.Pictures,
        refine,
        spends=True,
    ),
    Tool(
        "fix_cutout",
        "Fix the cut-out",
        "Correct where the product ends: choose the object, or add and remove parts by points on the photo. "
        "Makes the newest picture again. Without a change it shows the cut-out, and the objects to choose "
        "among when `certain` is false.",
        inputs.FixCutout,
        answers.CutOut,
        fix_cutout,
        spends=True,
    ),
    Tool(
        "list_looks",
        "List looks and recipes",
        "List the looks for one picture, the recipes for batches, and phrases that prompts understand.",
        inputs.NoArguments,
        answers.Looks,
        list_looks,
        changes=False,
    ),
    Tool(
        "list_presets",
        "List export presets",
        "List what marketplaces require of a file: size, format, background, rules.",
        inputs.ListPresets,
        answers.Presets,
        list_presets,
        changes=False,
    ),
    Tool(
        "check_listing_image",
        "Check a listing image",
        "Measure any picture file against the published rules of marketplaces, wherever it was made. "
        "`manual` findings need a person's look. Not an approval by the marketplace.",
        inputs.CheckListingImage,
        answers.CheckAnswer,
        check_listing_image,
    ),
    Tool(
        "export",
        "Export files",
        "Make the files for marketplaces from pictures, each measured against the preset's rules. A failed "
        "finding may name a `fix`: export again with it in `fixes`.",
        inputs.Export,
        answers.Files,
        export,
    ),
    Tool(
        "estimate",
        "Estimate the cost",
        "Tell what pictures would cost and which provider would make them. Makes nothing.",
        inputs.Estimate,
        answers.EstimateAnswer,
        estimate,
        changes=False,
    ),
    Tool(
        "run_batch",
        "Run a batch",
        "Process many photos by a recipe of list_looks. Answers at once; follow it with batch_status. The "
        "batch never spends more than `max_cost_usd`.",
        inputs.RunBatch,
        answers.BatchAnswer,
        run_batch,
        spends=True,
    ),
    Tool(
        "batch_status",
        "Follow a batch",
        "Tell how far a batch is, what needs a look, and where its files are once it has ended.",
        inputs.BatchStatus,
        answers.BatchAnswer,
        batch_status,
        changes=False,
    ),
)
