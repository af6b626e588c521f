"""The tools: functions, titles, schemas and results."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import getdoc
from typing import Any, get_type_hints

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
    """A tool; agents read the docstring of its function.

    Attributes:
        spends: Whether it may call a cloud.
        changes: Whether it stores anything.
        writes_files: Whether it writes its results to the user's machine over stdio.
        replaces: Whether it overwrites what was there, so that a client may ask first.
    """

    run: Callable[[Call, Any], Awaitable[Result]]
    title: str
    output: type[BaseModel]
    spends: bool = False
    changes: bool = True
    writes_files: bool = False
    replaces: bool = False

    @property
    def name(self) -> str:
        return self.run.__name__

    @property
    def input(self) -> type[BaseModel]:
        """Type of the function's arguments."""
        given: type[BaseModel]
        _, given, _ = get_type_hints(self.run).values()
        return given

    def card(self, *, is_local: bool) -> ToolCard:
        """Return the tool as listed; arguments that name files exist only over stdio."""
        schema = self.input.model_json_schema()
        description = " ".join((getdoc(self.run) or "").split())
        if not is_local:
            properties = schema.get("properties", {})
            schema["properties"] = {
                name: shape for name, shape in properties.items() if name not in inputs.ON_THIS_MACHINE
            }
        return ToolCard(
            name=self.name,
            title=self.title,
            description=description + (COST_RULE if self.spends else ""),
            input_schema=schema,
            output_schema=self.output.model_json_schema(mode="serialization"),
            annotations=ToolAnnotations(
                title=self.title,
                read_only_hint=not (self.changes or (is_local and self.writes_files)),
                destructive_hint=self.replaces,
                open_world_hint=self.spends,
            ),
        )


TOOLS = (
    Tool(optimise_photo, "Optimise a photo", answers.Pictures, spends=True),
    Tool(replace_background, "Replace the background", answers.Pictures, spends=True),
    Tool(refine, "Change a picture", answers.Pictures, spends=True),
    Tool(fix_cutout, "Fix the cut-out", answers.CutOut, spends=True, replaces=True),
    Tool(list_looks, "List looks and recipes", answers.Looks, changes=False),
    Tool(list_presets, "List export presets", answers.Presets, changes=False),
    Tool(check_listing_image, "Check a listing image", answers.CheckAnswer),
    Tool(export, "Export files", answers.Files),
    Tool(estimate, "Estimate the cost", answers.EstimateAnswer, changes=False),
    Tool(run_batch, "Run a batch", answers.BatchAnswer, spends=True),
    Tool(batch_status, "Follow a batch", answers.BatchAnswer, changes=False, writes_files=True),
)
