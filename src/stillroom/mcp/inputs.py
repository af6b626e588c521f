"""Arguments of the tools."""

import json
import os.path
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from stillroom.domain.batches.batches import MAX_BATCH_NAME_CHARACTERS, MAX_ITEMS_PER_REQUEST
from stillroom.domain.exports.presets import FixId, LabelLanguage
from stillroom.domain.field_errors import UnusableValue
from stillroom.domain.ids import AssetId, BatchId, ExportId, RecipeId, SessionId, VariantId
from stillroom.domain.jobs.job import MAX_CANDIDATES, MAX_PROMPT_CHARACTERS
from stillroom.domain.mattes import (
    MAX_SUBJECTS,
    MAX_TAPS,
    Correction,
    MatteBox,
    MattePoint,
    SubjectId,
    Surface,
)
from stillroom.domain.providers.requests import Mark
from stillroom.domain.sessions import MAX_TITLE_CHARACTERS
from stillroom.web.schemas.base import Body, GivenId, Label
from stillroom.web.schemas.exports import MAX_ASKED
from stillroom.web.schemas.jobs import DirectChanges

MAX_INLINE_BYTES = 10 * 1024 * 1024
"""Largest photo in base64, in bytes; larger ones are uploaded first."""

MAX_INLINE_CHARACTERS = 4 * MAX_INLINE_BYTES // 3 + 4096
"""With the beginning of a data URL and line breaks."""

ON_THIS_MACHINE = frozenset({"file_path", "file_paths", "folder"})
"""Arguments that name files; only over stdio, where client and server share a machine and a user."""


def _parsed(value: Any) -> Any:
    """Some clients send lists and objects as JSON text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


AsJson = BeforeValidator(_parsed)

Changes = Annotated[DirectChanges, AsJson]

LocalPath = Annotated[str, Field(max_length=4096), AfterValidator(os.path.expanduser)]
"""Path on this machine; unlike `Path.expanduser`, this leaves `~` of an unknown user as it is."""

FilePath = Annotated[LocalPath | None, Field(description="Absolute path of a photo on this machine.")]
Folder = Annotated[
    LocalPath | None,
    Field(description="Absolute path of the folder for the files; made if missing. Optional."),
]
Prompt = Annotated[
    str,
    Field(
        max_length=4 * MAX_PROMPT_CHARACTERS,
        description="What you want, in English or Chinese, such as `on an oak table, light from the left`.",
    ),
]
Look = Annotated[str | None, Field(max_length=80, description="Id of a look from list_looks.")]
Provider = Annotated[
    str | None,
    Field(
        max_length=40,
        description="`local` works on the server and costs nothing; `gemini` and others are clouds that cost "
        "money. Null takes the best that is configured.",
    ),
]
MaxCost = Annotated[
    float | None,
    Field(
        ge=0,
        le=100_000,
        description="The most that the pictures of this call may cost at list price, in USD; what a vendor "
        "bills on top for reading the photo, a cent or two, is in `spent_usd`. Without it, a call that costs "
        "money changes nothing and answers `needs_confirmation` with the estimate; ask the user, then call "
        "again.",
    ),
]
Candidates = Annotated[int, Field(ge=1, le=MAX_CANDIDATES, description="How many pictures to make.")]
Presets = Annotated[
    list[Annotated[str, Field(max_length=40)]],
    AsJson,
    Field(min_length=1, max_length=MAX_ASKED, description="Ids from list_presets, such as `amazon-main`."),
]


class Arguments(Body):
    """Base of the arguments; models often write numbers as text."""

    model_config = ConfigDict(strict=False)


class NoArguments(Arguments):
    """A tool without arguments."""


class PhotoInput(Arguments):
    """Names one photo: a file, its bytes, or one that is stored already."""

    file_path: FilePath = None
    image_base64: Annotated[
        str | None,
        Field(
            max_length=MAX_INLINE_CHARACTERS,
            description="The photo's file in base64: JPEG, PNG, WebP, AVIF, HEIC, TIFF or GIF of at most "
            "10 MB.",
        ),
    ] = None
    file_name: Annotated[
        str | None,
        Field(max_length=255, description="Name of the photo in base64; exports are named after it."),
    ] = None
    image_id: Annotated[GivenId[AssetId] | None, Field(description="A photo that is stored already.")] = None

    @model_validator(mode="after")
    def _names_one_photo(self) -> Self:
        ways = type(self)._ways_of()
        if sum(getattr(self, way) is not None for way in ways) != 1:
            raise ValueError(f"needs exactly one of {', '.join(ways)} (file_path only over stdio)")
        return self

    @classmethod
    def _ways_of(cls) -> Sequence[str]:
        known = ("file_path", "image_base64", "image_id", "session_id", "export_id")
        return [way for way in known if way in cls.model_fields]


class MakePictures(PhotoInput):
    """Arguments that optimise_photo and replace_background share."""

    session_id: Annotated[
        GivenId[SessionId] | None,
        Field(description="An earlier result's session: the same photo, its cut-out as fixed."),
    ] = None
    title: Annotated[
        Label | None, Field(min_length=1, max_length=MAX_TITLE_CHARACTERS, description="Name of the product.")
    ] = None
    look: Look = None
    changes: Changes = None
    candidates: Candidates = 1
    provider: Provider = None
    max_cost_usd: MaxCost = None
    prompt: Prompt = ""


class OptimisePhoto(MakePictures):
    """Arguments of optimise_photo."""


class ReplaceBackground(MakePictures):
    """Arguments of replace_background."""

    @model_validator(mode="after")
    def _says_which_background(self) -> Self:
        if not (self.prompt.strip() or self.look or self.changes):
            raise ValueError("needs a prompt, a look or changes")
        return self


class Refine(Arguments):
    """Arguments of refine."""

    session_id: GivenId[SessionId]
    variant_id: Annotated[GivenId[VariantId], Field(description="The picture to change.")]
    prompt: Annotated[Prompt | None, Field(description="What to change; all else stays.")] = None
    changes: Changes = None
    restore: Annotated[
        Mark | None,
        Field(
            description="Instead of a prompt or changes: what alone to bring back to how it was in the photo."
        ),
    ] = None
    candidates: Candidates = 1
    provider: Provider = None
    max_cost_usd: MaxCost = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.restore is None) == (self.prompt is None and not self.changes):
            raise UnusableValue("needs_prompt_changes_or")
        return self


class FixCutout(Arguments):
    """Arguments of fix_cutout. Every call describes the whole correction of the cut-out as it was found."""

    session_id: GivenId[SessionId]
    subjects: Annotated[
        list[SubjectId],
        AsJson,
        Field(
            default_factory=list,
            max_length=MAX_SUBJECTS,
            description="The objects that are the product, such as `s1`.",
        ),
    ]
    points: Annotated[
        list[MattePoint],
        AsJson,
        Field(
            default_factory=list,
            max_length=MAX_TAPS,
            description="Points on the photo, in shares of its width and height. `add` takes in the object "
            "or part under the point, `remove` takes it out or opens an opening.",
        ),
    ]
    box: Annotated[
        MatteBox | None, AsJson, Field(description="Box around the whole product, in shares of the photo.")
    ] = None
    grow: Annotated[float, Field(ge=-6, le=6, description="Photo pixels to grow or shrink by.")] = 0
    softness: Annotated[float, Field(ge=0, le=4, description="Photo pixels to soften the edge by.")] = 0
    product: Annotated[
        Surface, Field(description="`transparent` shows the new backdrop through glass, `solid` does not.")
    ] = "auto"
    undo: Annotated[bool, Field(description="Return to the cut-out as it was found.")] = False
    redo: Annotated[bool, Field(description="Make the newest picture again with the new cut-out.")] = True
    provider: Annotated[
        Provider,
        Field(description="With redo: `local`, which costs nothing, or a cloud; null asks the same."),
    ] = None
    variant_id: Annotated[
        GivenId[VariantId] | None,
        Field(description="With redo: the picture to make again instead of the newest."),
    ] = None
    max_cost_usd: MaxCost = None

    @model_validator(mode="after")
    def _undoes_or_corrects(self) -> Self:
        if self.undo and self.correction is not None:
            raise ValueError("either undoes or corrects")
        return self

    @property
    def correction(self) -> Correction | None:
        """The correction; None if the call describes none."""
        names = ("subjects", "points", "box", "grow", "softness", "product")
        correction = Correction(**{name: getattr(self, name) for name in names})
        return None if correction == Correction() else correction


class ListPresets(Arguments):
    """Arguments of list_presets."""

    platform: Annotated[
        str | None, Field(max_length=40, description="Only those of a marketplace, such as `amazon`.")
    ] = None


class CheckListingImage(PhotoInput):
    """Arguments of check_listing_image."""

    export_id: Annotated[GivenId[ExportId] | None, Field(description="A file that export made.")] = None
    presets: Presets


class Export(Arguments):
    """Arguments of export."""

    variant_ids: Annotated[
        list[GivenId[VariantId]],
        AsJson,
        Field(min_length=1, max_length=MAX_ASKED, description="The pictures."),
    ]
    presets: Presets
    fixes: Annotated[
        list[FixId],
        AsJson,
        Field(
            default_factory=list,
            max_length=len(FixId),
            description="Remedies that the checks of an earlier export offered.",
        ),
    ]
    label: Annotated[
        LabelLanguage | None,
        Field(description="Write `AI-generated` visibly into the files, in this language."),
    ] = None
    folder: Folder = None


class Estimate(Arguments):
    """Arguments of estimate."""

    operation: Literal["optimize", "bg_replace", "refine"] = "bg_replace"
    recipe_id: Annotated[
        GivenId[RecipeId] | None,
        Field(description="A recipe from list_looks; instead of operation and provider."),
    ] = None
    photos: Annotated[int, Field(ge=1, le=100_000)] = 1
    candidates: Candidates = 1
    provider: Provider = None


class RunBatch(Arguments):
    """Arguments of run_batch."""

    name: Annotated[Label, Field(min_length=1, max_length=MAX_BATCH_NAME_CHARACTERS)] = "Batch"
    file_paths: Annotated[
        list[LocalPath],
        AsJson,
        Field(
            default_factory=list,
            max_length=MAX_ITEMS_PER_REQUEST,
            description="Absolute paths of photos on this machine, or of folders of photos.",
        ),
    ]
    image_ids: Annotated[
        list[GivenId[AssetId]],
        AsJson,
        Field(default_factory=list, max_length=MAX_ITEMS_PER_REQUEST, description="Photos that are stored."),
    ]
    recipe_id: Annotated[
        GivenId[RecipeId], Field(description="A recipe from list_looks, such as `amazon_main_white`.")
    ]
    prompt: Annotated[
        Prompt | None, Field(description="Instead of the recipe's instruction, unless blank.")
    ] = None
    provider: Annotated[
        Provider, Field(description="Instead of the recipe's: `local`, which costs nothing, or a cloud.")
    ] = None
    max_cost_usd: MaxCost = None

    @model_validator(mode="after")
    def _names_photos(self) -> Self:
        if not (self.file_paths or self.image_ids):
            ways = [way for way in ("file_paths", "image_ids") if way in type(self).model_fields]
            raise ValueError(f"needs {' or '.join(ways)}")
        return self


class BatchStatus(Arguments):
    """Arguments of batch_status."""

    batch_id: GivenId[BatchId]
    wait_seconds: Annotated[
        int, Field(ge=0, le=300, description="Wait this long for the end, reporting progress.")
    ] = 0
    folder: Folder = None
