"""Photos of which a part is lost are refused; complete ones that look similar pass."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.errors import InputCorrupt, InputUnsupported
from stillroom.imaging.io.decoding import Limits, open_picture, sanitise
from tests import pictures
from tests.hostile import losses
from tests.hostile.cases import MEDIA, Case, good

LIMITS = Limits(max_bytes=5_000_000, max_megapixels=20, max_side=1024)
LOST, COMPLETE = list(losses.lost()), list(losses.complete())


clean = partial(sanitise, declared_type=None, file_name="photo", limits=LIMITS)


@pytest.mark.parametrize("lost", LOST, ids=[case.name for case in LOST])
def test_truncated_photo_is_refused(lost: Case) -> None:
    data = lost.make()
    with pytest.raises(InputCorrupt):
        clean(data)
    with pytest.raises(InputCorrupt):
        open_picture(data, LIMITS)


@pytest.mark.parametrize("complete", COMPLETE, ids=[case.name for case in COMPLETE])
def test_a_complete_photo_passes_whatever_its_layout(complete: Case) -> None:
    data = complete.make()
    done = clean(data)
    assert (done.width, done.height) == (400, 300)
    assert open_picture(data, LIMITS).pixels.shape[:2] == (300, 400)


WHOLE = {
    **{extension: good(extension) for extension in MEDIA},
    **{case.name: case.make() for case in COMPLETE if "directory first" in case.name},
}
PICTURES = {name: pictures.decoded(clean(data).picture) for name, data in WHOLE.items()}


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(sorted(WHOLE)), st.floats(0, 1, exclude_max=True))
def test_photo_truncated_at_any_byte_is_refused_or_complete(name: str, share: float) -> None:
    data = WHOLE[name]
    try:
        done = clean(data[: int(len(data) * share)])
    except (InputCorrupt, InputUnsupported):
        return
    assert np.array_equal(pictures.decoded(done.picture), PICTURES[name])


def test_a_wide_jpeg_that_ends_in_white_rows_passes() -> None:
    picture = np.full((800, 2000, 3), 255, np.uint8)
    picture[100:400, 800:1200] = np.random.default_rng(7).integers(100, 130, (300, 400, 3))
    data = bytes(pictures.image(picture).jpegsave_buffer(Q=92, optimize_coding=True, subsample_mode="off"))
    assert data.removesuffix(losses.EOI).endswith(bytes(100)), "white is coded as zeros"
    assert clean(data).width == 1024
