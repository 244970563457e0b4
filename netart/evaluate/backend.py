"""Which evaluator does the work, and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from netart.arguments import optional_whole
from netart.errors import NetartError, unknown
from netart.evaluate.request import Evaluator

if TYPE_CHECKING:
    from netart.evaluate.gpu import Gpu


class Backend(NamedTuple):
    """A row of the table of backends."""

    # Opens it on a device, None for the first, with so many threads, None for one a core; at the
    # end of the block it is closed.
    open: Callable[[int | None, int | None], AbstractContextManager[Evaluator]]
    # How the GPU draws, a name in evaluate/gpu.py, empty for what suits it; None where none draws.
    stage: str | None = None


def check_backend(backend: str, device: int | None = None) -> None:
    """Refuses an unknown backend and a device where none is chosen. Raises NetartError."""
    if backend not in BACKENDS:
        raise unknown("backend", str(backend), BACKENDS)
    device = optional_whole("device", device)
    if device is not None and BACKENDS[backend].stage is None:
        raise NetartError(
            f"device {device}: has no meaning with backend {backend}",
            field="device",
            hint=f"backend {backend}",
        )
    if device is not None and device < 0:
        raise NetartError(f"device {device}: devices count from 0", field="device")


@contextmanager
def open_evaluator(
    backend: str = "auto", device: int | None = None, threads: int | None = None
) -> Iterator[Evaluator]:
    """An evaluator, closed at the end together with the GL context that was made for it.

    threads: of an evaluator that runs on the processor; None for one a core.
    """
    check_backend(backend, device)
    with BACKENDS[backend].open(device, threads) as evaluator:
        yield evaluator


@contextmanager
def choose_evaluator(
    device: int | None = None, threads: int | None = None
) -> Iterator[tuple[Evaluator, str]]:
    """What `auto` takes, and why: a real GPU if there is one, else the numpy evaluator, which
    is faster than OpenGL in software. threads: as in `open_evaluator`.
    """
    with ExitStack() as stack:
        why = no_device() if device is None else ""
        if not why:
            try:
                gpu = stack.enter_context(open_gpu(device))
            except NetartError as error:
                if device is not None:
                    raise
                why = str(error)
            else:
                if device is not None or not gpu.software:
                    yield gpu, f"OpenGL runs on {gpu.describe()}"
                    return
                why = f"OpenGL runs in software ({gpu.describe()}), which numpy outruns"
        yield stack.enter_context(_cpu(None, threads)), why


def no_device() -> str:
    """Why there can be no GPU here, seen without loading OpenGL; empty where there may be one."""
    if sys.platform != "linux":
        return ""
    try:
        nodes = [*Path("/dev").glob("dri/render*"), *Path("/dev").glob("nvidia[0-9]*")]
        found = nodes or Path("/dev/dxg").exists()
    except OSError as error:
        return f"/dev: {error.strerror}"
    return "" if found else "there is no GPU device under /dev"


@contextmanager
def open_gpu(device: int | None = None, stage: str = "") -> Iterator[Gpu]:
    """The GPU evaluator in a context of its own. stage: a name in evaluate/gpu.py, empty for what
    suits the device. Raises NetartError that says what is missing.
    """
    from netart.evaluate.gl import open_context
    from netart.evaluate.gpu import Gpu

    context = open_context(device)
    try:
        with closing(Gpu(context, stage)) as gpu:
            yield gpu
    finally:
        context.release()


@contextmanager
def _auto(device: int | None, threads: int | None) -> Iterator[Evaluator]:
    with choose_evaluator(device, threads) as (evaluator, _):
        yield evaluator


def _cpu(_: int | None, threads: int | None) -> AbstractContextManager[Evaluator]:
    from netart.evaluate.cpu import Cpu

    return closing(Cpu(threads))


def _reference(_: int | None, __: int | None) -> AbstractContextManager[Evaluator]:
    from netart.evaluate.reference import Reference

    return closing(Reference())


def _on_gpu(stage: str) -> Backend:
    return Backend(lambda device, _: open_gpu(device, stage), stage)


# The first is the definition, which all others are checked against.
EVALUATORS = {
    "reference": Backend(_reference),
    "cpu": Backend(_cpu),
    "gpu-fragment": _on_gpu("fragment"),
    "gpu-compute": _on_gpu("compute"),
    "gpu-products": _on_gpu("products"),
}
# Those, and what chooses between them.
AUTO = "auto"
BACKENDS = {AUTO: Backend(_auto, ""), "gpu": _on_gpu(""), **EVALUATORS}
