"""Rendered scenes: one linear picture per lamp, relit by weighted addition."""

import functools
import json
from collections.abc import Mapping
from importlib import resources

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from stillroom.domain.plans.plan import Light as LightPlan
from stillroom.imaging.light.color import daylight_gain
from stillroom.imaging.pixels import Bytes, Light, Picture, Plane, color_light, decode_table, luminance
from stillroom.imaging.resizing import shrunk
from stillroom.imaging.thread_pool import in_background, in_halves

_FOLDER = resources.files("stillroom") / "catalog" / "plates"
_KEYS = ("key_left", "key_front", "key_right")
_REACH_DEG = 53.0  # largest angle to the wanted light at which the window stays full; its cosine is 0.6
_SOFTENED = 0.6  # share of the directed light that a fill of 1 turns into ambient light
_ENCODE_STEPS, _BRIGHTEST = 4096, 4.0  # of the sRGB table, indexed by square roots of linear light up to 4
_SHOULDER = 0.8  # linear; above it sunlit ground is compressed to keep its texture
_TILE = 512  # pixels of the grain tile
_TILED_ROWS = 32  # rows encoded at once; so few stay in the CPU cache, and the number divides the tile

SPILL = 0.05  # share of the surrounding colour that spills on a product

Triple = tuple[float, float, float]


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Lamp(_Fact):
    """A light of a scene, rendered alone.

    Attributes:
        file: Its picture in the plates folder.
        scale: Factor on the decoded picture that gives a white card at the standing point the value 1.
        azimuth_deg: 0 from the camera, -90 from the left, beyond 90 from behind.
        elevation_deg: Above the ground.
        angular_size_deg: Angular diameter seen from the product; 180 is ambient light.
        mired: Colour temperature as rendered.
    """

    file: str
    scale: float
    azimuth_deg: float
    elevation_deg: float
    angular_size_deg: float
    mired: float


class Share(_Fact):
    """Weight and colour of a lamp in a mix."""

    weight: float
    mired: float = 153.8


class Camera(_Fact):
    """Camera of the scene; `elevation_deg` is the angle at which it sees the standing point."""

    elevation_deg: float


class Ground(_Fact):
    """The plane that the product stands on.

    Attributes:
        horizon_y: Row of its far edge, in pixels of the plate.
        homography_m_to_px: From metres (x right, y away, origin at the standing point) to pixels.
        standing_px: The standing point.
        px_per_m_at_standing: Pixels of a metre across the ground there.
        product_height_range: Shares of the frame that look natural.
        reflectivity: Strength of the reflection under the product.
        roughness: Blur of the reflection, 0..1.
        podium_radius_m: Radius of a round podium that the product must stand on; None without one.
    """

    horizon_y: float
    homography_m_to_px: tuple[Triple, Triple, Triple]
    standing_px: tuple[float, float]
    px_per_m_at_standing: float
    product_height_range: tuple[float, float]
    reflectivity: float
    roughness: float
    podium_radius_m: float | None = None

    def podium_share(self, size: int) -> float:
        """Width of the podium as a share of a plate of that size; 1 if there is none."""
        if self.podium_radius_m is None:
            return 1.0
        (across, _, _), _, (_, _, depth) = self.homography_m_to_px
        return 2 * self.podium_radius_m * across / depth / size


class Ambient(_Fact):
    """Mean linear colours under the default mix, and the share of them that spills on a product."""

    ground_rgb_linear: Triple
    scene_rgb_linear: Triple
    spill: float


class Scene(_Fact):
    """Metadata of a rendered scene.

    Attributes:
        view_of: For a view from above, the scene that it shows; None for scenes that are chosen by name.
        goods_cm: Longest sides of the goods that look right on it, from and to.
        neighbours: Ids of scenes of similar material or mood, the closest first.
        albedo: Albedo of paper that takes any colour; None for other scenes.
        size: Pixels of a side.
        passes: Lamps by name.
        default_mix: Weights of the lamps if no light is requested.
    """

    id: str
    names: Mapping[str, str]
    view_of: str | None = None
    goods_cm: tuple[float, float]
    neighbours: tuple[str, ...] = ()
    albedo: float | None = None
    tintable: bool = False
    size: int
    camera: Camera
    ground: Ground
    ambient: Ambient
    passes: Mapping[str, Lamp]
    default_mix: Mapping[str, Share]

    def suits(self, size_cm: float | None) -> bool:
        """Whether goods of a size look right on it; an unknown size suits every scene."""
        return size_cm is None or self.goods_cm[0] <= size_cm <= self.goods_cm[1]

    @property
    def key_azimuth_deg(self) -> float:
        """Azimuth of the mean directed light of the default mix."""
        x, z = 0.0, 0.0
        for name, share in self.default_mix.items():
            lamp = self.passes[name]
            if is_directed(lamp):
                angle = np.radians(lamp.azimuth_deg)
                x, z = x + share.weight * float(np.sin(angle)), z + share.weight * float(np.cos(angle))
        return float(np.degrees(np.arctan2(x, z)))

    @property
    def is_led_by_a_window(self) -> bool:
        """Whether the window gives most of the light, so that its pattern must be kept."""
        window = self.default_mix.get("window", Share(weight=0.0)).weight
        return window > 0.5 * sum(share.weight for share in self.default_mix.values())


Mix = tuple[tuple[str, Triple], ...]
"""Weights in red, green and blue by lamp."""


def is_directed(lamp: Lamp) -> bool:
    return lamp.angular_size_deg < 90


@functools.cache
def _plates() -> Mapping[str, Scene]:
    document = json.loads((_FOLDER / "plates.json").read_text(encoding="utf-8"))
    return {scene.id: scene for scene in map(Scene.model_validate, document["plates"])}


@functools.cache
def scenes() -> Mapping[str, Scene]:
    """Scenes that can be requested, by ID."""
    return {name: scene for name, scene in _plates().items() if scene.view_of is None}


@functools.cache
def from_above(scene_id: str) -> Scene | None:
    """The view from above of a scene under the same lamps; None if it was not rendered."""
    return next((scene for scene in _plates().values() if scene.view_of == scene_id), None)


def mix_of(scene: Scene, light: LightPlan, *, mired: float, exposure_ev: float, mirrored: bool) -> Mix:
    """Weights of the lamps that light the scene like the product.

    Args:
        light: Requested light; an azimuth of None keeps the scene's own.
        mired: Colour temperature shift of all lamps; positive is warmer.
        exposure_ev: Exposure of all lamps, in stops.
    """
    shares = {name: share for name, share in scene.default_mix.items() if share.weight > 0}
    if light.azimuth_deg is not None:
        shares = _moved(scene, light.azimuth_deg * (-1 if mirrored else 1))
    shares = _softened(scene, shares, _SOFTENED * light.fill)
    level = 2.0**exposure_ev
    mix = []
    for name, share in shares.items():
        red, green, blue = daylight_gain(share.mired + mired, scene.passes[name].mired) * share.weight * level
        mix.append((name, (round(float(red), 4), round(float(green), 4), round(float(blue), 4))))
    return tuple(mix)


def _moved(scene: Scene, azimuth_deg: float) -> dict[str, Share]:
    """Move the directed light to the lamps around a direction; a window far from it is dimmed."""
    directed = {name: s for name, s in scene.default_mix.items() if is_directed(scene.passes[name])}
    total = sum(share.weight for share in directed.values())
    mired = sum(share.weight * share.mired for share in directed.values()) / max(total, 1e-6)
    shares = {name: share for name, share in scene.default_mix.items() if name not in directed}
    window = directed.get("window")
    if window is not None:
        away = np.radians(scene.passes["window"].azimuth_deg - azimuth_deg)
        kept = window.weight * float(np.clip(np.cos(away) / np.cos(np.radians(_REACH_DEG)), 0.0, 1.0))
        if kept > 0.02:
            shares["window"] = Share(weight=kept, mired=window.mired)
            total -= kept
    places = [scene.passes[name].azimuth_deg for name in _KEYS]
    for index, name in enumerate(_KEYS):
        one = np.zeros(len(_KEYS))
        one[index] = 1.0
        weight = total * float(np.interp(azimuth_deg, places, one))
        if weight > 0.005:
            shares[name] = Share(weight=weight, mired=mired)
    return shares


def _softened(scene: Scene, shares: dict[str, Share], part: float) -> dict[str, Share]:
    """Turn a share of the directed light into ambient light."""
    if part <= 0 or "fill" not in shares:
        return shares
    moved = sum(s.weight * part for name, s in shares.items() if is_directed(scene.passes[name]))
    softer = {
        name: share.model_copy(update={"weight": share.weight * (1 - part)})
        for name, share in shares.items()
        if is_directed(scene.passes[name])
    }
    fill = shares["fill"]
    return softer | {"fill": fill.model_copy(update={"weight": fill.weight + moved})}


def _passes(scene_id: str, side: int) -> Mapping[str, Picture]:
    """Pictures of a scene's lamps with that many pixels on a side; about 38 MB per scene at 1600."""
    scene = _plates()[scene_id]
    return _stored(scene_id) if side == scene.size else _reduced(scene_id, side)


@functools.lru_cache(maxsize=6)
def _reduced(scene_id: str, side: int) -> Mapping[str, Picture]:
    return {name: shrunk(passed, (side, side)) for name, passed in _stored(scene_id).items()}


@functools.lru_cache(maxsize=2)
def _stored(scene_id: str) -> Mapping[str, Picture]:
    scene = _plates()[scene_id]

    def read(name: str) -> Picture:
        data = np.frombuffer((_FOLDER / scene.passes[name].file).read_bytes(), np.uint8)
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)

    begun = {name: in_background(read, name) for name in scene.passes}
    return {name: passed.result() for name, passed in begun.items()}


@functools.lru_cache(maxsize=2)
def lit(scene_id: str, mix: Mix, tint: str | None, side: int) -> Light:
    """Render the scene under a mix of its lamps, with `side` pixels on a side; the result is read-only.

    Returns:
        float32 (size, size, 3), linear light, from 0; sunlit areas may exceed 1.
    """
    scene = _plates()[scene_id]
    pictures = _passes(scene_id, side)
    total: NDArray[np.float32] | None = None
    color = np.ones(3, np.float32)
    if tint is not None and scene.albedo is not None:
        color = color_light(tint) / np.float32(scene.albedo)
    for name, weights in mix:
        weight = np.array(weights, np.float32) * color * np.float32(scene.passes[name].scale)
        table = (decode_table()[:, None] * weight)[None].astype(np.float32)
        one = np.asarray(cv2.LUT(pictures[name], table), np.float32)
        total = one if total is None else np.asarray(cv2.add(total, one, dst=total), np.float32)
    assert total is not None, "every mix has a lamp"
    total.flags.writeable = False
    return total


@functools.lru_cache(maxsize=4)
def shares_of_lamps(scene_id: str, mix: Mix) -> Mapping[str, Plane]:
    """Share of each lamp in the light per pixel; the shares sum to 1.

    Returns:
        float32 (side, side) by name; side is a quarter of the plate's.
    """
    scene = _plates()[scene_id]
    side = scene.size // 4
    levels = {}
    for name, weights in mix:
        small = _passes(scene_id, side)[name]
        table = (decode_table()[:, None] * np.array(weights, np.float32))[None].astype(np.float32)
        levels[name] = luminance(np.asarray(cv2.LUT(small, table), np.float32)) * scene.passes[name].scale
    total = np.maximum(np.sum(list(levels.values()), axis=0), 1e-5)
    return {name: np.asarray(level / total, np.float32) for name, level in levels.items()}


@functools.cache
def _encode_table() -> Bytes:
    root = np.linspace(0.0, np.sqrt(_BRIGHTEST), _ENCODE_STEPS)
    linear = root**2
    over = np.maximum(linear - _SHOULDER, 0.0) / (1 - _SHOULDER)
    bent = np.where(linear > _SHOULDER, _SHOULDER + (1 - _SHOULDER) * (1 - np.exp(-over)), linear)
    encoded = np.where(bent <= 0.0031308, bent * 12.92, 1.055 * np.maximum(bent, 1e-9) ** (1 / 2.4) - 0.055)
    table = np.rint(np.clip(encoded, 0, 1) * 255).astype(np.uint8)
    # A 16-bit look-up requires a table of this length.
    return np.pad(table, (0, 2**16 - _ENCODE_STEPS), mode="edge")


def photographed(light: Light, grain: float) -> Picture:
    """Encode a scene like a camera: highlights are compressed, and noise dithers the result.

    Args:
        light: From 0; may exceed 1.
        grain: Standard deviation of the noise in sRGB steps; the dither is added even at 0.
    """
    steps = np.float32((_ENCODE_STEPS - 1) / np.sqrt(_BRIGHTEST))
    # sRGB is close to a square root, so even steps of the index are nearly even steps of sRGB.
    tile = _grain_tile(round(grain, 1)) * (steps / np.float32(255))
    noise = np.tile(tile, (1, -(-light.shape[1] // _TILE)))[:, : light.shape[1]]
    table = _encode_table()

    def develop(exposed: Light, picture: Picture) -> None:
        for top in range(0, len(exposed), _TILED_ROWS):
            rows = slice(top, top + _TILED_ROWS)
            place = np.asarray(cv2.sqrt(exposed[rows]), np.float32)
            place *= steps
            grains = noise[top % _TILE :][: len(place)]
            place += cv2.merge([grains, grains, grains])
            np.clip(place, 0, _ENCODE_STEPS - 1, out=place)
            place += np.float32(0.5)
            picture[rows] = cv2.LUT(place.astype(np.uint16), table)

    picture = np.empty(light.shape, np.uint8)
    in_halves(develop, light, picture)
    return picture


@functools.lru_cache(maxsize=8)
def _grain_tile(deviation: float) -> NDArray[np.float32]:
    """Uniform dither of one table step plus Gaussian grain of that deviation, float32 (tile, tile)."""
    random = np.random.default_rng(0)
    dither = random.uniform(-0.5, 0.5, (_TILE, _TILE))
    return (dither + random.normal(0.0, max(deviation, 1e-6), (_TILE, _TILE))).astype(np.float32)
