"""Stability of the product over five turns: `python -m tests.bench.five_turns`, ten minutes; `--quick`, one.

Ten golden products go through five turns each, in six orders, on this machine: every turn asks for something
else, and what it does not ask for must stay. The same goes through two fake clouds that drift on purpose and
take turns; there each figure is told before our product is put back and after. All figures are measured on
the finished masters, inside the product, against the picture that the turn went on from. With `--log FILE`
an interrupted run goes on where it stopped, and the files of two runs over different products are one run.
"""

import argparse
import io
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps
from rich.console import Console
from rich.table import Table

from stillroom.imaging.pixels import Bytes, Picture, to_linear
from stillroom.imaging.quality import fidelity, judgement
from stillroom.imaging.quality.transforms import affine, scaling, warped
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.painters import ScenePainter, by_photo, resized, rgb
from tests.fakes.providers.server import KEY, Asked
from tests.servers.studio_process import StudioProcess

REPOSITORY = Path(__file__).parents[2]
PRODUCTS = (
    "sneaker_street",
    "watch_desk",
    "mug_kitchen",
    "bottle_gym",
    "perfume_vanity",
    "teapot_tray",
    "headphones_desk",
    "camera_market",
    "lantern_garden",
    "sofa_velvet",
)
FIRST = "白底软阴影"
WISHES = ("光从左边来", "暖一点", "产品大一点", "阴影更柔和", "木纹背景")
ORDERS = (
    WISHES,
    ("木纹背景", "阴影更柔和", "产品大一点", "暖一点", "光从左边来"),
    ("暖一点", "木纹背景", "光从左边来", "产品大一点", "阴影更柔和"),
    ("产品大一点", "光从左边来", "阴影更柔和", "木纹背景", "暖一点"),
    ("阴影更柔和", "产品大一点", "木纹背景", "光从左边来", "暖一点"),
    ("光从左边来", "阴影更柔和", "暖一点", "木纹背景", "产品大一点"),
)
DRIFT: dict[str, Any] = {
    "shift": (6, -5),
    "scale": 1.03,
    "tone": (1.06, 1.0, 0.93),
    "light": 0.08,
    "label": 0.02,
}
"""Drift of the product by the fake clouds in every turn."""

LIGHT_DEG, TONE_MIRED, LOGO_PX, DELTA_E, MIN_IOU = 5.0, 10.0, 2.0, 1.5, 0.995
DAYLIGHT_MIRED = 153.75
SIDE = 1024


@dataclass(frozen=True)
class Shot:
    """A finished picture.

    Attributes:
        matte: What it shows of the product; None if nobody knows.
    """

    id: str
    model: str
    picture: Picture
    matte: Bytes | None
    plan: dict[str, Any]
    measures: dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """Drift of the product in a turn; None for a value that was requested or cannot be measured."""

    light_deg: float | None = None
    mired: float | None = None
    logo_px: float | None = None
    delta_e: float | None = None
    iou: float | None = None

    @property
    def holds(self) -> bool:
        """Whether all is within its limit."""
        limits = ((self.light_deg, LIGHT_DEG), (self.mired, TONE_MIRED), (self.logo_px, LOGO_PX))
        within = all(figure is None or abs(figure) <= limit for figure, limit in limits)
        return within and (self.delta_e or 0.0) <= DELTA_E and (self.iou is None or self.iou >= MIN_IOU)


@dataclass(frozen=True)
class Turn:
    """One turn of a product, and what the model had painted before our product was put back."""

    product: str
    number: int
    words: str
    model: str
    figures: Figures
    painted: Figures | None = None


class RememberingPainter:
    """Painter with a configured drift that keeps its last picture."""

    def __init__(self, photo: Picture, mask: Bytes) -> None:
        self._painter = ScenePainter(by_photo(photo, mask), **DRIFT)
        self.last: Picture | None = None

    def __call__(self, asked: Asked) -> list[bytes]:
        files = self._painter(asked)
        self.last = rgb(files[-1])
        return files


def compared(
    before: Shot, after: Picture, matte: Bytes | None, plan: dict[str, Any], asked: set[str]
) -> Figures:
    """Hold a picture against the one it went on from, inside the product."""
    if before.matte is None or plan["product_transform"] is None or before.plan["product_transform"] is None:
        return Figures()
    size = _small(after.shape[1], after.shape[0])
    here = scaling((before.picture.shape[1], before.picture.shape[0]), size) @ affine(
        before.plan["product_transform"]
    )
    there = scaling((after.shape[1], after.shape[0]), size) @ affine(plan["product_transform"])
    way = there @ np.linalg.inv(here) @ scaling((before.picture.shape[1], before.picture.shape[0]), size)
    old = np.asarray(warped(before.picture, way, size, border=cv2.BORDER_REPLICATE), np.uint8)
    cover = np.asarray(warped(before.matte, way, size), np.uint8)
    new = resized(after, size)
    inside = np.asarray(cv2.erode(cover, np.ones((5, 5), np.uint8)), np.uint8)
    is_lit = bool(asked & {"light", "tone"})
    light = to_linear(old), to_linear(new)
    return Figures(
        light_deg=None if is_lit else fidelity.light_shift_deg(*light, inside),
        mired=None if is_lit else _mired(fidelity.kelvin_shift(*light, inside)),
        # Where shading moves, so does what is followed; then only the studio's own figure is held to.
        logo_px=None if is_lit else fidelity.detail_shift(fidelity.followed(old, new, inside)),
        delta_e=None if is_lit else judgement.product_delta_e(new, old, inside),
        iou=None if matte is None else _iou(cover, resized(matte, size)),
    )


def against_the_plan(shot: Shot, asked: set[str]) -> Figures:
    """Drift measured by the studio, for a turn that requested light or tone."""
    kelvin = shot.measures.get("kelvin_shift")
    return Figures(
        light_deg=shot.measures.get("light_shift_deg"),
        mired=None if kelvin is None else _mired(kelvin),
        logo_px=shot.measures.get("logo_shift_px"),
        delta_e=shot.measures.get("protected_delta_e") if "tone" not in asked else None,
    )


def turns(
    studio: StudioProcess,
    name: str,
    order: Sequence[str],
    providers: Sequence[str],
    painter: RememberingPainter | None = None,
) -> Iterator[Turn]:
    """Run the turns of a product, alternating the providers."""
    session = studio.open_session(REPOSITORY / "golden" / "images" / f"{name}.jpg")["id"]
    job = studio.submit(
        "/edit", session_id=session, operation="bg_replace", prompt=FIRST, candidates=1, provider=providers[0]
    )
    before = _shot(studio, studio.finished(job["id"]))
    for number, words in enumerate(order, 1):
        job = studio.submit(
            "/refine",
            session_id=session,
            variant_id=before.id,
            prompt=words,
            provider=providers[number % len(providers)],
        )
        after = _shot(studio, studio.finished(job["id"]))
        asked = set(after.plan["asked"])
        figures = compared(before, after.picture, after.matte, after.plan, asked)
        if asked & {"light", "tone"}:
            figures = replace(against_the_plan(after, asked), iou=figures.iou)
        painted = None
        if painter is not None and painter.last is not None and not after.model.startswith("local/"):
            raw = resized(painter.last, (after.picture.shape[1], after.picture.shape[0]))
            painted = compared(before, raw, None, after.plan, asked)
        yield Turn(name, number, words, after.model, figures, painted)
        before = after


@contextmanager
def local_studio() -> Iterator[StudioProcess]:
    """A studio without clouds."""
    with tempfile.TemporaryDirectory() as folder, _studio(Path(folder)) as studio:
        yield studio


@contextmanager
def cloudy_studio(name: str) -> Iterator[tuple[StudioProcess, RememberingPainter]]:
    """A studio with two clouds that know one golden photo."""
    photo = REPOSITORY / "golden" / "images" / f"{name}.jpg"
    pixels = np.asarray(ImageOps.exif_transpose(Image.open(photo)).convert("RGB"))
    mask = np.asarray(Image.open(REPOSITORY / "golden" / "masks" / f"{name}.png").convert("L"))
    painter = RememberingPainter(pixels, resized(mask, (pixels.shape[1], pixels.shape[0])))
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeGemini(painter) as gemini,
        FakeOpenAI(painter) as openai,
        _studio(
            Path(folder),
            GEMINI_API_KEY=KEY,
            GEMINI_BASE_URL=gemini.address,
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=f"{openai.address}/v1",
        ) as studio,
    ):
        yield studio, painter


def _studio(folder: Path, **settings: str) -> StudioProcess:
    weights = REPOSITORY / "data" / "weights"
    return StudioProcess(folder / "data", weights, STILLROOM_USER_PER_MINUTE="10000", **settings)


def _shot(studio: StudioProcess, job: dict[str, Any]) -> Shot:
    candidates = [one for one in job["variants"] if one["role"] == "candidate"]
    assert candidates, f"no picture: {job['last_error']}"
    first = candidates[0]
    picture = _decoded(studio.client.get(f"/image/{first['id']}").content).convert("RGB")
    answer = studio.client.get(f"/image/{first['id']}", params={"size": "matte"})
    matte = np.asarray(_decoded(answer.content).convert("L")) if answer.status_code == 200 else None
    return Shot(
        first["id"], first["model_used"], np.asarray(picture), matte, first["plan"], first["measures"]
    )


def _decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def _small(width: int, height: int) -> tuple[int, int]:
    factor = SIDE / max(width, height)
    return round(width * factor), round(height * factor)


def _mired(kelvin_shift: float) -> float:
    """The same step of colour as mired, at daylight."""
    return 1e6 / (1e6 / DAYLIGHT_MIRED + kelvin_shift) - DAYLIGHT_MIRED


def _iou(one: Bytes, other: Bytes) -> float:
    first, second = one > 127, other > 127
    return float((first & second).sum() / max(1, (first | second).sum()))


def report(
    console: Console, title: str, done: Sequence[Turn], figures: Callable[[Turn], Figures | None]
) -> None:
    """A line for each number of turns: medians and the worst."""
    table = Table(title=title)
    for column in ("turn", "pictures", "light °", "tone mired", "logo px", "product ΔE", "mask IoU", "hold"):
        table.add_column(column, justify="right")
    for number in sorted({turn.number for turn in done}):
        rows = [found for turn in done if turn.number == number and (found := figures(turn)) is not None]
        hold = sum(row.holds for row in rows)
        table.add_row(
            str(number),
            str(len(rows)),
            _told(abs(row.light_deg) for row in rows if row.light_deg is not None),
            _told(abs(row.mired) for row in rows if row.mired is not None),
            _told(row.logo_px for row in rows if row.logo_px is not None),
            _told(row.delta_e for row in rows if row.delta_e is not None),
            _told((row.iou for row in rows if row.iou is not None), worst=min),
            f"{hold} of {len(rows)}",
        )
    console.print(table)


def _told(values: Iterable[float], worst: Callable[[list[float]], float] = max) -> str:
    found = list(values)
    return f"{statistics.median(found):.3g} ({worst(found):.3g})" if found else "–"


class Log:
    """The walks that are done, each a line of a file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._done: dict[str, list[Turn]] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                walk = json.loads(line)
                self._done[walk["name"]] = [_turn_in(turn) for turn in walk["turns"]]

    def walk(self, name: str, made: Callable[[], Iterable[Turn]]) -> list[Turn]:
        """The turns of a walk, from the file if they are there."""
        if name not in self._done:
            self._done[name] = list(made())
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    walk = {"name": name, "turns": [asdict(turn) for turn in self._done[name]]}
                    file.write(json.dumps(walk, ensure_ascii=False) + "\n")
        return self._done[name]


def _turn_in(told: dict[str, Any]) -> Turn:
    painted = told["painted"]
    figures = {"figures": Figures(**told["figures"]), "painted": painted and Figures(**painted)}
    return Turn(**{**told, **figures})


def _among_clouds(name: str) -> list[Turn]:
    with cloudy_studio(name) as (studio, painter):
        return list(turns(studio, name, WISHES, ("gemini", "chatgpt"), painter))


def main(argv: Sequence[str]) -> int:
    """Run, print, and say by the exit code whether everything held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two products, one order, one with clouds")
    parser.add_argument("--orders", type=int, default=len(ORDERS), help="so many of the orders")
    parser.add_argument("--products", help="names with commas, of golden photos; default: all ten")
    parser.add_argument("--log", type=Path, help="a file of what is done, to go on from")
    options = parser.parse_args(argv)
    log = Log(options.log)
    names = PRODUCTS[2:4] if options.quick else PRODUCTS
    if options.products:
        names = tuple(options.products.split(","))
    orders = ORDERS[:1] if options.quick else ORDERS[: options.orders]
    console = Console(width=120)
    with local_studio() as studio:
        local = [
            turn
            for name in names
            for number, order in enumerate(orders, 1)
            for turn in log.walk(f"{name} {number}", partial(turns, studio, name, order, ("local",)))
        ]
    report(console, "This machine: median (worst)", local, lambda turn: turn.figures)
    for turn in local:
        if not turn.figures.holds:
            console.print(f"{turn.product}, turn {turn.number} ({turn.words}): {turn.figures}")
    cloudy = [
        turn
        for name in (names[:1] if options.quick else names)
        for turn in log.walk(f"{name} among clouds", partial(_among_clouds, name))
    ]
    report(console, "As clouds that take turns painted it", cloudy, lambda turn: turn.painted)
    report(console, "The same, with our product put back", cloudy, lambda turn: turn.figures)
    for turn in cloudy:
        if not turn.figures.holds:
            console.print(
                f"{turn.product}, turn {turn.number} ({turn.words}) by {turn.model}: {turn.figures}"
            )
    return 0 if all(turn.figures.holds for turn in (*local, *cloudy)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
