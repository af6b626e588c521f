"""Plan, the structured edit parsed from an instruction; as carried out; and Context, a session's memory."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from stillroom.domain.frozen import Frozen
from stillroom.domain.ids import ID_PATTERN, MAX_ID_CHARACTERS
from stillroom.domain.plans.measured import ColorTone, Lighting, LogoAnchor, Perspective
from stillroom.domain.plans.wishes import Wishes

HexColor = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
"""sRGB colour, such as `#f4efe6`; kept in lower case."""

SceneId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""Id of a rendered scene, such as `wood_oak`."""

Aspect = Literal["1:1", "3:4", "4:5", "2:3", "16:9", "9:16", "4:3", "photo"]
"""Width to height of a picture."""

_SHAPES: Mapping[Any, Aspect] = {"square": "1:1", "photo": "photo"}

PlanPart = Literal["backdrop", "shadow", "light", "tone", "framing", "detail"]
PLAN_PARTS: tuple[PlanPart, ...] = ("backdrop", "shadow", "light", "tone", "framing", "detail")


SCENE_FILL = 0.66
"""Default share of the picture that a product takes in a scene; smaller than on white, to show the scene."""

TINTED = "paper_tint"
"""Scene that uses `Backdrop.color`."""


class Backdrop(Frozen):
    """The backdrop behind the product.

    Attributes:
        kind: `keep` is the photo's own backdrop; `transparent` gives RGBA.
        color: The colour of `color`; the brighter or inner colour of `gradient`.
        edge_color: The darker or outer colour of `gradient`.
        shape: Shape of a gradient: `sweep` is a lit studio cove, `spot` a pool of light.
        blur: For `keep` and `scene`: background blur, 0..1.
        scene: For `scene`: id of the rendered scene; None selects the one that fits the product best. Scenes
            of coloured paper use `color`.
        mirrored: For `scene`: whether the scene is flipped horizontally, as carried out; None decides by the
            light on the product.
        view: For `scene`: from table height or from above, as carried out; None decides by the camera of the
            photo.
        exposure_ev: For `scene` and `picture`: added brightness in stops.
        image_id: For `picture`: the owner's backdrop.
        horizon_y: For `picture`: far edge of the ground as a share of its height; None estimates it.
        fit: For `picture`: `cover` fills the canvas, `contain` shows all of it.
        shows_through: Whether the product is of clear glass or plastic, through which the backdrop shows;
            None decides by the photo. Without an effect on `keep` and `transparent`.
    """

    kind: Literal["keep", "white", "color", "gradient", "transparent", "scene", "picture"] = "white"
    color: HexColor = "#ffffff"
    edge_color: HexColor = "#ffffff"
    shape: Literal["sweep", "spot"] = "sweep"
    blur: float = Field(default=0.0, ge=0.0, le=1.0)
    scene: SceneId | None = None
    mirrored: bool | None = None
    view: Literal["table", "above"] | None = None
    exposure_ev: float = Field(default=0.0, ge=-2.0, le=2.0)
    image_id: Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARACTERS, pattern=ID_PATTERN)] | None = (
        None
    )
    horizon_y: float | None = Field(default=None, ge=0.0, le=1.0)
    fit: Literal["cover", "contain"] = "cover"
    shows_through: bool | None = None


class Shadow(Frozen):
    """The shadow under the product.

    Attributes:
        kind: `soft`, `hard`, or `none`.
        strength: Factor of the density; 1 is natural.
        softness: Factor of the blur; 1 is a large softbox.
        direction_deg: Where the shadow falls on the ground: -90 left, 90 right, 0 towards the viewer, 180
            away; None follows the light.
        length: Factor of the cast shadow's length; 1 is natural, 0 leaves the contact shadow alone.
        reflection: Strength of the product's reflection, 0..1; at 0, polished ground shows its own.
    """

    kind: Literal["soft", "hard", "none"] = "soft"
    strength: float = Field(default=1.0, ge=0.0, le=2.0)
    softness: float = Field(default=1.0, ge=0.25, le=4.0)
    direction_deg: float | None = Field(default=None, ge=-180.0, le=180.0)
    length: float = Field(default=1.0, ge=0.0, le=3.0)
    reflection: float = Field(default=0.0, ge=0.0, le=1.0)


class Light(Frozen):
    """Relighting of the product.

    Attributes:
        azimuth_deg: Azimuth of the key light: -90 left, 0 camera, 90 right; None keeps the photo's light.
        elevation_deg: Elevation of the key light above the product.
        strength: Share of directed light, 0..1; .5 is subtle, .75 suits matte goods.
        fill: Fill light on the dark side, 0..1.
        rim: Rim light on the outline, 0..1.
    """

    azimuth_deg: float | None = Field(default=None, ge=-90.0, le=90.0)
    elevation_deg: float = Field(default=40.0, ge=5.0, le=85.0)
    strength: float = Field(default=0.6, ge=0.0, le=0.9)
    fill: float = Field(default=0.0, ge=0.0, le=1.0)
    rim: float = Field(default=0.0, ge=0.0, le=1.0)


class Tone(Frozen):
    """Colour and brightness of the product.

    Attributes:
        white_balance: Share of a measured colour cast to remove, 0..1; above .5 also strong casts.
        auto_exposure: Whether an under- or overexposed product is brought to normal brightness.
        mired: Shift of colour temperature, positive is warmer; 25 is a clear step.
        exposure_ev: Added brightness in stops.
        contrast: -1..1, around middle grey.
        saturation: Factor; 1 keeps colours unchanged.
    """

    white_balance: float = Field(default=0.5, ge=0.0, le=1.0)
    auto_exposure: bool = True
    mired: float = Field(default=0.0, ge=-150.0, le=150.0)
    exposure_ev: float = Field(default=0.0, ge=-2.0, le=2.0)
    contrast: float = Field(default=0.0, ge=-1.0, le=1.0)
    saturation: float = Field(default=1.0, ge=0.0, le=2.0)


class Framing(Frozen):
    """Size and position of the product in the picture.

    Attributes:
        fill: Share of the picture that the product's longer side takes; a low-resolution product may take
            less, because it is not enlarged further.
        x: Centre of the product as a share of the width.
        y: Centre of the product as a share of the height; None places it on the base line.
        aspect: Width to height of the picture; `photo` keeps the photo's.
        rotation_deg: Rotation of the product about its centre, positive is clockwise.
        canvas: Width and height in pixels as carried out; None decides by the product's resolution.
    """

    fill: float = Field(default=0.72, ge=0.01, le=0.95)
    x: float = Field(default=0.5, ge=0.1, le=0.9)
    y: float | None = Field(default=None, ge=0.1, le=0.9)
    aspect: Aspect = "1:1"
    rotation_deg: float = Field(default=0.0, ge=-45.0, le=45.0)
    canvas: tuple[int, int] | None = None

    @model_validator(mode="before")
    @classmethod
    def _reads_old_plans(cls, data: Any) -> Any:
        """Read `shape`, from before there were other aspect ratios than `square` and `photo`."""
        if not isinstance(data, dict) or "shape" not in data:
            return data
        shape = data["shape"]
        if not isinstance(shape, str) or shape not in _SHAPES:
            raise ValueError("shape is square or photo; aspect has more ratios")
        rest = {name: value for name, value in data.items() if name != "shape"}
        return {**rest, "aspect": _SHAPES[shape]}


class Detail(Frozen):
    """Noise reduction, sharpening and straightening.

    Attributes:
        denoise: Strength, 0..1; None decides by the measured noise.
        sharpen: Amount of the unsharp mask, 0..1.
        clarity: Local contrast, 0..1; emphasises texture and metal.
        straighten: Whether a slightly tilted photo is straightened.
    """

    denoise: float | None = Field(default=None, ge=0.0, le=1.0)
    sharpen: float = Field(default=0.5, ge=0.0, le=1.0)
    clarity: float = Field(default=0.0, ge=0.0, le=1.0)
    straighten: bool = True


class Plan(Frozen):
    """The structured edit parsed from an instruction.

    Attributes:
        asked: Parts that the user asked for in this turn; all others are unchanged.
        product_transform: Affine map from photo to picture pixels, (a, b, c, d, e, f) with
            x' = a x + b y + c and y' = d x + e y + f. If set, the product keeps that position.
        said: Texts of the wishes from which the plan was parsed, in order.
        said_last: How many of them, from the end, the last turn added; None if that is not known.
    """

    backdrop: Backdrop = Backdrop()
    shadow: Shadow = Shadow()
    light: Light = Light()
    tone: Tone = Tone()
    framing: Framing = Framing()
    detail: Detail = Detail()
    asked: tuple[PlanPart, ...] = ()
    product_transform: tuple[float, float, float, float, float, float] | None = None
    said: tuple[str, ...] = ()
    said_last: int | None = Field(default=None, ge=0)

    @property
    def said_last_turn(self) -> tuple[str, ...]:
        """The wishes of the last turn; the last wish if it is not known how many there were."""
        count = 1 if self.said_last is None else self.said_last
        return self.said[max(0, len(self.said) - count) :]

    @property
    def is_of_picture(self) -> bool:
        """Whether a picture shows the plan, so that the user sees its values; False for starting plans."""
        return self.product_transform is not None or self.framing.canvas is not None


class PicturePlan(Plan):
    """A plan that starts from a picture, also from one in which the product was not found."""

    @property
    def is_of_picture(self) -> bool:
        return True


class CarriedOutPlan(PicturePlan):
    """A plan as a picture shows it: choices that a plan leaves open are made.

    Attributes:
        product_transform: Where the product is; None if it was not found in the picture.
    """

    @classmethod
    def of(cls, plan: Plan, **made: object) -> "CarriedOutPlan":
        """Return the plan with the choices that were made, given by field; they are not validated again."""
        return cls.model_construct(**{**dict(plan), **made})

    def as_start(self) -> PicturePlan:
        """Return the plan that a refinement of the picture starts from; it keeps what is not changed."""
        return PicturePlan.model_construct(**dict(self))


class Context(Frozen):
    """The memory of a session; a measurement is None until it was made.

    Attributes:
        wishes: Standing wishes that apply when refining the newest picture.
        paths: Standing wishes that apply when refining the pictures of a job, by job id; each list leaves out
            the wishes of other branches.
    """

    lighting: Lighting = Lighting()
    perspective: Perspective = Perspective()
    color_tone: ColorTone = ColorTone()
    logo_anchor: LogoAnchor | None = None
    wishes: Wishes = ()
    paths: dict[str, Wishes] = Field(default_factory=dict)


def starting_plan(operation: str) -> Plan:
    """Return the default plan of an operation.

    Returns:
        A white packshot with a soft shadow; for `refine`, the photo's own backdrop without corrections.
    """
    if operation == "refine":
        return Plan(
            backdrop=Backdrop(kind="keep"),
            tone=Tone(white_balance=0.0, auto_exposure=False),
            framing=Framing(aspect="photo"),
            detail=Detail(denoise=0.0, sharpen=0.0, straighten=False),
        )
    return Plan()


def changed(plan: Plan, part: PlanPart, **fields: object) -> Plan:
    """Return the plan with some fields of one part replaced, clamped to their limits.

    A change of the framing, another own backdrop or ground of one, or a request to straighten the photo
    removes `product_transform`. A change of the aspect ratio also removes the canvas.

    Raises:
        ValidationError: A field does not exist or has a value of the wrong type.
    """
    old: Frozen = getattr(plan, part)
    limited = {name: _within_limits(old, name, value) for name, value in fields.items()}
    new = type(old).model_validate({**old.model_dump(), **limited})
    if "canvas" not in fields and _resizes(old, new):
        new = new.model_copy(update={"canvas": None})
    moves = (part == "framing" and new != old) or _moves_ground(old, new) or "straighten" in fields
    place = {"product_transform": None} if moves else {}
    return plan.model_copy(update={part: new, **place})


def _resizes(old: Frozen, new: Frozen) -> bool:
    """Whether a change decides the size of the canvas anew."""
    return isinstance(old, Framing) and isinstance(new, Framing) and old.aspect != new.aspect


def _moves_ground(old: Frozen, new: Frozen) -> bool:
    """Whether a change brings an own backdrop with other ground; scenes are rendered around the product."""
    if not (isinstance(old, Backdrop) and isinstance(new, Backdrop)) or new.kind != "picture":
        return False
    fields = ("kind", "image_id", "horizon_y", "fit")
    return any(getattr(old, field) != getattr(new, field) for field in fields)


def roomier_for_scene(plan: Plan) -> Plan:
    """Reduce the product's size for a scene, unless its size was asked for or a picture shows it."""
    if "framing" in plan.asked or plan.is_of_picture or plan.framing != Framing():
        return plan
    return changed(plan, "framing", fill=SCENE_FILL)


def shaded(color: str, step: float) -> str:
    """Mix a colour with white (positive step) or black (negative step); 1 is a full step."""
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    target = 255 if step > 0 else 0
    return "#" + "".join(f"{round(value + (target - value) * abs(step)):02x}" for value in channels)


def _within_limits(part: Frozen, name: str, value: object) -> object:
    if not isinstance(value, float):
        return value
    limits = type(part).model_fields[name].metadata
    low = next((limit.ge for limit in limits if hasattr(limit, "ge")), value)
    high = next((limit.le for limit in limits if hasattr(limit, "le")), value)
    return round(min(high, max(low, value)), 4)
