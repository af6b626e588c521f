"""Work done by another core meanwhile; the libraries underneath let other threads go on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.inference import THREADS

_P = ParamSpec("_P")
_T = TypeVar("_T")

_OTHERS = ThreadPoolExecutor(THREADS, thread_name_prefix="imaging")


def aside(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
    """Begin a piece of work that nothing else waits for yet.

    It must not begin another and wait for it: those that wait would keep the threads that they wait for.
    """
    return _OTHERS.submit(work, *args, **kwargs)


def in_halves(work: Callable[..., None], *planes: NDArray[np.generic]) -> None:
    """Do a piece of work on the upper rows of some planes here, and on the lower ones aside.

    Args:
        work: Takes the same rows of each plane, and leaves what it makes in one of them.
        planes: All of one height.
    """
    middle = len(planes[0]) // 2
    lower = aside(work, *(plane[middle:] for plane in planes))
    work(*(plane[:middle] for plane in planes))
    lower.result()
