"""Convert FastAPI's OpenAPI 3.1 document to OpenAPI 3.0.3, and write it as YAML."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

Json = dict[str, Any]

_NAMED = frozenset({"paths", "responses", "headers", "content", "schemas", "properties"})
"""Keywords whose value maps names, which may be spelled like keywords, to objects."""

_VALUES = frozenset({"const", "default", "enum", "example", "examples"})
"""Keywords whose value is data, not part of the document's structure."""

# Schema for null only, for readers that require a type beside `nullable`.
ONLY_NULL: Json = {"type": "string", "nullable": True, "enum": [None]}


def to_openapi_3_0(document: Mapping[str, Any]) -> Json:
    """Convert an OpenAPI 3.1 document to OpenAPI 3.0.3.

    It handles the keywords that FastAPI and Pydantic write for this API.

    Args:
        document: Document made by FastAPI; not modified.

    Returns:
        A new document. It accepts everything that the original accepts, and in some cases more: tuples become
        arrays of any of their members.

    Source:
        OpenAPI Specification 3.0.3, "Schema Object"; "Migrating from OpenAPI 3.0 to 3.1.0" (2021).
    """
    converted: Json = _converted(document)
    converted["openapi"] = "3.0.3"
    converted["info"] = _without(converted["info"], "summary")
    if "license" in converted["info"]:
        converted["info"]["license"] = _without(converted["info"]["license"], "identifier")
    return converted


def for_clients(document: Json) -> Json:
    """Adapt an OpenAPI 3.1 document in place for clients and their generators.

    `openapi-python-client` drops a schema that has a property with an object as default. Docstrings say None
    where a client sends and gets null.
    """
    for schema in document["components"]["schemas"].values():
        if "description" in schema:
            schema["description"] = re.sub(r"\bNone\b", "null", schema["description"])
        for name, value in schema.get("properties", {}).items():
            if isinstance(value.get("default"), Mapping):
                schema["properties"][name] = _without(value, "default")
                # Only responses have such properties, and responses always contain every field.
                schema["required"] = [*schema.get("required", []), name]
    return document


def to_yaml(document: Mapping[str, Any]) -> str:
    """Serialise a document as YAML in its own order, without anchors; equal documents give equal text."""
    return yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=110)


class _PlainDumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        # Suppress anchors for parts that are equal by coincidence.
        return True


def _converted(part: Any, *, is_named: bool = False) -> Any:
    """Convert a part of the document, innermost schemas first."""
    if isinstance(part, list):
        return [_converted(one) for one in part]
    if not isinstance(part, Mapping):
        return part
    if is_named:
        return {name: _converted(value) for name, value in part.items()}
    return _schema(
        {
            name: value if name in _VALUES else _converted(value, is_named=name in _NAMED)
            for name, value in part.items()
        }
    )


def _schema(schema: Json) -> Json:
    """Convert the keywords of one object whose parts are converted."""
    if "$ref" in schema and len(schema) > 1:
        return {"allOf": [{"$ref": schema["$ref"]}], **_schema(_without(schema, "$ref"))}
    schema = _without(schema, "$schema")
    if members := schema.pop("prefixItems", None):
        distinct = [member for at, member in enumerate(members) if member not in members[:at]]
        schema["items"] = distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
        schema.setdefault("minItems", len(members))
        schema.setdefault("maxItems", len(members))
    elif schema.get("type") == "array":
        schema.setdefault("items", {})
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if examples := schema.pop("examples", None):
        schema["example"] = examples[0]
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if exclusive in schema:
            schema[limit], schema[exclusive] = schema.pop(exclusive), True
    return _with_null(schema)


def _with_null(schema: Json) -> Json:
    """Express that null is accepted: by `nullable`, or by a branch of its own."""
    if schema.get("type") == "null":
        return _without(schema, "type") | ONLY_NULL
    branches: list[Json] = [branch for branch in schema.get("anyOf", []) if branch != ONLY_NULL]
    if len(branches) != 1:
        return schema
    [branch], rest = branches, _without(schema, "anyOf")
    if "$ref" not in branch and "type" in branch:
        # An enumeration must list null to accept it, even with `nullable`.
        values = {"enum": [*branch["enum"], None]} if "enum" in branch else {}
        return branch | rest | values | {"nullable": True}
    # Few generators read `nullable` beside `allOf`, and a branch of `allOf` may forbid null.
    return {"anyOf": [branch, ONLY_NULL], **rest}


def _without(schema: Mapping[str, Any], unwanted: str) -> Json:
    return {name: value for name, value in schema.items() if name != unwanted}
