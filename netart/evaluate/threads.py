"""BLAS on one thread: evaluators have threads of their own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


@cache
def _blas() -> Any:
    """The libraries of BLAS that are loaded; to look for them takes half a millisecond."""
    return ThreadpoolController().select(user_api="blas")


def one_blas_thread() -> AbstractContextManager[Any]:
    """The whole process keeps to it meanwhile, so threads enter it around their pool."""
    limited: AbstractContextManager[Any] = _blas().limit(limits=1)
    return limited
