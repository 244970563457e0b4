"""Draws a shot into a picture's file. What takes long keeps its strips until it is whole, so that
an interrupted one goes on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import tee
from pathlib import Path

import numpy as np

from netart.errors import NetartError
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator
from netart.files.atomic import is_device, report_os_errors
from netart.files.identity import Identity, describe_machine
from netart.files.stills.image import draw_to_path
from netart.files.stills.spec import ImageSpec
from netart.files.store import FULL, Store, folder_of, open_store
from netart.lens import is_measured, strip_windows, strips
from netart.shot.shot import Shot

LONG_S = 5.0  # pictures that seem to take less keep nothing


def _ignore(_: object) -> None:
    pass


def draw_shot(
    spec: ImageSpec,
    shot: Shot,
    evaluator: Evaluator,
    *,
    fresh: bool = False,
    allow_mixed: bool = False,
    new: bool = False,
    look: Callable[[Samples], None] = _ignore,
    kept: Callable[[int], None] = _ignore,
    say: Callable[[str], None] = _ignore,
) -> str | None:
    """Draws a shot as planned into its file, which is replaced as a whole or not touched.

    fresh: starts over where an interrupted picture could go on. allow_mixed: goes on also with what
    another version of netart or numpy, or another machine, has drawn, and starts over otherwise.
    new: as in `draw_to_path`. look: called with each strip, from top to bottom, in this thread,
    where strips are drawn; kept: with how many rows an interruption would leave; say: with what the
    user should know.

    An interrupted picture goes on when this is called with the same arguments, and ends in the same
    bytes; what it has is in a hidden folder beside its file until then. Returns as `write_picture`
    does. Raises NetartError.
    """
    assert spec.path
    with ExitStack() as stack:
        keeper = None
        if not is_device(spec.path):
            target = Path(os.path.realpath(spec.path))

            def open_() -> Store:
                identity = identify(spec, shot, evaluator)
                return stack.enter_context(open_store(target, identity, fresh, allow_mixed, say))

            keeper = Keeper(spec, open_, kept, say)
            if os.path.lexists(folder_of(target)):
                keeper.open()

        def draw(numbers: Numbers) -> Iterator[Samples]:
            """Those that are there are read, the others drawn, some of them ahead."""
            found = enumerate(strip_windows(spec.size))
            here, ahead = tee((window, keeper.find(k) if keeper else None) for k, window in found)
            missing = (window for window, piece in ahead if piece is None)
            drawn = strips(shot, spec.size, evaluator, numbers, missing)
            for _, piece in here:
                strip = next(drawn) if piece is None else _read(piece, spec)
                yield strip
                look(strip)

        return draw_to_path(spec, draw, new, keeper.keep if keeper else iter)


def identify(spec: ImageSpec, shot: Shot, evaluator: Evaluator) -> Identity:
    """What decides the samples of a picture's strips; the file is made of them anew."""
    asked = {
        "shot": shot.sha256,
        "size": spec.size,
        "evaluator": evaluator.name,
        "numbers": spec.numbers,
        "rows": strip_windows(spec.size)[0].height,
    }
    return Identity("picture", asked, describe_machine(evaluator, not is_measured(shot)))


class Keeper:
    """Keeps the strips of a picture that takes long."""

    def __init__(
        self,
        spec: ImageSpec,
        open_: Callable[[], Store],
        kept: Callable[[int], None],
        say: Callable[[str], None],
    ) -> None:
        """open_, kept, say: as in `draw_shot`."""
        self._spec, self._windows = spec, strip_windows(spec.size)
        self._open, self._kept, self._say = open_, kept, say
        self._store: Store | None = None
        self._fails = False
        self._begin_s = time.monotonic()

    def open(self) -> None:
        """Opens the store, and says what is there already. Raises NetartError."""
        self._store = self._open()
        if rows := self._rows:
            self._kept(rows)
            what = f"{rows:,} of {self._spec.size[1]:,} rows are there"
            self._say(f"{self._spec.path}: goes on: {what}")

    def find(self, position: int) -> Path | None:
        """Where the raw samples of a strip are, None where they are not. Raises NetartError."""
        if not self._store:
            return None
        size = self._windows[position].height * row_bytes(self._spec)

        def fits(path: Path) -> bool:
            return path.stat().st_size == size

        return self._store.find("strip", position, fits=fits)

    def keep(self, drawn: Iterable[Samples]) -> Iterator[Samples]:
        """Keeps what is not there yet of all strips that come. A disk that refuses them is not an
        error of the picture.
        """
        for position, strip in enumerate(drawn):
            if not self._fails:
                try:
                    with report_os_errors(str(self._spec.path)):
                        self._keep(position, strip)
                except NetartError as error:
                    if not isinstance(error.__cause__, OSError):
                        raise
                    self._fails = True
                    if error.__cause__.errno not in FULL:
                        self._say(f"{error}: no more of its strips are kept")
            yield strip

    def _keep(self, position: int, strip: Samples) -> None:
        if not self._store:
            done, count = position + 1, len(self._windows)
            seems_s = (time.monotonic() - self._begin_s) / done * count
            if seems_s < LONG_S or done == count:
                return
            self.open()
        assert self._store
        if self._store.holds("strip", position):
            return
        self._store.keep_raw("strip", position, np.ascontiguousarray(strip).data)
        self._kept(self._rows)

    @property
    def _rows(self) -> int:
        """How many rows are there, if no piece is damaged."""
        there = self._store.positions("strip") if self._store else set()
        return sum(window.height for k, window in enumerate(self._windows) if k in there)


def row_bytes(spec: ImageSpec) -> int:
    """Of the raw samples of a row."""
    return 3 * spec.size[0] * np.dtype(spec.numbers.dtype).itemsize


def _read(piece: Path, spec: ImageSpec) -> Samples:
    """A strip that was kept. Raises NetartError."""
    with report_os_errors(piece):
        samples = piece.read_bytes()
    return np.frombuffer(samples, spec.numbers.dtype).reshape(-1, spec.size[0], 3)
