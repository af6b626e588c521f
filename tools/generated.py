"""Generated files: the OpenAPI documents, the page's bounds, the reference page and the schemas."""

import json
import sys
from pathlib import Path
from typing import Any

from stillroom.application.exports.ordering import MAX_FILES
from stillroom.application.limits.limits import Limits
from stillroom.cli.serve import app_with_worker
from stillroom.domain.batches.recipes import APPROVE_FROM
from stillroom.domain.exports.file_names import MAX_NAME_CHARACTERS, MAX_PRODUCT_CHARACTERS
from stillroom.domain.mattes import MAX_POINTS_IN_ALL
from stillroom.domain.plans.labels import FRONT_DEGREES
from stillroom.evaluation.golden.runs import FIRST_IMAGE_P95_MS
from stillroom.imaging.cutout.correction import CORE
from stillroom.imaging.scene.framing import MARGIN, MAX_SIDE
from stillroom.settings import Settings
from stillroom.storage.catalog import write_schemas
from stillroom.web.app import openapi_document
from stillroom.web.openapi import to_openapi_3_0, to_yaml
from tools.reference_page import page

BOUNDED = (
    *("AltText", "BatchRequest", "Correction", "Framing", "ItemRequest", "MatteBox", "NewRecipe"),
    *("NewWebhook", "ProductName", "SessionChange", "Stroke", "Title"),
)
"""Schemas whose bounds the page checks before it sends them."""

PROBLEM = "application/problem+json"

BOUNDS = ("minimum", "maximum", "maxLength", "maxItems")

CONSTANTS = (
    ("Share of the picture that stays free around the product.", "margin", MARGIN),
    ("Long side of the largest picture, in pixels.", "maxPictureSide", MAX_SIDE),
    (
        "Default of the largest upload, in bytes, until `/config` is loaded.",
        "uploadBytes",
        Limits().max_upload_bytes,
    ),
    (
        "Default of the longest side of a photo, in pixels, until `/config` is loaded.",
        "uploadSide",
        Limits().max_side,
    ),
    ("Points of all strokes of a correction.", "maxStrokePoints", MAX_POINTS_IN_ALL),
    ("Share of the brush radius that a stroke covers without edge detection.", "strokeCore", CORE),
    ("Files of one export request, and of one archive.", "maxExportFiles", MAX_FILES),
    ("Default quality and confidence from which a picture needs no review.", "approveFrom", APPROVE_FROM),
    ("Characters of a product's title in file names.", "maxProductCharacters", MAX_PRODUCT_CHARACTERS),
    ("Characters of a file name without its extension.", "maxNameCharacters", MAX_NAME_CHARACTERS),
    (
        "Degrees of azimuth from the camera within which light counts as frontal.",
        "frontDegrees",
        FRONT_DEGREES,
    ),
    ("Milliseconds within which 95 % of first pictures must come.", "firstImageMs", FIRST_IMAGE_P95_MS),
)
"""Other limits of the server that the page needs: description, name, value."""


def bounds(document: dict[str, Any]) -> str:
    """Return TypeScript constants: the bounds of the fields of some schemas, and other limits."""
    lines = ["// Generated from the API's schemas by `make generate`."]
    for schema in BOUNDED:
        fields = document["components"]["schemas"][schema]["properties"]
        found = {name: _bounds_of(field) for name, field in fields.items()}
        shown = json.dumps({name: bound for name, bound in found.items() if bound})
        lines.append(f"export const {schema[0].lower()}{schema[1:]}Bounds = {shown} as const;")
    for description, name, value in CONSTANTS:
        lines += [f"/** {description} */", f"export const {name} = {value};"]
    return "\n".join(lines) + "\n"


def _bounds_of(field: dict[str, Any]) -> dict[str, float]:
    """The bounds of a field, which may also be null."""
    return {name: one[name] for one in (field, *field.get("anyOf", [])) for name in BOUNDS if name in one}


def with_one_error(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with one problem response per operation, because the page tells errors by code."""
    return document | {
        "paths": {
            path: {
                method: operation | {"responses": _merged(operation["responses"])}
                for method, operation in item.items()
            }
            for path, item in document["paths"].items()
        }
    }


def _merged(responses: dict[str, Any]) -> dict[str, Any]:
    """Return the responses by status, with all problems under `default`."""
    problems = [status for status, response in responses.items() if PROBLEM in response.get("content", {})]
    others = {status: response for status, response in responses.items() if status not in problems}
    return (
        others | {"default": {"description": "A problem", "content": responses[problems[0]]["content"]}}
        if problems
        else others
    )


def write(folder: Path) -> None:
    """Write the OpenAPI document in both forms and what is derived from it and from the settings."""
    document = openapi_document(app_with_worker(Settings.model_construct()))
    (folder / "openapi.yaml").write_text(to_yaml(to_openapi_3_0(document)), "utf-8")
    (folder / "openapi.json").write_text(json.dumps(with_one_error(document), ensure_ascii=False), "utf-8")
    (folder / "bounds.gen.ts").write_text(bounds(document), "utf-8")
    (folder / "reference.md").write_text(page(), "utf-8")
    write_schemas(folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
