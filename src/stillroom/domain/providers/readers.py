"""Reader catalogue: instructions, default models, prices and box formats of reader models."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from stillroom.domain.errors import StillroomError
from stillroom.domain.frozen import Frozen

ReaderVendor = Literal["gemini", "openai", "compatible"]
"""`compatible` is any server with OpenAI's chat completions, such as Qwen, Doubao, Ollama or vLLM."""


class ReaderPrice(Frozen):
    """Price of a model, in US dollars per million tokens.

    Attributes:
        id: The vendor's model id.
        checked_on: When the price was looked up.
    """

    id: Annotated[str, Field(min_length=1, max_length=200)]
    input_usd: Annotated[float, Field(ge=0)]
    output_usd: Annotated[float, Field(ge=0)]
    checked_on: date

    def micro_usd(self, tokens_in: int, tokens_out: int) -> int:
        """Return the cost in millionths of a US dollar; a dollar per million tokens is one for each."""
        return round(tokens_in * self.input_usd + tokens_out * self.output_usd)


class BoxFormat(Frozen):
    """Order in which a family of models writes the sides of a box, kept from its training.

    Attributes:
        family: Part of the model ids; the empty text fits every model.
        order: `yxyx` is top, left, bottom, right, `xyxy` is left, top, right, bottom.
        scale: `thousandths` of width and height, or `pixels` of the picture.
    """

    family: Annotated[str, Field(max_length=100)] = ""
    order: Literal["xyxy", "yxyx"] = "xyxy"
    scale: Literal["thousandths", "pixels"] = "thousandths"


Text = Annotated[str, Field(min_length=1, max_length=8000)]


class Readers(Frozen):
    """Content of `readers.json`.

    Attributes:
        instruction: What the model is told before the fields of a plan are listed.
        looking: What it is told before it looks at a photo.
        describing: What it is told before it describes a picture.
        defaults: Default model of each vendor.
        boxes: Box formats; the first whose family is part of the model's id is used.
        models: Prices; calls of a model that is not listed are recorded without a cost.
    """

    schema_: str | None = Field(default=None, alias="$schema")
    instruction: Text
    looking: Text = "Describe the product in the photo as one JSON object."
    describing: Text = "Describe the product picture for a shop listing as one JSON object."
    defaults: Mapping[ReaderVendor, str]
    boxes: tuple[BoxFormat, ...] = ()
    models: tuple[ReaderPrice, ...]

    def micro_usd(self, model: str, tokens_in: int, tokens_out: int) -> int:
        """Return the cost of a call in millionths of a US dollar; 0 when the price is not known."""
        price = next((price for price in self.models if price.id == model), None)
        return price.micro_usd(tokens_in, tokens_out) if price else 0

    def box_format(self, model: str) -> BoxFormat:
        """Return how a model writes boxes."""
        name = model.casefold()
        return next((form for form in self.boxes if form.family in name), BoxFormat())


@dataclass(frozen=True, slots=True)
class ReaderTrial:
    """Result of a tiny question, about a clause or a picture, by which a reader model is tried."""

    kind: Literal["text", "picture"]
    seconds: float
    cost_micro_usd: int
    error: StillroomError | None = None
