"""Films as GIF: up to 256 colours, one palette for the film or a frame, whichever looks better.

All sums are of whole numbers, so that they are exact and the same bytes come out everywhere.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.files.films.rendition import Rendition
from netart.files.films.video import Frame
from netart.files.overlap import map_in_threads
from netart.net.threads import one_blas_thread

Numbers = NDArray[np.float64]  # whole ones
ColourTable = NDArray[np.float64]  # (up to 256, 3), whole numbers from 0 to 255

CELL_BITS = 6  # of a channel: a cell holds 4×4×4 colours
CELLS = 1 << 3 * CELL_BITS
CELL_STEPS = np.array([1 << 2 * CELL_BITS, 1 << CELL_BITS, 1])
MAX_EXACT_CELLS, MAX_EXACT_COLOURS = 1024, 1 << 14  # up to here each colour is a group
MAX_COLOURS = 256
ROUNDS = 4  # of k-means
SAMPLE_FRAMES = 8  # on which one palette is compared with one a frame
MIN_GAIN = 1.12  # of a palette a frame, half a decibel: it is larger, and may flicker
BLOCK_COLOURS = 1024  # colours that are compared with the palette at once
ROUNDING = 0.25  # squared levels: a spread below it is rounding
TICKS = 100  # of a second
PIXELS_AT = 13 + 768 + 8 + 10  # in libav's GIF: after header, palette, delay and place


class Colours(NamedTuple):
    """Colours in N groups: equal ones, or those of a cell where there are too many."""

    counts: Numbers  # (N,) pixels
    sums: Numbers  # (N, 3), of their channels
    squares: float  # the sum over all pixels and channels

    @property
    def means(self) -> Numbers:
        """(N, 3), rounded."""
        return np.rint(self.sums / self.counts[:, None])


def write_gif(out: IO[bytes], rendition: Rendition, frames: Iterable[Frame], metadata: str) -> None:
    """Writes a GIF, its metadata as comment. Reads the frames twice."""
    with one_blas_thread():  # each frame has a thread already, and idle ones spin
        _write(out, rendition, frames, metadata)


def _write(out: IO[bytes], rendition: Rendition, frames: Iterable[Frame], metadata: str) -> None:
    most = rendition.quality or MAX_COLOURS
    palette, shared = _palette(rendition, frames, most)
    width, height = rendition.size
    flags, table = _table(palette)
    out.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70 | flags, 0, 0) + table)
    if rendition.plays != 1:  # what is said here is how often it begins again
        again = max(0, rendition.plays - 1)
        out.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<HB", again, 0))
    if metadata:
        out.write(b"\x21\xfe" + _blocks(metadata.encode()))
    with map_in_threads(partial(_encode, palette, shared, most), frames) as encoded:
        for delay, (own, code) in zip(rendition.delays(TICKS), encoded, strict=True):
            flags, table = (0, b"") if own is None else _table(own)
            out.write(struct.pack("<4sHBB", b"\x21\xf9\x04\x04", delay, 0, 0))
            out.write(struct.pack("<cHHHHB", b",", 0, 0, width, height, flags) + table + code)
    out.write(b";")


def _table(palette: ColourTable) -> tuple[int, bytes]:
    """GIF's flags for a palette, and its bytes: a power of two of colours."""
    bits = max(1, (len(palette) - 1).bit_length())
    return 0x80 | bits - 1, palette.astype(np.uint8).tobytes().ljust(3 << bits, b"\0")


def _blocks(data: bytes) -> bytes:
    """GIF's blocks of up to 255 bytes, each after its length, and the empty one."""
    parts = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _palette(rendition: Rendition, frames: Iterable[Frame], most: int) -> tuple[ColourTable, bool]:
    """The film's palette of so many colours, and whether all frames share it."""
    counts, sums, samples = np.zeros(CELLS), np.zeros((CELLS, 3)), []
    spread = {rendition.count * number // SAMPLE_FRAMES for number in range(SAMPLE_FRAMES)}
    for position, frame in enumerate(frames):
        more = _colours(_cells(frame), frame, CELLS)
        counts += more.counts
        sums += more.sums
        if position in spread:
            samples.append(_group(frame)[0])
    full = counts > 0
    pool = Colours(counts[full], sums[full], 0.0)
    palette = _refine(_divide(pool, most), pool, most, 2 * ROUNDS)
    film_error = sum(_error(palette, colours) for colours in samples)
    frame_error = sum(_error(_fit(palette, colours, most), colours) for colours in samples)
    return palette, film_error <= MIN_GAIN * frame_error


def _encode(
    palette: ColourTable, shared: bool, most: int, frame: Frame
) -> tuple[ColourTable | None, bytes]:
    """A frame's own palette, if it has one, and its pixels."""
    colours, groups = _group(frame)
    own = None if shared else _fit(palette, colours, most)
    nearest = _nearest(palette if own is None else own, colours.means)
    return own, _compress(nearest[groups].reshape(frame.shape[:2]))


def _group(frame: Frame) -> tuple[Colours, NDArray[np.intp]]:
    """The colours of a frame, and the group of each of its pixels, row by row."""
    cells = _cells(frame)
    counts = np.bincount(cells, minlength=CELLS)
    found = np.flatnonzero(counts)
    if len(found) <= MAX_EXACT_CELLS:
        exact = frame.reshape(-1, 3) @ np.array([1 << 16, 1 << 8, 1])
        colours, groups = np.unique(exact, return_inverse=True)
        if len(colours) <= MAX_EXACT_COLOURS:
            return _colours(groups, frame, len(colours)), groups
    numbers = np.zeros(CELLS, np.intp)
    numbers[found] = np.arange(len(found))
    groups = numbers[cells]
    return _colours(groups, frame, len(found)), groups


def _cells(frame: Frame) -> NDArray[np.intp]:
    """The cell of each pixel, row by row."""
    cells: NDArray[np.intp] = (frame.reshape(-1, 3) >> (8 - CELL_BITS)) @ CELL_STEPS
    return cells


def _colours(groups: NDArray[np.intp], frame: Frame, count: int) -> Colours:
    """The colours of a frame whose pixels are in `count` groups."""
    channels = frame.reshape(-1, 3).T
    each = [np.bincount(groups, channel, count) for channel in channels]
    sums: Numbers = np.stack(each, axis=1).astype(np.float64)
    counts = np.bincount(groups, minlength=count).astype(np.float64)
    return Colours(counts, sums, float(np.square(frame, dtype=np.float64).sum()))


def _divide(colours: Colours, most: int) -> ColourTable:
    """A palette to begin with: the box of colours that varies most is cut at its mean until
    there are so many.
    """
    means, counts, tie = colours.means, colours.counts[:, None], count()

    def box(members: NDArray[np.intp]) -> tuple[float, int, int, Numbers, NDArray[np.intp]]:
        weights, total = counts[members], counts[members].sum()
        sums = (weights * means[members]).sum(axis=0)
        spread = (weights * means[members] ** 2).sum(axis=0) - sums**2 / total
        axis = int(spread.argmax())
        return -spread[axis], next(tie), axis, sums / total, members

    boxes = [box(np.arange(len(means)))]
    while len(boxes) < most and boxes[0][0] < -ROUNDING:
        _, _, axis, middle, members = heappop(boxes)
        low = means[members, axis] <= middle[axis]
        heappush(boxes, box(members[low]))
        heappush(boxes, box(members[~low]))
    return np.rint([middle for _, _, _, middle, _ in boxes])


def _refine(palette: ColourTable, colours: Colours, most: int, rounds: int = ROUNDS) -> ColourTable:
    """Moves each colour of the palette into the middle of what it stands for; one that stands for
    nothing, or is missing, goes where the error is largest (k-means).
    """
    means = colours.means
    size = min(most, len(means))
    for _ in range(rounds):
        nearest = _nearest(palette, means)
        counts = np.bincount(nearest, colours.counts, size)
        sums = [np.bincount(nearest, channel, size) for channel in colours.sums.T]
        errors = colours.counts * np.square(means - palette[nearest]).sum(axis=1)
        palette = np.rint(np.stack(sums, axis=1) / np.maximum(counts, 1)[:, None])
        idle = np.flatnonzero(counts == 0)
        if len(idle):
            palette[idle] = means[np.argsort(-errors, kind="stable")[: len(idle)]]
    return palette


def _fit(palette: ColourTable, colours: Colours, most: int) -> ColourTable:
    """A frame's own palette: its very colours where these are no more than it may have."""
    return colours.means if len(colours.counts) <= most else _refine(palette, colours, most)


def _nearest(palette: ColourTable, means: Numbers) -> NDArray[np.uint8]:
    """(N,): the palette's colour that is nearest to each of (N, 3).

    |m − p|² = |m|² + (m, 1) · (−2p, |p|²), whose second part decides; exact in float32.
    """
    table = np.hstack([-2 * palette, np.square(palette).sum(axis=1, keepdims=True)])
    points = np.pad(means, ((0, 0), (0, 1)), constant_values=1).astype(np.float32)
    nearest = np.empty(len(means), np.uint8)
    for start in range(0, len(means), BLOCK_COLOURS):
        block = slice(start, start + BLOCK_COLOURS)
        nearest[block] = (points[block] @ table.T.astype(np.float32)).argmin(axis=1)
    return nearest


def _error(palette: ColourTable, colours: Colours) -> float:
    """The squared error of all pixels and channels."""
    chosen = palette[_nearest(palette, colours.means)]
    own = colours.counts * np.square(chosen).sum(axis=1)
    return colours.squares + float(own.sum() - 2 * (chosen * colours.sums).sum())


def _compress(indices: NDArray[np.uint8]) -> bytes:
    """The pixels of a picture (height, width) as GIF codes them: LZW in blocks."""
    import av

    height, width = indices.shape
    coder = av.CodecContext.create("gif", "w")
    coder.width, coder.height, coder.pix_fmt = width, height, "pal8"
    coder.time_base = Fraction(1, TICKS)
    coder.options = {"gifflags": "0"}  # whole pictures
    picture = av.VideoFrame(width, height, "pal8")
    rows, table = picture.planes
    padded = np.zeros((height, rows.line_size), np.uint8)
    padded[:, :width] = indices
    rows.update(padded.tobytes())
    table.update(bytes(1024))  # not read: the film's own stands in the file
    picture.pts, picture.time_base = 0, coder.time_base
    packets = [*coder.encode(picture), *coder.encode(None)]
    return b"".join(bytes(packet) for packet in packets)[PIXELS_AT:]
