"""Following a run while another process trains it: its file is read again whenever it grows, and
the newest step comes on screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import NamedTuple

from netart.errors import NetartError
from netart.files.runs import read_run
from netart.lens import unmeasured
from netart.live.file_reader import FileReader
from netart.live.history import History
from netart.live.preparation import prepare, takes_long
from netart.live.presenter import Presenter
from netart.live.progressive import ProgressiveImage
from netart.live.status import describe_score
from netart.live.steps import lacks, shows_last, with_newest
from netart.net.learning.run import Run
from netart.shot.shot import Shot

SILENT_S = 10.0  # without news after which that is said, at the least
SILENT_INTERVALS = 4  # of those between the last two, after which that is said


class Reading(NamedTuple):
    """What stood in the file."""

    run: Run
    step: int  # how many steps had been made
    written_s: float  # when, in seconds since 1970

    @classmethod
    def of(cls, path: Path, written_s: float) -> Reading:
        """What stands in the file now. Raises NetartError."""
        run = read_run(path)
        return cls(run, run.state.step if run.state else run.last, written_s)


class Following:
    """Shows the newest step of a run that grows, until the user goes to another one.

    path: the run's file; None where none is followed. measures: whether contrast is measured again
    at each step. wake: called by another thread when there is something to do.
    """

    def __init__(
        self,
        path: Path | None,
        measures: bool,
        history: History,
        presenter: Presenter,
        image: ProgressiveImage,
        wake: Callable[[], object],
    ) -> None:
        self._measures = measures
        self._history, self._presenter, self._image = history, presenter, image
        self._reader = FileReader(path, Reading.of, wake) if path else None
        # What was read last, and what before it.
        self._last: Reading | None = None
        self._before: Reading | None = None

    def update(self, playing: bool) -> str:
        """Shows the newest step if it is due. Returns what there is to say; what cannot be read or
        shown ends it.

        playing: a film is on screen.
        """
        try:
            found = self._reader.take() if self._reader else None
            if found:
                self._before, self._last = self._last, found
            if self.is_due(playing):
                self._history.shot = self.renewed(self._history.shot)
                # Without a coarse pass, for which the sharp picture of the step before would go.
                self._presenter.show(self._history.shot, glide=False, coarse_s=inf)
        except NetartError as error:
            self.close()
            return str(error)
        return _describe_end(found.run) if found and not self._trains else ""

    def is_due(self, playing: bool) -> bool:
        """Whether a newer run can be shown: nothing else is on its way to the screen.

        playing: a film is on screen.
        """
        busy = playing or self._presenter.waiting or self._image.busy
        newer = self._last is not None and lacks(self._history.shot, self._last.run)
        return newer and not busy

    def renewed(self, shot: Shot, follows: bool = True) -> Shot:
        """A shot with the run as it is now. follows: at its last step, where it was at the last.

        Raises NetartError where it cannot show the run.
        """
        found = with_newest(shot, self._last.run, follows) if self._last else shot
        if found == shot:  # of the same weights
            return found
        if self._measures:
            found = unmeasured(found)
        return found if takes_long(found, self._image.shot) else prepare(found)

    @property
    def progress(self) -> str:
        """How far training is, how fast, and how long it will go on; nothing where none does."""
        if self._last is None or not self._trains:
            return ""
        run, step, written_s = self._last
        steps = run.head.options.steps
        found, interval_s = [f"learning: {step:,} of {steps:,}"], 0.0
        if self._before and step > self._before.step:
            interval_s = max(1e-3, written_s - self._before.written_s)
            rate = (step - self._before.step) / interval_s
            found += [f"{describe_time((steps - step) / rate)} left", f"{rate:,.0f}/s"]
        silent_s = time.time() - written_s
        if silent_s > max(SILENT_S, SILENT_INTERVALS * interval_s):
            found[1:] = [f"nothing new for {describe_time(silent_s)}"]
        if not shows_last(self._history.shot):
            found.append("end follows")
        return "   ".join(found)

    @property
    def _trains(self) -> bool:
        """Whether steps are still to come, as far as the file says."""
        return self._last is not None and self._last.run.head.status == "unfinished"

    def close(self) -> None:
        """Follows no longer; waits for the thread that reads."""
        if self._reader:
            self._reader.close()
        self._reader = self._last = self._before = None


def _describe_end(run: Run) -> str:
    """How training has ended."""
    score = describe_score(float(run.loss[-1]), float(run.accuracy[-1]))
    return "   ".join([f"{run.head.status}: {run.last:,} steps", *score])


def describe_time(seconds: float) -> str:
    """A time in the units that fit it: `12 s`, `3 min 05 s`, `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02} min"
