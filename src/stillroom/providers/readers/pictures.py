"""Questions and answers about pictures: what the product in a photo is, and how to describe a picture."""

import json
from collections.abc import Sequence
from typing import Annotated, get_args

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from stillroom.domain.descriptions import (
    MAX_ALT_CHARACTERS,
    MAX_PICTURE_TITLE_CHARACTERS,
    AltText,
    Description,
    Title,
)
from stillroom.domain.mattes import MatteBox
from stillroom.domain.ports.readers import PhotoQuestion, PictureQuestion
from stillroom.domain.products import (
    MAX_LABEL_CHARACTERS,
    MAX_NAME_CHARACTERS,
    Category,
    Material,
    ProductFacts,
)
from stillroom.domain.providers.readers import BoxFormat, Readers
from stillroom.domain.words import Words, plain
from stillroom.providers.readers.answers import parsed
from stillroom.providers.readers.chats import Message, list_of, object_of

MIN_AREA, MAX_AREA = 0.01, 0.99
"""Shares of the photo; a smaller or larger box is ignored."""

_UNKNOWN = "other"


_Name = Annotated[str, Field(max_length=MAX_NAME_CHARACTERS), AfterValidator(plain)]
_Title = Annotated[str, Field(min_length=1, max_length=MAX_PICTURE_TITLE_CHARACTERS), AfterValidator(plain)]
_Alt = Annotated[str, Field(min_length=1, max_length=MAX_ALT_CHARACTERS), AfterValidator(plain)]


class _Seen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name_zh: _Name
    name_en: _Name
    category: Annotated[str, Field(max_length=30)]
    box: Annotated[
        list[float], Field(max_length=4, validation_alias=AliasChoices("box_2d", "bbox_2d", "box"))
    ]
    materials: Annotated[list[Annotated[str, Field(max_length=30)]], Field(max_length=8)]
    label_text: Annotated[str, Field(max_length=MAX_LABEL_CHARACTERS), AfterValidator(plain)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title_zh: _Title
    title_en: _Title
    alt_zh: _Alt
    alt_en: _Alt


def photo_message(question: PhotoQuestion, readers: Readers, model: str) -> Message:
    """Return the message for a photo; the box is asked for by the name that the model's family knows."""
    box = "box_2d" if readers.box_format(model).order == "yxyx" else "bbox_2d"
    text = {"type": "string"}
    schema = object_of(
        name_zh=text,
        name_en=text,
        category={"type": "string", "enum": [*get_args(Category), _UNKNOWN]},
        **{box: list_of({"type": "number"})},
        materials=list_of({"type": "string", "enum": list(get_args(Material))}),
        label_text=text,
    )
    system = readers.looking.replace("BOX", box)
    return Message(system, "The photo to look at. Answer with JSON.", schema, question.picture)


def facts_in(text: str, question: PhotoQuestion, form: BoxFormat) -> ProductFacts:
    """Parse what a model saw; unknown categories and materials and unusable boxes are left out.

    Raises ValueError.
    """
    seen = parsed(text, _Seen)
    zh, en = seen.name_zh or seen.name_en, seen.name_en or seen.name_zh
    return ProductFacts(
        name=Words(zh=zh, en=en) if zh else None,
        category=seen.category if seen.category in get_args(Category) else None,
        materials=tuple(one for one in get_args(Material) if one in seen.materials),
        label_text=seen.label_text or None,
        box=box_in(seen.box, form, question.size),
    )


def box_in(values: Sequence[float], form: BoxFormat, size: tuple[int, int]) -> MatteBox | None:
    """Convert a box to shares of the photo; None if it is missing, or covers nothing or everything."""
    if len(values) < 4:
        return None
    first, second, third, fourth = values
    y0, x0, y1, x1 = (
        (first, second, third, fourth) if form.order == "yxyx" else (second, first, fourth, third)
    )
    wide, tall = size if form.scale == "pixels" else (1000, 1000)
    left, right = sorted(min(max(x / wide, 0.0), 1.0) for x in (x0, x1))
    top, bottom = sorted(min(max(y / tall, 0.0), 1.0) for y in (y0, y1))
    if not MIN_AREA <= (right - left) * (bottom - top) <= MAX_AREA:
        return None
    try:
        return MatteBox(x=left, y=top, w=right - left, h=bottom - top)
    except ValidationError:
        return None


def picture_message(question: PictureQuestion, readers: Readers) -> Message:
    """Return the message for a description; its texts are JSON strings, so they cannot end the data."""
    product = question.product
    user = {
        "title": question.title,
        "name": product.name.model_dump() if product.name else None,
        "category": product.category,
        "materials": product.materials,
        "label_text": product.label_text,
    }
    text = {"type": "string"}
    schema = object_of(title_zh=text, title_en=text, alt_zh=text, alt_en=text)
    return Message(readers.describing, json.dumps(user, ensure_ascii=False), schema, question.picture)


def description_in(text: str) -> Description:
    """Parse a description. Raises ValueError when the reply is not JSON of the schema."""
    written = parsed(text, _Written)
    return Description(
        title=Title(zh=written.title_zh, en=written.title_en),
        alt_text=AltText(zh=written.alt_zh, en=written.alt_en),
    )
