"""Files of vendors: children decode them, the process that holds keys and database does not."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest

from stillroom.bootstrap.checking import decoders_with, vendor_files_with
from stillroom.domain.errors import InputTooLarge, ProviderUnavailable
from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.providers.requests import GeneratedPicture, GenerationRequest, Operation, Wanted
from stillroom.imaging.io.decoder_process import DecodingPool
from stillroom.imaging.pixels import Picture
from stillroom.providers.adapters import vendor_pictures
from stillroom.providers.adapters.frames import Frame, unpadded
from stillroom.providers.adapters.http_wire import result_of
from stillroom.providers.adapters.seedream import SeedreamModel
from stillroom.providers.image_requests import ImageResult, OpenFile
from stillroom.settings import load
from tests import pictures
from tests.contract.providers.conftest import card
from tests.fakes.decoding import open_here
from tests.fakes.providers.server import KEY
from tests.fakes.providers.videos import film_of
from tests.integration.test_check_decoding import no_decoder_in_this_process
from tests.unit.providers.scripted import Painter, cloud_of

pytestmark = pytest.mark.anyio

SIZE = (640, 480)
SCENE = pictures.scene(*SIZE)
PNG = pictures.png(SCENE)
DEEP = pictures.image(SCENE).cast("ushort").linear(257, 0).cast("ushort")
BLACK = pictures.image(np.zeros((8000, 8000), np.uint8))
FILES: dict[str, bytes] = {
    "png": PNG,
    "jpeg": pictures.jpeg(SCENE, quality=100),
    "webp": bytes(pictures.image(SCENE).webpsave_buffer(lossless=True)),
    "png of 16 bits": bytes(DEEP.pngsave_buffer()),
    "png with transparency": pictures.png(np.dstack([SCENE, np.full(SIZE[::-1], 255, np.uint8)])),
}
UNUSABLE: dict[str, tuple[bytes, str]] = {
    "cut off": (PNG[: len(PNG) // 2], "bad_reply"),
    "a header of a bomb": (pictures.png_claiming(30_000, 30_000), "wrong_size"),
    "a bomb": (bytes(BLACK.pngsave_buffer()), "wrong_size"),
    "another kind": (bytes(pictures.image(SCENE).tiffsave_buffer()), "bad_reply"),
    "too small": (pictures.png(pictures.scene(200, 150)), "wrong_size"),
    "no picture": (b"no picture", "bad_reply"),
    "nothing": (b"", "bad_reply"),
}
FILM = film_of(pictures.png(255 - SCENE), PNG)
NO_FILMS = {"nothing": b"", "text": b"no film", "cut off": FILM[:1000]}


@pytest.fixture
def open_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenFile]:
    """Decodes in a child; every decoder of this process fails."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("decoded in this process")

    monkeypatch.setattr(cv2, "imdecode", fail)
    monkeypatch.setattr(cv2, "VideoCapture", fail)
    with DecodingPool(children=1) as pool, no_decoder_in_this_process(monkeypatch):
        yield vendor_files_with(pool, decoders_with(pool, load().limits))


def difference(one: Picture, other: Picture) -> int:
    assert one.shape == other.shape
    return int(np.abs(one.astype(int) - other).max())


async def checked(open_file: OpenFile, *files: bytes) -> ImageResult:
    model = SeedreamModel(KEY, "any", "http://127.0.0.1:9")
    return await result_of(model._connection, files, open_file, SIZE, 7, "id-7")


@pytest.mark.parametrize("kind", FILES)
async def test_a_vendors_picture_is_decoded_in_a_child_alone(kind: str, open_file: OpenFile) -> None:
    assert (await checked(open_file, FILES[kind])).pictures == (FILES[kind],)
    seen = await vendor_pictures.opened(FILES[kind], open_file)
    assert difference(seen, SCENE) <= (12 if kind == "jpeg" else 0)
    with pytest.raises(ProviderUnavailable):
        await vendor_pictures.opened(FILES[kind], open_here)


async def test_padding_is_cropped_off_without_decoding_in_this_process(open_file: OpenFile) -> None:
    frame = Frame(x=0, y=80, width=640, height=320, full_width=640, full_height=480)
    cropped = await unpadded(ImageResult((PNG,), 7, None), frame, open_file)
    seen = await vendor_pictures.opened(cropped.pictures[0], open_file)
    assert difference(seen, SCENE[80:400]) == 0


async def test_the_product_is_put_back_without_decoding_in_this_process(open_file: OpenFile) -> None:
    request = GenerationRequest(Operation.OPTIMIZE, b"", "0" * 64, "", Context(), (Wanted(1, Plan()),))
    cloud = cloud_of(Painter(PNG), card("painter-1"))
    cloud.open_file = open_file
    events = [event async for event in cloud.generate(request)]
    assert [event.ordinal for event in events if isinstance(event, GeneratedPicture)] == [1]


@pytest.mark.parametrize("name", UNUSABLE)
async def test_an_unusable_picture_is_a_billed_failure_of_the_provider(
    name: str, open_file: OpenFile
) -> None:
    file, reason = UNUSABLE[name]
    with pytest.raises(ProviderUnavailable) as caught:
        await checked(open_file, file)
    error = caught.value
    assert (error.reason, error.cost_micro_usd, error.provider_request_id) == (reason, 7, "id-7")


async def test_intact_pictures_of_an_answer_are_kept_beside_damaged_ones(open_file: OpenFile) -> None:
    damaged, bomb = (UNUSABLE[name][0] for name in ("cut off", "a bomb"))
    assert (await checked(open_file, damaged, PNG, bomb)).pictures == (PNG,)


async def test_a_film_is_decoded_in_a_child_alone(open_file: OpenFile) -> None:
    still = await vendor_pictures.opened(FILM, open_file, is_film=True)
    away_from_edges = np.s_[20:140:10, 20:200:10]
    assert difference(still[away_from_edges], SCENE[away_from_edges]) < 20


@pytest.mark.parametrize("name", NO_FILMS)
async def test_a_damaged_film_has_no_usable_frame(name: str, open_file: OpenFile) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        await vendor_pictures.opened(NO_FILMS[name], open_file, is_film=True)
    assert caught.value.reason == "no_usable_frame"


async def test_a_film_of_too_large_frames_is_refused_by_its_header() -> None:
    with DecodingPool(children=1) as pool, pytest.raises(InputTooLarge) as caught:
        pool.open_film(FILM, limits=replace(vendor_pictures.LIMITS, max_megapixels=0.3))
    assert caught.value.params["what"] == "megapixels"
