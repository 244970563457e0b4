"""Preparing large networks in a thread: they are sampled, and their contrast is measured."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise

from netart.lens import heads, is_measured, measured
from netart.live.gestures import inputs
from netart.shot.shot import Shot

MAX_AT_ONCE = 100_000  # weights that are sampled and measured between two frames


def takes_long(shot: Shot, shown: Shot) -> bool:
    """Whether preparing the shot would make the user wait. shown: a shot that is prepared."""
    network = shot.network
    if network == shown.network and is_measured(shot):
        return False
    widths = (len(inputs(shot)), *network.widths, network.outputs)
    return sum(a * b for a, b in pairwise(widths)) > MAX_AT_ONCE


def prepare(shot: Shot) -> Shot:
    """The shot with numbers for what is `auto`, which then stay while the view moves. Its network
    is sampled now, not between two frames.
    """
    shot = measured(shot)
    heads(shot)
    return shot


class Preparer:
    """Prepares one shot at a time in a thread of its own.

    wake: called by that thread when it is done.
    """

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        self._thread = ThreadPoolExecutor(1, "netart-preparer")
        self._prepared: Future[Shot] | None = None

    @property
    def busy(self) -> bool:
        """Whether a shot is being prepared, or has not been taken yet."""
        return self._prepared is not None

    def start(self, shot: Shot) -> None:
        """Prepares this shot instead of any other."""
        self.cancel()
        self._prepared = self._thread.submit(prepare, shot)
        self._prepared.add_done_callback(lambda prepared: self._wake())

    def cancel(self) -> None:
        """The shot is not wanted any more."""
        if self._prepared:
            self._prepared.cancel()
            self._prepared = None

    def take(self) -> Shot | None:
        """The shot, once, as soon as it is prepared. Raises NetartError where it cannot be."""
        if self._prepared is None or not self._prepared.done():
            return None
        prepared, self._prepared = self._prepared, None
        return prepared.result()

    def close(self) -> None:
        """Waits for the thread."""
        self._thread.shutdown()
