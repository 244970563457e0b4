"""What changes while the window is open: the shot, and where it has been."""

from __future__ import annotations

from dataclasses import dataclass, field

from netart.errors import NetartError
from netart.lens import heads, measured
from netart.shot.shot import Shot

MOST_STEPS = 10_000  # that can be undone


@dataclass
class State:
    """shot: where hands want to be; start: where they began; favourites: kept shots.

    past, future: (shot, favourites) before each step, and behind those that were undone;
    movement: of the hand, that the last step belongs to.
    """

    shot: Shot
    start: Shot = field(init=False)
    favourites: tuple[Shot, ...] = ()
    past: list[tuple[Shot, tuple[Shot, ...]]] = field(default_factory=list)
    future: list[tuple[Shot, tuple[Shot, ...]]] = field(default_factory=list)
    movement: str = ""

    def __post_init__(self) -> None:
        self.start = self.shot

    def step(
        self, shot: Shot, favourites: tuple[Shot, ...] | None = None, movement: str = ""
    ) -> None:
        """Goes on to the shot. movement: steps of one, if it has a name, are one step."""
        if not movement or movement != self.movement:
            self.past.append((self.shot, self.favourites))
            del self.past[:-MOST_STEPS]
        self.future.clear()
        self.shot, self.movement = shot, movement
        self.favourites = self.favourites if favourites is None else favourites

    def undo(self) -> None:
        """Goes back before the last step. Raises NetartError where there is none."""
        self._go(self.past, self.future, "nothing to undo")

    def redo(self) -> None:
        """Takes back what was undone last. Raises NetartError where there is none."""
        self._go(self.future, self.past, "nothing to redo")

    def retreat(self, shot: Shot) -> None:
        """Back to a shot that is on screen, since none of the steps behind it could be drawn.
        Favourites stay.
        """
        if any(before == shot for before, _ in self.past):
            while self.past.pop()[0] != shot:
                pass
        self.shot, self.movement = shot, ""

    def _go(
        self,
        whence: list[tuple[Shot, tuple[Shot, ...]]],
        whither: list[tuple[Shot, tuple[Shot, ...]]],
        none: str,
    ) -> None:
        if not whence:
            raise NetartError(none)
        whither.append((self.shot, self.favourites))
        (self.shot, self.favourites), self.movement = whence.pop(), ""


def prepare(shot: Shot) -> Shot:
    """The shot with numbers for what is `auto`, which then stay while the view moves. Its network
    is sampled now, not between two frames.
    """
    shot = measured(shot)
    heads(shot)
    return shot
