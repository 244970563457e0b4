"""Strips of a picture, cut anew: so that the bytes of a file do not tell how it was drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from netart.evaluate.numbers import Samples


def recut(strips: Iterable[Samples], rows: int) -> Iterator[Samples]:
    """The same rows in blocks of `rows` each, the last one of what is left."""
    left: list[Samples] = []
    for strip in strips:
        joined = np.concatenate([*left, strip]) if left else strip
        full = len(joined) // rows * rows
        yield from (joined[at : at + rows] for at in range(0, full, rows))
        left = [joined[full:]] if len(joined) > full else []
    yield from left
