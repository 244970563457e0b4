"""The chosen shot and the favourites, with every step back and forward again."""

from __future__ import annotations

from dataclasses import dataclass, field

from netart.errors import NetartError
from netart.shot.shot import Shot

MAX_STEPS = 10_000  # that can be undone

Step = tuple[Shot, tuple[Shot, ...]]  # the shot and the favourites


@dataclass
class History:
    """What the user has chosen, and the steps that led there."""

    shot: Shot  # the chosen one: on screen, or on its way there
    start: Shot = field(init=False)  # what the window was opened with
    favourites: tuple[Shot, ...] = ()
    past: list[Step] = field(default_factory=list)  # before each step
    future: list[Step] = field(default_factory=list)  # that were undone, the next one last
    gesture: str = ""  # that the last step belongs to: a held key, a drag, a turn of the wheel

    def __post_init__(self) -> None:
        self.start = self.shot

    def commit(
        self, shot: Shot, favourites: tuple[Shot, ...] | None = None, gesture: str = ""
    ) -> None:
        """Takes a step to this shot. All that one gesture does, if it has a name, is one step."""
        if not gesture or gesture != self.gesture:
            self.past.append((self.shot, self.favourites))
            del self.past[:-MAX_STEPS]
        self.future.clear()
        self.shot, self.gesture = shot, gesture
        self.favourites = self.favourites if favourites is None else favourites

    def end_gesture(self) -> None:
        """The next step is one of its own."""
        self.gesture = ""

    def undo(self) -> None:
        """Goes back before the last step. Raises NetartError where there is none."""
        if not self.past:
            raise NetartError("nothing to undo")
        self.future.append((self.shot, self.favourites))
        (self.shot, self.favourites), self.gesture = self.past.pop(), ""

    def redo(self) -> None:
        """Takes the step again that was undone last. Raises NetartError where there is none."""
        if not self.future:
            raise NetartError("nothing to redo")
        self.past.append((self.shot, self.favourites))
        (self.shot, self.favourites), self.gesture = self.future.pop(), ""

    def revert_to(self, shot: Shot) -> None:
        """Goes back to a shot that is on screen, since the steps after it cannot be drawn: they are
        forgotten. Favourites stay.
        """
        if any(before == shot for before, _ in self.past):
            while self.past.pop()[0] != shot:
                pass
        self.shot, self.gesture = shot, ""

    def add_favourite(self, shot: Shot) -> int:
        """Keeps the shot, unless it is a favourite already. Returns its number, from 1."""
        if shot not in self.favourites:
            self.commit(self.shot, (*self.favourites, shot))
        return self.favourites.index(shot) + 1

    def remove_favourite(self, shot: Shot) -> int:
        """Returns how many favourites are left. Raises NetartError where the shot is none."""
        if shot not in self.favourites:
            raise NetartError("this is no favourite")
        self.commit(self.shot, tuple(other for other in self.favourites if other != shot))
        return len(self.favourites)

    def favourite(self, step: int) -> int:
        """The index of the favourite a number of places on from the chosen shot, cyclically; the
        first or the last where that is none. Raises NetartError where there are no favourites.
        """
        if not self.favourites:
            raise NetartError("there are no favourites: f keeps one")
        if self.shot in self.favourites:
            return (self.favourites.index(self.shot) + step) % len(self.favourites)
        return 0 if step > 0 else len(self.favourites) - 1
