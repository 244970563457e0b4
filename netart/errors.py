"""The one exception that a user is meant to read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

USAGE = 2
MACHINE = 1


class NetartError(Exception):
    """One line for the user: the value, its place, what is allowed.

    status: the exit status it deserves: USAGE for the user's mistakes, MACHINE for a missing
    library, a full disk and other failures that the same command would not have elsewhere.
    """

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status

    def at(self, place: str) -> NetartError:
        """The same error, with the place where it stands in front."""
        return NetartError(f"{place}: {self}", self.status)


def unknown(kind: str, name: str, allowed: Iterable[str]) -> NetartError:
    """The error for a name that is in no table: offers the nearest one, else lists all."""
    allowed = sorted(allowed)
    near = get_close_matches(name.lower(), allowed, n=1, cutoff=0.6)
    some = ", ".join(allowed) if len(allowed) < 40 else f"{', '.join(allowed[:12])}, …"
    hint = f"did you mean {near[0]}?" if near else f"one of {some}"
    return NetartError(f"unknown {kind} {name!r}: {hint}")
