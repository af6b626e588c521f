"""Facts about a product: what its seller stated, and what a reader model saw in the photo."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.mattes import MatteBox, PhotoHints
from stillroom.domain.plans.plan import Plan
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words

MAX_NAME_CHARACTERS = 80
MAX_LABEL_CHARACTERS = 300

SizeCm = Annotated[float, Field(ge=0.1, le=2000.0)]
"""Longest side of a product in centimetres."""

Category = Literal[
    "jewellery",
    "watch",
    "cosmetics",
    "bottle",
    "cup",
    "tableware",
    "kitchenware",
    "food",
    "stationery",
    "book",
    "phone",
    "electronics",
    "appliance",
    "toy",
    "shoe",
    "bag",
    "clothing",
    "accessory",
    "textile",
    "decoration",
    "lamp",
    "plant",
    "tool",
    "pet_supplies",
    "sports",
    "chair",
    "table",
    "sofa",
    "cabinet",
]

_SIZES = json.loads((resources.files("stillroom") / "catalog" / "product_sizes.json").read_text())

TYPICAL_CM: Mapping[str, float] = _SIZES["typical_cm"]
"""Usual longest side of a category's products in centimetres. Our estimates: a scene's range is far wider."""

OF_ONE_SCALE = frozenset(_SIZES["of_one_scale"])
"""Categories whose products are all small or all large: they replace even a scene that was asked for."""

Material = Literal["glass", "gloss", "fur"]

STATED = ("name", "category", "materials", "label_text")
"""Fields that a seller and a reader model may both fill in."""


class ProductFacts(BaseModel):
    """Facts about the product of a session; unknown fields, of later releases, are ignored.

    Attributes:
        size_cm: Longest side in centimetres; None if unknown.
        name: What it is called.
        category: One of `Category`, or of a later release.
        materials: Of `Material`, or of a later release.
        label_text: What is printed on it; untrusted like all words of a reader model.
        box: Where the reader model saw it in the photo.
        seen_by: The reader model that looked at the photo; None if none did.
        steers: Whether it looked before the first job began. Only then box and materials steer the cut-out,
            because otherwise a later turn would change the product.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    size_cm: SizeCm | None = None
    name: Words | None = None
    category: str | None = None
    materials: tuple[str, ...] = ()
    label_text: str | None = None
    box: MatteBox | None = None
    seen_by: str | None = None
    steers: bool = False

    def size_for(self, operation: Operation, plan: Plan) -> float | None:
        """Return the size by which a scene is chosen: the stated one, else the usual one of the category.

        An estimate never changes the scene of a refined picture. It replaces one that was asked for only
        if all products of the category are of that scale: a sofa never stands on a table.
        """
        if self.size_cm is not None:
            return self.size_cm
        is_asked = "backdrop" in plan.asked
        is_open = operation is not Operation.REFINE and not is_asked
        usable = is_open or (is_asked and self.category in OF_ONE_SCALE)
        return TYPICAL_CM.get(self.category or "") if usable else None

    @property
    def hints(self) -> PhotoHints:
        """Hints for the cut-out; none if the model looked too late."""
        return PhotoHints(self.box, "glass" in self.materials) if self.steers else PhotoHints()

    def completed(self, seen: "ProductFacts", *, steers: bool) -> "ProductFacts":
        """Add what a model saw; what the seller stated stays."""
        stated = {name: value for name in STATED if (value := getattr(self, name))}
        return seen.model_copy(update={"size_cm": self.size_cm, **stated, "steers": steers})
