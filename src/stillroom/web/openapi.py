"""Convert FastAPI's OpenAPI 3.1 document to OpenAPI 3.0.3, and write it as YAML."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

Json = dict[str, Any]

# JSON Schema 2020-12 keywords that OpenAPI 3.0 does not have. They only restrict, so a document without
# them still describes every message that is sent.
UNKNOWN_TO_3_0 = frozenset(
    [
        "$anchor",
        "$comment",
        "$defs",
        "$dynamicAnchor",
        "$dynamicRef",
        "$id",
        "$schema",
        "contains",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "maxContains",
        "minContains",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)
OPERATIONS = frozenset(["get", "put", "post", "delete", "options", "head", "patch", "trace"])
# Schema for null only, for readers that require a type beside `nullable`.
ONLY_NULL: Json = {"type": "string", "nullable": True, "enum": [None]}


def to_openapi_3_0(document: Mapping[str, Any]) -> Json:
    """Convert an OpenAPI 3.1 document to OpenAPI 3.0.3.

    Args:
        document: Document made by FastAPI; not modified.

    Returns:
        A new document. It accepts everything that the original accepts, and in some cases more: tuples become
        arrays of any of their members, and constraints unknown to 3.0 are dropped.

    Source:
        OpenAPI Specification 3.0.3, "Schema Object"; "Migrating from OpenAPI 3.0 to 3.1.0" (2021).
    """
    return _Converter(document).document()


def for_generators(document: Json) -> Json:
    """Adapt an OpenAPI 3.1 document in place for client generators.

    `openapi-python-client` drops a schema that has a property with an object as default, and sends a file as
    text unless its format is `binary`, as in OpenAPI 3.0.
    """
    for schema in document["components"]["schemas"].values():
        for name, value in schema.get("properties", {}).items():
            if isinstance(value.get("default"), Mapping):
                schema["properties"][name] = _without(value, {"default"})
                # Only responses have such properties, and responses always contain every field.
                schema["required"] = [*schema.get("required", []), name]
            elif "contentMediaType" in value:
                value["format"] = "binary"
    return document


def to_yaml(document: Mapping[str, Any]) -> str:
    """Serialise a document as YAML in its own order, without anchors; equal documents give equal text."""
    return yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=110)


class _PlainDumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        # Suppress anchors for parts that are equal by coincidence.
        return True


class _Converter:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def document(self) -> Json:
        converted = _without(self._document, {"webhooks", "jsonSchemaDialect"})
        converted["openapi"] = "3.0.3"
        converted["info"] = _without(self._document["info"], {"summary"})
        if "license" in converted["info"]:
            converted["info"]["license"] = _without(converted["info"]["license"], {"identifier"})
        converted["paths"] = _each(self._document.get("paths", {}), self._path_item)
        if "components" in self._document:
            converted["components"] = self._components(self._document["components"])
        return converted

    def _components(self, components: Mapping[str, Any]) -> Json:
        readers: dict[str, Callable[[Any], Json]] = {
            "schemas": self._schema,
            "parameters": self._holder,
            "headers": self._holder,
            "requestBodies": self._holder,
            "responses": self._response,
        }
        kept = _without(components, {"pathItems"})
        return {name: _each(part, readers[name]) if name in readers else part for name, part in kept.items()}

    def _path_item(self, item: Mapping[str, Any]) -> Json:
        converted = dict(item)
        for name, value in item.items():
            if name == "parameters":
                converted[name] = [self._holder(parameter) for parameter in value]
            elif name in OPERATIONS:
                converted[name] = self._operation(value)
        return converted

    def _operation(self, operation: Mapping[str, Any]) -> Json:
        converted = dict(operation)
        if "parameters" in operation:
            converted["parameters"] = [self._holder(parameter) for parameter in operation["parameters"]]
        if "requestBody" in operation:
            converted["requestBody"] = self._holder(operation["requestBody"])
        converted["responses"] = _each(operation.get("responses", {}), self._response)
        if "callbacks" in operation:
            converted["callbacks"] = _each(
                operation["callbacks"], lambda callback: _each(callback, self._path_item)
            )
        return converted

    def _response(self, response: Mapping[str, Any]) -> Json:
        converted = self._holder(response)
        if "headers" in response:
            converted["headers"] = _each(response["headers"], self._holder)
        return converted

    def _holder(self, holder: Mapping[str, Any]) -> Json:
        """Convert an object that contains a schema: parameter, header, body, response or media type."""
        converted = _without(holder, {"itemSchema"})
        if "schema" in holder:
            converted["schema"] = self._schema(holder["schema"])
        elif "itemSchema" in holder:
            # OpenAPI 3.0 can describe a stream of items only as text.
            converted["schema"] = {"type": "string"}
        if "content" in holder:
            converted["content"] = _each(holder["content"], self._holder)
        return converted

    def _schema(self, schema: Mapping[str, Any] | bool) -> Json:
        if isinstance(schema, bool):
            return {} if schema else {"not": {}}
        if "$ref" in schema:
            siblings = _without(schema, {"$ref"})
            reference = {"$ref": schema["$ref"]}
            return {"allOf": [reference], **self._schema(siblings)} if siblings else reference
        converted = _without(schema, UNKNOWN_TO_3_0)
        self._convert_parts(converted)
        _say_tuple(converted, [self._schema(member) for member in schema.get("prefixItems", [])])
        _say_pattern_properties(converted, map(self._schema, schema.get("patternProperties", {}).values()))
        _say_binary(converted, schema)
        _say_values(converted)
        _say_exclusive_limits(converted)
        return self._say_null(converted)

    def _convert_parts(self, schema: Json) -> None:
        if "properties" in schema:
            schema["properties"] = _each(schema["properties"], self._schema)
        for name in ("items", "not"):
            if name in schema:
                schema[name] = self._schema(schema[name])
        if isinstance(schema.get("additionalProperties"), Mapping):
            schema["additionalProperties"] = self._schema(schema["additionalProperties"])
        if "allOf" in schema:
            schema["allOf"] = [self._schema(branch) for branch in schema["allOf"]]
        for name in ("anyOf", "oneOf"):
            if name in schema:
                schema[name] = [
                    ONLY_NULL if _is_null(branch) else self._schema(branch) for branch in schema[name]
                ]

    def _say_null(self, schema: Json) -> Json:
        if isinstance(schema.get("type"), list):
            schema = _with_one_type(schema)
        if schema.get("type") == "null":
            return _without(schema, {"type"}) | ONLY_NULL
        if None in schema.get("enum", []) and "type" in schema:
            schema["nullable"] = True
        for name in ("anyOf", "oneOf"):
            branches = schema.get(name, [])
            left = [branch for branch in branches if branch != ONLY_NULL]
            if len(left) == len(branches):
                continue
            rest = _without(schema, {name})
            if len(left) == 1:
                return self._nullable(left[0], rest)
            if (typed := next((at for at, branch in enumerate(left) if "type" in branch), None)) is None:
                left.append(ONLY_NULL)
            else:
                left[typed] = left[typed] | {"nullable": True}
            return rest | {name: left}
        return schema

    def _nullable(self, branch: Json, rest: Json) -> Json:
        if "$ref" not in branch and "type" in branch:
            # An enumeration must list null to accept it, even with `nullable`.
            values = {"enum": [*branch["enum"], None]} if "enum" in branch else {}
            return branch | rest | values | {"nullable": True}
        # Few generators read `nullable` beside `allOf`, and a branch of `allOf` may forbid null.
        return {"anyOf": [branch, ONLY_NULL], **rest}


def _each(parts: Mapping[str, Any], convert: Callable[[Any], Json]) -> Json:
    return {name: convert(part) for name, part in parts.items()}


def _without(schema: Mapping[str, Any], names: Iterable[str]) -> Json:
    unwanted = frozenset(names)
    return {name: value for name, value in schema.items() if name not in unwanted}


def _is_null(schema: Mapping[str, Any] | bool) -> bool:
    if isinstance(schema, bool):
        return False
    return schema.get("type") == "null" or ("const" in schema and schema["const"] is None)


def _with_one_type(schema: Json) -> Json:
    kinds = [kind for kind in schema["type"] if kind != "null"]
    nullable = {"nullable": True} if "null" in schema["type"] else {}
    rest = _without(schema, {"type"})
    if len(kinds) == 1:
        return {"type": kinds[0], **rest, **nullable}
    return rest | {"anyOf": [{"type": kind, **nullable} for kind in kinds]}


def _say_tuple(schema: Json, members: list[Json]) -> None:
    if members:
        distinct = [member for at, member in enumerate(members) if member not in members[:at]]
        schema["items"] = distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
        schema.setdefault("minItems", len(members))
        schema.setdefault("maxItems", len(members))
    elif schema.get("type") == "array":
        schema.setdefault("items", {})


def _say_pattern_properties(schema: Json, patterns: Iterable[Json]) -> None:
    kinds = list(patterns)
    if kinds and not schema.get("additionalProperties"):
        schema["additionalProperties"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _say_binary(schema: Json, given: Mapping[str, Any]) -> None:
    if given.get("contentEncoding") == "base64":
        schema["format"] = "byte"
    elif "contentMediaType" in given:
        schema["format"] = "binary"


def _say_values(schema: Json) -> None:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if examples := schema.pop("examples", None):
        schema.setdefault("example", examples[0])


def _say_exclusive_limits(schema: Json) -> None:
    for exclusive, inclusive, stricter in (
        ("exclusiveMinimum", "minimum", max),
        ("exclusiveMaximum", "maximum", min),
    ):
        limit = schema.pop(exclusive, None)
        if limit is None:
            continue
        given = schema.get(inclusive, limit)
        schema[inclusive] = stricter(limit, given)
        if schema[inclusive] == limit:
            schema[exclusive] = True
