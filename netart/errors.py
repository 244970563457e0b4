"""The one exception that a user is meant to read, and how text is made fit to print."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

USAGE = 2
MACHINE = 1
MAX_LINE = 1000  # characters of what is printed: names and values in files have any length


class NetartError(Exception):
    """One line for the user: the value, its place, what is allowed.

    status: the exit status it deserves: USAGE for the user's mistakes, MACHINE for a missing
    library, a full disk and other failures that the same command would not have elsewhere.

    The message names fields and parameters as Python does: `quality 120: must be from 1 to 100`.
    A host that spells them otherwise, as the command line's `--quality 120: …`, finds them by
    field: the name with which the message begins, empty where it begins with something else;
    hint: the words with which it ends where these name another field, with or without a value:
    `device 1: has no meaning with backend cpu`.
    """

    def __init__(self, message: str, status: int = USAGE, field: str = "", hint: str = "") -> None:
        super().__init__(message)
        assert message.startswith(field) and message.endswith(hint)
        self.status = status
        self.field = field
        self.hint = hint

    def at(self, place: str) -> NetartError:
        """The same error, with the place where it stands in front; in a file, say, so that the
        names are those of the file.
        """
        return NetartError(f"{place}: {self}", self.status)


class ShaderError(Exception):
    """A shader that the driver does not compile: its numbered source, and what the driver says."""


def unknown(kind: str, name: str, allowed: Iterable[str]) -> NetartError:
    """The error for a name that is in no table: offers the nearest one, else lists all."""
    allowed = sorted(allowed)
    near = get_close_matches(name.lower(), allowed, n=1, cutoff=0.6)
    some = ", ".join(allowed) if len(allowed) < 40 else f"{', '.join(allowed[:12])}, …"
    hint = f"did you mean {near[0]}?" if near else f"one of {some}"
    return NetartError(f"unknown {kind} {name!r}: {hint}")


def printable(text: str) -> str:
    """The text as one line of bounded length, in which names and values from files cannot command
    a terminal: what is printed on one goes through here.
    """
    line = " ".join(text.split())
    if len(line) > MAX_LINE:
        line = f"{line[: MAX_LINE // 2]} … {line[-MAX_LINE // 2 :]}"
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
