"""A bar on stderr where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(length: int, label: str, quiet: bool) -> Iterator[Callable[..., None]]:
    """Gives a function to call with the number of steps done, one by default."""
    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(length=length, file=sys.stderr, hidden=hidden, label=label) as bar:
        yield lambda steps=1: bar.update(steps)
