"""Work done by another core meanwhile; the libraries underneath let other threads go on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from stillroom.imaging.inference import THREADS

_P = ParamSpec("_P")
_T = TypeVar("_T")

_OTHERS = ThreadPoolExecutor(THREADS, thread_name_prefix="imaging")


def aside(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
    """Begin a piece of work that nothing else waits for yet.

    It must not begin another and wait for it: those that wait would keep the threads that they wait for.
    """
    return _OTHERS.submit(work, *args, **kwargs)
