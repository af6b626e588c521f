"""Cut-out cache, in memory and on disk, so that no photo is cut out twice."""

import io
import json
import os
import tempfile
import threading
import zipfile
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
from cachetools import LRUCache

from stillroom.domain.mattes import Subjects
from stillroom.imaging.cutout.confidence import Signals
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import PARAMETERS
from stillroom.imaging.scene.product import Product

IN_MEMORY = 4  # products; a photo and its cut-out take 60 MB at 12 megapixels, 110 if shown at full size
PROXIES = 8  # about 20 MB each, 45 with glass
ON_DISK = 2000  # mattes; about 60 kB each
_SUFFIX = ".npz"
_PLAIN_FACTS = ("box", "model", "agreement", "edge_share", "see_through", "undecided", "leaves_crop")


class Cutouts:
    """Cache of products by photo and network; thread-safe."""

    def __init__(self, folder: Path, on_disk: int = ON_DISK) -> None:
        """Use a folder, which is created at the first write and keeps so many mattes."""
        self._folder = folder
        self._on_disk = on_disk
        self._products: LRUCache[tuple[str, str], Product] = LRUCache(IN_MEMORY)
        self._proxies: LRUCache[tuple[str, str], Product] = LRUCache(PROXIES)
        self._lock = threading.Lock()

    def product(self, photo_sha256: str, model: str) -> Product | None:
        with self._lock:
            return self._products.get((photo_sha256, model))

    def keep(self, photo_sha256: str, model: str, product: Product) -> None:
        """Keep a product in memory; the least recently used one is evicted."""
        with self._lock:
            self._products[photo_sha256, model] = product

    def proxy(self, photo_sha256: str, model: str) -> Product | None:
        with self._lock:
            return self._proxies.get((photo_sha256, model))

    def keep_proxy(self, photo_sha256: str, model: str, proxy: Product) -> None:
        """Keep a proxy in memory for previews; the least recently used one is evicted."""
        with self._lock:
            self._proxies[photo_sha256, model] = proxy

    def matte(self, photo_sha256: str, model: str) -> Matte | None:
        """Return the matte from disk; None if it is missing or cannot be read."""
        try:
            return _unpacked(self._path(photo_sha256, model).read_bytes())
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, cv2.error):
            return None

    def store(self, photo_sha256: str, model: str, matte: Matte) -> None:
        """Write a matte to disk; a full disk is ignored, because the cache is optional."""
        path = self._path(photo_sha256, model)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, scratch = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_packed(matte))
                Path(scratch).replace(path)
            except BaseException:
                # Remove the temporary file at once: nothing else does, and the disk may be full.
                Path(scratch).unlink(missing_ok=True)
                raise
            self._make_room()
        except OSError:
            return

    def photos(self) -> frozenset[str]:
        with self._lock:
            in_memory = {photo for photo, _ in (*self._products, *self._proxies)}
        return frozenset(in_memory | {_photo_of(path) for path in self._files()})

    def forget(self, photos: Collection[str]) -> None:
        """Remove all entries of these photos, including those of parts of them."""
        with self._lock:
            for kept in (self._products, self._proxies):
                for key in [key for key in kept if key[0] in photos]:
                    del kept[key]
        for path in self._files():
            if _photo_of(path) in photos:
                path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return list(self._folder.glob(f"*{_SUFFIX}"))

    def _path(self, photo_sha256: str, model: str) -> Path:
        return self._folder / f"{photo_sha256}-{model}-{PARAMETERS}{_SUFFIX}"

    def _make_room(self) -> None:
        kept = sorted(self._files(), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) - self._on_disk)]:
            path.unlink(missing_ok=True)


def _photo_of(path: Path) -> str:
    """Return the photo's hash, the first part of the file name; a box or the network's name follows."""
    return path.name.partition("-")[0]


def _packed(matte: Matte) -> bytes:
    _, alpha = cv2.imencode(".png", matte.alpha, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    facts = {
        **{name: getattr(matte, name) for name in _PLAIN_FACTS},
        "signals": asdict(matte.signals) if matte.signals else None,
        "subjects": matte.subjects.model_dump_json(),
    }
    file = io.BytesIO()
    np.savez(file, alpha=alpha, facts=np.array(json.dumps(facts, default=lambda scalar: scalar.item())))
    return file.getvalue()


def _unpacked(data: bytes) -> Matte:
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        alpha = cv2.imdecode(stored["alpha"], cv2.IMREAD_GRAYSCALE)
        facts = json.loads(str(stored["facts"]))
    if alpha is None:
        raise ValueError("the matte is not a picture")
    facts["box"] = tuple(facts["box"])
    facts["signals"] = Signals(**facts["signals"]) if facts["signals"] else None
    facts["subjects"] = Subjects.model_validate_json(facts["subjects"])
    return Matte(np.asarray(alpha, np.uint8), **facts)
