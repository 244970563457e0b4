"""BLAS on one thread: evaluators have threads of their own, and some work is slower on several."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


@cache
def blas_libraries() -> Any:
    """The libraries of BLAS that are loaded; to look for them takes half a millisecond."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def one_blas_thread() -> AbstractContextManager[Any]:
    """Keeps BLAS to one thread until the block ends, in the whole process: entered around a pool of
    threads, not in each of them.
    """
    limited: AbstractContextManager[Any] = blas_libraries().limit(limits=1)
    return limited
