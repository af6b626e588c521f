"""Prompt templates, and the phrases a user may pick instead of typing."""

from collections.abc import Mapping
from string import Template
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import Field, model_validator

from stillroom.domain.frozen import Frozen
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words

ALWAYS_GIVEN: MappingProxyType[Operation, frozenset[str]] = MappingProxyType(
    {
        Operation.OPTIMIZE: frozenset({"instruction", "constraints", "platform"}),
        Operation.BG_REPLACE: frozenset({"instruction", "constraints", "platform"}),
        Operation.REFINE: frozenset({"instruction", "constraints", "platform", "wishes"}),
    }
)
"""Variables that callers provide for each operation; any other variable needs a default.

`instruction` is the user's instruction, in their language. `constraints` are sentences about light, tone,
perspective and lettering. `platform` is the marketplace. `wishes` are the standing wishes.
"""


class PromptTemplate(Frozen):
    """A prompt for one operation, with variables.

    Attributes:
        id: `<operation>.<name>`; also the name of its file.
        version: Increases with every change of the text.
        name: Name on the page.
        wish: Instruction that the template stands for, as if typed; None for the operation's default one.
        order: Position among the operation's templates.
        text: English, with `$variable` placeholders.
        defaults: Value of a variable that is missing or empty.
    """

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
        """Render the prompt.

        Args:
            values: Values by variable; unknown ones are ignored, empty ones use the default. A `$` in a value
                is literal.
        """
        given = {name: value.strip() for name, value in values.items() if value.strip()}
        template = Template(self.text)
        gaps = dict.fromkeys(template.get_identifiers(), "")
        filled = template.substitute({**gaps, **self.defaults, **given})
        lines = [" ".join(line.split()) for line in filled.splitlines()]
        return "\n".join(line for line in lines if line)


class PromptChip(Frozen):
    """A phrase that a click inserts into the instruction box."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    operations: Annotated[tuple[Operation, ...], Field(min_length=1)]
    text: Words


class PromptChips(Frozen):
    """Content of `prompt_chips.json`."""

    schema_: str | None = Field(default=None, alias="$schema")
    chips: tuple[PromptChip, ...]
