"""Painters with numpy that do to a product photo what models do: new scenes, and every kind of drift."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.fakes.providers.server import Asked
from tests.pictures import png

Floats = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]
Cutter = Callable[[Pixels], Floats]
"""Finds the product in a picture: its cover, float32 (H, W), 0..1."""


@dataclass
class ScenePainter:
    """The product on a new scene, with a configured drift.

    Attributes:
        cut: Finds the product.
        scene: `studio`, `white` or `table`.
        shift: Pixels right and down, at 1024.
        scale: Of the product, around its middle.
        stretch: How much wider it comes back than tall.
        tilt: Perspective terms times the long side, as of a product that was turned a little.
        tone: Factors for red, green and blue.
        light: How much brighter the left side is, and darker the right.
        label: Share of the product in its middle that is painted over with other lettering.
        other: A product to paint instead, RGBA.
    """

    cut: Cutter
    scene: str = "table"
    shift: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    stretch: float = 1.0
    tilt: tuple[float, float] = (0.0, 0.0)
    tone: tuple[float, float, float] = (1.0, 1.0, 1.0)
    light: float = 0.0
    label: float = 0.0
    other: Pixels | None = None
    seen: list[Pixels] = field(default_factory=list)

    def __call__(self, asked: Asked) -> list[bytes]:
        """One picture for each that is wanted."""
        photo = rgb(asked.pictures[0])
        self.seen.append(photo)
        size = asked.size
        # Finding the product takes longest, and it is the same photo for all.
        cover = self.cut(photo)
        pictures = []
        for number in range(asked.count):
            picture = self.painted(photo, seed=number, cover=cover)
            pictures.append(png(picture if size is None else resized(picture, size)))
        return pictures

    def painted(self, photo: Pixels, seed: int = 0, cover: Floats | None = None) -> Pixels:
        """The finished picture at the photo's size; the product is located unless its place is given."""
        height, width = photo.shape[:2]
        alpha: Any = self.cut(photo) if cover is None else cover
        product: Any = photo.astype(np.float32)
        if self.other is not None:
            product, alpha = _other(self.other, alpha)
        product = product * np.array(self.tone, np.float32)
        if self.light:
            product = product * np.linspace(1 + self.light, 1 - self.light, width)[None, :, None]
        if self.label:
            product = _relabelled(product, alpha, self.label)
        move = self.move(alpha)
        product, alpha = (
            cv2.warpPerspective(plane, move, (width, height), flags=cv2.INTER_CUBIC, borderMode=border)
            for plane, border in ((product, cv2.BORDER_REPLICATE), (alpha, cv2.BORDER_CONSTANT))
        )
        alpha = np.clip(alpha, 0, 1)[..., None]
        ground = _ground(self.scene, (width, height), seed) * _shadow(alpha[..., 0])
        mixed = product * alpha + ground * (1 - alpha)
        return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)

    def move(self, alpha: Floats) -> NDArray[np.float64]:
        """Transform of the product, (3, 3), from pixel to pixel of the photo that it is shown."""
        box = cv2.boundingRect((alpha > 0.5).astype(np.uint8))
        middle = (box[0] + box[2] / 2, box[1] + box[3] / 2)
        long_side = max(alpha.shape)
        unit = long_side / 1024
        about = np.array([[1, 0, middle[0]], [0, 1, middle[1]], [0, 0, 1]])
        back = np.array([[1, 0, self.shift[0] * unit], [0, 1, self.shift[1] * unit], [0, 0, 1]]) @ about
        drawn = np.diag([self.scale * self.stretch, self.scale, 1.0])
        drawn[2, :2] = self.tilt[0] / long_side, self.tilt[1] / long_side
        return np.asarray(back @ drawn @ np.linalg.inv(about), np.float64)


def by_photo(photo: Pixels, matte: Pixels) -> Cutter:
    """A true cover, for pictures that show a part of a known photo at some scale."""
    finder = cv2.SIFT.create(nfeatures=2000)
    factor = 1200 / max(photo.shape[:2])
    known = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    points, marks = finder.detectAndCompute(cv2.cvtColor(known, cv2.COLOR_RGB2GRAY), None)

    def cut(picture: Pixels) -> Floats:
        here, here_marks = finder.detectAndCompute(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None)
        pairs = cv2.BFMatcher().knnMatch(marks, here_marks, k=2)
        good = [a for a, b in pairs if a.distance < 0.7 * b.distance]
        source = np.array([points[match.queryIdx].pt for match in good], np.float32)
        target = np.array([here[match.trainIdx].pt for match in good], np.float32)
        move, _ = cv2.estimateAffinePartial2D(source, target, method=cv2.RANSAC, ransacReprojThreshold=2)
        assert move is not None, "the picture shows a part of the photo"
        small = cv2.resize(matte, (known.shape[1], known.shape[0]), interpolation=cv2.INTER_AREA)
        size = (picture.shape[1], picture.shape[0])
        return np.asarray(cv2.warpAffine(small, move, size), np.float32) / np.float32(255)

    return cut


def plain(asked: Asked) -> list[bytes]:
    """The picture that was sent, in other colours around its edge; quick, for tests of the wire."""
    photo = rgb(asked.pictures[0])
    if asked.size is not None:
        photo = resized(photo, asked.size)
    edge = max(4, min(photo.shape[:2]) // 16)
    pictures = []
    for number in range(asked.count):
        picture = photo.copy()
        inner = picture[edge:-edge, edge:-edge].copy()
        picture[:] = (40 * number % 255, 90, 200)
        picture[edge:-edge, edge:-edge] = inner
        pictures.append(png(picture))
    return pictures


def resized(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """Return a painter of pictures with another width and height."""
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def rgb(file: bytes) -> Pixels:
    """The pixels of a file."""
    found = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None, "it is a picture"
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), np.uint8)


def _other(other: Pixels, alpha: Floats) -> tuple[Floats, Floats]:
    """Another product where the real one stood, as large."""
    x, y, width, height = cv2.boundingRect((alpha > 0.5).astype(np.uint8))
    small = cv2.resize(other, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    product = np.zeros((*alpha.shape, 3), np.float32)
    cover = np.zeros_like(alpha)
    product[y : y + height, x : x + width] = small[..., :3]
    cover[y : y + height, x : x + width] = small[..., 3] / 255
    return product, cover


def _relabelled(product: Floats, alpha: Floats, share: float) -> Floats:
    x, y, width, height = cv2.boundingRect((alpha > 0.5).astype(np.uint8))
    wide, tall = int(width * share**0.5), int(height * share**0.5)
    left, top = x + (width - wide) // 2, y + (height - tall) // 2
    patch = np.full((tall, wide, 3), (235, 228, 210), np.uint8)
    size = max(0.4, wide / 160)
    for line in range(1, 1 + max(1, tall // max(1, int(34 * size)))):
        place = (4, int(line * 32 * size))
        cv2.putText(
            patch, "ACME 3O7", place, cv2.FONT_HERSHEY_DUPLEX, size, (30, 30, 90), max(1, int(2 * size))
        )
    changed = product.copy()
    changed[top : top + tall, left : left + wide] = patch
    return changed


def _ground(kind: str, size: tuple[int, int], seed: int) -> Floats:
    width, height = size
    if kind == "white":
        return np.full((height, width, 3), 250.0, np.float32)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    if kind == "studio":
        ground = (1 - down) * np.array([215, 220, 228], np.float32) + down * np.array(
            [170, 172, 180], np.float32
        )
        return np.broadcast_to(ground, (height, width, 3)).astype(np.float32)
    wall = np.array([196, 178, 150], np.float32) * (0.8 + 0.3 * down)
    rng = np.random.default_rng(seed)
    grain = cv2.resize(rng.normal(0, 1, (height // 3 + 1, 9)).astype(np.float32), (width, height))[..., None]
    table = np.array([128, 86, 52], np.float32) * (1 + 0.12 * grain)
    return np.where(down < 0.62, wall, table).astype(np.float32)


def _shadow(alpha: NDArray[np.floating[Any]]) -> Floats:
    height, width = alpha.shape
    small = cv2.resize(alpha.astype(np.float32), (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(np.roll(small, height // 8 // 40, axis=0), (0, 0), max(2.0, width / 8 / 40))
    large = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return (1 - 0.5 * np.clip(large, 0, 1))[..., None]
