"""A film: a timeline drawn frame by frame, at one size, by one evaluator."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from netart.draw.sheet import Page
from netart.errors import NetartError
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator
from netart.lens import pictures
from netart.pixels import Size
from netart.shot.sheet import Layout
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline, rate

MAX_STRIP = 100  # frames side by side


def lay_out_strip(timeline: Timeline, size: Size, count: int) -> tuple[Page, list[Shot]]:
    """The page of so many frames, spread over the film, side by side, and what they show.

    size: of a frame. Raises NetartError where the film has not so many.
    """
    frames = timeline.pace.frames
    if not 1 <= count <= min(frames, MAX_STRIP):
        most = f"the film's {frames} frames" if frames <= MAX_STRIP else f"{MAX_STRIP} frames"
        raise NetartError(f"strip {count}: must be from 1 to {most}", field="strip")
    numbers = np.linspace(1, frames, count).round().astype(int).tolist() if count > 1 else [1]
    return Page(count, 1, Layout(panel=size, gutter=0)), list(map(timeline.frame, numbers))


@dataclass(frozen=True)
class Film:
    """A timeline with the size and the evaluator that draw its frames, which count from 1."""

    timeline: Timeline
    size: Size
    evaluator: Evaluator
    # The timeline before what is `auto` in it was measured; None where nothing was.
    asked: Timeline | None = field(default=None, kw_only=True)

    @property
    def frames(self) -> range:
        """The numbers of all frames."""
        return range(1, self.timeline.pace.frames + 1)

    @property
    def rate(self) -> Fraction:
        """Frames per second."""
        return rate(self.timeline.pace.rate)

    @property
    def identity(self) -> str:
        """A hash of all that was asked for and decides the frames; the machine is not of it."""
        asked = self.asked or self.timeline
        decisive = [asked.sha256, self.size, self.evaluator.name]
        return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()

    def shot(self, number: int) -> Shot:
        """What a frame shows."""
        return self.timeline.frame(number)

    def describe_unresolved(self, numbers: Sequence[int]) -> str:
        """From which of these frames on the evaluator cannot tell pixels apart, in words; empty
        where it can in all of them. Looked at is the first alone where the view does not move.
        """
        moved = {track.field.partition(".")[0] for track in self.timeline.tracks}
        moves = not moved.isdisjoint(("radius", "center"))
        for number in numbers if moves else numbers[:1]:
            view = self.shot(number).view
            if not self.evaluator.resolves(view, min(self.size)):
                return (
                    f"frame {number}, radius {view.radius:.3g}: from here on {self.evaluator.name} "
                    "cannot tell pixels apart"
                )
        return ""

    def draw(self, frames: Iterable[tuple[int, Numbers | None]]) -> Iterator[Samples]:
        """The pixels of frames, (height, width, 3) each. A frame is started before the end of the
        one before it is waited for.

        frames: which, and in what numbers their pixels come back.
        """
        shots = ((self.shot(frame), numbers) for frame, numbers in frames)
        return pictures(shots, self.size, self.evaluator)
