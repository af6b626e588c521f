"""Thread pool for pixel work; the image libraries release the GIL."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.inference import THREADS

_P = ParamSpec("_P")
_T = TypeVar("_T")

_POOL = ThreadPoolExecutor(THREADS, thread_name_prefix="imaging")


def in_background(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
    """Run a function in the background thread pool.

    The function must not submit further background work and wait for it: waiting threads would exhaust the
    pool and deadlock.
    """
    return _POOL.submit(work, *args, **kwargs)


def in_halves(work: Callable[..., None], *planes: NDArray[np.generic]) -> None:
    """Process the upper half of the rows in this thread and the lower half in a background thread.

    Args:
        work: Called with the same rows of each plane; writes its result into one of them.
        planes: Arrays of equal height.
    """
    middle = len(planes[0]) // 2
    lower = in_background(work, *(plane[middle:] for plane in planes))
    work(*(plane[:middle] for plane in planes))
    lower.result()
