"""Compliance check of any picture against a marketplace's published rules."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import anyio
import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from stillroom.application.limits.fair_semaphore import FairSemaphore
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.exports.presets import Check, ExportPreset
from stillroom.domain.ids import LOCAL_OWNER, OwnerId
from stillroom.domain.ports import Catalogue
from stillroom.imaging.cutout import presence
from stillroom.imaging.cutout.matte import GRABCUT, Matte
from stillroom.imaging.export import compliance, foreign
from stillroom.imaging.export.evidence import Geometry
from stillroom.imaging.io import encoding
from stillroom.imaging.io.decoding import Opened

OpenPicture = Callable[[bytes, OwnerId], Awaitable[Opened]]
"""Decodes untrusted bytes in another process, in turn with other decodes.

Raises InputTooLarge, InputUnsupported, InputCorrupt, InternalError.
"""

FindProduct = Callable[[bytes], Awaitable[Matte]]
"""Finds the product in an encoded photo."""

_PRODUCT_RULES = frozenset(
    {
        "white_ground",
        "transparent_ground",
        "subject_share",
        "subject_size",
        "subject_whole",
        "subject_centered",
        "single_subject",
        "sharpness",
    }
)
"""Rules that are measured on the product or on what is around it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Compliance results of a file against one preset.

    Attributes:
        product_found_by: Network that found the product, such as `isnet-1024`, or `alpha` for a picture with
            transparency. None when no rule needs the product or it was not found; a person checks such rules.
    """

    preset: ExportPreset
    checks: tuple[Check, ...]
    product_found_by: str | None


@dataclass(frozen=True)
class Checking:
    """Compliance checks of pictures that were made elsewhere.

    They run one at a time, with fair queueing over owners: one holds about 23 bytes per pixel, 2.3 GB for the
    largest picture, and before that the memory of its decoder.
    """

    _catalogue: Catalogue
    _find_product: FindProduct
    _open_picture: OpenPicture
    _permits: FairSemaphore = field(default_factory=lambda: FairSemaphore(1))

    async def check(
        self, data: bytes, preset_id: str, owner_id: OwnerId = LOCAL_OWNER, *, file_name: str = ""
    ) -> Measured:
        """Check a file against one preset without changing it.

        Args:
            file_name: Checked against the content; empty if the file has no name yet.

        Raises ValidationFailed for an unknown preset, and what `OpenPicture` raises.
        """
        config = self._catalogue.exports()
        preset = config.preset(preset_id)
        if preset is None:
            known = ", ".join(one.id for one in config.presets)
            raise ValidationFailed(f"There is no preset {preset_id[:40]}; there are {known}.")
        async with self._permits.of(owner_id):
            opened = await self._open_picture(data, owner_id)
            geometry, found_by = await self._geometry(opened.pixels, preset)
            measure = partial(compliance.check, data, opened, preset, geometry, file_name=file_name)
            return Measured(preset, await anyio.to_thread.run_sync(measure), found_by)

    async def _geometry(self, seen: NDArray[np.uint8], preset: ExportPreset) -> tuple[Geometry, str | None]:
        """Return where the product is, and what found it; None if no rule asks or it was not found.

        Args:
            seen: uint8 (H, W, 3 or 4), sRGB, straight alpha.
        """
        matte = await anyio.to_thread.run_sync(foreign.own_matte, seen)
        if matte is not None:
            return Geometry(matte), "alpha"
        if _PRODUCT_RULES.isdisjoint(rule.rule for rule in preset.rules):
            return Geometry(None), None
        photo = await anyio.to_thread.run_sync(foreign.photo_of, seen)
        found = await self._find_product(await anyio.to_thread.run_sync(encoding.png_of, photo))
        # GrabCut separates by colour only, which is too unreliable for a verdict.
        if found.model == GRABCUT:
            return Geometry(None), None
        matte = await anyio.to_thread.run_sync(foreign.spread, found, photo.shape, seen.shape)
        # A network's matte may end just before the edge of the picture, although the product does not.
        is_cut = bool(presence.cut_sides(found, photo.shape))
        return Geometry(matte, is_cut=is_cut, is_doubtful=bool(found.doubts)), found.model
