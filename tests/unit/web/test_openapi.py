"""Each way in which OpenAPI 3.1 says something that 3.0.3 says differently."""

import copy
from typing import Any, Literal

import pytest
import yaml
from fastapi import FastAPI
from openapi_spec_validator import OpenAPIV30SpecValidator
from pydantic import BaseModel, Field

from stillroom.web.openapi import for_clients, to_openapi_3_0, to_yaml

INFO = {"title": "Stillroom", "version": "1"}


def converted(schema: Any, **others: Any) -> Any:
    document = {
        "openapi": "3.1.0",
        "info": INFO,
        "paths": {},
        "components": {"schemas": {"It": schema, **others}},
    }
    return to_openapi_3_0(document)["components"]["schemas"]["It"]


def test_a_value_or_null_becomes_a_nullable_value() -> None:
    schema = {
        "anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}],
        "title": "Prompt",
        "default": None,
    }
    assert converted(schema) == {
        "type": "string",
        "maxLength": 9,
        "title": "Prompt",
        "default": None,
        "nullable": True,
    }


@pytest.mark.parametrize("target", [{"type": "object"}, {"oneOf": [{"type": "string"}, {"type": "integer"}]}])
def test_a_reference_or_null_keeps_null_as_a_branch_of_its_own(target: Any) -> None:
    reference = {"$ref": "#/components/schemas/Jar"}
    assert converted({"anyOf": [reference, {"type": "null"}]}, Jar=target) == {
        "anyOf": [reference, {"type": "string", "nullable": True, "enum": [None]}]
    }


def test_an_enumeration_that_may_be_null_names_null() -> None:
    words = {"anyOf": [{"type": "string", "enum": ["table", "above"]}, {"type": "null"}], "default": None}
    assert converted(words) == {
        "type": "string",
        "enum": ["table", "above", None],
        "default": None,
        "nullable": True,
    }


def test_several_references_or_null_keep_null_as_a_branch_of_its_own() -> None:
    references = [{"$ref": "#/components/schemas/Jar"}, {"$ref": "#/components/schemas/Lid"}]
    schema = {"anyOf": [*references, {"type": "null"}]}
    assert converted(schema, Jar={"type": "object"}, Lid={"type": "object"})["anyOf"] == [
        *references,
        {"type": "string", "nullable": True, "enum": [None]},
    ]


def test_null_alone_becomes_a_value_that_only_null_satisfies() -> None:
    assert converted({"type": "null"}) == {"type": "string", "nullable": True, "enum": [None]}


def test_a_constant_becomes_a_choice_of_one() -> None:
    assert converted({"type": "string", "const": "local"}) == {"type": "string", "enum": ["local"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"exclusiveMinimum": 0}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"exclusiveMaximum": 9}, {"maximum": 9, "exclusiveMaximum": True}),
    ],
)
def test_an_exclusive_limit_becomes_a_flag_on_the_limit(given: Any, expected: Any) -> None:
    assert converted({"type": "number", **given}) == {"type": "number", **expected}


def test_the_first_of_several_examples_becomes_the_example() -> None:
    assert converted({"type": "string", "examples": ["白底软阴影", "wood"]}) == {
        "type": "string",
        "example": "白底软阴影",
    }


def test_a_property_may_bear_the_name_of_a_keyword() -> None:
    schema = {"type": "object", "properties": {"const": {"type": "string"}, "examples": {"type": "array"}}}
    assert converted(schema)["properties"] == {
        "const": {"type": "string"},
        "examples": {"type": "array", "items": {}},
    }


def test_a_tuple_becomes_an_array_of_that_length() -> None:
    pair = {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}]}
    assert converted(pair) == {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    mixed = {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}
    assert converted(mixed)["items"] == {"anyOf": [{"type": "integer"}, {"type": "string"}]}


def test_a_reference_with_words_beside_it_is_wrapped() -> None:
    schema = {"$ref": "#/components/schemas/Jar", "description": "The chosen jar"}
    assert converted(schema) == {
        "allOf": [{"$ref": "#/components/schemas/Jar"}],
        "description": "The chosen jar",
    }


def test_document_head_loses_keywords_unknown_to_3_0() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {**INFO, "summary": "s", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": {},
        "components": {},
    }
    assert to_openapi_3_0(document) == {
        "openapi": "3.0.3",
        "info": {**INFO, "license": {"name": "Apache-2.0"}},
        "paths": {},
        "components": {},
    }


def test_parameters_bodies_and_headers_are_converted_where_they_stand() -> None:
    optional = {"schema": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}
    document = {
        "openapi": "3.1.0",
        "info": INFO,
        "paths": {
            "/jar": {
                "parameters": [{"name": "a", "in": "query", **optional}],
                "get": {
                    "parameters": [{"name": "b", "in": "query", **optional}],
                    "requestBody": {"content": {"application/json": optional}},
                    "responses": {
                        "200": {
                            "description": "ok",
                            "headers": {"Retry-After": optional},
                        }
                    },
                },
            }
        },
    }
    untouched = copy.deepcopy(document)
    path = to_openapi_3_0(document)["paths"]["/jar"]
    nullable = {"type": "integer", "nullable": True}
    assert path["parameters"][0]["schema"] == nullable
    assert path["get"]["parameters"][0]["schema"] == nullable
    assert path["get"]["requestBody"]["content"]["application/json"]["schema"] == nullable
    assert path["get"]["responses"]["200"]["headers"]["Retry-After"]["schema"] == nullable
    assert document == untouched


def test_an_object_as_a_default_becomes_a_property_that_is_always_there() -> None:
    reference = {"$ref": "#/components/schemas/Lid"}
    properties = {
        "lid": {**reference, "default": {"kind": "cork"}},
        "size": {"type": "integer", "default": 1},
    }
    jar = {"type": "object", "properties": properties, "required": ["name"]}
    document = for_clients({"components": {"schemas": {"Jar": jar}}})
    assert document["components"]["schemas"]["Jar"] == {
        "type": "object",
        "properties": {"lid": reference, "size": {"type": "integer", "default": 1}},
        "required": ["name", "lid"],
    }


class Jar(BaseModel):
    kind: Literal["jar"] = "jar"
    size: tuple[int, int]
    note: str | None = None


class Shelf(BaseModel):
    jars: list[Jar] = Field(max_length=4)
    first: Jar | None
    share: float | None = Field(gt=0, le=1)
    labels: dict[str, str | None]


def test_converted_fastapi_document_is_valid_3_0() -> None:
    app = FastAPI(title="Stillroom", version="1")

    @app.post("/shelf")
    def put(shelf: Shelf, limit: int | None = None) -> Shelf | None:
        return shelf if limit else None

    document = to_openapi_3_0(app.openapi())
    assert list(OpenAPIV30SpecValidator(document).iter_errors()) == []


def test_yaml_reads_back_as_the_same_document_without_anchors() -> None:
    shared = {"type": "string", "example": "白底软阴影"}
    document = {"z": shared, "a": shared}
    text = to_yaml(document)
    assert yaml.safe_load(text) == document
    assert "白底软阴影" in text
    assert "&" not in text
    assert text.index("z:") < text.index("a:")


def test_descriptions_say_null_where_docstrings_say_none() -> None:
    jar = {"type": "object", "description": "lid: None leaves it open; Nonesuch stays."}
    document = for_clients({"components": {"schemas": {"Jar": jar}}})
    assert (
        document["components"]["schemas"]["Jar"]["description"] == "lid: null leaves it open; Nonesuch stays."
    )
