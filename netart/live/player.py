"""The film player: films of the shot on screen, and the film that was opened."""

from __future__ import annotations

from time import perf_counter

from netart.draw.measurement import measured_film
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline

DURATION_S = 8.0  # of a film that brings no pace of its own
RATE = 25  # frames a second of it
OWN = "own"  # the name of the film that was opened


class Player:
    """Which film is chosen, and the one that plays.

    own: the film that was opened, if one was.
    """

    def __init__(self, own: Timeline | None) -> None:
        self.open(own)

    def open(self, own: Timeline | None) -> None:
        """Another source has been opened: its film is chosen, or the first of the table."""
        self._own = own
        self.chosen = OWN if own else next(iter(FILMS))  # by name
        self._playing: Timeline | None = None
        self._since_s = 0.0  # when it began

    def choose(self, step: int) -> None:
        """Chooses the film a number of places on, cyclically; the one that plays goes on."""
        names = [*FILMS, *([OWN] if self._own else [])]
        self.chosen = names[(names.index(self.chosen) + step) % len(names)]

    @property
    def playing(self) -> bool:
        return self._playing is not None

    def start(self, shot: Shot) -> None:
        """Plays the chosen film, made of this shot unless it is the one that was opened. Raises
        NetartError where the shot has no such film.
        """
        if self.chosen == OWN and self._own:
            film = measured_film(self._own)
        else:
            made = FILMS[self.chosen](shot)
            loop = "bounce" if made.loop == "none" else made.loop
            pace = Pace(frames=round(DURATION_S * RATE), rate=str(RATE), loop=loop)
            film = Timeline(shot=made.shot, tracks=made.tracks, pace=pace)
        self._playing, self._since_s = film, perf_counter()

    def stop(self) -> None:
        self._playing = None

    def shot_at(self, now_s: float) -> Shot:
        """The shot to show now. Raises NetartError where there is none between two keys."""
        assert self._playing
        pace = self._playing.pace
        share = (now_s - self._since_s) / float(pace.duration) % 1
        if pace.loop == "bounce":
            share = 1 - abs(1 - 2 * share)
        return self._playing.at(share)
