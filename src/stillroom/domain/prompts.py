"""Prompt templates: the words sent to a model, and what the user may pick instead of typing."""

from collections.abc import Mapping
from string import Template
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words

ALWAYS_GIVEN: MappingProxyType[Operation, frozenset[str]] = MappingProxyType(
    {
        Operation.OPTIMIZE: frozenset({"instruction", "constraints", "platform"}),
        Operation.BG_REPLACE: frozenset({"instruction", "constraints", "platform"}),
        Operation.REFINE: frozenset({"instruction", "constraints", "platform", "wishes"}),
    }
)
"""Variables that whoever fills in a template of the operation gives; all others need a default.

`instruction` is what the user said, in their language. `constraints` are sentences about light, tone,
perspective and lettering. `platform` is where the picture will be sold. `wishes` are the standing wishes.
"""


class PromptTemplate(BaseModel):
    """What to say to a model for one operation, with gaps to fill in.

    Attributes:
        id: `<operation>.<name>`; the file has the same name.
        version: Rises with every new wording.
        name: What it is called on the page.
        wish: What picking it says, as if the user had typed it; None for the operation's plain template.
        order: Where it stands among the operation's templates.
        text: English, with `$variable` gaps.
        defaults: What stands in a gap that is not given or is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    id: Annotated[str, Field(pattern=r"^(optimize|bg_replace|refine)\.[a-z0-9_]+$")]
    version: Annotated[int, Field(ge=1)]
    operation: Operation
    name: Words
    wish: Words | None = None
    order: Annotated[int, Field(ge=0)] = 100
    text: Annotated[str, Field(min_length=1, max_length=8000)]
    defaults: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_always_be_filled(self) -> Self:
        if not self.id.startswith(f"{self.operation}."):
            raise ValueError(f"id {self.id} does not begin with {self.operation}.")
        template = Template(self.text)
        if not template.is_valid():
            raise ValueError("text holds a $ that begins no variable; write $$ for the sign itself")
        gaps = set(template.get_identifiers())
        unknown = sorted(gaps - ALWAYS_GIVEN[self.operation] - self.defaults.keys())
        if unknown:
            raise ValueError(f"no default for ${', $'.join(unknown)}")
        unused = sorted(self.defaults.keys() - gaps)
        if unused:
            raise ValueError(f"default for {', '.join(unused)}, which the text does not use")
        return self

    def fill(self, values: Mapping[str, str]) -> str:
        """The finished prompt.

        Args:
            values: By variable; unknown ones are left out, empty ones give way to the default. A `$` in a
                value stands for itself.
        """
        given = {name: value.strip() for name, value in values.items() if value.strip()}
        template = Template(self.text)
        gaps = dict.fromkeys(template.get_identifiers(), "")
        filled = template.substitute({**gaps, **self.defaults, **given})
        lines = [" ".join(line.split()) for line in filled.splitlines()]
        return "\n".join(line for line in lines if line)


class PromptChip(BaseModel):
    """A few words that a click puts into the instruction box."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    operations: Annotated[tuple[Operation, ...], Field(min_length=1)]
    text: Words


class PromptChips(BaseModel):
    """The file `prompt_chips.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    chips: tuple[PromptChip, ...]
