"""The one exception that users are meant to read, and making text safe to print."""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to load than this module

if TYPE_CHECKING:
    from collections.abc import Iterable

# Exit statuses.
USAGE = 2  # the user's mistakes
MACHINE = 1  # a missing library, a full disk: what the same command would not meet elsewhere
INTERRUPTED = 130  # Ctrl-C, as shells tell it

MAX_LINE = 1000  # characters of a printed line: names and values in files have any length


class NetartError(Exception):
    """A failure that is not a bug, in one line: the value, its place, what is allowed.

    The message names fields and parameters as Python does: `quality 120: must be from 1 to 100`.
    A host that spells them otherwise, as the command line's `--quality 120: …`, finds them by
    `field` and `hint`.
    """

    def __init__(self, message: str, status: int = USAGE, field: str = "", hint: str = "") -> None:
        super().__init__(message)
        assert message.startswith(field) and message.endswith(hint)
        # The exit status of a command that ends with it: USAGE or MACHINE.
        self.status = status
        # The name with which the message begins, empty where it begins with something else.
        self.field = field
        # The words with which it ends where these name another field, with or without a value, as
        # in `device 1: has no meaning with backend cpu`.
        self.hint = hint

    def at(self, place: str) -> NetartError:
        """The same error with its place in front, a file, say. Names are then those of the file."""
        return NetartError(f"{place}: {self}", self.status)


class ShaderError(Exception):
    """A shader that the driver does not compile; its source, numbered, and the driver's words."""


def unknown(
    kind: str,
    name: str,
    allowed: Iterable[str],
    unlisted: Iterable[str] = (),
    place: str = "",
) -> NetartError:
    """The error for a name that is not in a table: it offers what may have been meant, else all.

    unlisted: names that are offered too, where none of the table may have been meant. place: stands
    before all names in the message.
    """
    allowed = sorted(allowed)
    near = [place + each for each in nearest(name, allowed) or nearest(name, unlisted)]
    some = ", ".join(allowed) if len(allowed) < 48 else f"{', '.join(allowed[:12])}, …"
    hint = f"did you mean {' or '.join(near)}?" if near else f"one of {some}"
    return NetartError(f"unknown {kind} {place + name!r}: {hint}")


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Up to three names that may have been meant: those that differ in case and hyphens alone, else
    those of which it is a word or the beginning, else the one that is spelled nearly alike.
    """
    from difflib import SequenceMatcher, get_close_matches

    plain, known = "".join(_words(name)), {each: "".join(_words(each)) for each in names}
    if not plain:
        return []
    if same := [each for each, text in known.items() if text == plain]:
        return same[:1]
    longer = [
        each
        for each, text in known.items()
        if not plain.isdigit()
        and (plain in _words(each) or (len(plain) > 2 and text.startswith(plain)))
    ]
    if longer:
        return [each for each in longer if not any(map(each.startswith, {*longer} - {each}))][:3]
    for text in get_close_matches(plain, known.values(), cutoff=0.66):
        # Of three letters one may be wrong, but slips are rare in the first: gif does not mean tif.
        is_short = len(plain) < 4 and text[0] == plain[0]
        if is_short or SequenceMatcher(None, text, plain).ratio() >= 0.75:
            return [each for each in known if known[each] == text][:1]
    return []


def _words(name: str) -> list[str]:
    """The name's words, without what is easily mistaken: case, hyphens, dots."""
    return name.lower().translate(dict.fromkeys(map(ord, "-_.:"), " ")).split()


def printable(text: str) -> str:
    """The text as one line of at most MAX_LINE characters that is safe to print on a terminal.

    Names and values from files may hold control sequences; all that is printed goes through here,
    or, where it is more than one short line, through `escape`.
    """
    line = " ".join(text.split())
    if len(line) > MAX_LINE:
        line = f"{line[: MAX_LINE // 2]} … {line[-MAX_LINE // 2 :]}"
    return escape(line)


def escape(text: str) -> str:
    """The text with escapes, as Python writes them, in place of what a terminal may take for
    commands, or draw in another order: all that is neither printable nor the end of a line.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text
    )
