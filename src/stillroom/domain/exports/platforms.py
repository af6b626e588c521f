"""Platforms: marketplaces, and the defaults of their pictures."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stillroom.domain.frozen import Frozen
from stillroom.domain.words import Words


class Platform(Frozen):
    """A marketplace and the defaults of its pictures.

    Attributes:
        id: Such as `taobao`; also the name of its file.
        default_preset: The preset selected by default.
        presets: All its presets, in order.
        aspect: Width to height of the main picture.
        ground: `white` if the main picture requires a white background, else `free`.
    """

    schema_: str | None = Field(default=None, alias="$schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    order: Annotated[int, Field(ge=0)] = 100
    name: Words
    default_preset: str
    presets: Annotated[tuple[str, ...], Field(min_length=1)]
    aspect: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
    ground: Literal["white", "free"]

    @model_validator(mode="after")
    def _offers_its_default(self) -> Self:
        if self.default_preset not in self.presets:
            raise ValueError(f"default_preset {self.default_preset} is not among presets")
        return self
