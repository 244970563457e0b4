"""A bar on stderr where that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(length: int, label: str, quiet: bool) -> Iterator[Callable[..., None]]:
    """Gives a function to call with the number of steps done, one by default. The bar says how
    many are done, how many a second, and the time that is left.
    """
    hidden, start = quiet or not sys.stderr.isatty(), time.monotonic()

    def speed(done: int | None) -> str:
        return f"{done / max(1e-9, time.monotonic() - start):.1f}/s" if done else ""

    with click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=hidden, show_pos=True,
        show_percent=True,
        item_show_func=speed,
    ) as bar:  # fmt: skip
        yield lambda steps=1: bar.update(steps, bar.pos + steps)
