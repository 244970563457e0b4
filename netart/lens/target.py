"""The picture that a network learns, drawn under lines: each pixel the average of what it covers.

A pixel covers a rectangle of the target, as wide and as high as the pixel, along the target's own
sides. Averages over it are exact: edges are a pixel wide where the target is magnified, and nothing
is lost where it is made smaller. They are averages of linear light.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.net.build import to_network
from netart.pixels import Pixels, Size, Window
from netart.shot.finishes import display
from netart.shot.lens.lines import GREYS, PAPER
from netart.shot.oklab import srgb_decode, srgb_encode
from netart.shot.palette import palette
from netart.shot.shot import Shot
from netart.shot.target import parse_target
from netart.shot.view import View, affine

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

ONE = 1 << 24  # of linear light, in whole numbers: they add up without rounding
NARROWEST = 1e-11  # of what a pixel covers, in pixels of the target
AT_A_TIME = 1 << 16  # pixels
MAX_KEPT = 1 << 20  # pixels of a window


class _Sums(NamedTuple):
    """Of a channel of the target, in arrays of one row and column more than it has."""

    light: Ints  # (rows + 1, columns + 1), less the paper's; 0 in the last row and column
    across: Ints  # of those before a column, in each row
    down: Ints  # of those before a row, in each column
    both: Ints  # of those before a column and a row


class _Ends(NamedTuple):
    """Of what pixels cover along one side of the target: cut off where that ends."""

    first: Ints  # the column or row in which it begins
    first_share: Array  # of which so much lies before
    last: Ints  # the one in which it ends
    last_share: Array
    length: Array  # without being cut off


def target_picture(shot: Shot, size: Size, window: Window) -> Pixels:
    """The window (rows, columns, 3) of the shot's target over its view, display sRGB in [0, 1].

    Greys lie between ink and paper, as those of a prediction do; paper is around it.
    """
    small = window.width * window.height <= MAX_KEPT
    draw = _picture if small else _picture.__wrapped__
    inputs = to_network(shot.network).inputs
    return draw(shot.marks.target or "", shot.view, inputs, size, window)


# In a film of a network that learns it is the same in every frame.
@lru_cache(maxsize=4)
def _picture(text: str, view: View, names: tuple[str, ...], size: Size, window: Window) -> Pixels:
    """What `target_picture` says, of the target that is written as `text`."""
    target = parse_target(text)
    height, width, _ = target.pixels.shape
    pixel, (low, high) = 2 / min(size), target.span
    across, down = affine(view, names)[[names.index("x"), names.index("y")]]
    per_unit = max(width, height) / (high - low)  # of its columns and rows
    for along, count, sign in ((across, width, 1), (down, height, -1)):
        along[0] -= (low + high) / 2
        along *= sign * per_unit
        along[0] += count / 2
    u = (2 * np.arange(window.left, window.left + window.width) + 1 - size[0]) / min(size)
    v = (size[1] - 1 - 2 * np.arange(window.top, window.top + window.height)[:, None]) / min(size)
    out = np.empty((window.height, window.width, 3), np.float32)
    step = max(1, AT_A_TIME // window.width)
    for top in range(0, window.height, step):
        part = slice(top, top + step)
        columns = _ends(across, u, v[part], pixel, width)
        rows = _ends(down, u, v[part], pixel, height)
        for k, (light, sums) in enumerate(_sums(text)):
            out[part, :, k] = srgb_encode(light + _averages(sums, columns, rows) / ONE)
    out.setflags(write=False)
    return out


def _ends(along: Array, u: Array, v: Array, pixel: float, count: int) -> _Ends:
    """What pixels at (u, v) cover of `count` columns or rows, whose number is c + a·u + b·v.

    along: (c, a, b). pixel: its width in u and v.
    """
    at = along[0] + along[1] * u + along[2] * v
    reach = max(pixel * float(np.hypot(along[1], along[2])), NARROWEST) / 2
    first, last = np.clip(at - reach, 0, count), np.clip(at + reach, 0, count)
    whole, end = first.astype(np.int64), last.astype(np.int64)
    return _Ends(whole, first - whole, end, last - end, (at + reach) - (at - reach))


def _averages(sums: _Sums, columns: _Ends, rows: _Ends) -> Array:
    """Of the channel above the paper's light, over what pixels cover of columns and of rows.

    Only differences of whole numbers are formed of large sums, so that nothing is rounded away at
    any magnification.
    """
    left, right, top, bottom = columns.first, columns.last, rows.first, rows.last

    def along_row(row: Ints) -> Array:
        whole = sums.across[row, right] - sums.across[row, left]
        begun, ended = sums.light[row, left], sums.light[row, right]
        return np.asarray(whole + columns.last_share * ended - columns.first_share * begun)

    def along_column(column: Ints) -> Ints:
        return sums.down[bottom, column] - sums.down[top, column]

    whole = sums.both[bottom, right] - sums.both[bottom, left]
    whole -= sums.both[top, right] - sums.both[top, left]
    total = whole + columns.last_share * along_column(right)
    total -= columns.first_share * along_column(left)
    total += rows.last_share * along_row(bottom) - rows.first_share * along_row(top)
    return np.asarray(total / (columns.length * rows.length))


def light_of_levels(channels: int) -> tuple[Array, Array]:
    """Linear light in red, green and blue: (3,) of the paper, and (3, 256) of the levels of a
    target of 1 or 3 channels.
    """
    levels = np.arange(256) / 255
    shown: Any = np.tile(levels, (3, 1))
    if channels == 1:
        shown = palette(GREYS).kind.function(levels[None], palette(GREYS).table)
    paper: Any = srgb_decode(display(PAPER)[:, 0])
    light: Any = srgb_decode(shown)
    return paper, light


@lru_cache(maxsize=4)
def _sums(text: str) -> list[tuple[float, _Sums]]:
    """The paper's linear light, and the sums of the target, in red, green and blue."""
    pixels = parse_target(text).pixels
    paper, light = (
        np.rint(ONE * each).astype(np.int64) for each in light_of_levels(pixels.shape[2])
    )
    found = []
    for k, ground in enumerate(paper):
        channel = np.pad(light[k][pixels[..., k % pixels.shape[2]]] - ground, 1)
        sums = _Sums(
            channel[1:, 1:],
            channel[1:, :-1].cumsum(axis=1),
            channel[:-1, 1:].cumsum(axis=0),
            channel[:-1, :-1].cumsum(axis=0).cumsum(axis=1),
        )
        found.append((float(ground) / ONE, sums))
    return found
