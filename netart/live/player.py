"""The film player: films of the shot on screen, and the film that was opened."""

from __future__ import annotations

from time import perf_counter

from netart.draw.measurement import measured_film
from netart.lens import unmeasured
from netart.net.learning.trained import Trained
from netart.shot.fields import apply
from netart.shot.films import FILMS, learn
from netart.shot.shot import Shot
from netart.shot.timeline import Loop, Pace, Timeline

DURATION_S = 8.0  # of a film that brings no pace of its own
LEARN_S = 10.0  # of one in which the network of a run learns
RATE = 25  # frames a second of it
OWN = "own"  # the name of the film that was opened
LEARN = "learn"  # of the one that only a run has


class Player:
    """Which film is chosen, and the one that plays.

    own: the film that was opened, if one was. shot: what was opened, or what it starts from.
    """

    def __init__(self, own: Timeline | None, shot: Shot) -> None:
        self.open(own, shot)

    def open(self, own: Timeline | None, shot: Shot) -> None:
        """Another source has been opened: its film is chosen, that of its run, or the first of the
        table.
        """
        self._own = own
        self.chosen = OWN if own else self._names(shot)[0]  # by name
        self._playing: Timeline | None = None
        self._since_s = 0.0  # when it began
        self._ends = False  # at its last frame, instead of going on from the first

    def choose(self, step: int, shot: Shot) -> None:
        """Chooses the film a number of places on, cyclically; the one that plays goes on."""
        names = self._names(shot)
        place = names.index(self.chosen) if self.chosen in names else min(0, -step)
        self.chosen = names[(place + step) % len(names)]

    def _names(self, shot: Shot) -> list[str]:
        """Of the films that this shot may have."""
        learns = isinstance(shot.network, Trained)
        return [*([LEARN] if learns else []), *FILMS, *([OWN] if self._own else [])]

    @property
    def playing(self) -> bool:
        return self._playing is not None

    @property
    def learning(self) -> bool:
        """Whether a film plays in which a network learns."""
        return self.playing and self._ends

    def start(self, shot: Shot) -> None:
        """Plays the chosen film, made of this shot unless it is the one that was opened. Raises
        NetartError where the shot has no such film.
        """
        self._ends = self.chosen == LEARN
        if self.chosen == OWN and self._own:
            film = measured_film(self._own)
        elif self._ends:
            film = learning_film(shot)
        else:
            made = FILMS[self.chosen](shot)
            loop = "ping-pong" if made.loop == "none" else made.loop
            film = Timeline(shot=made.shot, tracks=made.tracks, pace=_pace(DURATION_S, loop))
        self._playing, self._since_s = film, perf_counter()

    def stop(self) -> None:
        self._playing = None

    def shot_at(self, now_s: float) -> Shot:
        """The shot to show now. Raises NetartError where there is none between two keys."""
        assert self._playing
        pace = self._playing.pace
        share = (now_s - self._since_s) / float(pace.duration)
        share = min(share, 1.0) if self._ends else share % 1
        if pace.returns:
            share = 1 - abs(1 - 2 * share)
        return self._playing.at(share)

    def is_over(self, now_s: float) -> bool:
        """Whether the film that plays has come to its end."""
        assert self._playing
        return self._ends and now_s - self._since_s >= float(self._playing.pace.duration)


def learning_film(shot: Shot) -> Timeline:
    """The network on screen learns from its step to the last one that its run keeps, or where it is
    there from where the loss begins to fall. Contrast that was measured follows what is measured
    along the film.

    Raises NetartError where the network is not one of a run.
    """
    made = learn(shot)
    start = unmeasured(made.shot)
    if start != made.shot:
        start = apply(start, {"contrast": "eased"})
    return measured_film(Timeline(shot=start, tracks=made.tracks, pace=_pace(LEARN_S, "none")))


def _pace(duration_s: float, loop: Loop) -> Pace:
    return Pace(frames=round(duration_s * RATE), rate=str(RATE), loop=loop)
