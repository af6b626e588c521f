"""Generated files: the OpenAPI documents, the page's bounds, the reference page and the schemas."""

import json
import sys
from pathlib import Path
from typing import Any

from stillroom.cli.serve import app_with_worker
from stillroom.imaging.scene.framing import MARGIN
from stillroom.settings import Settings
from stillroom.storage.catalog import write_schemas
from stillroom.web.app import openapi_document
from stillroom.web.openapi import to_openapi_3_0, to_yaml
from tools.reference_page import page

BOUNDED = (
    *("AltText", "BatchRequest", "Correction", "Framing", "MatteBox", "NewRecipe", "NewWebhook"),
    *("ProductName", "SessionChange", "Stroke", "Title"),
)
"""Schemas whose bounds the page checks before it sends them."""

PROBLEM = "application/problem+json"

BOUNDS = ("minimum", "maximum", "maxLength", "maxItems")


def bounds(document: dict[str, Any]) -> str:
    """TypeScript constants with the bounds of the fields of some schemas and of a product's place."""
    lines = ["// Generated from the API's schemas by `make generate`."]
    for schema in BOUNDED:
        fields = document["components"]["schemas"][schema]["properties"]
        found = {name: _bounds_of(field) for name, field in fields.items()}
        shown = json.dumps({name: bound for name, bound in found.items() if bound})
        lines.append(f"export const {schema[0].lower()}{schema[1:]}Bounds = {shown} as const;")
    lines.append("/** Share of the picture that stays free around the product. */")
    lines.append(f"export const margin = {MARGIN};")
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
